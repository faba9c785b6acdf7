"""Working days in Việt Nam: not the weekends, not the public holidays of `holidays.csv`."""

import csv
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

CALENDAR = Path(__file__).with_name("holidays.csv")
# Holidays whose day is fixed by the Labour Code (Bộ luật Lao động 2019, art. 112): day and month.
# They hold for years that the file does not know yet.
FIXED = frozenset({(1, 1), (30, 4), (1, 5), (2, 9)})
SATURDAY = 5


@lru_cache(maxsize=1)
def _exceptions() -> dict[date, bool]:
    """By day that differs from its week: whether people work on it."""
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        return {
            date.fromisoformat(row["day"]): row["works"] == "yes" for row in csv.DictReader(file)
        }


def is_working_day(day: date) -> bool:
    """Whether state offices work that day."""
    works = _exceptions().get(day)
    if works is not None:
        return works
    return day.weekday() < SATURDAY and (day.day, day.month) not in FIXED


def after_working_days(day: date, number: int) -> date:
    """The `number`th working day after `day`, which itself does not count."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def working_days_left(today: date, due: date) -> int:
    """Working days from tomorrow to `due`; 0 on the last day, negative when it has passed."""
    if due < today:
        return -working_days_left(due, today)
    days = (today + timedelta(days=step) for step in range(1, (due - today).days + 1))
    return sum(is_working_day(day) for day in days)
