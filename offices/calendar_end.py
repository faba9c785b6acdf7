"""Says in time that the official list of days off ends: a year before, at every command.

Ministries announce the days of a year at the end of the one before. A list that nobody extends
would count Tết among the working days: deadlines would be too short, and forms would bear no mark.
"""

from datetime import date, timedelta
from typing import Any

from django.core import checks
from django.utils import timezone

from offices.calendar import CALENDAR, reaches_until

SOON = timedelta(days=365)
HINT = (
    f"Add the days of the next year to offices/{CALENDAR.name}, as the ministry announces them, "
    "or decide them for the country on the page of days off: docs/operations.md."
)


def last_day_to_tell(today: date) -> date | None:
    """The last day of the list where it is a year away or nearer, or has passed; else None."""
    last = reaches_until()
    return last if today >= last - SOON else None


def list_ends(
    *, today: date | None = None, **_given: Any
) -> list[checks.CheckMessage]:  # Any: Django's own options
    """A warning from a year before the list's last day on, for every command and every start."""
    last = last_day_to_tell(today or timezone.localdate())
    if last is None:
        return []
    said = f"The official list of days off ends on {last:%Y-%m-%d}."
    return [checks.Warning(said, hint=HINT, id="offices.W001")]


def list_has_ended(
    *, today: date | None = None, **_given: Any
) -> list[checks.CheckMessage]:  # Any: Django's own options
    """An error of a deployment once the list has ended.

    Of nothing else: an error of every command would keep workers from starting, and a night that
    does not count is worse than a deadline that is a day too short.
    """
    if (today or timezone.localdate()) <= reaches_until():
        return []
    said = f"The official list of days off ended on {reaches_until():%Y-%m-%d}."
    return [checks.Error(said, hint=HINT, id="offices.E001")]
