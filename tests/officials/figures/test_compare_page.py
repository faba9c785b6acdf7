"""The comparison of offices: which stand high or low, one by itself, and what is hidden."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.test import RequestFactory

from offices.models import AdministrativeUnit, Office
from officials.figures.compare import compare
from reports.counting.periods import Span
from reports.models import Score
from reports.night import steps
from reports.sipas.comparing.standardise import NotStandardised, Standardised, Why, standardise
from tests import factories
from tests.officials.figures.comparing import (
    BAD,
    GOOD,
    LAST,
    NBSP,
    address,
    answered,
    close_with_three_offices,
    office_in,
    official,
    page,
    table_rows,
    text_of,
    tiles,
)
from tests.reports.sipas.people import plain

pytestmark = pytest.mark.django_db
FIRST = LAST + timedelta(days=1)
BEFORE = LAST - timedelta(days=1)


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province with a form to answer."""
    factories.instrument({"A": 2, "B": 1})
    return factories.province("An Giang", code="91", valid_from=date(2025, 7, 1))


def tiers(rows: dict[str, str]) -> dict[str, str]:
    """The tier of each place of the table."""
    found = {
        name: re.search(r"(cao rõ rệt|chưa phân biệt|thấp rõ rệt|–)$", row)
        for name, row in rows.items()
    }
    return {name: tier[1] for name, tier in found.items() if tier}


