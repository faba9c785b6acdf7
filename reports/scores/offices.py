"""Percentages ready to be read, written after each recount.

Every figure is the sum of whole batches (reports.sipas.hiding.batches), so that nothing it shows,
and no difference between two figures, speaks of fewer than k people. A month is the sum of its
batches; a quarter that of its months and of the batches that reach over several of them; a year
that of its quarters likewise. Days and weeks are summed when they are read
(`reports.showing.summed`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from reports.counting.closing import is_closed
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, kept_spans_of, span_of
from reports.counting.recount import Recount
from reports.counting.stored import (
    ScorePart,
    ScoreRow,
    deflate,
    inflate,
    inflate_total,
    measures_of,
)
from reports.models import Period
from reports.scores.openings import BlockMaterial, Found, OfficeOpenings
from reports.scores.rows import StoredRow
from reports.scores.seals import close_months
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding import batches
from reports.sipas.hiding.batches import Month
from surveys.intake.coarsening import coarsen
from surveys.models.standing import STANDING

# Of what a longer period is made, besides the batches that lie in none of these.
PARTS = {Period.QUARTER: Period.MONTH, Period.YEAR: Period.QUARTER}

# The office's scores of whole years; the batches of the months that are asked for, and those that
# reach over several months; which of these months are closed.
READ = """
SELECT 'score', instrument_id, period, start, NULL::int, closed, simulated, sums,
       opened, NULL::int[], NULL::text[], NULL::int, NULL::bool
FROM reports_score
WHERE office_id = %(office)s AND start BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT 'batch', b.instrument_id, NULL, b.day, b.number, NULL, NULL, b.sums, b.withdrawn,
       NULL, NULL, NULL, NULL
FROM reports_batch b JOIN (
    SELECT instrument_id, number, min(day) AS first, max(day) AS last
    FROM reports_batch
    WHERE office_id = %(office)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY 1, 2
    HAVING date_trunc('month', min(day)) <> date_trunc('month', max(day))
        OR date_trunc('month', min(day))::date = ANY(%(months)s::date[])
) e USING (instrument_id, number)
WHERE b.office_id = %(office)s
UNION ALL
SELECT 'closed', instrument_id, NULL, start, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL
FROM reports_closedmonth WHERE office_id = %(office)s AND start = ANY(%(months)s::date[])
UNION ALL
SELECT 'row', instrument_id, period, start, number, NULL, NULL, NULL, NULL, blocks, closed,
       partition, moved
