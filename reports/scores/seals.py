"""Closed months are written down with a seal over the forms they are made of.

The seal is made with the key of the labels: else whoever holds a dump could try what a form's
labels are until the seal fits. Months that were closed before get such a seal by the night.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import connection, transaction

from offices.locks import Lock, wait_for
from reports.models import OPEN_SEAL, SEAL, ClosedMonth
from surveys.labels import ensured

CLOSE = f"""
INSERT INTO reports_closedmonth
    (office_id, instrument_id, start, newest, people, digest, keyed, closed_at)
SELECT %(office)s, %(instrument)s, month.start, coalesce(max(r.batch), 0), count(r.id), {SEAL},
       true, %(now)s
FROM unnest(%(months)s::date[]) AS month (start)
LEFT JOIN surveys_response r
    ON r.office_id = %(office)s AND r.instrument_id = %(instrument)s AND r.batch IS NOT NULL
    AND r.day >= month.start AND r.day < month.start + interval '1 month'
GROUP BY month.start
ON CONFLICT DO NOTHING
"""  # noqa: S608 - constants of ours

# A seal that does not fit stays as it is, for the proof to say so.
KEY = f"""
UPDATE reports_closedmonth c SET digest = now.digest, keyed = true
FROM (
    SELECT c.id, {SEAL} AS digest, {OPEN_SEAL} AS before
    FROM reports_closedmonth c LEFT JOIN surveys_response r
        ON r.office_id = c.office_id AND r.instrument_id = c.instrument_id AND r.batch <= c.newest
        AND r.day >= c.start AND r.day < c.start + interval '1 month'
    WHERE c.office_id = %(office)s AND NOT c.keyed
    GROUP BY c.id
) now
WHERE c.id = now.id AND c.digest = now.before
"""  # noqa: S608 - constants of ours


def close_months(office: int, instrument: int, months: Sequence[date], now: datetime) -> None:
    """Writes down that these months are closed, and of whom they are made."""
    with connection.cursor() as cursor:
        cursor.execute(
            CLOSE,
            {
                "office": office,
                "instrument": instrument,
                "months": list(months),
                "now": now,
                "opener": ensured(),
            },
        )


def key_seals(beat: Callable[[], None] = lambda: None) -> int:
    """Seals with the key what was sealed without it; returns how many months. beat: by office.

    Raises CannotOpen where no key of ours opens the labels.
    """
    open_ones = ClosedMonth.objects.filter(keyed=False).order_by()
    sealed = 0
    for office in list(open_ones.values_list("office", flat=True).distinct()):
        beat()
        with transaction.atomic():
            wait_for(Lock.OFFICE_COUNT, office, also=Lock.EXCLUSIONS)
            with connection.cursor() as cursor:
                cursor.execute(KEY, {"office": office, "opener": ensured()})
                sealed += cursor.rowcount
    return sealed
