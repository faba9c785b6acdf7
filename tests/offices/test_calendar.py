"""On which working day a month closes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.calendar import after_working_days, closes_on, is_working_day

MONTHS = st.dates(date(2024, 1, 1), date(2029, 11, 30)).map(
    lambda day: (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
)


@pytest.mark.parametrize(
    ("end", "closes"),
    [
        (date(2026, 3, 31), date(2026, 4, 7)),  # a weekend between
        (date(2026, 1, 31), date(2026, 2, 6)),
        (date(2026, 4, 30), date(2026, 5, 8)),  # 1 May is a day off
        (date(2025, 12, 31), date(2026, 1, 9)),  # two days off at the new year
        (date(2026, 8, 31), date(2026, 9, 9)),  # two days off
    ],
)
def test_a_month_closes_on_the_fifth_working_day_after_its_end(end: date, closes: date) -> None:
    assert closes_on(end, 5) == closes


def test_without_any_working_days_a_month_closes_on_its_last_day() -> None:
    assert closes_on(date(2026, 5, 31), 0) == date(2026, 5, 31)


def test_days_that_a_place_has_decided_count_too() -> None:
    own = {date(2026, 4, 1): False, date(2026, 4, 4): True}
    assert closes_on(date(2026, 3, 31), 2, {date(2026, 4, 1): False}) == date(2026, 4, 3)
    assert closes_on(date(2026, 3, 31), 3, own) == date(2026, 4, 4)


@given(MONTHS, st.integers(1, 20))
def test_it_closes_on_a_working_day_with_as_many_as_asked_up_to_it(end: date, days: int) -> None:
    day = closes_on(end, days)
    assert is_working_day(day)
    between = [end + timedelta(days=step) for step in range(1, (day - end).days + 1)]
    assert sum(map(is_working_day, between)) == days
    assert day == after_working_days(end, days)
