"""How many open forms of a day nobody finished are kept for an office: junk must not fill the disk.

Of a day is what came on it, whatever day it claims. Looked at every few seconds by each process,
not with each sending. Only what nobody finished is bounded, and nobody is told: a page carries all
answers along, and the finish is always taken.
"""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import date

from django.db import connection

from audit.actors import Actor
from audit.recurring import record_sparingly
from surveys.models import Evidence, State

logger = logging.getLogger(__name__)

# So many, and ten times what an ordinary working day brings.
LEAST, TIMES = 50, 10
WORKDAYS = 21
# Days before today that an open form may claim: more than a phone is believed.
LONGEST_AWAY = 31
LOOKS_AGAIN = 5.0  # seconds
# Offices that one process remembers.
MOST_OFFICES = 10_000
INTAKE = Actor("intake")

USUAL = """
SELECT coalesce(sum(forms), 0) / greatest(count(DISTINCT month), 1) FROM surveys_evidencecount
WHERE office_id = %s AND evidence = %s AND month >= %s::date - interval '13 months'
"""
# By arrival: a phone may prove a day before. `day` only so that the index serves.
NOT_FINISHED = f"""
SELECT count(*) FROM (
    SELECT 1 FROM surveys_response
    WHERE office_id = %(office)s AND day BETWEEN %(today)s::date - {LONGEST_AWAY} AND %(today)s
      AND received_on = %(today)s AND state <> {State.FINISHED.value}
      AND evidence = {Evidence.OPEN.value}
    LIMIT %(most)s
) unfinished
"""  # noqa: S608 - constants of ours


@dataclass(slots=True)
class _Look:
    """When an office was looked at last, by a clock that only goes forward.

    most: how many are kept; left: how many more until this process looks again.
    """

    day: date
    at: float
    most: int
    left: int


_looks: dict[int, _Look] = {}
_lock = threading.Lock()


def has_room(office_id: int, today: date) -> bool:
    """Whether one more unfinished form of today is kept for the office.

    Reaching the most has an entry in the audit, once a day.
    """
    now = time.monotonic()
    with _lock:
        known = _looks.get(office_id)
        if known is not None and known.day == today and now - known.at < LOOKS_AGAIN:
            known.left -= 1
            return known.left >= 0
    with connection.cursor() as cursor:
        if known is None or known.day != today:
            cursor.execute(USUAL, [office_id, Evidence.OPEN.value, today])
            most = LEAST + round(TIMES * float(cursor.fetchone()[0]) / WORKDAYS)
        else:
            most = known.most
        cursor.execute(NOT_FINISHED, {"office": office_id, "today": today, "most": most})
        left = most - int(cursor.fetchone()[0])
    with _lock:
        if len(_looks) >= MOST_OFFICES:
            _looks.clear()
        _looks[office_id] = _Look(today, now, most, left - 1)
    if left <= 0:
        logger.warning("more forms are open than people can have begun: no more are kept")
        record_sparingly("flood.ceiling", most=1, office_id=office_id, by=INTAKE)
    return left > 0


def forget() -> None:
    """Looks anew at every office."""
    with _lock:
        _looks.clear()
