"""Recounting what is marked, from the responses themselves.

In one transaction, under a lock for the office: the marks that are seen are deleted, answers
that wait to be shown are put into a batch, and in later statements the marked days are counted
from nothing. A response that commits late keeps its own mark. Doing it twice changes nothing.
"""

import zlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from reports.closing import closed_through
from reports.layouts import instrument_of, layout_of
from reports.models import Batch, Tally
from reports.sipas import batches
from reports.sipas.cells import count_cells
from reports.sipas.layout import Layout
from reports.sipas.sums import Sums
from reports.sipas.suppression import Policy
from surveys.models import CLOSED_STATES, Mark, Stage, State

POLICY = Policy()
# The first number of our advisory locks; the second is the office or the unit.
OFFICE_LOCK, UNIT_LOCK = 7301, 7302

COUNTED = f"state IN ({', '.join(str(state.value) for state in CLOSED_STATES)}) AND valid"
# SIPAS asks those who have a result; those still waiting are counted apart and shown in no score.
IN_SCORES = f"stage <> {Stage.WAITING.value}"


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount touched: the days of one office, and the instruments seen on them."""

    office_id: int
    days: frozenset[date]


def deflate(sums: Sums) -> bytes:
    """How sums are stored: most of their numbers are zero."""
    return zlib.compress(sums.to_bytes(), 1)


def lock(kind: int, number: int) -> None:
    """Holds the lock of an office or a unit until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [kind, number])


def marked_offices() -> list[int]:
    """The offices with marks, by key."""
    return list(Mark.objects.order_by("office_id").values_list("office_id", flat=True).distinct())


def recount(office_id: int, days: Iterable[date] = ()) -> Recount:
    """Counts the marked days of an office again, and `days` whether marked or not.

    Must run inside a transaction, which it locks the office for.
    """
    lock(OFFICE_LOCK, office_id)
    touched = set(days) | _take_marks(office_id) | _form_batches(office_id)
    if touched:
        _count(office_id, sorted(touched))
    return Recount(office_id, frozenset(touched))


def _take_marks(office_id: int) -> set[date]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_mark WHERE office_id = %s RETURNING day", [office_id])
        return {day for (day,) in cursor.fetchall()}


QUEUE = f"office_id = %s AND batch IS NULL AND {COUNTED} AND {IN_SCORES}"

# Whoever was settled unfinished may still finish, until a batch is formed: not while we form it.
HOLD = f"""
SELECT 1 FROM surveys_response WHERE {QUEUE} AND state = {State.SETTLED.value} FOR UPDATE
"""  # noqa: S608 - constants of this module

QUEUED = f"""
SELECT instrument_id, day, count(*) FROM surveys_response WHERE {QUEUE} GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of this module

BATCH_DAYS = f"""
UPDATE surveys_response r SET batch = plan.number, arrival = NULL
FROM unnest(%s::date[], %s::int[]) AS plan (day, number)
WHERE {QUEUE} AND r.instrument_id = %s AND r.day = plan.day
"""  # noqa: S608 - constants of this module

NEWEST = """
SELECT number, min(day), max(day), sum(people)::int FROM reports_batch
WHERE office_id = %s AND instrument_id = %s GROUP BY number ORDER BY number DESC LIMIT 1
"""

# Exactly k to a batch, in the order of arrival; who came last waits.
BATCH_TODAY = f"""
UPDATE surveys_response r SET batch = %s + q.nth, arrival = NULL
FROM (
    SELECT id, (row_number() OVER (ORDER BY arrival, id) - 1) / %s AS nth
    FROM surveys_response WHERE {QUEUE} AND instrument_id = %s AND day = %s
) q
WHERE {QUEUE} AND r.id = q.id AND q.nth < %s
"""  # noqa: S608 - constants of this module


def _form_batches(office_id: int) -> set[date]:
    """Puts into batches who waits for one, by the rules of `reports.sipas.batches`.

    Returns the days of these people.
    """
    queued: dict[int, dict[date, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [office_id])
        cursor.execute(QUEUED, [office_id])
        for instrument_id, day, people in cursor.fetchall():
            queued[instrument_id][day] = people
    today = timezone.localdate()
    through = closed_through() if queued else None
    touched: set[date] = set()
    for instrument_id, days in queued.items():
        waiting_today = days.pop(today, 0)
        newest, settled = _settle(office_id, instrument_id, days, through)
        touched |= settled
        running = batches.form(waiting_today, POLICY.batch)
        if running:
            with connection.cursor() as cursor:
                place = (office_id, instrument_id, today)
                cursor.execute(BATCH_TODAY, (newest + 1, POLICY.batch, *place, office_id, running))
            touched.add(today)
    return touched


def _settle(
    office_id: int, instrument_id: int, days: Mapping[date, int], through: date | None
) -> tuple[int, set[date]]:
    """Batches who waits from days that are over; the newest batch's number, and whose days."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [office_id, instrument_id])
        row = cursor.fetchone()
        newest = batches.Batch(*row) if row else None
        number_of: dict[date, int] = {}
        carried: list[date] = []
        for day, people in sorted(days.items()):
            late = through is not None and day <= through
            waiting = sum(days[earlier] for earlier in carried)
            joining, carrying = (0, waiting + people) if late else (people, waiting)
            plan = batches.settle(day, joining, carrying, newest, POLICY.batch)
            if plan.join and newest is not None:
                number_of[day] = newest.number
            else:
                carried.append(day)
            if plan.form:
                number = newest.number + 1 if newest else 1
                newest = batches.Batch(number, carried[0], carried[-1], plan.form)
                number_of |= dict.fromkeys(carried, number)
                carried = []
        if number_of:
            plan_columns = (list(number_of), list(number_of.values()))
            cursor.execute(BATCH_DAYS, (*plan_columns, office_id, instrument_id))
    return newest.number if newest else 0, set(number_of)


