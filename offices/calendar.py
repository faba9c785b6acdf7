"""On which days state offices work: weeks, the official list of `holidays.csv`, a place's own days.

A country's or province's own days (`offices.models.Holiday`) stand above the list. What was
computed from it, such as the day by which a remark is answered, is kept and not computed again.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

CALENDAR = Path(__file__).with_name("holidays.csv")
# Holidays whose day is fixed by the Labour Code (Bộ luật Lao động 2019, art. 112): day and month.
# They hold for years that the file does not know yet.
FIXED = frozenset({(1, 1), (30, 4), (1, 5), (2, 9)})
SATURDAY = 5

# Days that differ from their week, and whether people work on them.
Exceptions = Mapping[date, bool]
NO_EXCEPTIONS: Exceptions = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OfficialDay:
    """A line of the official list: a day off, or a Saturday that is worked instead of one."""

    day: date
    works: bool
    why: str
    source: str


@lru_cache(maxsize=1)
def official_days() -> tuple[OfficialDay, ...]:
    """The official list of all years that the file knows, in order."""
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        return tuple(
            OfficialDay(
                date.fromisoformat(row["day"]), row["works"] == "yes", row["why"], row["source"]
            )
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def _official() -> dict[date, bool]:
    return {one.day: one.works for one in official_days()}


def exception_on(day: date, own: Exceptions = NO_EXCEPTIONS) -> bool | None:
    """Whether people work on a day that differs from its week; None where it does not differ.

    own: the days of the country and the province, which stand above the official list.
    """
    works = own.get(day)
    if works is None:
        works = _official().get(day)
    if works is None and (day.day, day.month) in FIXED:
        works = False
    return works


def is_working_day(day: date, own: Exceptions = NO_EXCEPTIONS) -> bool:
    """Whether state offices work that day; `own` as in `exception_on`."""
    works = exception_on(day, own)
    return day.weekday() < SATURDAY if works is None else works


def after_working_days(day: date, number: int, own: Exceptions = NO_EXCEPTIONS) -> date:
    """The `number`th working day after `day`, which itself does not count."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day, own)
    return day


def closes_on(last: date, working_days: int, own: Exceptions = NO_EXCEPTIONS) -> date:
    """The day with which a period that ends on `last` closes; the night after it does the work.

    The `working_days`th working day after its end, so that paper forms may still be entered and
    phones still deliver; with 0 the last day itself. own: the days that the country has decided
    (a month closes everywhere at once).
    """
    return after_working_days(last, working_days, own)


def reaches_until() -> date:
    """The last day that the official list names; nobody knows the days off after it."""
    return official_days()[-1].day
