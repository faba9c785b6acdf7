"""The pages of releases: who sees them, who publishes, what stands on them."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from offices.access import may
from offices.models import AdministrativeUnit, Membership, Proposal
from offices.rights import Action
from reports.counting.periods import span_of
from reports.models import Period, Release, ReleaseFigure
from reports.night import steps
from reports.release import publish, reproduce
from reports.release.drafting import draft, facts_of
from surveys.models import Instrument, Response
from tests import factories
from tests.officials.two import client_of, holder

pytestmark = pytest.mark.django_db
JUNE = span_of(Period.MONTH, date(2025, 6, 1))
DAY = date(2025, 6, 10)
CLOSED = date(2025, 7, 31)
Role = Membership.Role


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Three criteria, each its own factor."""
    return factories.instrument({"A": 1, "B": 1, "C": 1})


@pytest.fixture
def province() -> AdministrativeUnit:
    """June of a province: 14 people, of whom three answered the last question."""
    made = factories.province("An Giang", code="91")
    office = factories.office(factories.unit(parent=made), name="Trung tâm Mỹ Thới")
    for number in range(14):
        factories.answer(office, [5, 4, 1 if number < 3 else 9], now=factories.at(DAY))
    steps.close(CLOSED)
    return made


def official(unit: AdministrativeUnit, role: Role = Role.PROVINCIAL_OFFICER) -> Client:
    """A signed-in official who holds the unit in this role."""
    client = Client()
    client.force_login(factories.official(unit, role))
    return client


def confirm_page(unit: AdministrativeUnit, asked: str = "month.2025-06-01") -> str:
    return reverse("officials:publish", args=[unit.pk]) + f"?ky={asked}"


def approve_page() -> str:
    """The page of the newest proposal."""
    return reverse("officials:proposal", args=[Proposal.objects.latest("pk").pk])


def test_one_officer_proposes_and_another_publishes(province: AdministrativeUnit) -> None:
    client = official(province)
    text = client.get(reverse("officials:releases", args=[province.pk])).content.decode()
    assert "Chưa chốt số liệu nào" in text
    assert 'value="month.2025-06-01"' in text
    asked = client.get(confirm_page(province)).content.decode()
    assert "Chốt số liệu: Tháng 6/2025, Tỉnh An Giang" in asked
    assert client.post(confirm_page(province), {}).status_code == 200
    assert not Proposal.objects.exists()
    answer = client.post(confirm_page(province), {"confirmed": "on"})
    assert answer["Location"] == approve_page()
    assert not Release.objects.exists()
    assert client.post(approve_page(), {"step": "approve"}).status_code == 422
    assert not Release.objects.exists()
    listed = client.get(reverse("officials:releases", args=[province.pk])).content.decode()
    assert "Chờ người thứ hai duyệt" in listed
    text = official(province).get(approve_page()).content.decode()
    assert "Trung tâm Mỹ Thới" in text
    assert "90,32 %, 14 phiếu" in text
    assert "Cơ quan chưa có số hồ sơ: 1 (Trung tâm Mỹ Thới)" in text
    second = holder(province, Role.PROVINCIAL_OFFICER)
    client_of(second).post(approve_page(), {"step": "approve"})
    release = Release.objects.get()
    assert release.made_by == second
    listed = client.get(reverse("officials:releases", args=[province.pk])).content.decode()
    assert release.slug in listed
    assert "chưa kiểm tra" in listed
    assert reproduce(release).differences == ()
    assert "Chờ người thứ hai duyệt" not in listed