READ = f"""
SELECT r.instrument_id, r.day, r.authority_id, r.channel, r.stage, p.field_id, r.simulated, r.batch,
       string_agg(r.answers, ''::bytea), count(*)::int
FROM surveys_response r LEFT JOIN offices_procedure p ON p.id = r.procedure_id
WHERE r.office_id = %s AND r.day = ANY(%s) AND r.{COUNTED.replace(" AND valid", " AND r.valid")}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""  # noqa: S608 - constants of this module


def _count(office_id: int, days: Sequence[date]) -> None:
    """Replaces the tallies and batch rows of the days by what the responses say now."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [office_id, list(days)])
        rows = cursor.fetchall()
    by_instrument = defaultdict(list)
    for instrument_id, *row in rows:
        by_instrument[instrument_id].append(tuple(row))
    Tally.objects.filter(office_id=office_id, day__in=days).delete()
    Batch.objects.filter(office_id=office_id, day__in=days).delete()
    for instrument_id, groups in by_instrument.items():
        _count_instrument(office_id, instrument_id, groups)


# day, authority, channel, stage, field, simulated, batch, answers of all its people, people
Group = tuple[date, int, int, int, int | None, bool, int | None, bytes, int]
Key = TypeVar("Key", bound=Hashable)


def _count_instrument(office_id: int, instrument_id: int, groups: Sequence[Group]) -> None:
    layout = layout_of(instrument_of(instrument_id))
    _copy(
        "reports_tally (office_id, instrument_id, day, authority_id, channel, stage, field_id,"
        " simulated, people, sums)",
        [
            (office_id, instrument_id, *cell, sums.people, deflate(sums))
            for cell, sums in _sums(layout, [(group[:6], group) for group in groups])
        ],
    )
    _copy(
        "reports_batch (office_id, instrument_id, number, day, people, sums)",
        [
            (office_id, instrument_id, *share, sums.people, deflate(sums))
            for share, sums in _sums(
                layout, [((group[6], group[0]), group) for group in groups if group[6] is not None]
            )
        ],
    )


def _sums(layout: Layout, groups: Sequence[tuple[Key, Group]]) -> list[tuple[Key, Sums]]:
    """The sums of each key, from the answers of all groups that have it."""
    cells = {key: index for index, key in enumerate(dict.fromkeys(key for key, _ in groups))}
    answers = np.frombuffer(b"".join(group[7] for _, group in groups), np.uint8)
    cell = np.repeat(
        np.array([cells[key] for key, _ in groups], dtype=np.intp),
        [group[8] for _, group in groups],
    )
    counted = count_cells(layout, answers.reshape(-1, layout.n_items), cell, len(cells))
    return list(zip(cells, counted, strict=True))


def _copy(target: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Writes rows by COPY: the night writes tens of thousands at once."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def recount_marked() -> list[Recount]:
    """Counts every marked office, each in its own transaction."""
    done = []
    for office_id in marked_offices():
        with transaction.atomic():
            done.append(recount(office_id))
    return done
