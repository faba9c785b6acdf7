"""Figures of offices under a common mix of fields, from the closed breakdowns of a year."""

from collections import defaultdict

import numpy as np

from offices.models import Office
from reports.counting.periods import Span
from reports.models import BreakdownCell, Dimension
from reports.showing.breakdowns import OTHER, PERIOD_OF
from reports.showing.comparison import Standardiser
from reports.sipas.comparing.difference import Estimate, estimate
from reports.sipas.comparing.standardise import NotStandardised, Standardised, standardise


def standardiser(offices: list[int], instrument_id: int, span: Span) -> Standardiser | None:
    """Standardises any of these offices for a closed year; None if there is no breakdown.

    The common mix are the people whom these offices show per field. Forms that name no field, and
    fields that are too rare to stand alone, have no part in it.
    """
    if span.kind != PERIOD_OF[Dimension.FIELD]:
        return None
    fields: dict[int, dict[str, BreakdownCell]] = defaultdict(dict)
    mix: dict[str, int] = defaultdict(int)
    cells = BreakdownCell.objects.filter(
        office__in=offices,
        breakdown__dimension=Dimension.FIELD,
        breakdown__instrument=instrument_id,
        breakdown__period=span.kind,
        breakdown__start=span.first,
    ).exclude(key=OTHER)
    for cell in cells:
        fields[cell.office_id or 0][cell.key] = cell
        mix[cell.key] += cell.people
    if not mix:
        return None

    def standardised(office: Office, _span: Span) -> Standardised[str] | NotStandardised | None:
        mine = fields.get(office.pk, {})
        raw = _estimate(list(mine.values()))
        figures = {key: _estimate([cell]) for key, cell in mine.items()}
        return standardise(raw, figures, mix) if raw is not None else None

    return standardised


def _estimate(cells: list[BreakdownCell]) -> Estimate | None:
    moments = np.array([cell.moments for cell in cells], dtype=np.int64).reshape(-1, 5)
    return estimate(sum(cell.people for cell in cells), moments.sum(axis=0))
