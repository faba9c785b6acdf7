"""Puts answers into batches and takes withdrawn ones out, by `reports.sipas.hiding.batches`.

Everything here runs inside the recount's transaction, under the office's lock.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from reports.counting.closing import is_closed
from reports.counting.periods import Span, span_of
from reports.counting.policy import POLICY
from reports.models import ClosedMonth, Period
from reports.sipas.hiding import batches
from reports.sipas.hiding.batches import Month, month_of
from surveys.models import State
from surveys.models.standing import IN_QUEUE

QUEUE = f"office_id = %s AND {IN_QUEUE}"

# Whoever was settled unfinished may still finish, until a batch is formed: not while we form it.
HOLD = f"""
SELECT 1 FROM surveys_response WHERE {QUEUE} AND state = {State.SETTLED.value} FOR UPDATE
"""  # noqa: S608 - constants of ours

QUEUED = f"""
SELECT instrument_id, day, count(*), count(*) FILTER (WHERE state = {State.SETTLED.value})
FROM surveys_response WHERE {QUEUE} GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours

BATCH_DAYS = f"""
UPDATE surveys_response r SET batch = plan.number, arrival = NULL
FROM unnest(%s::date[], %s::int[]) AS plan (day, number)
WHERE {QUEUE} AND r.instrument_id = %s AND r.day = plan.day
"""  # noqa: S608 - constants of ours

# Exactly k to a batch, in the order of arrival; who came last waits.
BATCH_TODAY = f"""
UPDATE surveys_response r SET batch = %s + q.nth, arrival = NULL
FROM (
    SELECT id, (row_number() OVER (ORDER BY arrival, id) - 1) / %s AS nth
    FROM surveys_response WHERE {QUEUE} AND instrument_id = %s AND day = %s
) q
WHERE {QUEUE} AND r.id = q.id AND q.nth < %s
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

# excluded: what an auditor wants; withdrawn: what the shown figures know of it
CHANGING = """
SELECT instrument_id, batch, count(*) FROM surveys_response
WHERE office_id = %s AND excluded <> withdrawn AND batch IS NOT NULL GROUP BY 1, 2
"""

EXCLUDED = """
SELECT count(*) FROM surveys_response
WHERE office_id = %s AND instrument_id = %s AND batch = ANY(%s) AND excluded
"""

WITHDRAW = """
UPDATE surveys_response SET withdrawn = excluded
WHERE office_id = %s AND instrument_id = %s AND batch = ANY(%s) AND excluded <> withdrawn
RETURNING day
"""

LONG = (Period.MONTH, Period.QUARTER, Period.YEAR)


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


def withdraw(office_id: int) -> set[date]:
    """Takes excluded answers out of shown figures, and lifted ones in; returns their days.

    Must come before batches are formed: only batches that everybody has seen may lose people.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHANGING, [office_id])
        changing: dict[int, dict[int, int]] = defaultdict(dict)
        for instrument, number, people in cursor.fetchall():
            changing[instrument][number] = people
    if not changing:
        return set()
    standing = standing_of(office_id)
    touched: set[date] = set()
    for instrument, changes in changing.items():
        for numbers, people in _scopes(standing[instrument], changes):
            with connection.cursor() as cursor:
                place = (office_id, instrument, numbers)
                cursor.execute(EXCLUDED, place)
                (excluded,) = cursor.fetchone()
                moving = sum(changes.get(number, 0) for number in numbers)
                if batches.may_withdraw(moving, people - excluded, POLICY.batch):
                    cursor.execute(WITHDRAW, place)
                    touched.update(day for (day,) in cursor.fetchall())
    return touched


