"""Working days: weekends, public holidays, days worked instead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.remarks.workdays import after_working_days, is_working_day, working_days_left

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 2, 17), False),  # Tết
        (date(2026, 4, 27), False),  # for the Sunday before
        (date(2026, 8, 22), True),  # a Saturday, instead of the 31st
        (date(2026, 8, 31), False),
        (date(2029, 5, 1), False),  # a year that the file does not know
    ],
)
def test_known_days(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_five_working_days_over_tet() -> None:
    assert after_working_days(date(2026, 2, 12), 5) == date(2026, 2, 26)


@given(DAYS, st.integers(1, 30))
def test_a_deadline_is_a_working_day_and_as_far_away_as_asked(day: date, number: int) -> None:
    due = after_working_days(day, number)
    assert is_working_day(due)
    assert working_days_left(day, due) == number
    assert working_days_left(due, day) == -number
    assert working_days_left(due, due) == 0
    assert working_days_left(due + timedelta(days=1), due) <= 0
