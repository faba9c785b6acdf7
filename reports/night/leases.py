"""Who works at which step of a night: taken with one statement, kept by a lease, given back.

All times are the database's: the clocks of workers decide nothing. A lease that ends further in
the future than a lease is long was made before somebody set the clock back, and counts as ended.
"""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from reports.models import Night, NightStep

Name, State = NightStep.Name, NightStep.State
# What may be otherwise once a province that failed has been closed after all.
AFTER_PROVINCES = (Name.COUNTRY, Name.HANDOVER, Name.PROOF)
# A step at which so many holders have died one after the other has failed.
DEATHS = 3


Words = Mapping[str, str | int | None]


class LostLease(Exception):
    """Somebody else has the step now, or a later night does: whoever had it must stop."""


# `now` is not the beginning of a transaction, as now() would be.
NOW = "clock_timestamp()"
LEASE = "make_interval(secs => %(lease)s)"
ENDED = f"NOT coalesce(s.lease_until BETWEEN {NOW} AND {NOW} + {LEASE}, false)"
PAUSE = "make_interval(mins => least(30, 2 ^ least(s.attempts, 5))::int)"
# Also without a pause where the failure lies in the future: the clock was set back.
RESTED = f"NOT coalesce(s.ended_at <= {NOW} AND s.ended_at + {PAUSE} > {NOW}, false)"
# Earlier steps must have been tried. `begin` says what there is to do, and must have said it.
TRIED = """
NOT EXISTS (
    SELECT FROM reports_nightstep e WHERE e.night_id = s.night_id AND e.position < s.position
    AND (e.state IN ('waiting', 'running')
         OR e.name = 'begin' AND e.state = 'failed' AND NOT e.result ? 'provinces')
)
"""
DUE = f"""
(%(night)s::bigint IS NULL OR s.night_id = %(night)s)
AND (s.state = 'waiting' OR s.state = 'running' AND {ENDED}
     OR s.state = 'failed' AND %(failed)s AND {RESTED})
AND {TRIED}
"""
COUNT = f"SELECT count(*) FROM reports_nightstep s WHERE {DUE}"  # noqa: S608 - constants of ours
TAKE = f"""
UPDATE reports_nightstep SET
    state = 'running', again = false, attempts = attempts + 1,
    died = died + (state = 'running')::int, holder = %(holder)s,
    lease_until = {NOW} + {LEASE}, began_at = {NOW}, ended_at = NULL
WHERE id = (
    SELECT s.id FROM reports_nightstep s JOIN reports_nightlyrun n ON n.id = s.night_id
    WHERE {DUE} ORDER BY n.day DESC, s.position, s.attempts, s.id LIMIT 1
    FOR UPDATE OF s SKIP LOCKED
)
RETURNING id
"""  # noqa: S608 - constants of ours
GIVE_UP = f"""
UPDATE reports_nightstep s SET state = 'failed', holder = '', lease_until = NULL,
    ended_at = {NOW}, last_error = concat_ws(': ', nullif(s.at, ''), %(error)s)
WHERE s.state = 'running' AND {ENDED} AND s.died >= %(died)s
"""  # noqa: S608 - constants of ours
RENEW = f"""
UPDATE reports_nightstep SET lease_until = {NOW} + {LEASE}, at = %(at)s
WHERE id = %(step)s AND holder = %(holder)s AND state = 'running'
"""  # noqa: S608 - constants of ours
FINISH = f"""
UPDATE reports_nightstep SET
    state = CASE WHEN again THEN 'waiting' ELSE %(state)s END,
    again = false, died = 0, holder = '', at = '', lease_until = NULL, ended_at = {NOW},
    last_error = %(error)s, result = %(result)s::jsonb
WHERE id = %(step)s AND holder = %(holder)s AND state = 'running'
RETURNING state
"""  # noqa: S608 - constants of ours
CLOSE = f"""
UPDATE reports_nightlyrun n SET closed_at = {NOW}
WHERE n.id = %(night)s AND n.closed_at IS NULL
  AND EXISTS (SELECT FROM reports_nightstep s
              WHERE s.night_id = n.id AND s.name = 'country' AND s.state = 'done')
  AND NOT EXISTS (SELECT FROM reports_nightstep s
                  WHERE s.night_id = n.id AND s.name IN ('begin', 'province')
                    AND s.state IN ('waiting', 'running'))
"""  # noqa: S608 - constants of ours
END = f"""
UPDATE reports_nightlyrun n SET finished_at = CASE WHEN NOT EXISTS (
    SELECT FROM reports_nightstep s
    WHERE s.night_id = n.id AND s.state IN ('waiting', 'running', 'failed')
) THEN {NOW} END
WHERE n.id = %(night)s
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True, slots=True)
class Held:
    """A step that is ours until the lease ends. `at`: where the holder before us died, or empty."""

    step: NightStep
    holder: str
    at: str

    def beat(self, at: str = "") -> None:
        """Renews the lease and says what is worked at; call it before each unit of work.

        Must run outside of transactions, or nobody sees it. Raises LostLease.
        """
        words: Words = {"step": self.step.pk, "holder": self.holder, "at": at[:100]}
        if not _execute(RENEW, {**words, "lease": settings.NIGHT_LEASE_SECONDS}):
            raise LostLease(str(self.step))

    def give_back(self) -> None:
        """Leaves the step to whoever comes next, as after Ctrl-C."""
        NightStep.objects.filter(pk=self.step.pk, holder=self.holder, state=State.RUNNING).update(
            state=State.WAITING, holder="", lease_until=None
        )


def take(night: Night | None = None, *, failed: bool = True) -> Held | None:
    """Takes the next step that is due, of one night or of any; None if there is none.

    failed: also steps that failed and have rested.
    """
    give_up()
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {**_due(night, failed), "holder": holder})
        row = cursor.fetchone()
    if row is None:
        return None
    step = NightStep.objects.select_related("night", "province").get(pk=row[0])
    return Held(step, holder, step.at)


def count_due(night: Night | None = None, *, failed: bool = True) -> int:
    """How many steps `take` could take now."""
    give_up()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, _due(night, failed))
        (due,) = cursor.fetchone()
    return int(due)


def _due(night: Night | None, failed: bool) -> dict[str, str | int | None]:
    return {
        "night": night.pk if night else None,
        "failed": failed,
        "lease": settings.NIGHT_LEASE_SECONDS,
    }


def give_up() -> None:
    """Steps at which one process after the other has died have failed: others go on."""
    words: Words = {"lease": settings.NIGHT_LEASE_SECONDS, "died": DEATHS - 1}
    _execute(GIVE_UP, {**words, "error": f"the process ended here {DEATHS} times"})


def finish(held: Held, result: Mapping[str, object], error: str = "") -> None:
    """Ends the step as done, or as failed with `error`. Raises LostLease.

    A province that is closed after all lets the steps after it run once more. The night is closed
    once all provinces were tried and the country is written.
    """
    step = held.step
    words: Words = {
        "night": step.night_id,
        "step": step.pk,
        "holder": held.holder,
        "state": State.FAILED if error else State.DONE,
        "error": error,
        "result": json.dumps(dict(result)),
    }
    with transaction.atomic():
        # one after the other, so that none misses what the other changes
        Night.objects.select_for_update().get(pk=step.night_id)
        if not _execute(FINISH, words):
            raise LostLease(str(step))
        if step.name == Name.PROVINCE and not error:
            later = NightStep.objects.filter(night=step.night_id, name__in=AFTER_PROVINCES)
            later.filter(state=State.RUNNING).update(again=True)
            later.filter(state__in=(State.DONE, State.FAILED)).update(state=State.WAITING)
        _execute(CLOSE, words)
        _execute(END, words)


def _execute(statement: str, words: Words) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, words)
        return int(cursor.rowcount)