def test_what_came_in_meanwhile_is_named_and_nothing_is_published(
    province: AdministrativeUnit,
) -> None:
    official(province).post(confirm_page(province), {"confirmed": "on"})
    office = Response.objects.all()[0].office
    for _ in range(10):
        factories.answer(office, [1, 1, 1], now=factories.at(DAY))
    steps.close(date(2025, 8, 1))
    answer = official(province).post(approve_page(), {"step": "approve"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "14 phiếu" in text
    assert "24 phiếu" in text
    assert not Release.objects.exists()
    assert Proposal.objects.get().state == Proposal.State.OPEN


def test_a_draft_leaves_nothing_behind(province: AdministrativeUnit) -> None:
    facts = draft(province, JUNE, "")
    assert not Release.objects.exists()
    assert not ReleaseFigure.objects.exists()
    assert facts == facts_of(publish(province, JUNE))


def test_a_revision_from_the_page_needs_its_reason(province: AdministrativeUnit) -> None:
    first = publish(province, JUNE)
    office = first.memberships.get().office
    for _ in range(10):
        factories.answer(office, [1, 1, 1], now=factories.at(DAY))
    steps.close(date(2025, 8, 1))
    client = official(province)
    assert client.post(confirm_page(province), {"confirmed": "on"}).status_code == 200
    assert not Proposal.objects.exists()
    client.post(confirm_page(province), {"confirmed": "on", "reason": "Phiếu giấy gửi muộn"})
    shown = official(province).get(approve_page()).content.decode()
    assert "14 phiếu" in shown
    assert "24 phiếu" in shown
    official(province).post(approve_page(), {"step": "approve"})
    second = Release.objects.get(revision=2)
    text = client.get(reverse("officials:release", args=[second.slug])).content.decode()
    assert "Phiếu giấy gửi muộn" in text
    assert re.search(r'<td class="number">10</td>\s*<td class="number">0</td>', text)
    old = client.get(reverse("officials:release", args=[first.slug])).content.decode()
    assert "Kỳ này đã có bản sửa đổi mới hơn" in old
    same = client.post(confirm_page(province), {"confirmed": "on", "reason": "Lần nữa"})
    assert "Không có gì khác" in same.content.decode()


def test_a_few_people_more_or_less_are_not_counted_out(province: AdministrativeUnit) -> None:
    publish(province, JUNE)
    few = Response.objects.values_list("id", flat=True)[:2]
    office = factories.office(factories.unit(parent=province))
    for _ in range(12):
        factories.answer(office, [5, 5, 5], now=factories.at(DAY))
    Response.objects.filter(id__in=list(few)).update(withdrawn=True)
    steps.close(date(2025, 8, 1))
    second = publish(province, JUNE, reason="Bổ sung")
    # the two who were withdrawn wait until they are ten
    assert second.people == 14 + 12
    text = official(province).get(reverse("officials:release", args=[second.slug])).content.decode()
    assert office.name in text


def test_an_open_period_has_no_button(province: AdministrativeUnit) -> None:
    client = official(province)
    text = client.get(confirm_page(province, "month.2025-08-01")).content.decode()
    assert "Kỳ chưa khóa sổ" in text
    assert 'name="confirmed"' not in text
    assert 'name="confirmed"' in client.get(confirm_page(province)).content.decode()


@pytest.mark.parametrize(
    "asked", ["", "day.2025-06-01", "month", "month.x", "month.9999-12-31", "x.2025-06-01"]
)
def test_a_period_that_cannot_be_published_is_refused(
    province: AdministrativeUnit, asked: str
) -> None:
    client = official(province)
    assert client.get(confirm_page(province, asked)).status_code in (200, 302)
    client.post(confirm_page(province, asked), {"confirmed": "on"})
    assert not Release.objects.exists()


def test_only_provincial_officers_of_the_unit_publish(province: AdministrativeUnit) -> None:
    elsewhere = factories.province()
    auditor, stranger = official(province, Role.AUDITOR), official(elsewhere)
    for client, status in ((auditor, 403), (stranger, 404)):
        assert client.get(confirm_page(province)).status_code == status
        assert client.post(confirm_page(province), {"confirmed": "on"}).status_code == status
    assert Client().post(confirm_page(province), {"confirmed": "on"}).status_code == 302
    assert not Release.objects.exists()
    listed = auditor.get(reverse("officials:releases", args=[province.pk])).content.decode()
    assert "<select" not in listed
    above = factories.official(factories.country())
    assert may(above, Action.PUBLISH, province)
    above.is_active = False
    assert not may(above, Action.PUBLISH, province)


def test_publishing_needs_the_token_of_the_form(province: AdministrativeUnit) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.official(province))
    assert client.post(confirm_page(province), {"confirmed": "on"}).status_code == 403
    assert not Release.objects.exists()


def test_nothing_beside_is_seen(province: AdministrativeUnit) -> None:
    release = publish(province, JUNE)
    addresses = [
        reverse("officials:releases", args=[province.pk]),
        reverse("officials:release", args=[release.slug]),
        reverse("officials:release-csv", args=[release.slug]),
    ]
    stranger, auditor = official(factories.province()), official(province, Role.AUDITOR)
    for address in addresses:
        assert stranger.get(address).status_code == 404
        assert auditor.get(address).status_code == 200
        assert Client().get(address)["Location"].startswith(reverse("login"))


def test_the_page_says_where_the_numbers_come_from(province: AdministrativeUnit) -> None:
    release = publish(province, JUNE)
    client = official(province)
    address = reverse("officials:release", args=[release.slug])
    text = client.get(address).content.decode()
    for said in (release.data_hash, release.figures_hash, release.software, release.method):
        assert said in text
    assert f"python manage.py reproduce {release.slug}" in text
    assert 'data-n="14"' in text
    assert "Trung tâm Mỹ Thới" in text
    assert "chưa đủ câu trả lời" in text
    reproduce(release)
    assert "Đã tính lại 35 số liệu" in client.get(address).content.decode()
    Response.objects.filter(id=Response.objects.values("id")[:1]).delete()
    reproduce(release)
    assert "điểm sai khác" in client.get(address).content.decode()


def test_the_file_holds_every_figure_and_says_why_one_is_missing(
    province: AdministrativeUnit,
) -> None:
    release = publish(province, JUNE)
    response = official(province).get(reverse("officials:release-csv", args=[release.slug]))
    assert isinstance(response, StreamingHttpResponse)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == release.figures.count()
    office = next(row for row in rows if row["of"] == "office" and row["kind"] == "headline")
    assert office["name"] == "Trung tâm Mỹ Thới"
    assert (office["satisfied"], office["answered"], office["people"]) == ("28", "31", "14")
    hidden = [row for row in rows if row["not_shown_because"]]
    assert {(row["kind"], row["code"]) for row in hidden} == {
        ("factor", "B"),
        ("factor", "C"),
        ("criterion", "B1"),
        ("criterion", "C1"),
    }
    for row in hidden:
        assert {row[name] for name in ("percent", "satisfied", "answered", "people")} == {""}
        assert {row["low"], row["high"]} == {""}


def test_pages_never_read_responses(province: AdministrativeUnit) -> None:
    release = publish(province, JUNE)
    client = official(province)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("officials:releases", args=[province.pk]))
        client.get(confirm_page(province))
        client.get(reverse("officials:release", args=[release.slug]))
        read = client.get(reverse("officials:release-csv", args=[release.slug]))
        assert isinstance(read, StreamingHttpResponse)
        assert b"".join(read.streaming_content)
    assert len(captured.captured_queries) <= 84
    assert not [q for q in captured.captured_queries if "surveys_response" in q["sql"]]


def test_a_name_is_no_formula(province: AdministrativeUnit) -> None:
    release = publish(province, JUNE)
    office = release.memberships.get().office
    office.name = "=cmd()"
    office.save()
    response = official(province).get(reverse("officials:release-csv", args=[release.slug]))
    assert isinstance(response, StreamingHttpResponse)
    text = b"".join(response.streaming_content).decode()
    assert "'=cmd()" in text
