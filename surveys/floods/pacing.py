"""The pace of a province: its holidays, and its months from what its offices had last year.

No single office moves it: each has a profile of its own, and none weighs more than a tenth. Where
too little is known, the months are those assumed for a first year (`expecting.Pace`).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from offices import directory
from offices.calendar import is_working_day, official_days
from surveys.floods.expecting import Pace

MONTHS = 12
# So many offices with forms in a whole year, and so many forms, say how busy months are.
FEWEST_OFFICES, FEWEST_FORMS = 10, 2_000
MOST_WEIGHT = 0.1
# Further from an ordinary month than this is no month of people, but of something that happened.
QUIETEST, BUSIEST = 0.5, 2.0

# What was taken over counts with whoever took it over, as in `past_of`.
KNOWN = """
SELECT coalesce(o.heir_id, o.id), extract(month FROM month)::int, sum(forms)
FROM surveys_evidencecount c JOIN offices_office o ON o.id = c.office_id
WHERE month >= %(first)s AND month < %(next)s AND coalesce(o.heir_id, o.id) = ANY(%(offices)s)
GROUP BY 1, 2
"""


@lru_cache(maxsize=64)
def pace_of(province: str, day: date) -> Pace:
    """The pace of the year of `day` and the one before, of the offices that stand in a province.

    province: its name, as the directory has it; empty where no months are asked for. One statement
    a process, province and night: until last December is closed there are no months to go by.
    """
    off = (one for one in official_days() if not one.works)
    holidays = frozenset(one.day for one in off if day.year - 1 <= one.day.year <= day.year)
    if not province:
        return Pace(holidays=holidays)
    months = months_of(_profiles(province, day.year - 1), day.year - 1)
    return Pace(holidays=holidays) if months is None else Pace(holidays=holidays, months=months)


def _profiles(province: str, year: int) -> list[Sequence[int]]:
    """Of each office all of whose months are known: its forms by month.

    One without a form in January may have begun to ask later: its empty months say nothing.
    """
    entries = directory.current().offices_by_id.values()
    offices = [one.id for one in entries if one.province_name == province]
    found: dict[int, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        days = {"first": date(year, 1, 1), "next": date(year + 1, 1, 1)}
        cursor.execute(KNOWN, {**days, "offices": offices})
        for office, month, forms in cursor.fetchall():
            found[office][month] = int(forms)
    return [
        [months[month] for month in sorted(months)]
        for months in found.values()
        if len(months) == MONTHS and months[1]
    ]


def months_of(profiles: Sequence[Sequence[int]], year: int) -> tuple[float, ...] | None:
    """A working day of each month in relation to one of the year, mean 1; None where not known.

    profiles: forms by month of each office, January first. Offices weigh by their forms, none more
    than a tenth of all.
    """
    if len(profiles) < FEWEST_OFFICES or sum(map(sum, profiles)) < FEWEST_FORMS:
        return None
    forms = np.asarray(profiles, dtype=float)
    whole = forms.sum(axis=1)
    weights = _at_most(whole / whole.sum(), MOST_WEIGHT)
    shares = (forms / whole[:, None] * weights[:, None]).sum(axis=0)
    days = np.asarray([_working_days(year, month) for month in range(1, MONTHS + 1)], dtype=float)
    busy = shares / days
    busy = np.clip(busy / busy.mean(), QUIETEST, BUSIEST)
    return tuple(float(one) for one in busy / busy.mean())


def _at_most(weights: NDArray[np.float64], most: float) -> NDArray[np.float64]:
    """Weights of sum 1, none above `most`; what lies above is shared out among the others."""
    fixed = np.zeros(len(weights), dtype=bool)
    while True:
        free = ~fixed
        left = 1.0 - most * fixed.sum()
        scaled = np.where(fixed, most, weights / weights[free].sum() * left if free.any() else most)
        above = free & (scaled > most + 1e-12)
        if not above.any():
            return scaled
        fixed |= above


def _working_days(year: int, month: int) -> int:
    day, number = date(year, month, 1), 0
    while day.month == month:
        number += is_working_day(day)
        day += timedelta(days=1)
    return number
