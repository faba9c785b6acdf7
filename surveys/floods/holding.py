"""Cells of forms are put aside, and newcomers with them: in PostgreSQL, whole cells, no answers."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from audit.actors import Actor
from audit.recording import record
from surveys.flags.rules import Flag
from surveys.floods.bounds import Excess, Rule
from surveys.labels import EVIDENCE
from surveys.models import Evidence, Hold, State
from surveys.models.standing import FINISHED

NIGHT = Actor("night")
# A tablet that was away brings its days at once, each proved: nothing that came at that time has to
# do with them.
AWAY = (
    f"({EVIDENCE} = {Evidence.TABLET.value} AND r.day <> r.received_on AND r.day >= %(open_from)s)"
)
# Of the cell these alone.
SUCH = {
    Rule.STARTLESS: f"r.flags & {Flag.UNSTARTED.value} <> 0",
    Rule.UNFINISHED: f"r.state = {State.SETTLED.value}",
}

# A cell is left by nobody, so a form is held once. Of closed months labels and hours are gone.
PUT_ASIDE = f"""
WITH held AS (
    UPDATE surveys_response r SET hold = %(hold)s, excluded = true
    WHERE r.office_id = %(office)s AND r.hold IS NULL AND r.labels IS NULL AND r.{FINISHED}
      AND {EVIDENCE} = %(evidence)s AND (r.day >= %(open_from)s OR r.batch IS NULL)
      AND r.{{column}} = ANY(%(days)s) AND NOT (%(by_arrival)s AND {AWAY})
      AND {{such}}
      AND (%(hours)s::smallint[] IS NULL OR r.hour = ANY(%(hours)s))
      AND (%(counter)s::bigint IS NULL OR r.counter_id = %(counter)s)
    RETURNING r.day, r.flags
), marked AS (
    INSERT INTO surveys_mark (office_id, day) SELECT DISTINCT %(office)s, day FROM held
)
SELECT count(*), count(*) FILTER (WHERE flags & {Flag.UNSTARTED.value} <> 0) FROM held
"""  # noqa: S608 - constants of ours


# A hold of nothing is not written, for the audit would tell of it: forms first, then their hold.
NUMBER = "SELECT nextval(pg_get_serial_sequence('surveys_hold', 'id'))"


def hold(
    office_id: int, evidence: Evidence, excess: Excess, expected: int, on: date, open_from: date
) -> Hold | None:
    """Puts the cells of an excess aside; None where nobody is in them who may be held.

    expected: honest people in these cells; open_from: first day of the oldest open month. Must run
    under the office's locks OFFICE_COUNT and EXCLUSIONS, in a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(NUMBER)
        (number,) = cursor.fetchone()
    made = Hold(
        pk=number,
        office_id=office_id,
        evidence=evidence,
        rule=excess.rule.value,
        by_arrival=excess.by_arrival,
        days=list(excess.days),
        hours=list(excess.hours),
        counter_id=excess.counter,
        seen=excess.seen,
        bound=excess.bound,
        expected=expected,
        forms=0,
        found_on=on,
    )
    if not _put_aside(made, open_from):
        return None
    made.save(force_insert=True)
    record(
        "flood.held",
        subject=f"{made.pk}",
        office_id=office_id,
        details={
            "rule": made.rule,
            "evidence": made.evidence,
            "days": [f"{day}" for day in made.days],
            "seen": made.seen,
            "bound": made.bound,
            "forms": made.forms,
        },
        by=NIGHT,
    )
    return made


def hold_newcomers(holds: Sequence[Hold], open_from: date) -> None:
    """Whoever came into a cell that waits, or was refused, is held with it."""
    for one in holds:
        if one.state in (Hold.State.WAITING, Hold.State.REFUSED) and _put_aside(one, open_from):
            one.save(update_fields=["forms", "startless"])


def _put_aside(one: Hold, open_from: date) -> bool:
    """Holds what is in the cells and held by nothing; whether there was any. Counts it on `one`."""
    column = "received_on" if one.by_arrival else "day"
    statement = PUT_ASIDE.format(column=column, such=SUCH.get(Rule(one.rule), "true"))
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "hold": one.pk,
                "office": one.office_id,
                "evidence": one.evidence,
                "days": list(one.days),
                "hours": list(one.hours) or None,
                "counter": one.counter_id,
                "open_from": open_from,
                "by_arrival": one.by_arrival,
                "opener": None,
            },
        )
        forms, startless = cursor.fetchone()
    one.forms += forms
    one.startless += startless
    return bool(forms)
