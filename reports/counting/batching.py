"""Puts answers into batches, by the rules of `reports.sipas.hiding`.

Batches are formed by the night alone, all who wait together; there is no order among them
(`blocks`). Everything here runs inside the recount's transaction, under the office's lock.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from reports.counting.closing import is_closed
from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.counting.rhythms import rhythm_of, waiting_of
from reports.models import ClosedMonth, Period
from reports.sipas.hiding import batches
from reports.sipas.hiding.batches import Month, month_of
from reports.sipas.hiding.blocks import Waiting, gather, gather_rests
from surveys.models import State
from surveys.models.standing import IN_QUEUE

QUEUE = f"office_id = %s AND {IN_QUEUE}"

# Whoever was settled unfinished may still finish, until a batch is formed: not while we form it.
HOLD = f"""
SELECT 1 FROM surveys_response WHERE {QUEUE} AND state = {State.SETTLED.value} FOR UPDATE
"""  # noqa: S608 - constants of ours

QUEUED = f"""
SELECT instrument_id, day, string_agg(answers, ''::bytea),
       count(*) FILTER (WHERE state = {State.SETTLED.value})
FROM surveys_response WHERE {QUEUE} AND day < %s GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours

# Beside its block a form of a closed month does not say who stopped before the end (decision 0038).
BATCH_DAYS = f"""
UPDATE surveys_response r SET batch = plan.number, arrival = NULL,
    state = CASE WHEN labels IS NULL THEN state ELSE {State.FINISHED.value} END
FROM unnest(%s::date[], %s::int[]) AS plan (day, number)
WHERE {QUEUE} AND r.instrument_id = %s AND r.day = plan.day
"""  # noqa: S608 - constants of ours

EXTENTS = """
SELECT instrument_id, number, min(day), max(day), sum(people)::int
FROM reports_batch WHERE office_id = %s GROUP BY 1, 2 ORDER BY 1, 2
"""

# What forming batches has to know: which months are closed, which batches reach into the months of
# those who wait, and the numbers that are taken. Numbers also count where batches of theirs are not
# (yet) written: whoever stands in one on a day that is about to be counted, and everybody where the
# table was lost.
FORMING = """
SELECT 'closed', instrument_id, NULL, start, NULL::date, NULL
FROM reports_closedmonth WHERE office_id = %(office)s AND start = ANY(%(months)s::date[])
UNION ALL
SELECT 'batch', instrument_id, number, min(day), max(day), sum(people)::int
FROM reports_batch
WHERE office_id = %(office)s AND (instrument_id, number) IN (
    SELECT instrument_id, number FROM reports_batch
    WHERE office_id = %(office)s
      AND day >= %(first)s AND day < %(last)s::date + interval '1 month'
)
GROUP BY 2, 3
UNION ALL
SELECT 'newest', asked, greatest(
    (SELECT max(number) FROM reports_batch
     WHERE office_id = %(office)s AND instrument_id = asked),
    (SELECT max(newest) FROM reports_closedmonth
     WHERE office_id = %(office)s AND instrument_id = asked),
    (SELECT max(batch) FROM surveys_response
     WHERE office_id = %(office)s AND instrument_id = asked AND day = ANY(%(days)s::date[])),
    CASE WHEN NOT EXISTS (SELECT 1 FROM reports_batch WHERE office_id = %(office)s) THEN
        (SELECT max(batch) FROM surveys_response
         WHERE office_id = %(office)s AND instrument_id = asked)
    END
), NULL, NULL, NULL
FROM unnest(%(instruments)s::bigint[]) AS asked
"""

WAITING = f"SELECT DISTINCT office_id FROM surveys_response WHERE {IN_QUEUE} AND day <= %s"  # noqa: S608


@dataclass(frozen=True, slots=True)
class BatchStanding:
    """The batches of one office and instrument, oldest first, and the months shown closed."""

    made: tuple[batches.BatchExtent, ...] = ()
    closed: frozenset[Month] = frozenset()
    newest: int = 0

    @property
    def held(self) -> dict[Month, batches.BatchExtent]:
        """By month that is not shown closed: its newest batch, which nobody has seen."""
        numbers = batches.held_back(self.made, self.closed)
        return {month_of(b.first_day): b for b in self.made if b.number in numbers}


