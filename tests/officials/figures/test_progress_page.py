"""Forms, finished dossiers, the target and the response rate; a sample divided."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, DossierCount, Office
from reports.night import steps
from tests import factories
from tests.officials.figures.test_pages import office_with, official

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST = factories.last_month_end()
END = date(2025, 6, 30)
DAY = {"ky": "day", "tu": str(LAST)}
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province with a form to answer."""
    factories.instrument({"A": 2, "B": 1})
    return factories.province("An Giang", code="91", valid_from=END + timedelta(days=1))


def finished(office: Office, dossiers: int, day: date = LAST) -> None:
    DossierCount.objects.create(office=office, day=day, finished=dossiers)


def unit_text(client: Client, unit: AdministrativeUnit, **query: str) -> str:
    page = client.get(reverse("officials:unit_progress", args=[unit.pk]), query)
    assert page.status_code == 200
    return page.content.decode()


def office_text(client: Client, office: Office, **query: str) -> str:
    page = client.get(reverse("officials:office_progress", args=[office.slug]), query)
    assert page.status_code == 200
    return page.content.decode()


def facts(html: str) -> list[str]:
    """Dossiers, target, forms and rate of the whole, as they are read."""
    return [re.sub(r"<[^>]*>", "", found) for found in re.findall(r"<dd>(.*?)</dd>", html)]


def text_of(cell: str) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", "", cell)).strip(" ")


def lines(html: str) -> dict[str, list[str]]:
    """Forms and target, missing, needed, forecast, dossiers by the name of the row, the sum too."""
    table = html.split('id="lines-title"')[1].split("</table>")[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)[1:]:
        name, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        found[text_of(name)] = [text_of(cell) for cell in cells]
    return found


def shares(html: str) -> dict[str, list[str]]:
    """Dossiers, spread and the two allocations by the name of the row."""
    table = html.split('id="allocation-title"')[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.S)[1:]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
    return {name: rest for name, *rest in cells}


def test_an_office_sees_dossiers_target_forms_and_rate(province: AdministrativeUnit) -> None:
    office = office_with(30, province)
    finished(office, 200)
    finished(office, 999, LAST - timedelta(days=400))
    steps.close(LAST)
    html = office_text(official(office=office), office, **DAY)
    assert facts(html) == ["200", "134", "30", f"15,0{NBSP}%"]
    assert '<progress max="100" value="22"' in html
    assert "30 trên 134 phiếu, đạt 22 % chỉ tiêu" in html
    assert "30 phiếu trên 200 hồ sơ" in html


def test_a_unit_sees_first_where_most_is_missing_and_the_sum_of_its_own_score(
    province: AdministrativeUnit,
) -> None:
    here, there = office_with(12, province), office_with(20, province)
    finished(here, 100)
    finished(there, 1_000)
    steps.close(LAST)
    html = unit_text(official(province), province, **DAY)
    assert facts(html) == ["1.100", "294", "32", f"2,9{NBSP}%"]
    rows = lines(html)
    assert [cells[:4] for cells in rows.values()] == [
        ["20 / 286", "266", "–", "thiếu"],
        ["12 / 80", "68", "–", "thiếu"],
        ["32 / 366", "", "", ""],
    ]
    assert list(rows) == [there.name, here.name, "Tổng cộng"]
    assert rows[here.name][4].startswith(f"100 tỷ lệ trả lời 12,0{NBSP}%")


def test_too_few_forms_are_nowhere_in_the_page(province: AdministrativeUnit) -> None:
    """Nine answered: neither the number nor a rate from which it could be computed."""
    office = office_with(9, province)
    finished(office, 1_000)
    steps.close(LAST)
    for html in (
        office_text(official(office=office), office, **DAY),
        unit_text(official(province), province, **DAY),
    ):
        assert facts(html) == ["1.000", "286", "chưa đủ số phiếu", "–"]
        assert "0,9" + NBSP not in html
        assert "<progress" not in html
        assert not re.search(r">\s*9\s*<|\b9 phiếu", html)


def test_an_office_nobody_rated_looks_like_one_with_too_few(province: AdministrativeUnit) -> None:
    few, none, many = (office_with(people, province) for people in (9, 0, 40))
    for office in (few, none, many):
        finished(office, 100)
    steps.close(LAST)
    rows = lines(unit_text(official(province), province, **DAY))
    assert rows[few.name] == rows[none.name]
    assert rows[few.name][:4] == ["chưa đủ số phiếu / 80", "tối đa 80", "–", "bị ẩn"]


def test_an_open_period_shows_what_the_figure_shows_and_not_what_has_arrived(
    province: AdministrativeUnit,
) -> None:
    tenth = TODAY.replace(day=10)
    office = office_with(20, province, day=tenth.replace(day=8))
    factories.rhythm(office)
    finished(office, 100, tenth.replace(day=8))
    month = {"ky": "month", "tu": str(tenth.replace(day=1))}
    with time_machine.travel(factories.at(tenth), tick=True):
        steps.close(tenth.replace(day=8))
        for _ in range(17):
            factories.answer(office, [5, 4, 1], now=factories.at(tenth.replace(day=9)))
        steps.close(tenth.replace(day=9))
        html = office_text(official(office=office), office, **month)
        whole = unit_text(official(province), province, **month)
    assert facts(html) == ["100", "80", "20", f"20,0{NBSP}%"]
    assert "Kỳ đang mở" in html
    assert facts(whole)[2] == "20"


