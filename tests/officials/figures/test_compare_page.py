"""The comparison of offices: what is said to be real, and what is hidden."""

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


def test_it_says_first_which_differences_are_real(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    text = text_of(page(province))
    verdict = text.index("Trong 3 bộ phận Một cửa, có 1 nơi cao hơn rõ rệt và 1 nơi thấp hơn")
    assert verdict < text.index("Bảng số liệu")
    assert "Cao hơn rõ rệt: Phường Alpha" in text
    assert "Thấp hơn rõ rệt: Phường Gamma" in text
    assert "Tỉnh An Giang, tất cả các bộ phận Một cửa: 65,22 %" in text
    rows = table_rows(page(province))
    assert "cao hơn rõ rệt" in rows["Trung tâm Alpha"]
    assert "thấp hơn rõ rệt" in rows["Trung tâm Gamma"]
    assert "chưa phân biệt được" in rows["Trung tâm Beta"]


def test_every_figure_has_its_people_and_its_interval(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    rows = table_rows(page(province))
    assert len(rows) == 3
    for name, share, people in (("Alpha", "100,00", 40), ("Beta", "66,67", 12)):
        row = rows[f"Trung tâm {name}"]
        assert re.search(rf"{share} % từ \d+,\d đến \d+,\d; {people} phiếu", row)
    assert re.search(r"[+−]\d+,\d từ [+−]\d+,\d đến [+−]\d+,\d", rows["Trung tâm Gamma"])


def test_a_rank_never_stands_without_those_it_may_be(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    rows = table_rows(page(province))
    assert "hạng 1, tách biệt với mọi nơi khác" in rows["Trung tâm Alpha"]
    assert "hạng 2, có thể từ 2 đến 3" in rows["Trung tâm Beta"]
    assert "hạng 3, có thể từ 2 đến 3" in rows["Trung tâm Gamma"]


def test_the_order_is_by_name_unless_ranks_are_asked_for(province: AdministrativeUnit) -> None:
    office_in(province, "Zeta", [(GOOD, 40)])
    office_in(province, "Đà", [(BAD, 40)])
    office_in(province, "Eta", [(GOOD, 30), (BAD, 10)])
    steps.close(LAST)
    by_name, by_rank = page(province), page(province, xep="hang")
    assert list(table_rows(by_name)) == ["Trung tâm Đà", "Trung tâm Eta", "Trung tâm Zeta"]
    assert list(table_rows(by_rank)) == ["Trung tâm Zeta", "Trung tâm Eta", "Trung tâm Đà"]
    assert "Xếp theo thứ tự chữ cái" in by_name
    assert by_rank.count("hạng 1") == 2  # beside the dot and in the table


def test_what_chance_explains_is_called_so(province: AdministrativeUnit) -> None:
    for name, good in (("Alpha", 10), ("Beta", 8), ("Gamma", 9)):
        office_in(province, name, [(GOOD, good), (BAD, 12 - good)])
    steps.close(LAST)
    html = page(province)
    assert "không nơi nào khác biệt rõ rệt" in text_of(html)
    assert "cao hơn rõ rệt" not in html
    assert all("có thể từ 1 đến 3" in row for row in table_rows(html).values())


def test_too_few_people_leave_no_number(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    few = office_in(province, "Nine", [(GOOD, 8), (BAD, 1)])
    steps.close(LAST)
    html = page(province)
    assert few.name not in str(table_rows(html))
    assert few.name in html.split('id="hidden-title"')[1]
    assert "88,89" not in html
    assert "9 phiếu" not in html
    assert "trong 3 bộ phận Một cửa có đủ số phiếu" in text_of(html)


def test_an_office_is_not_held_against_fewer_than_ten_others(
    province: AdministrativeUnit,
) -> None:
    office_in(province, "Alpha", [(GOOD, 40)])
    office_in(province, "Nine", [(BAD, 9)])
    steps.close(LAST)
    row = table_rows(page(province))["Trung tâm Alpha"]
    assert "chưa phân biệt được" not in row
    assert "rõ rệt" not in row


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
    assert set(communes) == {"Trung tâm Alpha", "Trung tâm Beta", "Trung tâm Gamma"}
    assert set(centres) == {centre.name}
    assert set(table_rows(page(province, loai="commune_desk.commune"))) == {desk.name}
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
    assert "phiếu</small>" not in html
    assert "hạng" not in text_of(html)
    assert f"tu={LAST.replace(day=1)}" in html.split("Kỳ này đang mở")[1]


def test_without_a_chosen_period_the_newest_closed_one_is_shown(
    province: AdministrativeUnit,
) -> None:
    close_with_three_offices(province)
    with on_the_tenth_with_open_figures():
        assert len(table_rows(page(province, ky="month", tu=""))) == 3


def test_an_arrow_stands_only_where_the_change_is_real(province: AdministrativeUnit) -> None:
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
    html = page(province)
    rows = table_rows(html)
    assert "▲ +100,0" in rows[risen.name]
    assert "▼ −100,0" in rows[fallen.name]
    assert "+5,0" in rows[same.name]
    assert "▲" not in rows[same.name]
    assert "kỳ trước" not in rows[fresh.name]
    assert "có 1 nơi tăng rõ rệt và 1 nơi giảm rõ rệt" in text_of(html)


def test_the_funnel_has_its_table_and_names_who_lies_outside(
    province: AdministrativeUnit,
) -> None:
    close_with_three_offices(province)
    html = page(province)
    funnel = html.split('id="funnel-title"')[1]
    assert funnel.count("<circle") == 3
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", funnel)).replace(NBSP, " ")
    assert "Nằm ngoài giới hạn 99,8 %: Phường Alpha ; Phường Gamma" in text
    assert "ngoài giới hạn 99,8 %" in text.split("Phường Gamma")[-1]
    assert "trong giới hạn" in text


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
    assert re.search(
        r"75,00 % từ \d+,\d đến \d+,\d; 40 phiếu; chiếm 90,00 %", rows["Trung tâm Alpha"]
    )
    assert "chưa đủ lĩnh vực" in rows["Trung tâm Beta"]
    assert "Theo cơ cấu lĩnh vực chung" not in page(province)
