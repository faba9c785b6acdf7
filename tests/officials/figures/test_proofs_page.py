"""What the proof found stands where figures are: a line, a mark beside the number, a page."""

import re
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, Office, User
from offices.rights import Role
from officials.figures.history import MONTHS
from reports.counting.periods import span_of
from reports.models import Difference, Part, Partition, Period, Proof, Repair, TerritoryMap
from reports.night import steps
from reports.release import publish
from surveys.models import Instrument
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()
MONTH = span_of(Period.MONTH, LAST)
AT = timezone.make_aware(datetime(2026, 11, 28, 1, 42))
MARK = "đang kiểm tra<"
NONE = "Đối chiếu: 0 khác biệt trên 5.731 phiếu, 12.345 số liệu · 28/11/2026 01:42"
PAGE = reverse("officials:proofs")


@pytest.fixture
def form() -> Instrument:
    return factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def province(form: Instrument) -> AdministrativeUnit:
    """A province with two offices of a closed month."""
    made = factories.province("An Giang", code="91", valid_from=date(2025, 7, 1))
    for _ in range(2):
        office = factories.office(factories.unit(parent=made))
        for _ in range(12):
            factories.answer(office, [5, 4, 1], now=factories.at(LAST))
    steps.close(LAST)
    Proof.objects.all().delete()  # the night's own
    return made


@pytest.fixture
def office(province: AdministrativeUnit) -> Office:
    """One of the two."""
    return Office.objects.filter(unit__parent=province).order_by("pk")[0]


def proved(province: AdministrativeUnit | None = None, **given: object) -> Proof:
    return Proof.objects.create(
        **{
            "province": province,
            "whole": True,
            "began_at": AT,
            "ended_at": AT,
            "responses": 5731,
            "figures": 12345,
            "parts": {"offices": 300, "batches": 40},
            **given,
        }
    )


def differs(**given: object) -> Difference:
    """A figure of the month of which the proof computed another number of forms."""
    row = {
        "part": Part.OFFICES,
        "table": "reports_score",
        "column": "people",
        "period": MONTH.kind,
        "first": MONTH.first,
        "last": MONTH.last,
        "shown": "999",
        "proved": "12",
        "found_at": AT,
    }
    return Difference.objects.create(**{**row, **given})


def reader(place: AdministrativeUnit | Office, role: Role = Role.AUDITOR) -> Client:
    return signed_in(factories.official(place, role))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def marks(html: str) -> int:
    return html.count(MARK)


def pages(province: AdministrativeUnit, office: Office) -> list[str]:
    month = f"?ky=month&tu={MONTH.first}"
    return [
        reverse("officials:office", args=[office.slug]) + month,
        reverse("officials:office_progress", args=[office.slug]) + month,
        reverse("officials:unit", args=[province.pk]) + month,
        reverse("officials:unit_progress", args=[province.pk]) + month,
        reverse("officials:compare", args=[province.pk]) + month,
    ]


def test_every_page_with_figures_says_at_its_foot_what_was_proved(
    province: AdministrativeUnit, office: Office
) -> None:
    made = publish(province, MONTH, factories.user())
    every = [
        *pages(province, office),
        reverse("officials:releases", args=[province.pk]),
        reverse("officials:release", args=[made.slug]),
        reverse("officials:publish", args=[province.pk]) + f"?ky=month.{MONTH.first}",
    ]
    client = reader(province, Role.PROVINCIAL_OFFICER)
    for address in every:
        assert "Đối chiếu: chưa đối chiếu lần nào" in text(client, address), address
    proved()
    for address in every:
        html = text(client, address)
        assert f'<a href="{PAGE}">{NONE}</a>' in html, address
        assert marks(html) == 0
        assert "proof-line differs" not in html
    differs(office=office)
    for address in every:
        html = text(client, address)
        assert "Đối chiếu: 1 khác biệt trên" in html, address
        assert "proof-line differs" in html


def test_only_auditors_and_provincial_officers_reach_the_page(
    province: AdministrativeUnit, office: Office
) -> None:
    proved()
    page = reverse("officials:office", args=[office.slug])
    head = reader(office, Role.OFFICE_HEAD)
    assert head.get(PAGE).status_code == 403
    assert NONE in text(head, page)
    assert PAGE not in text(head, page)
    for role in (Role.AUDITOR, Role.PROVINCIAL_OFFICER):
        assert reader(province, role).get(PAGE).status_code == 200
    assert Client().get(PAGE).status_code == 302
    assert reader(factories.country(), Role.COUNTRY_OFFICER).get(PAGE).status_code == 200
    assert signed_in(factories.user(is_superuser=True)).get(PAGE).status_code == 200
    assert reader(province, Role.ANALYST).get(PAGE).status_code == 403


