"""Which days are closed: the night of a day closes it, and a closed day never opens again."""

from datetime import date

from django.db.models import Max
from django.utils import timezone

from reports.counting.periods import Span
from reports.models import Night


def closed_through() -> date | None:
    """The last day that the night has closed; None before the first night.

    A day that is not over is closed by nobody, whatever a row says.
    """
    over = Night.objects.filter(closed_at__isnull=False, day__lt=timezone.localdate())
    newest: date | None = over.aggregate(day=Max("day"))["day"]
    return newest


def is_closed(span: Span, through: date | None) -> bool:
    """Whether every day of the period is closed."""
    return through is not None and span.last <= through
