"""Which months are closed, for rooms that know no nights.

Nights close days, and nights are known further up: that room says here what it knows. What a closed
month says changes by two persons only.
"""

from collections.abc import Callable
from datetime import date

_told: list[Callable[[], date | None]] = []


def told_by(through: Callable[[], date | None]) -> None:
    """From now on `through` says which is the last day of the newest closed month."""
    _told[:] = [through]


def months_through() -> date | None:
    """The last day of the newest closed month; None before the first."""
    return _told[0]() if _told else None


def in_closed_month(day: date) -> bool:
    """Whether the month of this day is closed, which it is some working days after its end."""
    through = months_through()
    return through is not None and day <= through
