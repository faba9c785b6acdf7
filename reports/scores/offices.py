"""Percentages ready to be read, written after each recount.

Every figure is the sum of whole batches (reports.sipas.hiding.batches), so that nothing it shows,
and no difference between two figures, speaks of fewer than k people.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import BoolOr
from django.db import connection

from offices.locks import Lock, wait_for
from reports.counting.batching import closed_months
from reports.counting.closing import is_closed
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, span_of, spans_of
from reports.counting.stored import ScorePart, deflate, inflate, score_of
from reports.counting.tally import Recount
from reports.models import Batch, Period, Score, Tally
from reports.sipas.counts.cells import total
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding import batches
from reports.sipas.index.headline import REVISION
from surveys.models.standing import in_scores

# What a release says of how it was made: the arithmetic and its revision. How the criteria are put
# together belongs to each questionnaire.
METHOD = f"arithmetic-{REVISION}"


@dataclass(frozen=True, slots=True)
class ScoreStanding:
    """What a figure shows now."""

    key: int
    closed: bool
    sums: bytes


def rescore_office(recount: Recount, through: date | None, spans: Iterable[Span] = ()) -> set[Span]:
    """Writes the scores of one office for all periods that its recount touched, and `spans`.

    Must run inside a transaction, which it locks the office for. Returns the periods whose shown
    figures changed; they are noted as stale for the units above.
    """
    wait_for(Lock.OFFICE_COUNT, recount.office_id)
    touched = {span for day in recount.days for span in spans_of(day)} | set(spans)
    if not touched:
        return set()
    standing = _standing(recount.office_id, touched)
    rows: list[Score] = []
    replaced: list[int] = []
    for material in _material(recount.office_id, touched, through):
        for span in touched:
            if not any(day in span for day in material.days):
                continue
            before = standing.get((material.instrument_id, span))
            # A period never opens again, even while the night is still closing others.
            closed = is_closed(span, through) or (before is not None and before.closed)
            sums = deflate(figure := material.figure(span))
            if before is not None:
                if (before.closed, before.sums) == (closed, sums):
                    continue
                replaced.append(before.key)
            simulated = any(material.days[day] for day in material.days if day in span)
            row = score_of(ScorePart(figure, simulated), material.instrument_id, span, closed)
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


def _standing(office_id: int, spans: Iterable[Span]) -> dict[tuple[int, Span], ScoreStanding]:
    found = Score.objects.filter(
        office_id=office_id, start__in={span.first for span in spans}
    ).values_list("instrument_id", "period", "start", "pk", "closed", "sums")
    return {
        (instrument, span_of(period, start)): ScoreStanding(key, closed, bytes(sums))
        for instrument, period, start, key, closed, sums in found
    }


@dataclass(frozen=True, slots=True)
class BatchShare:
    """What a batch holds of one day; `gone` are those who have left the longer figures."""

    day: date
    people: Sums
    gone: Sums | None


@dataclass(frozen=True, slots=True)
class ScoreMaterial:
    """What the figures of one office and instrument are made of.

    days: whether any answer of the day is simulated; shares: the shown batches, day by day.
    """

    instrument_id: int
    days: Mapping[date, bool]
    extents: Sequence[batches.BatchExtent]
    held: Collection[int]
    shares: Mapping[int, Sequence[BatchShare]]

    def figure(self, span: Span) -> Sums:
        """The sums of the shown batches within the period, without who has left it."""
        numbers = batches.shown(self.extents, self.held, span.first, span.last)
        within = [share for number in sorted(numbers) for share in self.shares[number]]
        layout = layout_of(instrument_of(self.instrument_id))
        whole = total(layout, [share.people for share in within])
        if span.kind in (Period.DAY, Period.WEEK):
            return whole  # they stay as they were shown: see reports.sipas.hiding.batches
        return whole - total(layout, [share.gone for share in within if share.gone is not None])


def _material(
    office_id: int, spans: Iterable[Span], through: date | None
) -> Iterator[ScoreMaterial]:
    """By instrument: everything that figures of these periods need."""
    spans = list(spans)
    # whole months: which batch one holds back is known from all of its batches
    first = min(span.first for span in spans).replace(day=1)
    last = span_of(Period.MONTH, max(span.last for span in spans)).last
    days: dict[int, dict[date, bool]] = defaultdict(dict)
    for instrument_id, day, simulated in (
        Tally.objects.filter(in_scores(), office_id=office_id, day__range=(first, last))
        .values_list("instrument_id", "day")
        .annotate(simulated=BoolOr("simulated"))
        .order_by()
    ):
        days[instrument_id][day] = simulated
    shares: dict[int, dict[int, list[BatchShare]]] = defaultdict(lambda: defaultdict(list))
    reaching = Batch.objects.filter(office_id=office_id, day__range=(first, last))
    for instrument_id, number, day, stored, gone in Batch.objects.filter(
        office_id=office_id, number__in=reaching.values("number")
    ).values_list("instrument_id", "number", "day", "sums", "withdrawn"):
        layout = layout_of(instrument_of(instrument_id))
        shares[instrument_id][number].append(
            BatchShare(day, inflate(layout, stored), inflate(layout, gone) if gone else None)
        )
    closed = closed_months(office_id)
    for instrument_id, by_day in days.items():
        extents = [_extent(number, of) for number, of in shares[instrument_id].items()]
        months = {batches.month_of(extent.first_day) for extent in extents}
        ended = {
            month
            for month in months
            if month in closed[instrument_id]
            or is_closed(span_of(Period.MONTH, date(*month, 1)), through)
        }
        yield ScoreMaterial(
            instrument_id,
            by_day,
            extents,
            batches.held_back(extents, ended),
            shares[instrument_id],
        )


def _extent(number: int, shares: Sequence[BatchShare]) -> batches.BatchExtent:
    return batches.BatchExtent(
        number,
        first_day=min(share.day for share in shares),
        last_day=max(share.day for share in shares),
        people=sum(share.people.people for share in shares),
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
