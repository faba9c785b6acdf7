"""What a report covers: the parts of a unit, and of how many dossiers their answers are."""

from dataclasses import dataclass
from typing import cast

from offices.models import AdministrativeUnit, Office
from reports.showing.figures import Figure
from reports.showing.parts import (
    PartFigure,
    Viewed,
    groups_of,
    offices_of,
    parts_of,
    parts_of_country,
    parts_of_unit,
)
from reports.showing.progress import Finished, Progress, by_group, finished_in, together


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A part of a unit and its finished dossiers; None where nobody told of any."""

    part: PartFigure
    finished: Finished | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a place the figure is made of.

    parts, shown: how many offices or provinces there are, and how many of them show a figure; 0 for
    an office. missing: how many lines have no dossier counts: then the whole has no response rate.
    """

    progress: Progress
    parts: int = 0
    shown: int = 0
    missing: int = 0


def of_office(office: Office, view: Viewed, figure: Figure) -> Coverage:
    """The dossiers of one office. figure: its own, as shown."""
    finished = finished_in(view.span, [office.pk]).get(office.pk)
    return Coverage(Progress(finished, figure.people))


def of_unit(
    unit: AdministrativeUnit, view: Viewed, figure: Figure
) -> tuple[tuple[PaperPart, ...], Coverage]:
    """The parts of a unit, and what they come to. figure: the unit's own, as shown."""
    scores = parts_of(unit, view)
    if unit.level == AdministrativeUnit.Level.COUNTRY:
        finished = _by_province(view)
        parts = parts_of_country(view, scores)
        counted = {part.key for part in parts} - {None}
    else:
        offices = offices_of(unit, view.territory)
        groups = groups_of(offices, view.territory)
        finished = by_group(finished_in(view.span, offices), groups)
        parts = parts_of_unit(unit, view, scores)
        counted = {part.key for part in parts}
    missing = len(counted - finished.keys())
    placed = [part for part in parts if part.key is not None]
    return tuple(PaperPart(part, finished.get(part.key)) for part in parts), Coverage(
        Progress(together(finished.values()), figure.people, whole=not missing),
        parts=len(placed),
        shown=sum(part.figure.value is not None for part in placed),
        missing=missing,
    )


def _by_province(view: Viewed) -> dict[int | None, Finished]:
    """Finished dossiers by the province of the view's map."""
    counts = finished_in(view.span)
    column = view.territory.column
    places = Office.objects.filter(pk__in=counts).select_related(
        f"{column}__parent__parent__parent"
    )
    groups: dict[int, int | None] = {
        office.pk: cast(AdministrativeUnit, getattr(office, column)).province.pk
        for office in places
    }
    return by_group(counts, groups)