def standing_of(office_id: int) -> Mapping[int, BatchStanding]:
    """By instrument: what stands of the office; an empty one for an instrument without batches."""
    closed = closed_months(office_id)
    made: dict[int, list[batches.BatchExtent]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(EXTENTS, [office_id])
        for instrument, *row in cursor.fetchall():
            made[instrument].append(batches.BatchExtent(*row))
    return defaultdict(
        BatchStanding,
        {
            instrument: BatchStanding(tuple(made[instrument]), frozenset(closed[instrument]))
            for instrument in made.keys() | closed.keys()
        },
    )


def closed_months(office_id: int) -> Mapping[int, set[Month]]:
    """By instrument: the months of the office that are closed."""
    closed: dict[int, set[Month]] = defaultdict(set)
    for instrument, start in ClosedMonth.objects.filter(office=office_id).values_list(
        "instrument_id", "start"
    ):
        closed[instrument].add(month_of(start))
    return closed


def waiting_offices(day: date) -> set[int]:
    """The offices in which somebody waits for a batch since this day or longer, by key."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [day])
        return {office for (office,) in cursor.fetchall()}


def form_batches(
    office_id: int,
    touched: Collection[date],
    through: date | None,
    nights: Collection[date],
    dissolved: Collection[tuple[int, int]] = (),
) -> set[date]:
    """Puts into batches who waits for one, at the end of a night.

    touched: days whose batches are counted afterwards; through: the last day that is closed, or is
    being closed with this recount; nights: the days that it closes; dissolved: questionnaire and
    number of batches that just lost too many people. Returns the days whose figures change: of
    these people, and of the batches that newer ones let appear.
    """
    queued = _queued(office_id)
    if not queued:
        return set()
    forming = _forming(office_id, queued, touched)
    changed: set[date] = set()
    for instrument_id, days in queued.items():
        standing = forming[instrument_id]
        plan = Plan(office_id, instrument_id, standing, through, nights)
        gone = {number for of, number in dissolved if of == instrument_id}
        number_of = plan.numbers(days, gone)
        if number_of:
            with connection.cursor() as cursor:
                columns = (list(number_of), list(number_of.values()))
                cursor.execute(BATCH_DAYS, (*columns, office_id, instrument_id))
        changed |= number_of.keys()
        changed |= _appearing(standing, number_of.keys())
    return changed


class Plan:
    """Which batch the people of each day go into who wait at one office, for one questionnaire."""

    def __init__(
        self,
        office: int,
        instrument: int,
        standing: BatchStanding,
        through: date | None,
        nights: Collection[date],
    ) -> None:
        self.office, self.instrument, self.standing = office, instrument, standing
        self.through, self.nights = through, nights

    def numbers(
        self, days: Mapping[date, Waiting], dissolved: Collection[int] = ()
    ) -> dict[date, int]:
        """By day the number of the batch; who is on none of these days waits on.

        dissolved: batches that nobody may join.
        """
        newest, k = self.standing.newest, POLICY.batch
        number_of: dict[date, int] = {}
        rests: dict[date, Waiting] = {}
        for month in sorted({month_of(day) for day in days}):
            waiting = {day: people for day, people in days.items() if month_of(day) == month}
            ended = is_closed(span_of(Period.MONTH, date(*month, 1)), self.through)
            if month in self.standing.closed:
                rests |= waiting
            elif ended or self._turns(month):
                held = self.standing.held.get(month)
                if held is not None and held.number in dissolved:
                    held = None
                found = gather(waiting.values(), closing=ended, held=held is not None, k=k)
                if found.forms:
                    newest += 1
                    number_of |= dict.fromkeys(waiting, newest)
                elif found.joins and held is not None:
                    number_of |= dict.fromkeys(waiting, held.number)
                elif ended:
                    rests |= waiting
        for together in gather_rests(rests, _closed_periods(rests, self.through), k):
            newest += 1
            number_of |= dict.fromkeys(together, newest)
        return number_of

    def _turns(self, month: Month) -> bool:
        """Whether a turn of the office's rhythm in this month ends with these nights."""
        rhythm = rhythm_of(self.office, self.instrument, month[0])
        return any(rhythm.ends_with(night) for night in self.nights)


def _queued(office_id: int) -> dict[int, dict[date, Waiting]]:
    """By instrument: who waits of the days that are over; they are held until they have a batch."""
    asked = (office_id, timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(QUEUED, asked)
        rows = cursor.fetchall()
        if any(settled for *_, settled in rows):
            cursor.execute(HOLD, [office_id])
            cursor.execute(QUEUED, asked)
            rows = cursor.fetchall()
    queued: dict[int, dict[date, Waiting]] = defaultdict(dict)
    for instrument_id, day, answers, _ in rows:
        queued[instrument_id][day] = waiting_of(instrument_id, answers)
    return queued


def _forming(
    office_id: int, queued: Mapping[int, Mapping[date, Waiting]], touched: Collection[date]
) -> Mapping[int, BatchStanding]:
    """By instrument of those who wait: what stands in the months of their days."""
    months = sorted({day.replace(day=1) for days in queued.values() for day in days})
    closed: dict[int, set[Month]] = defaultdict(set)
    made: dict[int, list[batches.BatchExtent]] = defaultdict(list)
    newest: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            FORMING,
            {
                "office": office_id,
                "months": months,
                "first": months[0],
                "last": months[-1],
                "days": list(touched),
                "instruments": list(queued),
            },
        )
        for kind, instrument, number, first, last, people in cursor.fetchall():
            if kind == "closed":
                closed[instrument].add(month_of(first))
            elif kind == "batch":
                made[instrument].append(batches.BatchExtent(number, first, last, people))
            else:
                newest[instrument] = number or 0
    return {
        instrument: BatchStanding(
            tuple(sorted(made[instrument], key=lambda batch: batch.number)),
            frozenset(closed[instrument]),
            newest[instrument],
        )
        for instrument in queued
    }


def _appearing(standing: BatchStanding, days: Collection[date]) -> set[date]:
    """The days of batches that were held back in the months of these days."""
    months = {month_of(day) for day in days}
    return {
        day
        for month, batch in standing.held.items()
        if month in months
        for day in (batch.first_day, batch.last_day)
    }


def days_held(office_id: int) -> set[date]:
    """The first and last days of the batches that months which are not shown closed hold back."""
    return {
        day
        for standing in standing_of(office_id).values()
        for batch in standing.held.values()
        for day in (batch.first_day, batch.last_day)
    }


def _closed_periods(days: Iterable[date], through: date | None) -> list[tuple[date, date]]:
    """The closed quarters, then years that these days lie in."""
    spans = [sorted({span_of(kind, day) for day in days}) for kind in (Period.QUARTER, Period.YEAR)]
    return [(span.first, span.last) for kind in spans for span in kind if is_closed(span, through)]
