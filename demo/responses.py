"""Whom the demonstration asks: Hà Tiên and its neighbours every day, all simulated.

At one office the last day of every month is staged, and at another somebody made forms up
yesterday, so that there is something to find.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from demo.simulation import (
    Attack,
    Loaded,
    Wish,
    expected_people,
    load,
    load_attack,
    make_plan,
    spread_wishes,
    working_days,
)
from offices import directory
from offices.models import AdministrativeUnit, Office
from surveys.questionnaires import catalogue

Level = AdministrativeUnit.Level
BEGIN = date(2024, 11, 1)
NEW_MAP = date(2025, 7, 1)
SEED = 91
LEVEL = 0.83

# Hà Tiên: level and code of the unit, whether of the new map; true share, people a day, drift.
# The old city's desk (district 900) and the centres of the three communes that came of it.
HA_TIEN = (
    (Level.DISTRICT, "900", False, 0.8, 12.0, 0.1),
    (Level.COMMUNE, "30769", True, 0.86, 11.0, 0.15),
    (Level.COMMUNE, "30766", True, 0.78, 6.0, 0.25),
    (Level.COMMUNE, "30781", True, 0.9, 1.5, 0.0),
)
# Where somebody fills in forms on the tablet before a month's figures are read: Tô Châu.
STAGED = "30766"
# Kiên Giang before, An Giang since 2025-07-01.
PROVINCE = "91"
# Provinces elsewhere whose centre asks too: old An Giang, Cần Thơ, Hà Nội, Huế, Đà Nẵng, Lâm Đồng,
# Thành phố Hồ Chí Minh. Their codes outlived 2025-07-01, but for the first.
ELSEWHERE = ("89", "92", "01", "46", "48", "68", "79")
# Where somebody made forms up yesterday, which wait for the province's auditor.
FLOODED = "30781"
SIX_WEEKS = timedelta(days=41)
# So many responses of people in all.
RESPONSES = 200_000


class NoHaTien(Exception):
    """The registry has not been loaded."""


def ha_tien() -> list[tuple[Office, Wish]]:
    """Hà Tiên's four offices and what is true there. Raises NoHaTien."""
    known = directory.current().offices_by_id
    found = []
    for level, code, new, share, volume, drift in HA_TIEN:
        office = (
            Office.objects.select_related("unit")
            .filter(
                unit__level=level, unit__code=code, valid_from__gte=NEW_MAP if new else date.min
            )
            .first()
        )
        if office is None:
            raise NoHaTien(
                f"The office of {level} {code} is missing. Load the registry first: "
                "manage.py load_registry"
            )
        found.append((office, Wish(known[office.pk], share, volume, drift)))
    return found


def load_responses(last: date) -> Loaded:
    """Writes the demonstration's responses from 2024-11-01 to `last`, marked for counting.

    Raises NoHaTien and what `demo.simulation.load` raises.
    """
    instrument = catalogue.current().default
    if instrument is None:
        raise NoHaTien("The questionnaires are missing. Load them: manage.py load_instruments")
    days = working_days(BEGIN, last)
    ends = _month_ends(days)
    here = [
        replace(wish, staged=ends) if office.unit.code == STAGED else wish
        for office, wish in ha_tien()
    ]
    around = _neighbours({wish.office.id for wish in here})
    left = max(0.0, RESPONSES - expected_people(here, days))
    scale = left / max(1.0, expected_people(around, days))
    wishes = here + [replace(wish, volume=scale * wish.volume) for wish in around]
    plan = make_plan(wishes, BEGIN, last, instrument, directory.current(), SEED)
    return load(plan, RESPONSES, SEED)


def load_flood(last: date) -> Loaded:
    """Writes forms that somebody made up on the last working day; raises as `load_responses`.

    The office must have a past, which its first night writes down: only then the next one finds
    them.
    """
    instrument = catalogue.current().default
    if instrument is None:
        raise NoHaTien("The questionnaires are missing. Load them: manage.py load_instruments")
    flooded = [wish for office, wish in ha_tien() if office.unit.code == FLOODED]
    plan = make_plan(flooded, last - SIX_WEEKS, last, instrument, directory.current(), SEED)
    return load_attack(plan, Attack.BURST, SEED)


def _month_ends(days: Sequence[date]) -> frozenset[date]:
    """The last of the days in each month that is over."""
    return frozenset(
        day for day, after in pairwise(days) if (day.year, day.month) != (after.year, after.month)
    )


def _neighbours(without: set[int]) -> list[Wish]:
    """The other offices of the province and some provincial centres, as they stand today."""
    known = directory.current().offices_by_id
    offices = Office.objects.filter(
        unit__level=Level.PROVINCE, unit__code__in=ELSEWHERE, kind=Office.Kind.PROVINCIAL_CENTRE
    )
    for province in AdministrativeUnit.objects.filter(level=Level.PROVINCE, code=PROVINCE):
        offices |= Office.objects.within(province)
    keys = set(offices.filter(valid_to=None).values_list("pk", flat=True)) - without
    return list(spread_wishes([known[key] for key in keys], LEVEL, SEED))
