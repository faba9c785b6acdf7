"""Which offices a release is made of, and the units each counts in on both maps."""

from dataclasses import dataclass

from offices.models import AdministrativeUnit, Office
from reports.models import TerritoryMap
from reports.scores.units import places

Level = AdministrativeUnit.Level
ROOTS = (Level.PROVINCE, Level.COUNTRY)


@dataclass(frozen=True, slots=True)
class Member:
    """An office; `then` and `today` are its units from the lowest up to the release's own.

    Empty where the office does not count in the release's unit on that map.
    """

    office: int
    slug: str
    then: tuple[int, ...]
    today: tuple[int, ...]


def members(unit: AdministrativeUnit) -> list[Member]:
    """The offices of a province or of the country on either map, by their short name.

    A unit that no longer exists is not on today's map.
    """
    then = _chains(unit, TerritoryMap.THEN)
    today = _chains(unit, TerritoryMap.TODAY) if unit.valid_to is None else {}
    found = Office.objects.filter(pk__in=then.keys() | today.keys()).values_list("pk", "slug")
    return sorted(
        (Member(pk, slug, then.get(pk, ()), today.get(pk, ())) for pk, slug in found),
        key=lambda member: member.slug,
    )


def _chains(unit: AdministrativeUnit, territory: TerritoryMap) -> dict[int, tuple[int, ...]]:
    located = places(territory)
    if unit.level == Level.COUNTRY:
        return {office: (*place.units, unit.pk) for office, place in located.items()}
    return {office: place.units for office, place in located.items() if place.province == unit.pk}
