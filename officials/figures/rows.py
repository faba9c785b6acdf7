"""The rows of the list below a figure: what it is made of, each with the address of its page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from offices.models import AdministrativeUnit
from offices.names import short
from officials.checking import Checking, marked
from officials.figures.choice import Choice
from reports.models import Score
from reports.proof.doubts import of_parts
from reports.showing.figures import Figure
from reports.showing.parts import (
    PartFigure,
    parts_of_country,
    parts_of_unit,
)
from reports.showing.summed import HEADLINE_ONLY, together


@dataclass(frozen=True)
class FigureRow:
    """One line of the list; `address` is empty for a row that has no page.

    key: of the province or office; None for what cannot be traced to one. lived: which part of the
    period it lived through, in words; empty where all of it, and on today's map, where the past
    counts with its heir.
    """

    key: int | None
    name: str
    kind: str
    address: str
    figure: Figure
    simulated: bool
    lived: str = ""


def whole_of(stored: Score | None, choice: Choice, parts: Sequence[Score]) -> Score | None:
    """The unit's own figure; of a day or week the sum of its parts, which are read already."""
    return together(parts, choice.instrument) if choice.span.kind in HEADLINE_ONLY else stored


def rows_of_country(choice: Choice, parts: Sequence[Score]) -> list[FigureRow]:
    """The provinces of the chosen map; see `reports.showing.parts.parts_of_country`."""
    query = choice.query()
    return [_row(part, query) for part in parts_of_country(choice, parts)]


def rows_of_unit(
    unit: AdministrativeUnit, choice: Choice, parts: Sequence[Score]
) -> list[FigureRow]:
    """The offices of a unit; see `reports.showing.parts.parts_of_unit`."""
    query = choice.query()
    return [_row(part, query) for part in parts_of_unit(unit, choice, parts)]


def checked_rows(
    rows: Sequence[FigureRow], unit: AdministrativeUnit, choice: Choice, proof: Checking
) -> list[FigureRow]:
    """The rows of a unit's list; those of which the proof found another number bear the mark."""
    keys = [row.key for row in rows]
    groups = checked_keys(keys, unit, choice, proof)
    return [replace(row, figure=marked(row.figure, row.key in groups)) for row in rows]


def checked_keys(
    keys: Sequence[int | None], unit: AdministrativeUnit, choice: Choice, proof: Checking
) -> Collection[int | None]:
    """Of the lines of a unit's list, by key, those of which the proof found another number."""
    return of_parts(keys, unit, choice) if proof.summary.differences else ()


def one_kind(rows: Sequence[FigureRow]) -> str:
    """What all the offices of a list are, so that it stands once above it; empty if they differ."""
    kinds = {row.kind for row in rows if row.kind}
    return next(iter(kinds)) if len(kinds) == 1 else ""


def _row(part: PartFigure, query: str) -> FigureRow:
    address, kind = "", ""
    if part.office is not None:
        address = reverse("officials:office", args=[part.office.slug]) + query
        kind = part.office.get_kind_display()
    elif part.unit is not None:
        address = reverse("officials:unit", args=[part.unit.pk]) + query
    return FigureRow(
        part.key, short(part.name), kind, address, part.figure, part.simulated, part.lived
    )
