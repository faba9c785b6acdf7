"""Writes rows anew in no order, because a dump has them in the order in which they were written.

    shuffle(office_id, days)       # inside the recount of the office: who has just got a block
    mix()                          # every few minutes, and right before a backup: who still waits

Rows are deleted and inserted in the order of their ids, which are drawn at random: an UPDATE would
leave each in its page. Whoever is writing a row at the moment is not waited for; their row stays
for the next time. Nothing of a row changes but what is of no use any more: a form that stands in a
batch keeps no step.
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection, models, transaction
from django.utils import timezone

from offices.locks import Lock, wait_for
from surveys.models import Remark, Response, State, Waiting
from surveys.models.standing import FINISHED
from surveys.remarks import contacts

DAY = timedelta(days=1)


def _anew(model: type[models.Model], key: str, which: str, **changed: str) -> str:
    """The statement that writes rows of a table anew.

    key: the column that tells the rows of an office apart, at random; which: a condition; changed:
    what stands in a column afterwards.
    """
    table = model._meta.db_table
    columns = [f.column for f in model._meta.local_concrete_fields if f.column]
    values = ", ".join(changed.get(column, column) for column in columns)
    return f"""
WITH chosen AS MATERIALIZED (
    SELECT office_id, {key} FROM {table} WHERE {which} FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM {table} r USING chosen
    WHERE (r.office_id, r.{key}) = (chosen.office_id, chosen.{key})
    RETURNING r.*
)
INSERT INTO {table} ({", ".join(columns)}) SELECT {values} FROM gone ORDER BY {key}
"""  # noqa: S608 - names of our columns and constants of this module


# One that was settled unfinished may go on, and must know its step, until it stands in a batch.
STEP = f"CASE WHEN state = {State.FINISHED.value} OR batch IS NOT NULL THEN 0 ELSE step END"
ARRIVAL = f"CASE WHEN arrival IS NOT NULL THEN {Waiting.MIXED.value} END"

OF_DAYS = _anew(
    Response,
    "id",
    f"office_id = %s AND day = ANY(%s) AND {FINISHED}",
    step=STEP,
    arrival=ARRIVAL,
)
# What came since, together with whatever came since yesterday.
WAITING = _anew(
    Response,
    "id",
    f"office_id = %s AND (arrival > {Waiting.MIXED.value}"
    f" OR day >= %s AND (arrival IS NOT NULL OR state = {State.OPEN.value}))",
    step=STEP,
    arrival=ARRIVAL,
)
REMARKS = _anew(Remark, "response_id", "office_id = %s AND released_on IS NULL")


def shuffle(office_id: int, days: Collection[date]) -> int:
    """Writes the closed forms of an office on these days anew; returns how many.

    Must run inside a transaction that holds the office's OFFICE_COUNT and EXCLUSIONS locks, after
    its last statement that changes a row: who changes one meanwhile would miss it.
    """
    with connection.cursor() as cursor:
        cursor.execute(OF_DAYS, [office_id, list(days)])
        return int(cursor.rowcount)


def mix(today: date | None = None) -> int:
    """Writes anew what came since the last time, among what waits with it; in how many offices."""
    since = (today or timezone.localdate()) - DAY
    came = Response.objects.filter(arrival__gt=Waiting.MIXED.value).order_by()
    offices = list(came.values_list("office_id", flat=True).distinct())
    for office in offices:
        # one table after the other: whoever answers locks the response first, then its remark
        _mix_table(office, WAITING, since)
        _mix_table(office, REMARKS)
        contacts.mix(office)
    return len(offices)


@transaction.atomic
def _mix_table(office_id: int, statement: str, *more: date) -> None:
    wait_for(Lock.OFFICE_COUNT, office_id, also=Lock.EXCLUSIONS)
    with connection.cursor() as cursor:
        cursor.execute(statement, [office_id, *more])
