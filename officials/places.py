"""Finding a unit or an office by its name without diacritics, among those where one may do it.

Namesakes abound, so each stands with all that it lies in and since when. A choice travels as
`unit:12` or `office:34`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from offices.access import Reader, offices_where, units_where
from offices.models import AdministrativeUnit, Office
from offices.rights import Action, Level, Scope
from offices.search import offices_called, units_called

MOST = 20
LONGEST_KEY = 15


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A unit or office in a list: its value, its name, what it lies in, since when."""

    value: str
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """What a search found; more: there are others, which did not fit."""

    places: list[FoundPlace]
    more: bool


def find_places(
    user: Reader, action: Action, words: str, scopes: Collection[Scope] = tuple(Scope)
) -> FoundPlaces:
    """The places of today in which the user may do this and whose names have all these words.

    Words may be of what a place lies in: `ha tien an giang`. At most MOST, units first.
    scopes: which kinds of place are looked for.
    """
    today = timezone.localdate()
    found: list[FoundPlace] = []
    levels = [level for level in Level if Scope.of_level(level) in scopes]
    if levels:
        there = units_where(user, action).filter(level__in=levels).on(today)  # type: ignore[attr-defined]
        units = units_called(there, words).select_related("parent__parent__parent")
        found += [_of_unit(unit) for unit in units.order_by("name_key")[: MOST + 1]]
    if Scope.OFFICE in scopes:
        serving = offices_where(user, action).on(today)  # type: ignore[attr-defined]
        offices = offices_called(serving, words).select_related("unit__parent__parent__parent")
        found += [_of_office(office) for office in offices.order_by("name_key")[: MOST + 1]]
    return FoundPlaces(found[:MOST], len(found) > MOST)


def place_with(user: Reader, action: Action, value: str) -> AdministrativeUnit | Office | None:
    """The place that a value stands for, if the user may do this there; else None."""
    kind, _colon, key = value.partition(":")
    if not (key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY):
        return None
    if kind == "unit":
        units = units_where(user, action).filter(pk=int(key))
        return units.select_related("parent__parent__parent").first()
    if kind == "office":
        offices = offices_where(user, action).filter(pk=int(key))
        return offices.select_related("unit__parent__parent__parent").first()
    return None


def value_of(place: AdministrativeUnit | Office) -> str:
    """How a choice of this place travels."""
    return f"{'office' if isinstance(place, Office) else 'unit'}:{place.pk}"


def shown_place(place: AdministrativeUnit | Office) -> FoundPlace:
    """The place as it stands in a list; reads the units that it lies in."""
    return _of_office(place) if isinstance(place, Office) else _of_unit(place)


def named_place(place: AdministrativeUnit | Office) -> str:
    """The place in one line, with its province where it lies in one."""
    above = _names_above(place)
    name = place.name if isinstance(place, Office) else place.full_name
    return f"{name}, {above[-1]}" if above else name


def _names_above(place: AdministrativeUnit | Office) -> list[str]:
    unit = place.unit if isinstance(place, Office) else place
    chain = list(unit.chain())
    above = chain if isinstance(place, Office) else chain[1:]
    return [one.full_name for one in above if one.level != AdministrativeUnit.Level.COUNTRY]


def _of_unit(unit: AdministrativeUnit) -> FoundPlace:
    return FoundPlace(value_of(unit), unit.full_name, _where(unit))


def _of_office(office: Office) -> FoundPlace:
    return FoundPlace(value_of(office), office.name, _where(office))


def _where(place: AdministrativeUnit | Office) -> str:
    since = _("since %(day)s") % {"day": f"{place.valid_from:%d/%m/%Y}"}
    until = ""
    if place.valid_to is not None:
        until = _("until %(last)s") % {"last": f"{place.valid_to:%d/%m/%Y}"}
    return " · ".join(part for part in (", ".join(_names_above(place)), since, until) if part)