def test_the_pages_read_no_response_and_no_tally(province: AdministrativeUnit) -> None:
    office = office_with(12, province)
    finished(office, 50)
    steps.close(LAST)
    client = official(factories.country())
    with CaptureQueriesContext(connection) as captured:
        office_text(client, office)
        unit_text(client, province)
        unit_text(client, factories.country())
    read = " ".join(query["sql"] for query in captured.captured_queries)
    assert "offices_dossiercount" in read
    for table in ("surveys_response", "reports_tally", "reports_batch"):
        assert table not in read


def test_more_answers_than_dossiers_is_said_and_no_rate_is_shown(
    province: AdministrativeUnit,
) -> None:
    office, other = office_with(20, province), office_with(12, province)
    finished(office, 15)
    finished(other, 12)
    steps.close(LAST)
    html = unit_text(official(province), province, **DAY)
    said = "Số phiếu nhiều hơn số hồ sơ: cần kiểm tra lại số liệu"
    rows = lines(html)
    assert rows[office.name][:4] == ["20 / 15", "0", "–", "đủ"]
    assert said in rows[office.name][4]
    assert f"100,0{NBSP}%" in rows[other.name][4]
    assert said in html.split("</table>")[1]
    assert "133," not in html


def test_an_office_without_counts_leaves_the_whole_without_a_rate(
    province: AdministrativeUnit,
) -> None:
    office, other = office_with(20, province), office_with(20, province)
    finished(office, 100)
    steps.close(LAST)
    html = unit_text(official(province), province, **DAY)
    assert lines(html)[other.name] == ["20 / –", "–", "–", "chưa rõ", "chưa có"]
    assert facts(html) == ["100", "80", "40", "–"]
    assert 'class="collected"' not in html
    assert "thiếu số liệu hồ sơ của một phần hoặc tất cả cơ quan: 1" in html


@pytest.mark.parametrize(
    ("counted", "early"),
    [
        (date(2025, 3, 28), True),  # a Friday; the month ends on a Monday
        (date(2025, 3, 31), False),
        (date(2025, 5, 29), True),
        (date(2025, 5, 30), False),  # a Friday; the month ends on a Saturday
    ],
)
def test_counts_that_end_early_are_pointed_out(
    province: AdministrativeUnit, counted: date, early: bool
) -> None:
    office = office_with(0, province)
    finished(office, 100, counted)
    month = {"ky": "month", "tu": str(counted.replace(day=1))}
    html = office_text(official(office=office), office, **month)
    assert (f"Số liệu hồ sơ mới đến ngày {counted:%d/%m/%Y}" in html) == early


def test_without_dossier_counts_the_page_says_how_to_bring_them_in(
    province: AdministrativeUnit,
) -> None:
    office = office_with(12, province)
    steps.close(LAST)
    client = official(province)
    for html in (office_text(client, office, **DAY), unit_text(client, province, **DAY)):
        assert "Chưa có số liệu hồ sơ đã giải quyết của kỳ này" in html
        assert reverse("officials:dossiers") in html
        assert facts(html) == ["–", "–", "12", "–"]
        assert "allocation-title" not in html


def test_dossiers_are_shown_before_the_first_form(province: AdministrativeUnit) -> None:
    office = office_with(0, province)
    finished(office, 500, TODAY)
    html = office_text(official(office=office), office)
    assert facts(html) == ["500", "223", "chưa đủ số phiếu", "–"]
    whole = lines(unit_text(official(province), province))["Tổng cộng"]
    assert text_of(whole[4]).startswith("500")


def test_a_period_without_a_figure_is_open_only_until_its_last_day(
    province: AdministrativeUnit,
) -> None:
    client, office = official(province), office_with(0, province)
    said = "Kỳ đang mở"
    assert said in office_text(client, office, ky="day", tu=str(TODAY))
    assert said not in office_text(client, office, ky="day", tu=str(LAST))


def test_an_empty_system_has_a_page_as_well() -> None:
    office = factories.office()
    client = official(factories.country())
    for html in (office_text(client, office), unit_text(client, office.unit)):
        assert "Chưa có phiếu" in html


