"""The grid of time on which figures stand: days, weeks, months, quarters and years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reports.models import Period

KINDS = (Period.DAY, Period.WEEK, Period.MONTH, Period.QUARTER, Period.YEAR)
# Of these figures are kept, each with those that it is made of before it; days and weeks are summed
# from batches when they are read.
KEPT = (Period.MONTH, Period.QUARTER, Period.YEAR)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """One period: its kind, first and last day. Weeks begin on Monday."""

    kind: Period
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def _month(year: int, month: int) -> date:
    """The first day of a month, counted on past December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def span_of(kind: Period | str, day: date) -> Span:
    """The period of this kind that `day` lies in. Raises ValueError for an unknown kind."""
    kind = Period(kind)
    if kind == Period.DAY:
        return Span(kind, day, day)
    if kind == Period.WEEK:
        first = day - timedelta(days=day.weekday())
        return Span(kind, first, first + timedelta(days=6))
    months = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}[kind]
    begin = (day.month - 1) // months * months + 1
    following = _month(day.year, begin + months)
    return Span(kind, date(day.year, begin, 1), following - timedelta(days=1))


def spans_of(day: date) -> Iterator[Span]:
    """The five periods that `day` lies in."""
    return (span_of(kind, day) for kind in KINDS)


def kept_spans_of(day: date) -> Iterator[Span]:
    """The month, quarter and year that `day` lies in."""
    return (span_of(kind, day) for kind in KEPT)


def shortest(first: date, last: date) -> Span:
    """The shortest month, quarter or year that holds both days."""
    return next(span for kind in KEPT if last in (span := span_of(kind, first)))


def previous(span: Span) -> Span:
    """The period of the same kind before this one."""
    return span_of(span.kind, span.first - timedelta(days=1))