def test_it_says_first_which_offices_stand_high_or_low(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    text = text_of(page(province))
    verdict = text.index("có 1 nơi cao rõ rệt và 1 nơi thấp rõ rệt")
    assert verdict < text.index("Bảng số liệu")
    assert "Cao rõ rệt: Phường Alpha" in text
    assert "Thấp rõ rệt: Phường Gamma" in text
    assert "Tỉnh An Giang, tất cả các bộ phận Một cửa: 65,22 %" in text
    rows = table_rows(page(province))
    assert tiers(rows) == {"Alpha": "cao rõ rệt", "Beta": "chưa phân biệt", "Gamma": "thấp rõ rệt"}
    assert "hạng 1" not in text


def test_every_figure_has_its_people_and_its_interval(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    rows = table_rows(page(province))
    assert len(rows) == 3
    for name, share, people in (("Alpha", "100,00", 40), ("Beta", "66,67", 12)):
        row = rows[name]
        assert re.search(rf"{share} % từ \d+,\d đến \d+,\d {people} phiếu", row)
    assert re.search(r"[+−]\d+,\d từ [+−]\d+,\d đến [+−]\d+,\d", rows["Gamma"])


def test_sentence_tile_interval_dot_and_funnel_say_the_same(
    province: AdministrativeUnit,
) -> None:
    """The interval is without 0, the dot full, the tile marked and the funnel left, or none."""
    close_with_three_offices(province)
    html = page(province)
    funnel = html.split('id="funnel-title"')[1].split("</section>")[0]
    outside = set(re.findall(r'<circle class="outside"[^>]*><title>Phường (\w+)', funnel))
    rows = re.findall(r'<tr>\s*<th scope="row" class="is-ten">.*?</tr>', html, re.DOTALL)
    full = {re.search(r"Phường (\w+)", row)[1] for row in rows if "spot real" in row}  # type: ignore[index]
    apart = set()
    for name, row in table_rows(html).items():
        low, high = re.findall(r"[+−]\d+,\d", row)[1:3]
        if low[0] == high[0]:
            apart.add(name)
    assert outside == full == apart == {"Alpha", "Gamma"}
    assert tiles(html) == {"Alpha": "high", "Beta": "open", "Gamma": "low"}


def test_what_chance_explains_is_called_so(province: AdministrativeUnit) -> None:
    for name, good in (("Alpha", 10), ("Beta", 8), ("Gamma", 9)):
        office_in(province, name, [(GOOD, good), (BAD, 12 - good)])
    steps.close(LAST)
    html = page(province)
    assert "chưa nơi nào phân biệt được" in text_of(html)
    assert set(tiers(table_rows(html)).values()) == {"chưa phân biệt"}


def test_too_few_people_leave_no_number(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    few = office_in(province, "Nine", [(GOOD, 8), (BAD, 1)])
    steps.close(LAST)
    html = page(province)
    assert few.unit.name not in table_rows(html)
    assert few.unit.name in html.split('id="hidden-title"')[1]
    assert tiles(html)["Nine"] == "few"
    assert "88,89" not in html
    assert "9 phiếu" not in html
    assert "3 nơi có đủ số phiếu" in text_of(html)


def test_an_office_is_not_held_against_fewer_than_ten_others(
    province: AdministrativeUnit,
) -> None:
    office_in(province, "Alpha", [(GOOD, 40)])
    office_in(province, "Nine", [(BAD, 9)])
    steps.close(LAST)
    assert tiers(table_rows(page(province))) == {"Alpha": "–"}


def test_where_nobody_has_enough_forms_nothing_is_judged(province: AdministrativeUnit) -> None:
    for name in ("Alpha", "Beta"):
        office_in(province, name, [(GOOD, 4)])
    steps.close(LAST)
    html = page(province)
    assert "Chưa thể đánh giá chênh lệch nào" in text_of(html)
    assert "Tỉnh An Giang, tất cả các bộ phận Một cửa: chưa đủ số phiếu" in text_of(html)
    assert "100,00" not in html


def test_only_offices_of_one_kind_and_level_stand_together(
    province: AdministrativeUnit,
) -> None:
    close_with_three_offices(province)
    centre = factories.office(province, name="Trung tâm Tỉnh", kind=Office.Kind.PROVINCIAL_CENTRE)
    answered(centre, [(GOOD, 30)], LAST)
    desk = office_in(province, "Desk", [(GOOD, 20)], kind=Office.Kind.COMMUNE_DESK)
    steps.close(LAST)
    communes = table_rows(page(province))
    centres = table_rows(page(province, loai="provincial_centre.province"))
    assert set(communes) == {"Alpha", "Beta", "Gamma"}
    assert set(centres) == {"An Giang"}
    assert set(table_rows(page(province, loai="commune_desk.commune"))) == {desk.unit.name}
    assert set(table_rows(page(province, loai="nonsense"))) == set(communes)


@contextmanager
def on_the_tenth_with_open_figures() -> Iterator[None]:
    """Thirty people were pleased on each of two days at every office; the first day is shown."""
    with time_machine.travel(factories.at(FIRST.replace(day=10)), tick=True):
        for office in Office.objects.all():
            factories.rhythm(office)
        for number in (8, 9):
            day = FIRST.replace(day=number)
            for office in Office.objects.all():
                answered(office, [(GOOD, 30)], day)
            steps.close(day)
        score = Score.objects.get(office__name="Trung tâm Alpha", period="month", start=FIRST)
        assert (score.people, score.closed) == (30, False)
        yield


def test_an_open_period_is_not_compared(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    with on_the_tenth_with_open_figures():
        html = page(province, ky="month", tu=str(FIRST))
    assert "Kỳ này đang mở" in html
    assert table_rows(html) == {}
    assert "rõ rệt" not in text_of(html)
    assert f"tu={LAST.replace(day=1)}" in html.split("Kỳ này đang mở")[1]


def test_without_a_chosen_period_the_newest_closed_one_is_shown(
    province: AdministrativeUnit,
) -> None:
    close_with_three_offices(province)
    with on_the_tenth_with_open_figures():
        assert len(table_rows(page(province, ky="month", tu=""))) == 3


def alone(html: str) -> str:
    """The words of the part about one office, after its form."""
    part = html.split('id="alone-title"')[1].split("</section>")[0].split("</form>")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).replace(NBSP, " ").strip()


def test_one_office_is_held_against_its_own_past_and_the_whole(
    province: AdministrativeUnit,
) -> None:
    risen = office_in(province, "Alpha", [(BAD, 40)], day=BEFORE)
    same = office_in(province, "Beta", [(GOOD, 20), (BAD, 20)], day=BEFORE)
    fallen = office_in(province, "Gamma", [(GOOD, 40)], day=BEFORE)
    fresh = office_in(province, "Delta")
    for office in (risen, same, fallen, fresh):
        factories.rhythm(office)
    steps.close(BEFORE)
    answered(risen, [(GOOD, 40)], LAST)
    answered(same, [(GOOD, 22), (BAD, 18)], LAST)
    answered(fallen, [(BAD, 40)], LAST)
    answered(fresh, [(GOOD, 20)], LAST)
    steps.close(LAST)
    of = {one.name: alone(page(province, rieng=one.slug)) for one in (risen, same, fallen, fresh)}
    assert "+100,0" in of[risen.name]
    assert "đã tăng" in of[risen.name]
    assert "cao hơn, nếu chỉ hỏi riêng nơi này" in of[risen.name]
    assert "−100,0" in of[fallen.name]
    assert "đã giảm" in of[fallen.name]
    assert "thấp hơn, nếu chỉ hỏi riêng nơi này" in of[fallen.name]
    assert "+5,0" in of[same.name]
    assert "chưa thấy thay đổi" in of[same.name]
    assert "kỳ trước: 40 phiếu" in of[same.name]
    assert "kỳ trước không có hoặc chưa đủ số phiếu" in of[fresh.name]
    assert alone(page(province)) == alone(page(province, rieng="khong-co")) == ""


def test_changing_the_view_keeps_the_office(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    office = Office.objects.get(name="Trung tâm Alpha")
    html = page(province, rieng=office.slug, sap="-muc")
    kept = f'<input type="hidden" name="rieng" value="{office.slug}">'
    assert kept in html.split('id="verdict')[0]
    form = html.split('id="alone-title"')[1].split("</form>")[0]
    assert '<input type="hidden" name="sap" value="-muc">' in form
    assert 'type="hidden" name="rieng"' not in form
    assert f'<option value="{office.slug}" selected>' in form


def test_the_funnel_has_its_table(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    funnel = page(province).split('id="funnel-title"')[1].split("</section>")[0]
    assert funnel.count("<circle") == 3
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", funnel, re.DOTALL)
    assert len(rows) == 3
    assert all(re.search(r"\d+,\d – \d+,\d", row) for row in rows)


def test_it_is_never_labelled_sipas(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    html = page(province)
    assert "không phải chỉ số SIPAS" in html
    assert all("SIPAS" not in heading for heading in re.findall(r"<(?:h\d|th|title)[^<]*", html))


def test_standardised_figures_have_a_place_to_come_to(
    rf: RequestFactory, province: AdministrativeUnit
) -> None:
    close_with_three_offices(province)

    def standardised(office: Office, span: Span) -> Standardised[str] | NotStandardised | None:
        assert span.first == LAST
        if office.name == "Trung tâm Beta":
            return NotStandardised(Why.TOO_LITTLE, Fraction(1, 2))
        return standardise(plain(8, 10), {"a": plain(30, 40), "b": plain(9, 9)}, {"a": 9, "b": 1})

    request = rf.get(address(province))
    request.user = official(province)
    html = compare(request, province.pk, standardised).content.decode()
    rows = table_rows(html)
    assert "Theo cơ cấu lĩnh vực chung" in html
    assert re.search(r"75,00 % từ \d+,\d đến \d+,\d; chiếm 90,00 %", rows["Alpha"])
    assert "chưa đủ lĩnh vực" in rows["Beta"]
    assert "Theo cơ cấu lĩnh vực chung" not in page(province)
