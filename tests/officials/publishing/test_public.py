"""What everybody may read of releases: only what two persons made public, as it is stored."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from offices.models import AdministrativeUnit, Membership, Office, Proposal, User
from offices.proposals import CannotCarryOut, NotDecided, NotProposed, approve
from reports.counting.periods import span_of
from reports.models import (
    Difference,
    Part,
    Period,
    PublicRelease,
    Release,
    ReleaseCheck,
    ReleaseFigure,
)
from reports.night import steps
from reports.release import publish
from reports.release.former import FORMER_METHOD
from reports.release.public import propose_public, refused_to_public
from reports.release.publish import alone_to_approve
from surveys.models import Instrument
from tests import factories
from tests.offices.test_locks import elsewhere
from tests.officials.two import client_of, holder

pytestmark = pytest.mark.django_db
JUNE = span_of(Period.MONTH, date(2025, 6, 1))
DAY = date(2025, 6, 10)
CLOSED = date(2025, 7, 31)
OFFICER = Membership.Role.PROVINCIAL_OFFICER
REASON = "Phiếu giấy gửi muộn"


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Three criteria, each its own factor."""
    return factories.instrument({"A": 1, "B": 1, "C": 1})


@pytest.fixture
def province() -> AdministrativeUnit:
    """June of a province: an office of 14 people, and one of three."""
    made = factories.province("An Giang", code="91")
    large = factories.office(factories.unit(parent=made), name="Trung tâm Mỹ Thới")
    small = factories.office(factories.unit(parent=made), name="Trung tâm Hòn Nghệ")
    for number in range(14):
        factories.answer(large, [5, 4, 1 if number < 3 else 9], now=factories.at(DAY))
    for _ in range(3):
        factories.answer(small, [1, 1, 1], now=factories.at(DAY))
    steps.close(CLOSED)
    return made


@pytest.fixture
def released(province: AdministrativeUnit) -> Release:
    """June, frozen and read by officials only."""
    return publish(province, JUNE)


def opened(release: Release) -> Release:
    """The release, made public by two officers."""
    one, other = (holder(release.unit, OFFICER) for _ in range(2))
    approve(propose_public(release, one), other)
    return release


def revised(release: Release) -> Release:
    """A revision: ten people more at the larger office."""
    for _ in range(10):
        factories.answer(large(), [1, 1, 1], now=factories.at(DAY))
    steps.close(date(2025, 8, 1))
    return publish(release.unit, JUNE, None, REASON)


def doubt(released: Release) -> None:
    """The proof finds another number in it."""
    Difference.objects.create(
        part=Part.RELEASES,
        table="x",
        column="share",
        key=f"{released.slug}: x",
        unit=released.unit,
        period=released.period,
        first=JUNE.first,
        last=JUNE.last,
        shown="1",
        proved="2",
        found_at=factories.at(CLOSED),
    )


def large() -> Office:
    return Office.objects.get(name="Trung tâm Mỹ Thới")


def small() -> Office:
    return Office.objects.get(name="Trung tâm Hòn Nghệ")


def pages(release: Release) -> dict[str, str]:
    """All pages that tell of a release, by what they are."""
    slug = large().slug
    return {
        "list": reverse("results"),
        "release": reverse("public_release", args=[release.slug]),
        "office": reverse("public_figures", args=[release.slug, slug]),
        "over time": reverse("office_results", args=[slug]),
    }