def test_nothing_beside_is_seen(province: AdministrativeUnit) -> None:
    mine, other = office_with(0, province), office_with(0, factories.province())
    head = official(office=mine)
    assert office_text(head, mine)
    for address in (
        reverse("officials:office_progress", args=[other.slug]),
        reverse("officials:unit_progress", args=[province.pk]),
    ):
        assert head.get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_what_was_inherited_counts_with_its_heir_and_the_dissolved_stand_apart(
    province: AdministrativeUnit,
) -> None:
    old = factories.province("Kiên Giang", code="91", valid_to=END)
    heir = factories.office(factories.unit(parent=province), valid_from=END + timedelta(days=1))
    whole = factories.office(factories.unit(parent=old, valid_to=END), heir=heir, valid_to=END)
    divided = factories.office(
        factories.unit("district", old, valid_to=END), today_unit=province, valid_to=END
    )
    for office, people, dossiers in ((whole, 14, 100), (divided, 11, 60)):
        finished(office, dossiers, END)
        for _ in range(people):
            factories.answer(office, [4, 4, 2], now=factories.at(END))
    finished(heir, 40, date(2025, 8, 1))
    steps.close(date(2025, 12, 31))
    country = official(factories.country())
    year = {"ky": "year", "tu": "2025-01-01"}
    today, then = (unit_text(country, unit, **year) for unit in (province, old))
    assert lines(today)[heir.name][:2] == ["14 / 104", "90"]
    assert lines(today)["Giải thể, không quy được về một đơn vị"][:2] == ["11 / 53", "42"]
    assert lines(then)[whole.name][:2] == ["14 / 80", "66"]
    assert facts(then)[:3] == ["160", "115", "25"]
    nation = lines(unit_text(country, factories.country(), **year))
    assert nation["Tỉnh An Giang"][:2] == ["25 / 134", "109"]
    past = unit_text(country, factories.country(), **year, **{"ban-do": "then"})
    assert lines(past)["Tỉnh Kiên Giang"][:2] == ["25 / 115", "90"]


def test_a_sample_is_divided_by_size_and_by_spread(province: AdministrativeUnit) -> None:
    calm = office_with(12, province, [5, 5, 5])
    torn = office_with(12, province, [5, 1, 3])
    hidden = office_with(5, province)
    for office, dossiers in ((calm, 1_000), (torn, 2_000), (hidden, 1_000)):
        finished(office, dossiers)
    steps.close(LAST)
    client = official(province)
    before = unit_text(client, province, **DAY)
    assert 'name="tong" value="364"' in before
    assert "labelled" not in before.split('id="allocation-title"')[1]
    usual = shares(unit_text(client, province, **DAY, tong="364"))
    assert usual["Tổng cộng"] == ["4.000", "", "364", "364"]
    rows = shares(unit_text(client, province, **DAY, tong="100", it_nhat="0"))
    assert rows[calm.name] == ["1.000", "0,00", "25", "0"]
    assert rows[torn.name][:3] == ["2.000", "0,47", "50"]
    # 12 · 3 + 12 · 1 + 5 · 2 of 29 · 3 answers: the whole's spread stands in for the hidden one.
    assert rows[hidden.name][:3] == ["1.000", "0,47*", "25"]
    assert int(rows[torn.name][3]) + int(rows[hidden.name][3]) == 100
    assert 65 <= int(rows[torn.name][3]) <= 68
    least = shares(unit_text(client, province, **DAY, tong="100", it_nhat="10"))
    assert least[calm.name][3] == "10"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"tong": "9999999", "it_nhat": "0"}, "Chỉ có 2000 hồ sơ"),
        ({"tong": "10", "it_nhat": "50"}, "đã cần 100 phiếu"),
        ({"tong": "x", "it_nhat": "0"}, "invalid-feedback"),
        ({"tong": "-5", "it_nhat": "-1"}, "invalid-feedback"),
        ({"tong": "9" * 5000, "it_nhat": ""}, "invalid-feedback"),
    ],
)
def test_a_sample_that_cannot_be_divided_is_explained(
    province: AdministrativeUnit, query: dict[str, str], said: str
) -> None:
    for _ in range(2):
        finished(office_with(0, province), 1_000, TODAY)
    html = unit_text(official(province), province, **query)
    assert said in html
    assert "labelled" not in html.split('id="allocation-title"')[1]


def test_simulated_dossiers_are_labelled(province: AdministrativeUnit) -> None:
    office = office_with(0, province)
    DossierCount.objects.create(office=office, day=TODAY, finished=5, simulated=True)
    assert "Số liệu mô phỏng" in office_text(official(office=office), office)


@pytest.mark.parametrize("offices", [1, 6])
def test_statements_do_not_grow_with_the_offices(
    province: AdministrativeUnit, offices: int
) -> None:
    for _ in range(offices):
        finished(office_with(10, province), 100)
    steps.close(LAST)
    client = official(factories.country())
    for unit in (province, factories.country()):
        unit_text(client, unit)
        with CaptureQueriesContext(connection) as captured:
            unit_text(client, unit, **DAY)
        assert len(captured.captured_queries) <= 20


def test_the_usual_pages_lead_there(province: AdministrativeUnit) -> None:
    office = office_with(12, province)
    steps.close(LAST)
    client = official(province)
    for name, key in (("office", office.slug), ("unit", province.pk)):
        html = client.get(reverse(f"officials:{name}", args=[key])).content.decode()
        assert reverse(f"officials:{name}_progress", args=[key]) in html
