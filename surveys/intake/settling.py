"""Closing what citizens left unfinished, so that what they did say counts."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from surveys.models import State, Waiting

# After the last step; for as long phones keep what was not finished (static/js).
LEFT_ALONE = timedelta(minutes=30)
# We keep hours only, so the whole hour of the last step and then half an hour more must have
# passed: at least 30 and at most 90 minutes.
AFTER_THE_HOUR = timedelta(hours=1) + LEFT_ALONE

SETTLE = f"""
WITH settled AS (
    UPDATE surveys_response SET state = {State.SETTLED.value}, arrival = {Waiting.AS_IT_CAME}
    WHERE state = {State.OPEN.value}
      AND received_on <= %(day)s
      AND received_on + make_interval(hours => hour) <= %(before)s
    RETURNING office_id, day, valid
), marked AS (
    INSERT INTO surveys_mark (office_id, day)
    SELECT DISTINCT office_id, day FROM settled WHERE valid
)
SELECT count(*) FROM settled
"""  # noqa: S608 - constants of this module


def settle(now: datetime | None = None) -> int:
    """Closes every response whose last step is at least half an hour old; returns how many.

    One that answers enough criteria is marked for counting; the others stay uncounted.
    """
    before = timezone.make_naive(timezone.localtime(now)) - AFTER_THE_HOUR
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"day": before.date(), "before": before})
        (settled,) = cursor.fetchone()
    return int(settled)
