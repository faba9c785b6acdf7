"""When an office serves citizens. Pure: what the directory keeps of it, and what follows for a day.

An office has hours of its own, or those of the setting OFFICE_HOURS from Monday to Friday.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from offices.calendar import NO_EXCEPTIONS, Exceptions, exception_on

MONDAY_TO_FRIDAY = range(1, 6)
HoursOfDay = tuple[time, time]


@dataclass(frozen=True, slots=True, order=True)
class OpenSpan:
    """From `opens` to `closes` on a day of the week; 1 is Monday, 7 Sunday."""

    weekday: int
    opens: time
    closes: time


def usual_week(hours: HoursOfDay) -> tuple[OpenSpan, ...]:
    """The week of an office without hours of its own."""
    return tuple(OpenSpan(weekday, *hours) for weekday in MONDAY_TO_FRIDAY)


def spans_on(
    day: date, own: Sequence[OpenSpan], usual: HoursOfDay, holidays: Exceptions = NO_EXCEPTIONS
) -> tuple[OpenSpan, ...]:
    """When the office is open on `day`; empty: not at all.

    own: the office's hours, empty where it keeps the usual ones. On a day that is worked instead
    of another, an office that has no hours for it keeps the usual ones.
    """
    works = exception_on(day, holidays)
    if works is False:
        return ()
    weekday = day.isoweekday()
    found = tuple(span for span in own or usual_week(usual) if span.weekday == weekday)
    if works and not found:
        return (OpenSpan(weekday, *usual),)
    return found


def is_open_in(hour: int, spans: Sequence[OpenSpan]) -> bool:
    """Whether an office is open in a part of this hour (0-23) at least."""
    return any(span.opens.hour <= hour < _shut(span.closes) for span in spans)


def _shut(closes: time) -> int:
    """The first hour in which it is closed all the time."""
    return closes.hour + (closes > time(closes.hour))