def test_a_figure_that_cannot_be_proved_bears_the_mark_wherever_it_stands(
    province: AdministrativeUnit, office: Office
) -> None:
    proved()
    client = reader(province)
    before = {address: text(client, address) for address in pages(province, office)}
    differs(office=office)
    of_office, of_progress, of_unit, units_progress, compared = pages(province, office)
    html = text(client, of_office)
    # the headline, two factors, three criteria, its month in the trend
    assert marks(html) == 7
    assert re.search(r"66,67.%</data>\s*<small class=\"being-checked\">đang kiểm tra", html)
    assert "lần đối chiếu gần nhất tính ra con số khác từ phiếu" in html
    assert marks(text(client, of_progress)) == 1
    # the unit's own seven, and one of the two rows
    assert marks(text(client, of_unit)) == 8
    # the unit's forms twice, and the office's
    assert marks(text(client, units_progress)) == 3
    # the table, its dashed line and the sentence on the whole
    assert marks(text(client, compared)) == 3
    for address, page in before.items():
        numbers = re.findall(r"\d+,\d\d\N{NO-BREAK SPACE}%", page)
        assert re.findall(r"\d+,\d\d\N{NO-BREAK SPACE}%", text(client, address)) == numbers


def test_the_mark_stands_at_no_other_office_period_form_or_map(
    province: AdministrativeUnit, office: Office, form: Instrument
) -> None:
    proved()
    client = reader(province)
    other = Office.objects.filter(unit__parent=province).exclude(pk=office.pk).get()
    standing = differs(office=office, instrument=form)
    assert marks(text(client, pages(province, other)[0])) == 0
    year = reverse("officials:office", args=[office.slug]) + f"?ky=year&tu={LAST.year}-01-01"
    assert marks(text(client, year)) == 1  # the month in the trend alone
    Difference.objects.filter(pk=standing.pk).update(
        office=None, unit=province, map=TerritoryMap.THEN, part=Part.UNITS
    )
    of_unit = pages(province, office)[2]
    assert marks(text(client, of_unit)) == 0
    assert marks(text(client, of_unit + "&ban-do=then")) == 7
    Difference.objects.update(ended_at=AT, ended_how=Difference.End.PROVED)
    assert marks(text(client, of_unit + "&ban-do=then")) == 0


def test_a_batch_that_differs_is_in_every_figure_of_its_days(
    province: AdministrativeUnit, office: Office
) -> None:
    proved()
    differs(part=Part.BATCHES, table="reports_batch", office=office, period="", first=LAST)
    client = reader(province)
    for kind in Period.values:
        first = span_of(kind, LAST).first
        page = reverse("officials:office", args=[office.slug]) + f"?ky={kind}&tu={first}"
        assert re.search(r"</data>\s*<small class=\"being-checked", text(client, page)), kind
    page = reverse("officials:office", args=[office.slug]) + f"?ky=day&tu={MONTH.first}"
    assert "</data>" not in text(client, page)


def test_tables_and_releases_bear_the_mark_too(
    province: AdministrativeUnit, office: Office, form: Instrument
) -> None:
    made = publish(province, MONTH, factories.user())
    told = Partition.objects.create(
        office=office, instrument=form, number=1, rows=[1], period="month", start=MONTH.first,
        procedures={}, formed_at=timezone.now(),
    )  # fmt: skip
    for place, channel in enumerate("12"):
        told.cells.create(
            place=place, labels=["other", "clean", channel], members=[["other", "clean", channel]],
            people=12, moments=[20, 36, 40, 108, 60],
        )  # fmt: skip
    proved()
    client = reader(province)
    page = reverse("officials:unit", args=[province.pk]) + (
        f"?ky=month&tu={MONTH.first}&ban-do=then"
    )
    release = reverse("officials:release", args=[made.slug])
    assert marks(text(client, page)) == marks(text(client, release)) == 0
    shown = text(client, page)
    tables = [table.split("</table>")[0] for table in shown.split('<h2 id="cut-')[1:]]
    lines = sum(table.count("</tr>") - 1 for table in tables)
    assert len(tables) == 2
    differs(part=Part.TABLES, office=office, instrument=form, key="partition 1: cell 0")
    assert marks(text(client, page)) == lines
    assert marks(text(client, release)) == 0
    differs(part=Part.RELEASES, unit=province, key=f"{made.slug}: office", column="percent")
    assert marks(text(client, page)) == lines
    # of the release's own unit the headline, two factors, three criteria; two offices
    assert marks(text(client, release)) == 8


