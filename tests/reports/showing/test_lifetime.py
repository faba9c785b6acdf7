"""A figure of a unit that did not live through its period says so."""

from datetime import date

import pytest
from django.utils import translation

from offices.validity import Days
from reports.counting.periods import span_of
from reports.models import Period
from reports.showing.lifetime import lived_briefly, lived_words

OLD = Days(date(2004, 1, 1), date(2025, 6, 30))
NEW = Days(date(2025, 7, 1), None)
MIDDLE = Days(date(2025, 3, 15), date(2025, 11, 2))
YEAR = span_of(Period.YEAR, date(2025, 1, 1))


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    translation.activate("vi")


@pytest.mark.parametrize(
    ("days", "from_to"),
    [
        (OLD, "từ ngày 01/01/2025 đến ngày 30/06/2025"),
        (NEW, "từ ngày 01/07/2025 đến ngày 31/12/2025"),
    ],
)
def test_of_2025_a_province_as_of_then_has_half_a_year(days: Days, from_to: str) -> None:
    words = lived_words(days, YEAR)
    assert words.startswith("Chỉ là số liệu nửa năm")
    assert from_to in words
    assert lived_briefly(days, YEAR).startswith("nửa năm")


def test_any_other_part_is_said_with_its_days_and_not_as_half_a_year() -> None:
    for words in (lived_words(MIDDLE, YEAR), lived_briefly(MIDDLE, YEAR)):
        assert "15/03/2025" in words
        assert "02/11/2025" in words
        assert "nửa năm" not in words


@pytest.mark.parametrize("kind", [Period.QUARTER, Period.MONTH, Period.WEEK, Period.DAY])
def test_periods_that_it_lived_through_say_nothing(kind: Period) -> None:
    span = span_of(kind, date(2025, 6, 20))
    assert lived_words(OLD, span) == lived_briefly(OLD, span) == ""


def test_a_week_in_which_it_ended_is_one_day() -> None:
    span = span_of(Period.WEEK, date(2025, 6, 30))
    assert "từ ngày 30/06/2025 đến ngày 30/06/2025" in lived_words(OLD, span)


def test_periods_before_or_after_its_life_are_no_part_of_it() -> None:
    assert lived_words(NEW, span_of(Period.YEAR, date(2024, 1, 1))) == ""
    assert lived_words(OLD, span_of(Period.YEAR, date(2026, 1, 1))) == ""
    assert lived_words(Days(None, None), YEAR) == ""