def _scopes(standing: BatchStanding, changing: Collection[int]) -> Iterable[tuple[list[int], int]]:
    """Seen batches by the shortest long period that holds them, with all their people.

    Only of periods in which something changes.
    """
    held = {batch.number for batch in standing.held.values()}
    scopes: dict[Span, list[batches.BatchExtent]] = defaultdict(list)
    for batch in standing.made:
        if batch.number not in held:
            scopes[scope_of(batch)].append(batch)
    for members in scopes.values():
        numbers = [batch.number for batch in members]
        if any(number in changing for number in numbers):
            yield numbers, sum(batch.people for batch in members)


def scope_of(batch: batches.BatchExtent) -> Span:
    """The shortest month, quarter or year that holds the whole batch."""
    spans = (span_of(kind, batch.first_day) for kind in LONG)
    return next(span for span in spans if batch.last_day in span)


def form_batches(office_id: int, touched: Collection[date], through: date | None) -> set[date]:
    """Puts into batches who waits for one.

    touched: days whose batches are counted afterwards; through: the last day that is closed, or is
    being closed with this recount. Returns the days whose figures change: of these people, and of
    the batches that newer ones let appear.
    """
    queued = _queued(office_id)
    if not queued:
        return set()
    forming = _forming(office_id, queued, touched)
    today = timezone.localdate()
    changed: set[date] = set()
    for instrument_id, days in queued.items():
        standing = forming[instrument_id]
        waiting_today = days.pop(today, 0)
        number_of, newest = _numbers(days, standing, through)
        with connection.cursor() as cursor:
            if number_of:
                plan = (list(number_of), list(number_of.values()))
                cursor.execute(BATCH_DAYS, (*plan, office_id, instrument_id))
            running = batches.form(waiting_today, POLICY.batch)
            if running:
                place = (office_id, instrument_id, today)
                cursor.execute(BATCH_TODAY, (newest + 1, POLICY.batch, *place, office_id, running))
                number_of[today] = newest + 1
        changed |= number_of.keys()
        changed |= _appearing(standing, number_of.keys())
    return changed


def _queued(office_id: int) -> dict[int, dict[date, int]]:
    """By instrument: how many people of each day wait for a batch; they are held until it is."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUED, [office_id])
        rows = cursor.fetchall()
        if any(settled for *_, settled in rows):
            cursor.execute(HOLD, [office_id])
            cursor.execute(QUEUED, [office_id])
            rows = cursor.fetchall()
    queued: dict[int, dict[date, int]] = defaultdict(dict)
    for instrument_id, day, people, _ in rows:
        queued[instrument_id][day] = people
    return queued


def _forming(
    office_id: int, queued: Mapping[int, Mapping[date, int]], touched: Collection[date]
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


def _numbers(
    days: Mapping[date, int], standing: BatchStanding, through: date | None
) -> tuple[dict[date, int], int]:
    """The batch of the people of each day that is over and gets one; the newest number then."""
    newest = standing.newest
    number_of: dict[date, int] = {}
    rests: Counter[date] = Counter()
    held = standing.held
    for month in sorted({month_of(day) for day in days}):
        waiting = {day: people for day, people in days.items() if month_of(day) == month}
        ended = is_closed(span_of(Period.MONTH, date(*month, 1)), through)
        closing = ended and month not in standing.closed
        plan = batches.gather_days(waiting, held.get(month), closing, POLICY.batch)
        if plan.join:
            number_of |= dict.fromkeys(plan.join, held[month].number)
        for group in plan.form:
            newest += 1
            number_of |= dict.fromkeys(group, newest)
        if ended:
            rests.update({d: n for d, n in waiting.items() if d not in number_of})
    for together in batches.gather_rests(rests, _closed_periods(rests, through), POLICY.batch):
        newest += 1
        number_of |= dict.fromkeys(together, newest)
    return number_of, newest


def _closed_periods(days: Iterable[date], through: date | None) -> list[tuple[date, date]]:
    """The closed months, then quarters, then years that these days lie in."""
    spans = [sorted({span_of(kind, day) for day in days}) for kind in LONG]
    return [(span.first, span.last) for kind in spans for span in kind if is_closed(span, through)]