def test_the_page_is_calm_when_nothing_differs(province: AdministrativeUnit) -> None:
    client = reader(province)
    assert "Chưa đối chiếu lần nào" in text(client, PAGE)
    proved(province)
    proved()
    html = text(client, PAGE)
    assert "Không có khác biệt" in html
    assert 'class="proved"' in html
    assert "An Giang" in html
    assert "01:42 28/11/2026" in html


def test_the_page_names_each_difference_with_both_numbers_and_a_way_to_it(
    province: AdministrativeUnit, office: Office, form: Instrument
) -> None:
    proved()
    differs(office=office, instrument=form)
    differs(part=Part.UNITS, unit=province, map="then", shown="24", proved="25", column="low")
    html = text(reader(province), PAGE)
    addresses = re.findall(r'<th scope="row"><a href="([^"]*)"', html)
    assert len(addresses) == 2
    client = reader(province)
    for address in addresses:
        page = text(client, address.replace("&amp;", "&"))
        assert re.search(r"</data>\s*<small class=\"being-checked", page)
    row = html[html.index(office.name) :]
    assert "đang hiển thị 999, tính lại được 12" in row
    assert 'class="proved"' not in html


def test_nobody_reads_of_offices_beside_their_own(province: AdministrativeUnit) -> None:
    proved()
    mine = Office.objects.filter(unit__parent=province)[0]
    other = factories.office()
    differs(office=other)
    Repair.objects.create(
        office=other, first=LAST, last=LAST, reason="Mất dữ liệu", made_at=AT, made_by="root",
        accepted=False, ended=1, standing=0,
    )  # fmt: skip
    html = text(reader(province), PAGE)
    assert "Không có khác biệt ở những nơi" in html
    assert 'class="proved"' not in html
    assert other.name not in html
    assert "Mất dữ liệu" not in html
    differs(office=mine)
    assert mine.name in text(reader(province), PAGE)
    everything = text(reader(factories.country()), PAGE)
    assert other.name in everything
    assert "Mất dữ liệu" in everything


def test_the_history_keeps_how_a_difference_ended(
    province: AdministrativeUnit, office: Office
) -> None:
    proved()
    differs(office=office, ended_at=AT, ended_how=Difference.End.RECOUNTED)
    html = text(reader(province), PAGE)
    assert "Không có khác biệt" in html
    assert office.name in html[html.index("Lịch sử") :]
    assert "phát hiện lúc 01:42 28/11/2026" in html


def test_the_line_costs_two_statements_and_marks_few_more(
    province: AdministrativeUnit, office: Office
) -> None:
    """However many months the trend has."""
    client = reader(province)
    page = pages(province, office)[2]
    client.get(page)
    with CaptureQueriesContext(connection) as calm:
        client.get(page)
    about = [q["sql"] for q in calm.captured_queries if "proof" in q["sql"] or "differ" in q["sql"]]
    assert len(about) == 1
    differs(office=office)
    with CaptureQueriesContext(connection) as worried:
        client.get(page)
    assert len(worried.captured_queries) <= len(calm.captured_queries) + 4 < MONTHS


def test_provinces_without_a_form_stand_together(province: AdministrativeUnit) -> None:
    empty = [factories.province(f"Trống {number}") for number in range(3)]
    for one in empty:
        proved(one, responses=0, figures=0)
    proved(province)
    html = text(reader(factories.country()), PAGE)
    assert "Tỉnh, thành phố chưa có phiếu: 3" in html
    rows = re.findall(r'<th scope="row">([^<]*Trống[^<]*)</th>', html)
    assert rows == []


def test_numbers_of_one_figure_stand_together_and_are_told_as_people_read_them(
    province: AdministrativeUnit, office: Office
) -> None:
    proved()
    differs(office=office)
    differs(office=office, column="low", shown="84.42807603139435", proved="84.401")
    differs(office=office, column="sums", shown="8 of 191 numbers differ", proved="0")
    batch = {"part": Part.BATCHES, "table": "reports_batch", "period": "", "key": "batch 176"}
    differs(office=office, **batch, column="moments", shown="3 of 5 numbers differ", proved="0")
    seal = {"part": Part.CLOSED_MONTHS, "table": "reports_closedmonth", "period": ""}
    differs(office=office, **seal, column="digest", shown="ab" * 32, proved="cd" * 32)
    html = text(reader(province), PAGE)
    assert "Có 5 con số khác biệt" in html
    listed = html[: html.index('id="age-title"')]
    assert listed.count(f">{office.name}</a>") == 3
    for said in (
        "đang hiển thị 84,4281, tính lại được 84,4010",
        "câu trả lời theo tiêu chí: 8 trong 191 con số khác",
        "(đợt 176)",
        "đang hiển thị abababab…, tính lại được cdcdcdcd…",
    ):
        assert said in listed
    assert "numbers differ" not in html
