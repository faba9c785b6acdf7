"""`manage.py pass_time`: a demonstration need not wait for the end of the month."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.counting.closing import closing_day
from reports.counting.periods import span_of
from reports.models import Period
from reports.night import steps

# When nights begin.
BEGIN = time(1, 30)


class Command(BaseCommand):
    """Runs the steps of the night that closes this month, with the clock of that night.

    Only this process has that clock: web and worker go on with today.
    """

    help = "Demonstrations only: closes the current month as the night at its end will do."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Says what was closed. Raises CommandError where real people answer."""
        if not settings.DEMO:
            raise CommandError("Only a demonstration may close a month before it is over.")
        month = span_of(Period.MONTH, timezone.localdate())
        day = closing_day(month)
        after = datetime.combine(day + timedelta(days=1), BEGIN)
        with _clock_at(timezone.make_aware(after)):
            steps.close(day)
        self.stdout.write(f"closed as it will be: {month.first} to {month.last}")


@contextmanager
def _clock_at(moment: datetime) -> Iterator[None]:
    """Django's clock goes on from this moment."""
    now = timezone.now
    ahead = moment - now()
    timezone.now = lambda: now() + ahead
    try:
        yield
    finally:
        timezone.now = now
