"""What stands beside a figure: what it is worth, which part of a period, when it comes."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit
from reports.counting.closing import closed_through
from reports.counting.periods import span_of
from reports.models import Period
from reports.night import steps
from reports.showing.waiting import comes_on
from tests import factories
from tests.officials.figures.test_pages import (
    END,
    LAST,
    headlines,
    office_with,
    official,
    unit_page,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province with a form to answer."""
    factories.instrument({"A": 2, "B": 1})
    return factories.province("An Giang", code="91", valid_from=END + timedelta(days=1))


def test_effective_n_stands_beside_n_and_non_response_beside_each_criterion(
    province: AdministrativeUnit,
) -> None:
    office = office_with(15, province, [5, 5, 5])
    for answers in ([1, 1, 0], [1, 1, 9], [1, 1, 9], [1, 1, 1], [1, 1, 1]):
        factories.answer(office, answers, now=factories.at(LAST))
    steps.close(LAST)
    page = reverse("officials:office", args=[office.slug])
    text = official(province).get(page).content.decode()
    assert "57 câu trả lời hợp lệ của 20 người" in text
    assert "tương đương khoảng" in text
    criteria = text.partition('id="criteria-title"')[2].partition("</section>")[0]
    shares = [
        cell.partition("</small>")[0].replace("\N{NO-BREAK SPACE}", " ")
        for cell in criteria.split("không trả lời ")[1:]
    ]
    assert shares == ["0,00 %", "0,00 %", "15,00 %"]
    assert "bỏ trống: " not in criteria.lower()


@pytest.mark.parametrize("people", [0, 3])
def test_a_page_says_when_its_figure_comes_and_the_same_for_none_and_for_few(
    province: AdministrativeUnit, people: int
) -> None:
    """Of the running month nothing is shown; who waits, and whether anybody does, is not said."""
    office = office_with(12, province)
    steps.close(LAST)
    today = timezone.localdate()
    for _ in range(people):
        factories.answer(office, [5, 4, 1], now=factories.at(today))
    steps.count_office(office.pk, closed_through())
    expected = comes_on(span_of(Period.MONTH, today), settings.CLOSING_WORKING_DAYS)
    page = reverse("officials:office", args=[office.slug]) + f"?ky=month&tu={today}"
    text = official(province).get(page).content.decode()
    said = text.partition('waiting">')[2].partition("</p>")[0]
    assert said.startswith("Số liệu tháng")
    assert f"dự kiến ngày {expected:%d/%m/%Y}" in said
    assert headlines(text) == []


def test_a_year_in_which_a_map_ended_is_said_to_be_half_a_year(
    province: AdministrativeUnit,
) -> None:
    old = factories.province("Kiên Giang", code="91", valid_to=END)
    ended = factories.office(factories.unit(parent=old, valid_to=END), valid_to=END)
    begun = END + timedelta(days=1)
    new = factories.office(factories.unit(parent=province, valid_from=begun), valid_from=begun)
    for office, day in ((ended, END), (new, date(2025, 9, 1))):
        for _ in range(12):
            factories.answer(office, [4, 4, 2], now=factories.at(day))
    steps.close(date(2025, 12, 31))
    country = official(factories.country())
    year = {"ky": "year", "tu": "2025-01-01"}

    def said(page: str) -> int:
        text = country.get(page).content.decode()
        return text.count("nửa năm") + text.count("Chỉ là số liệu một phần")

    assert said(unit_page(old, **year)) == 2  # its own figure, and its office's row
    assert said(unit_page(province, **year, **{"ban-do": "then"})) == 2
    assert said(unit_page(province, **year)) == 0  # the past counts with its heir
    nation = unit_page(factories.country(), **year, **{"ban-do": "then"})
    assert said(nation) == 2  # one a province
    assert said(unit_page(factories.country(), **year)) == 0
    for office in (ended, new):
        assert said(reverse("officials:office", args=[office.slug]) + f"?ky=year&tu={year['tu']}")
    assert said(unit_page(old, ky="quarter", tu="2025-04-01")) == 0


def test_points_of_other_measures_stand_in_a_table_of_their_own() -> None:
    old = factories.province("Hà Tĩnh", code="42", valid_to=END)
    text = official(old).get(unit_page(old)).content.decode()
    table = text.partition('id="measures-title"')[2].partition("</section>")[0]
    assert "9,12 điểm" in table
    assert "766/QĐ-TTg, 23/06/2022" in table
    references = text.partition('id="references-title"')[2].partition("</section>")[0]
    assert "91,17" in references
    assert "9,12" not in references
    assert headlines(text) == []
    commune = factories.unit(parent=old, valid_to=END)
    assert "measures-title" not in official(old).get(unit_page(commune)).content.decode()
