"""Says in words when a figure comes that is not shown yet, or not whole yet.

It knows the calendar and which days are closed, and nothing of answers: neither how many wait nor
whether any do, so that no sentence differs with them.
"""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from offices.calendar import NO_EXCEPTIONS, Exceptions, closes_on
from reports.counting.closing import is_closed
from reports.counting.periods import KEPT, Span, span_of
from reports.models import Period
from reports.showing.summed import HEADLINE_ONLY


def comes_on(span: Span, working_days: int, own: Exceptions = NO_EXCEPTIONS) -> date:
    """The morning on which the figure of a period is there: after the night that closes it."""
    return closes_on(span.last, working_days, own) + timedelta(days=1)


def waiting_words(
    span: Span,
    *,
    shown: bool,
    through: date | None,
    today: date,
    working_days: int,
    own: Exceptions = NO_EXCEPTIONS,
) -> str:
    """A sentence on when the figure of this period comes; empty where it is there and whole.

    shown: whether something of it is shown. through: the last day that is closed. working_days:
    the setting CLOSING_WORKING_DAYS. A day or week is answered with its month, which shows more.
    """
    short = span.kind in HEADLINE_ONLY
    whole = span_of(Period.MONTH, span.last) if short else span
    if not is_closed(whole, through):
        day = comes_on(whole, working_days, own)
        return _still_open(whole, day if day > today else None, shown)
    if shown:
        return ""
    if short:
        months = dict.fromkeys((span_of(Period.MONTH, span.first), whole))
        return _(
            "Days and weeks show whole groups of enough people only. See the figures of %(period)s."
        ) % {"period": _(" and of ").join(period_name(month) for month in months)}
    longer = [
        _longer(other, None if is_closed(other, through) else comes_on(other, working_days, own))
        for other in (span_of(kind, span.last) for kind in KEPT[KEPT.index(span.kind) + 1 :])
    ]
    return _too_few(span, longer)


def period_name(span: Span) -> str:
    """A month, quarter or year within a sentence."""
    year = span.first.year
    if span.kind == Period.MONTH:
        return _("month %(month)s/%(year)s") % {"month": span.first.month, "year": year}
    if span.kind == Period.QUARTER:
        quarter = (span.first.month + 2) // 3
        return _("quarter %(quarter)s/%(year)s") % {"quarter": quarter, "year": year}
    return _("year %(year)s") % {"year": year}


def _still_open(span: Span, day: date | None, shown: bool) -> str:
    """day: when it comes; None where that day has passed, because a night is late."""
    said = {"period": period_name(span), "day": f"{day:%d/%m/%Y}" if day else ""}
    if shown and day:
        return (
            _("The whole figure of %(period)s comes when it is closed: %(day)s, as expected.")
            % said
        )
    if shown:
        return _("The whole figure of %(period)s comes when it is closed.") % said
    if day:
        return (
            _(
                "The figure of %(period)s comes when it is closed: %(day)s, as expected, if enough "
                "people have answered by then."
            )
            % said
        )
    return (
        _("The figure of %(period)s comes when it is closed, if enough people have answered.")
        % said
    )


def _longer(span: Span, day: date | None) -> str:
    if day is None:
        return _("the figure of %(period)s") % {"period": period_name(span)}
    return _("the figure of %(period)s, expected on %(day)s") % {
        "period": period_name(span),
        "day": f"{day:%d/%m/%Y}",
    }


def _too_few(span: Span, longer: list[str]) -> str:
    name = period_name(span)
    closed = _("Closed: %(period)s has too few people for a figure of its own.") % {"period": name}
    if not longer:
        return closed
    counts = _("What was answered in it, if anything, counts in %(longer)s.") % {
        "longer": _(" and in ").join(longer)
    }
    return f"{closed} {counts}"