def read(address: str) -> str:
    """A page as somebody without an account and without a cookie gets it."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_what_is_not_public_is_there_for_nobody_outside(released: Release) -> None:
    slug = large().slug
    for unknown, hidden in (
        (["khong-co"], [released.slug]),
        (["khong-co", slug], [released.slug, slug]),
    ):
        name = "public_release" if len(hidden) == 1 else "public_figures"
        answers = [Client().get(reverse(name, args=args)) for args in (unknown, hidden)]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert "Chưa có số liệu nào được công khai" in read(reverse("results"))
    over_time = read(reverse("office_results", args=[slug]))
    assert "Chưa có kết quả nào của cơ quan này được công khai" in over_time
    assert "90,32" not in over_time


def test_everybody_reads_what_is_public(released: Release) -> None:
    found = pages(opened(released))
    assert released.slug in read(found["list"])
    text = read(found["release"])
    assert "Tháng 6/2025, Tỉnh An Giang" in text
    assert "90,32" in text
    assert "Mỹ Thới" in text
    assert released.figures_hash in text
    office = read(found["office"])
    assert "90,32" in office
    assert reverse("surveys:published", args=[large().slug]) in office
    assert reverse("public_figures", args=[released.slug, large().slug]) in read(found["over time"])


def test_a_hidden_figure_stays_hidden(released: Release) -> None:
    ReleaseFigure.objects.create(
        release=released, office=small(), instrument=Instrument.objects.get(),
        kind=ReleaseFigure.Kind.HEADLINE, hidden=True,
    )  # fmt: skip
    text = read(pages(opened(released))["release"])
    row = re.search(r"<tr><th[^>]*><a[^>]*>[^<]*Hòn Nghệ.*?</tr>", text, re.S)
    assert row is not None
    assert "chưa đủ câu trả lời" in row[0]
    assert not re.search(r'<td class="number">\d', row[0])
    assert "Số liệu chưa hiển thị: 1." in text
    own = read(reverse("public_figures", args=[released.slug, small().slug]))
    assert 'class="headline"' not in own
    assert not re.search(r'<td class="number">\d', own)


def test_an_office_with_too_few_is_named_without_a_number(released: Release) -> None:
    text = read(pages(opened(released))["release"])
    listed = text.partition("Cơ quan chưa có số liệu")[2].partition("</ul>")[0]
    assert reverse("office_results", args=[small().slug]) in listed
    assert large().slug not in listed
    assert "chưa đủ 10 người trả lời" in listed
    own = reverse("public_figures", args=[released.slug, small().slug])
    assert Client().get(own).status_code == 404


def test_an_office_that_is_not_in_the_release_has_no_page_there(released: Release) -> None:
    opened(released)
    other = factories.office(factories.unit(parent=factories.province()))
    address = reverse("public_figures", args=[released.slug, other.slug])
    assert Client().get(address).status_code == 404
    assert Client().get(reverse("office_results", args=["khong-co"])).status_code == 404


def test_a_revised_release_says_so_for_ever(released: Release) -> None:
    found = pages(opened(released))
    second = revised(released)
    replaced = "Đã được thay bằng bản sửa đổi 2"
    # a revision that is not public is not told of
    for address in found.values():
        assert second.slug not in read(address)
        assert REASON not in read(address)
    opened(second)
    for name in ("release", "office"):
        text = read(found[name])
        assert replaced in text
        assert REASON in text
        assert reverse("public_release", args=[second.slug]) in text
    assert "90,32" in read(found["release"])
    newer = read(reverse("public_release", args=[second.slug]))
    assert replaced not in newer
    assert REASON in newer
    # lists name what still stands
    for name in ("list", "over time"):
        text = read(found[name])
        assert second.slug in text
        assert f"/{released.slug}/" not in text


def test_two_persons_make_it_public(released: Release) -> None:
    one, other = (holder(released.unit, OFFICER) for _ in range(2))
    address = reverse("officials:make_public", args=[released.slug])
    client = client_of(one)
    shown = reverse("officials:release", args=[released.slug])
    assert address in client.get(shown).content.decode()
    assert "Công khai: Tháng 6/2025, Tỉnh An Giang" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 200
    assert not Proposal.objects.exists()
    answer = client.post(address, {"confirmed": "on"})
    made = Proposal.objects.get()
    assert answer["Location"] == reverse("officials:proposal", args=[made.pk])
    client.post(answer["Location"], {"step": "approve"})
    assert not PublicRelease.objects.exists()
    with pytest.raises(NotDecided):
        approve(made, one)
    assert "người thứ hai" in client.get(shown).content.decode()
    client_of(other).post(answer["Location"], {"step": "approve"})
    public = PublicRelease.objects.get()
    assert (public.release, public.made_by) == (released, other)
    assert Entry.objects.filter(action="release.public", subject=released.slug).count() == 1
    assert reverse("public_release", args=[released.slug]) in client.get(shown).content.decode()
    with pytest.raises(NotProposed):
        propose_public(released, one)


def test_whoever_may_not_publish_makes_nothing_public(released: Release) -> None:
    reader = holder(released.unit, Membership.Role.AUDITOR)
    address = reverse("officials:make_public", args=[released.slug])
    assert client_of(reader).get(address).status_code == 403
    assert client_of(reader).post(address, {"confirmed": "on"}).status_code == 403
    assert not Proposal.objects.exists()


def test_only_the_newest_revision_is_made_public(released: Release) -> None:
    one, other = (holder(released.unit, OFFICER) for _ in range(2))
    waiting = propose_public(released, one)
    revised(released)
    with pytest.raises(CannotCarryOut):
        approve(waiting, other)
    assert refused_to_public(released)
    assert not PublicRelease.objects.exists()


def test_what_an_older_method_made_stays_inside(released: Release) -> None:
    """It told single people by periods that are combined (decision 0032)."""
    released.method = FORMER_METHOD
    assert "sửa đổi" in refused_to_public(released)
    released.method = Release.objects.get(pk=released.pk).method
    assert refused_to_public(released) == ""
    released.policy = {**released.policy, "minimum_people": 5}
    assert "sửa đổi" in refused_to_public(released)


def test_what_the_proof_or_the_last_check_doubts_stays_inside(released: Release) -> None:
    one, other = (holder(released.unit, OFFICER) for _ in range(2))
    waiting = propose_public(released, one)
    checked = {"release": released, "software": "x", "figures": 9}
    for minute, differences in ((1, 0), (2, 3)):
        at = factories.at(CLOSED) + timedelta(minutes=minute)
        ReleaseCheck.objects.create(made_at=at, differences=differences, **checked)
    with pytest.raises(CannotCarryOut):
        approve(waiting, other)
    ReleaseCheck.objects.create(
        made_at=factories.at(CLOSED) + timedelta(minutes=3), differences=0, **checked
    )
    assert refused_to_public(released) == ""
    doubt(released)
    assert refused_to_public(released)
    assert not PublicRelease.objects.exists()


def test_every_row_that_the_proof_doubts_says_so(released: Release) -> None:
    opened(released)
    doubt(released)
    found = pages(released)
    assert "đang kiểm tra" in read(found["over time"])
    assert "đang kiểm tra" in read(found["office"]).rpartition("<table")[2]


def test_whoever_approves_while_somebody_publishes_is_told_so(released: Release) -> None:
    one, other = (holder(released.unit, OFFICER) for _ in range(2))
    waiting = propose_public(released, one)

    def busy() -> bool:
        with pytest.raises(CannotCarryOut), alone_to_approve(JUNE):
            pass
        return True

    with alone_to_approve(JUNE):
        assert elsewhere(busy)
    approve(waiting, other)
    assert PublicRelease.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM reports_publicrelease",
        "UPDATE reports_publicrelease SET made_at = now()",
        "TRUNCATE reports_publicrelease",
    ],
)
def test_it_is_never_undone(released: Release, statement: str) -> None:
    opened(released)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(statement)
    assert PublicRelease.objects.count() == 1


def test_pages_are_kept_and_asked_for_again(released: Release) -> None:
    for address in pages(opened(released)).values():
        answer = Client().get(address)
        assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=300"}
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        again = Client().get(address, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        zipped = Client().get(address, headers={"Accept-Encoding": "gzip"})
        repeat = {"If-None-Match": zipped["ETag"], "Accept-Encoding": "gzip"}
        assert Client().get(address, headers=repeat).status_code == 304


def test_they_are_the_same_for_all(
    released: Release, django_assert_max_num_queries: Callable[[int], Any], settings: Any
) -> None:  # Any: pytest-django's
    settings.DIRECTORY_CHECK_SECONDS = 3600  # as in service, where it is not asked every time
    found = pages(opened(released))
    official = client_of(User.objects.latest("pk"))
    official.cookies["ngon-ngu"] = official.cookies["django_language"] = "en"
    for address in found.values():
        read(address)  # what a process keeps is read once
        with django_assert_max_num_queries(12):
            text = read(address)
        assert official.get(address).content.decode() == text
        assert "<script" not in text
        assert "<form" not in text


def test_english_stands_in_the_address(released: Release) -> None:
    for name, address in pages(opened(released)).items():
        answer = Client().get(f"{address}?ngon-ngu=en")
        assert not answer.cookies
        assert answer["Content-Language"] == "en"
        text = answer.content.decode()
        assert '<html lang="en">' in text
        links = re.findall(r'href="(/ket-qua/[^"]*)"', text)
        assert links, name
        assert all(link.endswith("?ngon-ngu=en") for link in links), name


def test_citizens_are_led_there(released: Release) -> None:
    slug = large().slug
    address = reverse("office_results", args=[slug])
    for name in ("start", "poster", "published"):
        assert address in read(reverse(f"surveys:{name}", args=[slug])), name
    english = read(reverse("surveys:poster", args=[slug]) + "?ngon-ngu=en")
    assert f'{address}?ngon-ngu=en"' in english


def test_the_table_goes_and_comes_with_its_triggers() -> None:
    def guards() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE c.relname = 'reports_publicrelease' AND NOT t.tgisinternal"
            )
            (found,) = cursor.fetchone()
        return int(found)

    assert guards() == 2
    call_command("migrate", "reports", "0021", verbosity=0)
    assert guards() == 0
    assert "reports_publicrelease" not in connection.introspection.table_names()
    call_command("migrate", "reports", verbosity=0)
    assert guards() == 2
