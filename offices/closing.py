"""Which months are closed, for rooms that know no nights.

Nights close days, and nights are known further up: that room says here what it knows. What a closed
month says changes by two persons only.
"""

from collections.abc import Callable
from datetime import date, timedelta

_told: list[Callable[[], date | None]] = []


def told_by(closed_through: Callable[[], date | None]) -> None:
    """From now on `closed_through` says which day is the last one that is closed."""
    _told[:] = [closed_through]


def closed_through() -> date | None:
    """The last day that is closed; None before the first."""
    return _told[0]() if _told else None


def in_closed_month(day: date) -> bool:
    """Whether the month of this day is closed as a whole."""
    through = closed_through()
    following = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    return through is not None and following - timedelta(days=1) <= through
