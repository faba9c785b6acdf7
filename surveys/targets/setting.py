"""Setting a target: only from above, never for what is one's own; the history stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet

from audit.actors import official
from audit.recording import record
from offices.access import may, memberships_with, serves_in
from offices.models import AdministrativeUnit, Office, User
from offices.rights import Action, Level
from surveys.models import Target

Place = Office | AdministrativeUnit
FIRST_YEAR, LAST_YEAR = 2008, 2100


class TargetObstacle(StrEnum):
    """Why a target is not set."""

    NOT_YOURS = "not_yours"
    OWN = "own"


class TargetNotSet(Exception):
    """Nothing was stored."""

    def __init__(self, obstacle: TargetObstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be reached. forms: in the year; satisfied: of a hundred; None: no such target."""

    year: int
    forms: int | None
    satisfied: Decimal | None
    reason: str


def obstacle_to_setting(by: User, place: Place) -> TargetObstacle | None:
    """Why this person sets no target there; None if they may.

    Whoever serves in an office sets none for it, whatever other role they hold. A unit's is set by
    whoever holds one above it; the country, which has none above, by who holds the country.
    """
    if not may(by, Action.SET_TARGETS, place):
        return TargetObstacle.NOT_YOURS
    if isinstance(place, Office):
        return TargetObstacle.OWN if serves_in(by, place) else None
    if place.level == Level.COUNTRY:
        return None
    above = {unit.pk for unit in place.chain()} - {place.pk}
    held = memberships_with(by, Action.SET_TARGETS)
    # who holds what came after a unit stands above the unit as well
    from_above = any(one.unit_id in above for one in held if one.unit_id is not None)
    return None if from_above else TargetObstacle.OWN


@transaction.atomic
def set_target(by: User, place: Place, wish: Wish) -> Target:
    """The new row. Raises TargetNotSet."""
    obstacle = obstacle_to_setting(by, place)
    if obstacle is not None:
        raise TargetNotSet(obstacle)
    before = newest(place, wish.year)
    of_office = isinstance(place, Office)
    made = Target.objects.create(
        office=place if isinstance(place, Office) else None,
        unit=None if isinstance(place, Office) else place,
        year=wish.year,
        forms=wish.forms,
        satisfied=wish.satisfied,
        reason=wish.reason,
        set_by=by,
    )
    record(
        "target.set",
        subject=str(place),
        office_id=place.pk if of_office else None,
        unit_id=None if of_office else place.pk,
        details={"year": wish.year, "was": _said(before), "now": _said(made)},
        by=official(by),
    )
    return made


def _said(target: Target | None) -> dict[str, object] | None:
    if target is None:
        return None
    satisfied = None if target.satisfied is None else f"{target.satisfied:.1f}"
    return {"forms": target.forms, "satisfied": satisfied}


def of_place(place: Place) -> QuerySet[Target]:
    """All rows of an office or unit, the newest first."""
    column = "office" if isinstance(place, Office) else "unit"
    found: QuerySet[Target] = Target.objects.filter(**{column: place}).select_related("set_by")
    return found


def newest(place: Place, year: int) -> Target | None:
    """What holds for a year; None where nothing was ever set."""
    return of_place(place).filter(year=year).order_by("-pk").first()


def that_hold(units: Iterable[int], offices: Iterable[int]) -> QuerySet[Target]:
    """Of these units and offices (by key) what holds, for each year."""
    of_these = Target.objects.filter(Q(unit__in=units) | Q(office__in=offices))
    holding = of_these.order_by("unit_id", "office_id", "year", "-pk").distinct(
        "unit_id", "office_id", "year"
    )
    found: QuerySet[Target] = Target.objects.filter(pk__in=holding.values("pk"))
    return found.select_related("set_by", "unit", "office")
