"""Which place a brief is of, whose figures these are, and what is stored of it."""

from datetime import date

from django.db.models import F, QuerySet

from offices import directory
from offices.access import Reader, highest_unit, visible_offices
from offices.models import AdministrativeUnit, Office
from offices.names import short
from offices.reading import once
from offices.rights import Action
from reports.counting.periods import Span
from reports.models import TerritoryMap
from reports.proof.standing import any_standing, standing_of
from reports.showing.answered import Answered, answered_about
from reports.showing.subjects import Subjects

Place = Office | AdministrativeUnit


def place_of(user: Reader) -> Place | None:
    """What the reader is told of first: the highest unit held, else the first office.

    What stands today comes before what has ended.
    """
    return once(("place", user.pk), lambda: _place_of(user))


def _place_of(user: Reader) -> Place | None:
    unit = highest_unit(user, Action.SEE_FIGURES)
    if unit is not None:
        unit.read_designations = directory.designations_of(unit.pk)
        return unit
    standing_first = F("valid_to").desc(nulls_first=True)
    found = visible_offices(user).select_related("unit__parent__parent__parent")
    return found.order_by(standing_first, "name_key").first()


def subject_of(place: Place) -> tuple[Subjects, TerritoryMap]:
    """Whose figures a place's page shows before anything is chosen, and on which map."""
    if isinstance(place, Office):
        return Subjects.of_offices([place.pk]), TerritoryMap.TODAY
    territory = TerritoryMap.TODAY if place.valid_to is None else TerritoryMap.THEN
    return Subjects.of_unit(place, territory), territory


def offices_of(place: Place, territory: TerritoryMap) -> QuerySet[Office]:
    """The offices that are counted in a place."""
    if isinstance(place, Office):
        return Office.objects.filter(pk=place.pk)
    return Office.objects.within(place, territory.column)


def name_of(place: Place, today: date) -> str:
    """What a place is called, without what an office is."""
    if isinstance(place, Office):
        return short(place.name)
    return place.full_name_on(place.valid_to or today)


def answered_of(place: Place) -> Answered:
    """What is stored of a place, on the map that its page shows first."""
    key = ("answered", type(place), place.pk)
    return once(key, lambda: answered_about(subject_of(place)[0]))


def is_checked(place: Place, territory: TerritoryMap, instrument: int, span: Span) -> bool:
    """Whether the proof found another number than the figure of a place and period."""
    if not any_standing():
        return False
    office = place.pk if isinstance(place, Office) else None
    unit = None if isinstance(place, Office) else place.pk
    return standing_of(span, instrument, territory, office=office, unit=unit)
