"""Procedures found by words of their names, and the page that tells of their field.

No figure is of one procedure: the fewest people of most would be single ones. What closed periods
tell apart are fields, on the page of a province, a commune or an office.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from offices import directory
from offices.directory import ProcedureEntry
from offices.models import AdministrativeUnit, Office
from offices.registry.plain import plain_names
from offices.search import words_in, words_of
from officials.access import Reader
from officials.places import MOST
from reports.briefing.placing import Place, place_of
from reports.counting.closing import closed_through, last_closed
from reports.models import Period


@dataclass(frozen=True, slots=True)
class FoundProcedure:
    """A procedure in a list. address: of the figures of its field; "" where none tell of it.

    exact: whether the words stand in its name together and in this order.
    """

    name: str
    field: str
    address: str
    exact: bool


def find_procedures(user: Reader, asked: str, today: date) -> list[FoundProcedure]:
    """Those of today with all these words, whole ones; at most MOST, the likeliest first."""
    words = words_of(asked)
    if not words:
        return []
    place = place_of(user)
    address = _address(place)
    found = []
    for one in _procedures_of(place, today):
        called = plain_names().get(one.code, "")
        texts = (one.code, one.code.replace(".", ""), called, one.name, one.field_name)
        there = [word for text in texts for word in words_in(text)]
        if set(words) <= set(there):
            exact = f" {' '.join(words)} " in f" {' '.join(there)} "
            name = f"{called} – {one.name}" if called else one.name
            found.append(FoundProcedure(f"{name} ({one.code})", one.field_name, address, exact))
    found.sort(key=lambda one: (not one.exact, len(one.name)))
    return found[:MOST]


def _procedures_of(place: Place | None, today: date) -> Iterable[ProcedureEntry]:
    """What an office handles; for whoever holds a unit what any office does."""
    known = directory.current()
    entry = known.offices_by_id.get(place.pk) if isinstance(place, Office) else None
    if entry is not None:
        return known.procedures(entry, today)
    every = {one.code: one for level in known.by_level.values() for one in level}
    return [one for one in every.values() if one.is_offered_on(today)]


def _address(place: Place | None) -> str:
    """Of the place's newest closed quarter, where most fields are told apart."""
    if place is None:
        return ""
    if isinstance(place, Office):
        page = reverse("officials:office", args=[place.slug])
    elif place.level != AdministrativeUnit.Level.COUNTRY:
        page = reverse("officials:unit", args=[place.pk])
    else:
        return ""
    through = closed_through()
    if through is None:
        return f"{page}#cut-field"
    quarter = last_closed(Period.QUARTER, through)
    asked = {"ky": quarter.kind.value, "tu": quarter.first.isoformat()}
    return f"{page}?{urlencode(asked)}#cut-field"
