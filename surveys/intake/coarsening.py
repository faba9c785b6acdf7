"""What a closed month no longer needs to know of single forms."""

from datetime import date

from django.db import connection

from surveys.models.standing import FINISHED

# A rule that names a counter matches forms by it, for as long as the rule can be lifted: at least
# ten people then share the counter (`surveys.exclusions`).
NAMED = """
EXISTS (
    SELECT 1 FROM surveys_exclusion e
    WHERE e.office_id = r.office_id AND e.counter_id = r.counter_id
      AND r.day BETWEEN e.first_day AND e.last_day
)
"""

COARSEN = f"""
UPDATE surveys_response r SET hour = NULL, counter_id = CASE WHEN {NAMED} THEN counter_id END
WHERE office_id = %s AND instrument_id = %s AND day BETWEEN %s AND %s AND {FINISHED}
  AND (hour IS NOT NULL OR counter_id IS NOT NULL AND NOT {NAMED})
"""  # noqa: S608 - constants of this module


def coarsen(office_id: int, instrument_id: int, first: date, last: date) -> int:
    """Forgets hour and counter of the closed forms of these days; returns of how many.

    Both belong to whoever looks for a form among those of its office and day. Until the month
    closes, rules that leave forms out need the counter, and whoever judges a flood the hour. Days,
    both included, must be of a closed month. Doing it again changes nothing. Must run under the
    office's `Lock.EXCLUSIONS`, inside a transaction, or a rule that is being made is overlooked.
    """
    with connection.cursor() as cursor:
        cursor.execute(COARSEN, [office_id, instrument_id, first, last])
        return int(cursor.rowcount)
