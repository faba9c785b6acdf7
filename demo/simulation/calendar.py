"""Days and hours on which simulated people come: working days, busy Mondays, a gap at Tết."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import chain

import numpy as np
from numpy.typing import NDArray

# The first day of the lunar year as Việt Nam counts it; offices are shut around it.
LUNAR_NEW_YEAR = {
    2021: date(2021, 2, 12),
    2022: date(2022, 2, 1),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
}
# New Year, Reunification and Labour Day, the National Day and the day that goes with it.
FIXED_HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2), (9, 1)}
BEFORE_TET, AFTER_TET = timedelta(days=3), timedelta(days=5)

# People in relation to a Wednesday, Monday to Friday.
WEEKDAYS = np.array([1.3, 1.1, 1.0, 0.95, 0.85])
# In relation to an ordinary month: schools and jobs ask for papers in summer, few come before Tết.
MONTHS = np.array([0.85, 0.8, 1.05, 1.0, 1.0, 1.1, 1.2, 1.2, 1.05, 1.0, 0.95, 0.8])
# The hours in which the last answer arrives, and their shares; offices rest at noon.
HOURS = np.arange(7, 18)
HOUR_SHARES = np.array([0.07, 0.17, 0.2, 0.15, 0.06, 0.02, 0.06, 0.11, 0.1, 0.05, 0.01])


class NoWorkingDays(Exception):
    """There is no day between the two on which an office would be open."""


def working_days(first: date, last: date) -> list[date]:
    """The days on which offices are open, both ends included.

    Raises NoWorkingDays, and ValueError for years whose Tết is not in the table.
    """
    for year in (first.year, last.year):
        if year not in LUNAR_NEW_YEAR:
            known = f"{min(LUNAR_NEW_YEAR)} to {max(LUNAR_NEW_YEAR)}"
            raise ValueError(f"days can be simulated in the years {known}, not in {year}")
    shut = set(chain.from_iterable(_tet(day) for day in LUNAR_NEW_YEAR.values()))
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    days = [
        day
        for day in span
        if day.weekday() < 5 and day not in shut and (day.month, day.day) not in FIXED_HOLIDAYS
    ]
    if not days:
        raise NoWorkingDays(f"there is no working day from {first} to {last}")
    return days


def busyness(days: Sequence[date]) -> NDArray[np.float64]:
    """How many people come on each day in relation to an ordinary one: float64[days]."""
    weekday = np.array([day.weekday() for day in days])
    month = np.array([day.month for day in days])
    weights: NDArray[np.float64] = WEEKDAYS[weekday] * MONTHS[month - 1]
    return weights


def _tet(new_year: date) -> list[date]:
    days = (BEFORE_TET + AFTER_TET).days + 1
    return [new_year - BEFORE_TET + timedelta(days=n) for n in range(days)]
