"""The days of months, quarters and years, by plain arithmetic of dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from offices.calendar import closes_on
from reports.models import Period

MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A month, quarter or year with its first and last day."""

    period: str
    first: date
    last: date

    def holds(self, first: date, last: date) -> bool:
        """Whether all of these days lie in it."""
        return self.first <= first and last <= self.last

    def meets(self, first: date, last: date) -> bool:
        """Whether any of these days lies in it."""
        return first <= self.last and self.first <= last


def stretch(period: str, day: date) -> Stretch:
    """The month, quarter or year of a day; KeyError for another period."""
    months = MONTHS[Period(period)]
    begin = (day.month - 1) // months * months + 1
    first = date(day.year, begin, 1)
    after = begin + months
    last = date(day.year + (after > 12), (after - 1) % 12 + 1, 1) - A_DAY
    return Stretch(str(period), first, last)


def period_of(period: str, start: date) -> Stretch:
    """The period of a row; its first day alone where somebody has altered the kind."""
    return stretch(period, start) if period in MONTHS else Stretch(period, start, start)


def shortest(first: date, last: date) -> Stretch:
    """The shortest month, quarter or year with both days."""
    return next(span for kind in MONTHS if (span := stretch(kind, first)).holds(last, last))


def closing_day(of: Stretch) -> date:
    """The day with whose night a month, quarter or year closes."""
    return closes_on(of.last, settings.CLOSING_WORKING_DAYS)


def stretches(days: Iterable[date]) -> set[Stretch]:
    """All months, quarters and years in which any of these days lies."""
    starts = {day.replace(day=1) for day in days}
    return {stretch(period, start) for period in MONTHS for start in starts}
