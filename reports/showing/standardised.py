"""Figures of offices under a common mix of fields, from the cells of a closed year."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from offices.models import Office
from reports.counting.periods import Span
from reports.models import Dimension, Period
from reports.showing.breakdowns import LABELS, OTHER, Counts, cells_within
from reports.showing.comparison import Standardiser
from reports.showing.subjects import Subjects
from reports.sipas.comparing.difference import Estimate, estimate
from reports.sipas.comparing.standardise import NotStandardised, Standardised, standardise
from reports.sipas.hiding.columns import ENOUGH
from reports.sipas.hiding.partition import ANY


def standardiser(offices: list[int], instrument_id: int, span: Span) -> Standardiser | None:
    """Standardises any of these offices for a closed year; None if no field is told apart.

    The common mix are the people whom these offices show per field. Forms that name no field, and
    people who are not told apart by field, have no part in it; an office that tells it of fewer
    than 80 % of its people has no such figure.
    """
    if span.kind != Period.YEAR:
        return None
    place = LABELS[Dimension.FIELD]
    fields: dict[int, dict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
    everybody: dict[int, int] = defaultdict(int)
    subjects = Subjects.of_offices(Office.objects.filter(pk__in=offices))
    for office, labels, counts in cells_within(subjects, instrument_id, span):
        everybody[office] += counts.people
        if labels[place] not in (ANY, OTHER):
            fields[office][labels[place]] += counts
    mix: dict[str, int] = defaultdict(int)
    for office, of in list(fields.items()):
        if 100 * sum(one.people for one in of.values()) < ENOUGH * everybody[office]:
            del fields[office]
            continue
        for key, counts in of.items():
            mix[key] += counts.people
    if not mix:
        return None

    def standardised(office: Office, _span: Span) -> Standardised[str] | NotStandardised | None:
        mine = fields.get(office.pk, {})
        raw = _estimate(list(mine.values()))
        figures = {key: _estimate([counts]) for key, counts in mine.items()}
        return standardise(raw, figures, mix) if raw is not None else None

    return standardised


def _estimate(counts: Sequence[Counts]) -> Estimate | None:
    moments = np.array([one.moments for one in counts], dtype=np.int64).reshape(-1, 5)
    return estimate(sum(one.people for one in counts), moments.sum(axis=0))
