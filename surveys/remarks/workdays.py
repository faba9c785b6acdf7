"""Working days of an office: not the weekends, not the public holidays, not its province's own."""

from collections.abc import Iterable
from datetime import date, timedelta

from offices import directory
from offices.calendar import NO_EXCEPTIONS, Exceptions, after_working_days, is_working_day

__all__ = ["after_working_days", "is_working_day", "own_days", "own_days_of", "working_days_left"]


def own_days(office: int) -> Exceptions:
    """What the country and the office's province have decided beside the official list."""
    return own_days_of([office])[office]


def own_days_of(offices: Iterable[int]) -> dict[int, Exceptions]:
    """The same for several offices, by their keys."""
    known = directory.current().offices_by_id
    return {key: known[key].holidays if key in known else NO_EXCEPTIONS for key in offices}


def working_days_left(today: date, due: date, own: Exceptions = NO_EXCEPTIONS) -> int:
    """Working days from tomorrow to `due`; 0 on the last day, negative when it has passed."""
    if due < today:
        return -working_days_left(due, today, own)
    days = (today + timedelta(days=step) for step in range(1, (due - today).days + 1))
    return sum(is_working_day(day, own) for day in days)