FROM reports_blockrow WHERE office_id = %(office)s AND start BETWEEN %(first)s AND %(last)s
"""

WRITE = """
WITH written AS (
    INSERT INTO reports_score (
        office_id, map, instrument_id, period, start, closed, people, answered, satisfied, low,
        high, simulated, sums, opened, method, computed_at
    )
    SELECT %(office)s, '', row.*, %(now)s FROM unnest(
        %(instrument)s::bigint[], %(period)s::text[], %(start)s::date[], %(closed)s::bool[],
        %(people)s::int[], %(answered)s::bigint[], %(satisfied)s::bigint[], %(low)s::float8[],
        %(high)s::float8[], %(simulated)s::bool[], %(sums)s::bytea[], %(opened)s::bytea[],
        %(method)s::text[]
    ) AS row
    ON CONFLICT (office_id, instrument_id, period, start) WHERE office_id IS NOT NULL
    DO UPDATE SET
        closed = excluded.closed, people = excluded.people, answered = excluded.answered,
        satisfied = excluded.satisfied, low = excluded.low, high = excluded.high,
        simulated = excluded.simulated, sums = excluded.sums, opened = excluded.opened,
        method = excluded.method, computed_at = excluded.computed_at
    RETURNING period, start
)
INSERT INTO reports_stale (office_id, period, start)
SELECT DISTINCT %(office)s::bigint, period, start FROM written
"""

# Whoever's answers stand in the month, or would if no auditor had left them out.
SOMEBODY = f"""
SELECT EXISTS (
    SELECT 1 FROM surveys_response
    WHERE office_id = %s AND instrument_id = %s AND day BETWEEN %s AND %s AND {STANDING}
)
"""  # noqa: S608 - constants of ours

REMOVE = """
DELETE FROM reports_score WHERE office_id = %s AND (instrument_id, period, start) IN (
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::date[])
)
"""


class StoredScore(NamedTuple):
    """What the row of a figure says now."""

    closed: bool
    simulated: bool
    sums: bytes
    opened: bytes


@dataclass(slots=True)
class ScoreMaterial:
    """What the figures of one office and questionnaire are made of."""

    instrument: int
    scores: dict[Span, StoredScore] = field(default_factory=dict)
    batches: dict[int, BlockMaterial] = field(default_factory=dict)
    closed: set[Month] = field(default_factory=set)
    rows: list[StoredRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FreshScore:
    """A figure as it is now."""

    sums: Sums
    closed: bool
    simulated: bool


def rescore_office(
    recount: Recount, through: date | None, spans: Iterable[Span] = (), *, anew: bool = False
) -> set[Span]:
    """Writes the scores of one office for all periods that its recount touched, and `spans`.

    anew: also those whose sums are as they were, because other columns may not be. Must run inside
    the transaction of the recount, which holds the office's lock. Returns the periods whose shown
    figures changed; they are noted as stale for the units above.
    """
    touched = {span for day in recount.days for span in kept_spans_of(day)}
    for span in spans:
        if span.kind == Period.MONTH:
            touched |= set(kept_spans_of(span.first))
        elif span.kind in PARTS:
            touched |= {span, span_of(Period.YEAR, span.first)}
    if not touched:
        return set()
    now = timezone.now()
    rows: list[ScoreRow] = []
    removed: list[tuple[int, Span]] = []
    for material in _read(recount, touched):
        office = OfficeScores(recount, through, material)
        fresh = office.figures(touched)
        removed += [(material.instrument, span) for span in office.removed]
        openings = office.openings(touched)
        moved = openings.catch_up(office.found(fresh), now, anew=anew)
        for span, score in fresh.items():
            sums, before = deflate(score.sums), material.scores.get(span)
            opened = openings.of(span) if moved or before is None else before.opened
            if anew or before != (score.closed, score.simulated, sums, opened):
                measures = measures_of(ScorePart(score.sums, score.simulated), sums, opened)
                place = (None, "", material.instrument, span.kind.value, span.first)
                rows.append(ScoreRow(recount.office_id, *place, score.closed, measures, now))
        _close(recount.office_id, material, fresh, now)
    _remove(recount.office_id, removed)
    _write(recount.office_id, rows, now)
    return {span_of(row.period, row.start) for row in rows} | {span for _, span in removed}


class OfficeScores:
    """The figures of one office and questionnaire, computed from the shortest to the longest."""

    def __init__(self, recount: Recount, through: date | None, material: ScoreMaterial) -> None:
        self.recount, self.through, self.material = recount, through, material
        self.layout = layout_of(instrument_of(material.instrument))
        self.standing = recount.standing.get(material.instrument, {})
        self.fresh: dict[Span, FreshScore] = {}
        self.removed: set[Span] = set()
        extents = [
            batches.BatchExtent(number, batch.first, batch.last, 0)
            for number, batch in material.batches.items()
        ]
        self.ended = material.closed | {
            month
            for month in {batches.month_of(extent.first_day) for extent in extents}
            if is_closed(span_of(Period.MONTH, date(*month, 1)), through)
        }
        held = batches.held_back(extents, self.ended)
        self.numbered = {n: b for n, b in material.batches.items() if n not in held}
        self.shown = list(self.numbered.values())

    def openings(self, spans: Collection[Span]) -> OfficeOpenings:
        """What stands beside the headlines in the years of these periods."""
        return OfficeOpenings(
            (self.recount.office_id, self.material.instrument),
            self.layout,
            self.material.rows,
            self.numbered,
            {span_of(Period.YEAR, span.first) for span in spans},
        )

    def found(self, fresh: Mapping[Span, FreshScore]) -> Found:
        """What this recount found closed, and what it may have changed."""
        ended = [s for s, score in fresh.items() if score.closed and s.kind != Period.MONTH]
        before = self.material.scores
        return Found(
            months={span_of(Period.MONTH, date(*month, 1)) for month in self.ended},
            ended=ended,
            newly=[span for span in ended if span not in before or not before[span].closed],
            days=self.recount.days,
        )

    def figures(self, spans: Collection[Span]) -> dict[Span, FreshScore]:
        """What the figures of these periods are now; those of nobody are left out."""
        for span in sorted(spans, key=lambda span: span.last - span.first):
            score = self._month(span) if span.kind == Period.MONTH else self._longer(span)
            if score is not None:
                self.fresh[span] = score
            elif span in self.material.scores:
                self.removed.add(span)
        return self.fresh

    def _month(self, span: Span) -> FreshScore | None:
        before = self.material.scores.get(span)
        seen = [simulated for day, simulated in self.standing.items() if day in span]
        if before is None and not seen:
            return None
        sums = self._of_batches([batch for batch in self.shown if batch.within(span)])
        if not seen and not sums.people and not self._somebody(span):
            return None
        simulated = any(seen) or (before is not None and before.simulated)
        return FreshScore(sums, self._is_closed(span), simulated)

    def _longer(self, span: Span) -> FreshScore | None:
        kind = PARTS[Period(span.kind)]
        parts = [part for part in self._known(kind) if part.first in span]
        if not parts:
            return None
        sums = self._of_batches(
            [
                batch
                for batch in self.shown
                if batch.within(span) and batch.last not in span_of(kind, batch.first)
            ]
        )
        simulated = False
        for part in parts:
            if part in self.fresh:
                sums += self.fresh[part].sums
                simulated |= self.fresh[part].simulated
            else:
                stored = self.material.scores[part]
                sums += inflate(self.layout, stored.sums)
                simulated |= stored.simulated
        return FreshScore(sums, self._is_closed(span), simulated)

    def _known(self, kind: Period) -> set[Span]:
        """The periods of this kind that have a figure."""
        known = (self.material.scores.keys() | self.fresh.keys()) - self.removed
        return {span for span in known if span.kind == kind}

    def _is_closed(self, span: Span) -> bool:
        """A period never opens again, even while the night is still closing others."""
        before = self.material.scores.get(span)
        return is_closed(span, self.through) or (before is not None and before.closed)

    def _of_batches(self, of: Sequence[BlockMaterial]) -> Sums:
        sums = inflate_total(self.layout, [part for batch in of for part in batch.people])
        gone = [part for batch in of for part in batch.gone]
        return sums - inflate_total(self.layout, gone) if gone else sums

    def _somebody(self, span: Span) -> bool:
        with connection.cursor() as cursor:
            place = (self.recount.office_id, self.material.instrument)
            cursor.execute(SOMEBODY, [*place, span.first, span.last])
            return bool(cursor.fetchone()[0])


def _read(recount: Recount, spans: Collection[Span]) -> Iterator[ScoreMaterial]:
    """By questionnaire: everything that figures of these periods need."""
    years = {span_of(Period.YEAR, span.first) for span in spans}
    found = {instrument: ScoreMaterial(instrument) for instrument in recount.standing}
    with connection.cursor() as cursor:
        cursor.execute(
            READ,
            {
                "office": recount.office_id,
                "first": min(years).first,
                "last": max(years).last,
                "months": [span.first for span in spans if span.kind == Period.MONTH],
            },
        )
        rows = cursor.fetchall()
    for kind, instrument, period, start, number, closed, simulated, sums, more, *row in rows:
        material = found.setdefault(instrument, ScoreMaterial(instrument))
        if kind == "score":
            span = span_of(period, start)
            material.scores[span] = StoredScore(closed, simulated, bytes(sums), bytes(more))
        elif kind == "batch":
            batch = material.batches.setdefault(number, BlockMaterial(start, start))
            batch.take(start, sums, more)
        elif kind == "row":
            blocks, few, told, moved = row
            of = span_of(period, start), tuple(blocks), tuple(few)
            material.rows.append(StoredRow(number, *of, told is not None, moved))
        else:
            material.closed.add(batches.month_of(start))
    yield from found.values()


def _close(
    office_id: int, material: ScoreMaterial, fresh: Mapping[Span, FreshScore], now: datetime
) -> None:
    """Writes down which months are closed with these figures, and of whom they are made."""
    months = [
        span.first
        for span, score in fresh.items()
        if span.kind == Period.MONTH
        and score.closed
        and batches.month_of(span.first) not in material.closed
    ]
    if months:
        close_months(office_id, material.instrument, months, now)
        for month in months:
            last = span_of(Period.MONTH, month).last
            coarsen(office_id, material.instrument, month, last)


def _write(office_id: int, rows: Sequence[ScoreRow], now: datetime) -> None:
    """Puts the rows in the place of the office's scores of the same periods; units are behind."""
    if not rows:
        return
    columns = {name: [getattr(row, name) for row in rows] for name in ("instrument", "start")}
    columns |= {name: [getattr(row, name) for row in rows] for name in ("period", "closed")}
    for place, name in enumerate(rows[0].measures._fields):
        columns[name] = [row.measures[place] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {"office": office_id, "now": now, **columns})


def _remove(office_id: int, removed: Sequence[tuple[int, Span]]) -> None:
    """Takes away the figures of periods in which nobody's answers stand any more."""
    if not removed:
        return
    instruments, spans = zip(*removed, strict=True)
    columns = ([span.kind.value for span in spans], [span.first for span in spans])
    with connection.cursor() as cursor:
        cursor.execute(REMOVE, [office_id, list(instruments), *columns])
    mark_stale(office_id, set(spans))


STALE = """
INSERT INTO reports_stale (office_id, period, start)
SELECT %s, period, start FROM unnest(%s::text[], %s::date[]) AS changed (period, start)
"""


def mark_stale(office_id: int | None, spans: Iterable[Span]) -> None:
    """Notes that what is summed from this office, or from provinces (None), must be again."""
    spans = sorted(spans)
    if spans:
        columns = ([span.kind.value for span in spans], [span.first for span in spans])
        with connection.cursor() as cursor:
            cursor.execute(STALE, [office_id, *columns])
