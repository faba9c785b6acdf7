"""Percentages ready to be read, written after each recount.

Open figures show whole batches (reports.sipas.batches), closed ones everything; a closed figure
changes only together with the changes of at least k people.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from reports.closing import is_closed
from reports.layouts import instrument_of, layout_of
from reports.models import Batch, Score, Tally
from reports.periods import Span, span_of, spans_of
from reports.sipas import batches
from reports.sipas.cells import total
from reports.sipas.headline import limits, method_name
from reports.sipas.layout import Kind, Layout
from reports.sipas.sums import Sums
from reports.tally import OFFICE_LOCK, POLICY, Recount, deflate, lock
from surveys.models import Stage


@dataclass(frozen=True, slots=True)
class Part:
    """Sums of some people, and whether any of them are simulated."""

    sums: Sums
    simulated: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What a figure shows now."""

    key: int
    people: int
    closed: bool


def inflate(layout: Layout, stored: bytes | memoryview) -> Sums:
    """Sums as `reports.tally.deflate` stored them."""
    return Sums.from_bytes(layout, zlib.decompress(stored))


def headline_group(layout: Layout) -> tuple[Kind, str]:
    """What a page shows large: one overall question, else the services, else all criteria."""
    for component in ("overall", "services"):
        if component in layout.components:
            return "component", component
    return "overall", ""


def rescore_office(recount: Recount, through: date | None, spans: Iterable[Span] = ()) -> set[Span]:
    """Writes the scores of one office for all periods that its recount touched, and `spans`.

    Must run inside a transaction, which it locks the office for. Returns the periods whose shown
    figures changed; they are noted as stale for the units above.
    """
    lock(OFFICE_LOCK, recount.office_id)
    touched = {span for day in recount.days for span in spans_of(day)} | set(spans)
    if not touched:
        return set()
    standing = _standing(recount.office_id, touched)
    rows: list[Score] = []
    replaced: list[int] = []
    for instrument_id, days, batched in _material(recount.office_id, touched):
        layout = layout_of(instrument_of(instrument_id))
        for span in touched:
            whole = [part for day, part in days.items() if day in span]
            if not whole:
                continue
            before = standing.get((instrument_id, span))
            # A period never opens again, even while the night is still closing others.
            closed = is_closed(span, through) or (before is not None and before.closed)
            sums = (
                total(layout, [part.sums for part in whole])
                if closed
                else _in_batches(layout, batched, span)
            )
            if before is not None:
                if not _changes(before, sums.people, closed):
                    continue
                replaced.append(before.key)
            simulated = any(part.simulated for part in whole)
            row = score_of(Part(sums, simulated), instrument_id, span, closed)
            row.office_id = recount.office_id
            rows.append(row)
    write(rows, replaced)
    changed = {span_of(row.period, row.start) for row in rows}
    mark_stale(recount.office_id, changed)
    return changed


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


def _standing(office_id: int, spans: Iterable[Span]) -> dict[tuple[int, Span], Standing]:
    found = Score.objects.filter(
        office_id=office_id, start__in={span.first for span in spans}
    ).values_list("instrument_id", "period", "start", "pk", "people", "closed")
    return {
        (instrument, span_of(period, start)): Standing(key, people, closed)
        for instrument, period, start, key, people, closed in found
    }


def _changes(before: Standing, people: int, closed: bool) -> bool:
    """Whether the new figure replaces the standing one."""
    if before.closed and closed:
        added, removed = max(people - before.people, 0), max(before.people - people, 0)
        return batches.revises(added, removed, POLICY.batch)
    return closed != before.closed or people != before.people


Days = Mapping[date, Part]
Batches = Mapping[int, Sequence[tuple[date, Sums]]]


def _material(office_id: int, spans: Iterable[Span]) -> list[tuple[int, Days, Batches]]:
    """By instrument: the sums of each day, and those of each batch that reaches into the spans."""
    spans = list(spans)
    reach = (min(span.first for span in spans), max(span.last for span in spans))
    cells: dict[int, dict[date, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for instrument_id, day, simulated, stored in (
        Tally.objects.filter(office_id=office_id, day__range=reach)
        .exclude(stage=Stage.WAITING)
        .values_list("instrument_id", "day", "simulated", "sums")
    ):
        layout = layout_of(instrument_of(instrument_id))
        cells[instrument_id][day].append(Part(inflate(layout, stored), simulated))
    shares: dict[int, dict[int, list[tuple[date, Sums]]]] = defaultdict(lambda: defaultdict(list))
    reaching = Batch.objects.filter(office_id=office_id, day__range=reach).values("number")
    for instrument_id, number, day, stored in Batch.objects.filter(
        office_id=office_id, number__in=reaching
    ).values_list("instrument_id", "number", "day", "sums"):
        layout = layout_of(instrument_of(instrument_id))
        shares[instrument_id][number].append((day, inflate(layout, stored)))
    return [
        (
            instrument_id,
            {
                day: Part(
                    total(layout_of(instrument_of(instrument_id)), [p.sums for p in parts]),
                    any(p.simulated for p in parts),
                )
                for day, parts in by_day.items()
            },
            shares[instrument_id],
        )
        for instrument_id, by_day in cells.items()
    ]


def _in_batches(layout: Layout, batched: Batches, span: Span) -> Sums:
    """The sums of the batches that an open period shows."""
    extents = [
        batches.Batch(
            number,
            first_day=min(day for day, _ in shares),
            last_day=max(day for day, _ in shares),
            people=sum(sums.people for _, sums in shares),
        )
        for number, shares in batched.items()
    ]
    numbers = batches.visible(extents, span.first, span.last)
    return total(layout, [sums for number in numbers for _, sums in batched[number]])


def score_of(part: Part, instrument_id: int, span: Span, closed: bool) -> Score:
    """An unsaved score of `part`; the caller says whose it is."""
    sums = part.sums
    kind, code = headline_group(sums.layout)
    moments = sums.moments[sums.layout.group_of(kind, code)]
    interval = limits(sums, kind, code)
    return Score(
        instrument_id=instrument_id,
        period=span.kind,
        start=span.first,
        closed=closed,
        people=sums.people,
        satisfied=int(moments[0]),
        answered=int(moments[1]),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        simulated=part.simulated,
        sums=deflate(sums),
        method=method_name(sums.layout),
        computed_at=timezone.now(),
    )


COLUMNS = (
    "office_id",
    "unit_id",
    "map",
    "instrument_id",
    "period",
    "start",
    "closed",
    "people",
    "answered",
    "satisfied",
    "low",
    "high",
    "simulated",
    "sums",
    "method",
    "computed_at",
)


def write(rows: Sequence[Score], replaced: Sequence[int]) -> None:
    """Puts `rows` in the place of the scores with the keys `replaced`, by COPY."""
    if replaced:
        Score.objects.filter(pk__in=replaced).delete()
    if not rows:
        return
    columns = ", ".join(COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY reports_score ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([getattr(row, column) for column in COLUMNS])
