"""Which periods are closed: a closed one never opens again.

The night of a day closes that day, and its week with it. Months, quarters and years close with the
night of a working day after their end (CLOSING_WORKING_DAYS): until then late paper counts, flags
are looked at, and forms may still be left out.
"""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from offices.calendar import closes_on
from offices.reading import once
from reports.counting.periods import KEPT, Span, previous, span_of
from reports.models import Night, Period

CLOSED_THROUGH = "closed through"  # under which a page keeps it


def closed_through() -> date | None:
    """The last day that the night has closed; None before the first night.

    A day that is not over is closed by nobody, whatever a row says.
    """
    return once(CLOSED_THROUGH, lambda: closed_days().first())


def closed_days() -> QuerySet[Night, date]:
    """The days that the night has closed, the newest first."""
    over = Night.objects.filter(closed_at__isnull=False, day__lt=timezone.localdate())
    return over.order_by("-day").values_list("day", flat=True)


def months_through() -> date | None:
    """The last day of the newest month that is closed; None before the first night."""
    through = closed_through()
    return None if through is None else last_closed_month(through).last


def closing_day(span: Span) -> date:
    """The day with whose night a period closes."""
    if span.kind not in KEPT:
        return span.last
    return closes_on(span.last, settings.CLOSING_WORKING_DAYS)


def is_closed(span: Span, through: date | None) -> bool:
    """Whether the night that closes a period has been; through: the last day that is closed."""
    return through is not None and span.last <= through and closing_day(span) <= through


def last_closed_month(through: date) -> Span:
    """The newest month that is closed when `through` is."""
    return last_closed(Period.MONTH, through)


def last_closed(kind: Period, through: date) -> Span:
    """The newest period of a kind that is closed when `through` is."""
    span = span_of(kind, through)
    while not is_closed(span, through):
        span = previous(span)
    return span
