"""Kiểm tra: the oddest office first, each cell with its evidence, nothing of single forms."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, DossierCount, DossierSource, Office, Proposal
from offices.rights import Role
from reports.counting.closing import last_closed_month
from reports.models import (
    Cell,
    Difference,
    Night,
    Partition,
    Period,
    Release,
    ReleaseCheck,
    ReleaseMembership,
    Score,
    TerritoryMap,
)
from surveys.models import Evidence, EvidenceCount, Exclusion, Hold, Instrument
from tests import factories
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)
MONTH = last_closed_month(YESTERDAY)
FIRST = MONTH.first


@pytest.fixture
def questionnaire() -> Instrument:
    Night.objects.create(day=YESTERDAY, began_at=timezone.now(), closed_at=timezone.now())
    return factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def province(questionnaire: Instrument) -> AdministrativeUnit:
    return factories.province("An Giang")


def office_in(province: AdministrativeUnit, name: str, people: int = 100) -> Office:
    """An office with a closed month."""
    office = factories.office(
        factories.unit(parent=province), name=f"Trung tâm Phục vụ hành chính công {name}"
    )
    Score.objects.create(
        office=office, instrument=Instrument.objects.get(), period=Period.MONTH, start=FIRST,
        closed=True, people=people, answered=people, satisfied=people, sums=b"",
        method="pooled-2", computed_at=timezone.now(),
    )  # fmt: skip
    return office


def cells(office: Office, *told: tuple[str, int, int]) -> None:
    """People told apart by quality: label, people, satisfied answers of as many."""
    partition = Partition.objects.create(
        office=office, instrument=Instrument.objects.get(), number=1, rows=[1],
        period=Period.MONTH, start=FIRST, procedures={}, formed_at=timezone.now(),
    )  # fmt: skip
    for place, (label, people, satisfied) in enumerate(told):
        Cell.objects.create(
            partition=partition, place=place, labels=["*", label, "*"], members=[], people=people,
            moments=[satisfied, people, 0, 0, 0],
        )  # fmt: skip


def evidence(office: Office, kind: Evidence, forms: int) -> None:
    EvidenceCount.objects.create(
        office=office, month=FIRST, evidence=kind, days=[], forms=forms, held=0
    )


def held(office: Office, forms: int, state: str = "waiting") -> None:
    given: dict[str, Any] = {}
    if state != "waiting":
        given = {"decided_at": timezone.now(), "reason": "Đã xem xét kỹ"}
    Hold.objects.create(
        office=office, evidence=Evidence.OPEN, rule="day", by_arrival=False, days=[FIRST],
        seen=forms, bound=5, forms=forms, found_on=YESTERDAY, state=state, **given,
    )  # fmt: skip


def dossiers(office: Office, finished: int, source: str = DossierSource.PORTAL) -> None:
    DossierCount.objects.create(office=office, day=FIRST, finished=finished, source=source)


def auditor(place: AdministrativeUnit) -> Client:
    return client_of(factories.official(place, Role.AUDITOR))


def page(client: Client, unit: AdministrativeUnit) -> str:
    answer = client.get(reverse("officials:auditing", args=[unit.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html: str) -> dict[str, list[str]]:
    """By office its cells, as they are read."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", html, re.S)[1:]:
        texts = [
            re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", "", cell)).strip(" ")
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        name = re.sub(r" \d+ điểm khác thường$", "", texts[0])
        found[name] = texts[1:]
    return found


def odd_of(html: str, name: str) -> list[str]:
    """Under which titles something stands out at an office."""
    (row,) = (r for r in re.findall(r"<tr>.*?</tr>", html, re.S) if f">{name}<" in r)
    return re.findall(r'data-label="([^"]*)" class="is-odd"', row)


def test_an_ordinary_office_stands_out_with_nothing(province: AdministrativeUnit) -> None:
    office = office_in(province, "phường Hà Tiên")
    cells(office, ("clean", 80, 70), ("flagged", 20, 17))
    evidence(office, Evidence.TABLET, 64)
    evidence(office, Evidence.OPEN, 36)
    dossiers(office, 400, DossierSource.BEFORE)
    html = page(auditor(province), province)
    nbsp = "\N{NO-BREAK SPACE}"
    assert rows(html) == {
        "Phường Hà Tiên": [
            f"20{nbsp}%", "60 qua máy tại quầy · 30 phiếu mở",
            "+0,5", "0", "0", "100 / 400", "0", "0", "0",
        ],
    }  # fmt: skip
    assert "Không có nơi nào khác thường" in html
    assert "is-odd" not in html


def test_the_oddest_stands_first_and_is_named(province: AdministrativeUnit) -> None:
    office_in(province, "phường An", people=900)
    big = office_in(province, "phường Ba", people=500)
    small = office_in(province, "phường Châu", people=50)
    for office in (big, small):
        held(office, 64)
    dossiers(small, 20, DossierSource.BEFORE)
    html = page(auditor(province), province)
    assert list(rows(html)) == ["Phường Châu", "Phường Ba", "Phường An"]
    assert "Khác thường nhất: Phường Châu – phiếu nhiều hơn hồ sơ, phiếu chờ xem xét." in html
    assert "2 trong 3 nơi có điểm khác thường." in html
    assert "Nhiều nhất: phiếu chờ xem xét, tại 2 nơi." in html


def test_one_person_may_fill_in_two_questionnaires(province: AdministrativeUnit) -> None:
    """Two forms of the same hundred people are no more forms than dossiers."""
    office = office_in(province, "phường An")
    second = factories.instrument({"A": 1}, default=False)
    Score.objects.create(
        office=office, instrument=second, period=Period.MONTH, start=FIRST, closed=True,
        people=90, answered=90, satisfied=90, sums=b"", method="pooled-2",
        computed_at=timezone.now(),
    )  # fmt: skip
    dossiers(office, 120, DossierSource.BEFORE)
    html = page(auditor(province), province)
    assert rows(html)["Phường An"][5] == "100 / 120"
    assert odd_of(html, "Phường An") == []


def test_shares_stand_out_against_all_offices(province: AdministrativeUnit) -> None:
    ordinary = office_in(province, "phường An")
    odd = office_in(province, "phường Ba")
    cells(ordinary, ("clean", 190, 190), ("flagged", 10, 10))
    cells(odd, ("clean", 60, 40), ("flagged", 40, 40))
    for office, forms in ((ordinary, 30), (odd, 90)):
        evidence(office, Evidence.OPEN, forms)
        evidence(office, Evidence.TABLET, 100 - forms)
    html = page(auditor(province), province)
    assert odd_of(html, "Phường Ba") == [
        *("Phiếu có dấu hiệu", "Nguồn phiếu", "Khi bỏ phiếu có dấu hiệu"),
    ]
    assert odd_of(html, "Phường An") == []
    assert rows(html)["Phường Ba"][2] == "−13,3", "40 of 60 less 80 of 100"


def test_a_share_of_few_forms_stands_out_nowhere(province: AdministrativeUnit) -> None:
    """Below ten of the others nothing is told: 40 open forms need not be all there are."""
    few, many = office_in(province, "phường An"), office_in(province, "phường Ba")
    evidence(few, Evidence.OPEN, 40)
    evidence(few, Evidence.TABLET, 9)
    evidence(many, Evidence.TABLET, 200)
    assert odd_of(page(auditor(province), province), "Phường An") == []


def test_offices_that_had_ended_before_the_month_are_not_there(
    province: AdministrativeUnit,
) -> None:
    office = office_in(province, "phường An")
    Office.objects.filter(pk=office.pk).update(valid_to=FIRST)
    assert list(rows(page(auditor(province), province))) == ["Phường An"]
    Office.objects.filter(pk=office.pk).update(valid_to=FIRST - timedelta(days=1))
    assert rows(page(auditor(province), province)) == {}


def test_simulated_months_say_so(province: AdministrativeUnit) -> None:
    office_in(province, "phường An")
    assert "Số liệu mô phỏng" not in page(auditor(province), province)
    Score.objects.update(simulated=True)
    assert "Số liệu mô phỏng" in page(auditor(province), province)


def test_fewer_than_ten_are_told_nowhere(province: AdministrativeUnit) -> None:
    office = office_in(province, "phường Hà Tiên", people=9)
    cells(office, ("clean", 80, 70), ("flagged", 9, 9))
    evidence(office, Evidence.OPEN, 9)
    held(office, 9)
    html = page(auditor(province), province)
    assert rows(html)["Phường Hà Tiên"] == [
        *("–", "–", "–", "0", "0", "– / –", "dưới 10", "0", "0"),
    ]


def test_forms_that_wait_are_in_tens_and_decided_ones_are_no_matter(
    province: AdministrativeUnit,
) -> None:
    office, other = office_in(province, "phường An"), office_in(province, "phường Ba")
    held(office, 64)
    held(other, 64, "refused")
    html = page(auditor(province), province)
    assert rows(html)["Phường An"][6] == "khoảng 60"
    assert rows(html)["Phường Ba"][6] == "0"
    assert not re.search(r">[^<]*\b64\b", html)


def test_exclusions_in_force_and_proposed_are_counted(province: AdministrativeUnit) -> None:
    office = office_in(province, "phường An")
    by = factories.official(province, Role.AUDITOR)
    given = {"office": office, "first_day": FIRST, "last_day": FIRST, "made_by": by}
    given |= {"made_at": timezone.now(), "reason": "Phiếu của buổi tập huấn"}
    Exclusion.objects.create(**given)
    Exclusion.objects.create(
        **given, lifted_at=timezone.now(), lifted_by=by, lifting_reason="Nhầm ngày đó"
    )
    long_ago = FIRST - timedelta(days=400)
    Exclusion.objects.create(
        **given | {"first_day": long_ago, "last_day": long_ago, "made_at": factories.at(long_ago)}
    )
    for kind, state in (("exclusion", "open"), ("exclusion_lift", "open"), ("tablet", "open")):
        Proposal.objects.create(
            kind=kind, office=office, payload={}, payload_hash=kind, proposed_by=by,
            proposed_at=timezone.now(), state=state,
        )  # fmt: skip
    found = rows(page(auditor(province), province))["Phường An"]
    assert found[3] == "1 đang áp dụng · 2 chờ người thứ hai duyệt"


def test_dossiers_that_changed_after_their_month_was_closed(province: AdministrativeUnit) -> None:
    """What is changed now, of a closed month; neither a first entry nor what was before."""
    late, before = office_in(province, "phường An"), office_in(province, "phường Ba")
    first = office_in(province, "phường Dương")
    dossiers(first, 400)
    open_one = office_in(province, "phường Châu")
    dossiers(late, 400)
    DossierCount.objects.filter(office=late).update(finished=300)
    dossiers(before, 400, DossierSource.BEFORE)
    DossierCount.objects.create(
        office=open_one, day=timezone.localdate(), finished=9, source=DossierSource.OWN
    )
    html = page(auditor(province), province)
    edits = [rows(html)[f"Phường {name}"][4] for name in ("An", "Ba", "Châu", "Dương")]
    assert edits == ["1", "0", "0", "0"]
    assert odd_of(html, "Phường An") == ["Sửa số hồ sơ sau khi khóa"]


def test_what_the_proof_and_releases_did_not_give_again(province: AdministrativeUnit) -> None:
    office, other = office_in(province, "phường An"), office_in(province, "phường Ba")
    for ended in (None, timezone.now()):
        Difference.objects.create(
            part="offices", table="reports_score", column="people", office=office,
            map=TerritoryMap.TODAY, first=FIRST, last=FIRST, shown="1", proved="2",
            found_at=timezone.now(), ended_at=ended, ended_how="proved" if ended else "",
        )  # fmt: skip
    release = Release.objects.create(
        slug="an-giang-thang", unit=province, period=Period.MONTH, start=FIRST, revision=1,
        made_at=timezone.now(), policy={}, method="pooled-2", software="x", instruments={},
        data_hash="", figures_hash="", people=1, simulated=False,
    )  # fmt: skip
    for each in (office, other):
        ReleaseMembership.objects.create(
            release=release, office=each, instrument=Instrument.objects.get(), batches=[],
            withdrawn=[], then=[], today=[], people=0, added=0, removed=0, digest="",
        )  # fmt: skip

    def checked(differences: int) -> dict[str, list[str]]:
        ReleaseCheck.objects.create(
            release=release, made_at=timezone.now(), software="x", figures=9,
            differences=differences,
        )  # fmt: skip
        return rows(page(auditor(province), province))

    first = checked(3)
    assert [first["Phường An"][n] for n in (7, 8)] == ["1", "1"]
    assert [first["Phường Ba"][n] for n in (7, 8)] == ["0", "1"]
    assert reverse("officials:release", args=["an-giang-thang"]) in page(
        auditor(province), province
    )
    assert checked(0)["Phường An"][8] == "0", "the newest attempt decides"
    commune = office.unit
    assert rows(page(auditor(commune), commune))["Phường An"][8] == "0", "who sees no such release"


def test_every_cell_leads_to_a_page_that_the_auditor_may_open(
    province: AdministrativeUnit,
) -> None:
    office_in(province, "phường An")
    for place in (province, Office.objects.get().unit, factories.country()):
        client = auditor(place)
        html = page(client, place)
        links = set(re.findall(r'<td data-label[^>]*><a href="([^"]*)"', html))
        assert len(links) == 7
        for link in links:
            assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_who_audits_sees_it_and_nobody_else(province: AdministrativeUnit) -> None:
    office = office_in(province, "phường An")
    other = office_in(factories.province("Cần Thơ"), "phường Cái Răng")
    address = reverse("officials:auditing", args=[province.pk])
    for role in (Role.PROVINCIAL_OFFICER, Role.ANALYST):
        assert client_of(factories.official(province, role)).get(address).status_code == 403
    assert client_of(factories.official(office)).get(address).status_code == 404
    assert auditor(other.unit.province).get(address).status_code == 404
    assert auditor(province).post(address).status_code == 405, "nothing is written here"
    assert list(rows(page(auditor(province), province))) == ["Phường An"]
    assert len(rows(page(auditor(factories.country()), factories.country()))) == 2


def test_whoever_serves_in_an_office_does_not_audit_it(province: AdministrativeUnit) -> None:
    office_in(province, "phường An")
    own = office_in(province, "phường Ba")
    account = factories.official(province, Role.AUDITOR)
    factories.official(own, Role.CLERK, account=account)
    assert list(rows(page(client_of(account), province))) == ["Phường An"]


def test_the_administration_leads_there(province: AdministrativeUnit) -> None:
    home = reverse("officials:auditing_home")
    client = auditor(province)
    assert home in client.get(reverse("officials:administration")).content.decode()
    assert client.get(home)["Location"] == reverse("officials:auditing", args=[province.pk])
    unit = client.get(reverse("officials:unit", args=[province.pk])).content.decode()
    assert reverse("officials:auditing", args=[province.pk]) in unit
    officer = client_of(factories.official(province, Role.PROVINCIAL_OFFICER))
    assert home not in officer.get(reverse("officials:administration")).content.decode()
    assert officer.get(home).status_code == 403


def test_before_the_first_month_is_closed_it_says_so(province: AdministrativeUnit) -> None:
    Night.objects.all().delete()
    assert "Chưa có tháng nào được khóa" in page(auditor(province), province)


def test_a_province_of_102_offices_takes_twelve_statements(province: AdministrativeUnit) -> None:
    for number in range(102):
        office = office_in(province, f"xã Số {number:03}")
        evidence(office, Evidence.OPEN, 30)
        dossiers(office, 400)
    client = auditor(province)
    page(client, province)
    with CaptureQueriesContext(connection) as captured:
        html = page(client, province)
    assert len(captured) <= 12, [query["sql"][:90] for query in captured]
    assert len(rows(html)) == 50
    assert 'href="?trang=2"' in html
    assert len(html.encode()) < 100_000


def test_it_reads_no_response(province: AdministrativeUnit) -> None:
    office_in(province, "phường An")
    with CaptureQueriesContext(connection) as captured:
        page(auditor(province), province)
    read = " ".join(query["sql"] for query in captured)
    assert "reports_cell" in read
    for table in ("surveys_response", "reports_batch"):
        assert table not in read


def test_another_year_of_the_ledger_is_not_looked_at(province: AdministrativeUnit) -> None:
    office = office_in(province, "phường An")
    DossierCount.objects.create(
        office=office, day=date(FIRST.year - 2, 1, 5), finished=9, source=DossierSource.PORTAL
    )
    assert rows(page(auditor(province), province))["Phường An"][4] == "0"
