"""Closed figures by field, channel and quality: sums of cells that are told apart once for all.

The people of a closed month are divided when it closes, or together with others of their quarter or
year (`reports.scores.cells`); every table is a sum of whole cells, of however many offices and
months. Tables of the former kind (`Breakdown`, made until decision 0037) stay as they were shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from django.db import connection

from reports.counting.labels import CLEAN, FLAGGED, OTHER
from reports.counting.layouts import layout_of
from reports.counting.periods import Span
from reports.counting.stored import inflate
from reports.models import Dimension, Period, Score
from reports.showing.subjects import Subjects
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.partition import ANY
from reports.sipas.index import interval
from surveys.questionnaires.catalogue import InstrumentEntry

__all__ = [
    "CLEAN",
    "FLAGGED",
    "LABELS",
    "OTHER",
    "Counts",
    "Table",
    "cells_within",
    "limits_of",
    "tables",
]

# Where the label of a dimension stands in a cell.
LABELS = {Dimension.FIELD: 0, Dimension.QUALITY: 1, Dimension.CHANNEL: 2}
# Periods that lie wholly within one, if they begin in it.
WITHIN = {
    Period.MONTH: [Period.MONTH],
    Period.QUARTER: [Period.MONTH, Period.QUARTER],
    Period.YEAR: [Period.MONTH, Period.QUARTER, Period.YEAR],
}

CELLS = """
WITH members (office_id, subject) AS MATERIALIZED ({members})
SELECT p.office_id, c.labels, sum(c.people)::bigint,
       ARRAY[sum(c.moments[1]), sum(c.moments[2]), sum(c.moments[3]), sum(c.moments[4]),
             sum(c.moments[5])]::bigint[]
FROM (SELECT DISTINCT office_id FROM members) m
JOIN reports_partition p USING (office_id) JOIN reports_cell c ON c.partition_id = p.id
WHERE p.instrument_id = %s AND p.start BETWEEN %s AND %s AND p.period = ANY(%s)
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """People and Σy, Σm, Σy², Σm², Σym of their headline."""

    people: int = 0
    moments: tuple[int, ...] = (0, 0, 0, 0, 0)

    def __add__(self, other: "Counts") -> "Counts":
        pairs = zip(self.moments, other.moments, strict=True)
        return Counts(self.people + other.people, tuple(a + b for a, b in pairs))

    def __sub__(self, other: "Counts") -> "Counts":
        pairs = zip(self.moments, other.moments, strict=True)
        return Counts(self.people - other.people, tuple(a - b for a, b in pairs))


@dataclass(frozen=True, slots=True)
class Table:
    """A closed figure by one dimension: by key who is of this kind, and who is not told apart."""

    dimension: Dimension
    kinds: Mapping[str, Counts] = field(default_factory=dict)
    rest: Counts = field(default_factory=Counts)


def tables(
    subjects: Subjects,
    instrument: InstrumentEntry,
    span: Span,
    scores: Iterable[Score] | None = None,
) -> list[Table]:
    """The tables of the figure of these subjects together, in the order of the dimensions.

    Only of a closed month, quarter or year, and only where the kind is told of half of its people:
    fewer would speak of the months with many forms. scores: their figures, if read already.
    """
    if span.kind not in WITHIN:
        return []
    if scores is None:
        scores = subjects.stored.filter(
            instrument=instrument.id, period=span.kind, start=span.first
        )
    closed = (_headline(score, instrument) for score in scores if score.closed)
    whole = sum(closed, Counts())
    kinds: dict[Dimension, dict[str, Counts]] = {one: defaultdict(Counts) for one in LABELS}
    for _, labels, counts in cells_within(subjects, instrument.id, span) if whole.people else ():
        for dimension, place in LABELS.items():
            if labels[place] not in (ANY, OTHER):
                kinds[dimension][labels[place]] += counts
    found = []
    for dimension, of in sorted(kinds.items()):
        rest = whole - sum(of.values(), Counts())
        if of and 2 * rest.people <= whole.people:
            found.append(Table(dimension, dict(of), rest))
    return found


def cells_within(
    subjects: Subjects, instrument: int, span: Span
) -> Iterator[tuple[int, list[str], Counts]]:
    """Of each office and labels, whoever stands in cells of periods within `span`."""
    members_sql, members = subjects.members.query.sql_with_params()
    kinds = [kind.value for kind in WITHIN[Period(span.kind)]]
    with connection.cursor() as cursor:
        cursor.execute(
            CELLS.format(members=members_sql),
            (*members, instrument, span.first, span.last, kinds),
        )
        rows = cursor.fetchall()
    for office, labels, people, moments in rows:
        yield office, labels, Counts(people, tuple(moments))


def limits_of(counts: Counts, instrument: InstrumentEntry) -> interval.Interval | None:
    """The 95 % interval of the answers of these people, all taken together."""
    layout = layout_of(instrument)
    sums = Sums.zero(layout)
    moments = sums.moments.copy()
    moments[layout.group_of(*layout.headline)] = np.array(counts.moments, dtype=np.int64)
    return interval.group(Sums(layout, counts.people, sums.counts, moments), *layout.headline)


def _headline(score: Score, instrument: InstrumentEntry) -> Counts:
    layout = layout_of(instrument)
    sums = inflate(layout, score.sums)
    return Counts(sums.people, tuple(sums.moments[layout.group_of(*layout.headline)].tolist()))
