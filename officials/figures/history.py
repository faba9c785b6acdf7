"""The figures of a subject over time, read at once: its months, and what it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from offices.models import AdministrativeUnit
from officials.figures.choice import Choice
from reports.counting.periods import Span, previous, span_of
from reports.models import Period, Score
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY

MONTHS = 36


@dataclass(frozen=True, slots=True)
class History:
    """own: the figures of the subject; above: of the chosen period that of the unit above it."""

    own: Mapping[Span, Score]
    above: Score | None = None


def earlier(span: Span) -> list[Span]:
    """The period before a closed one, and the same of a year ago; none of days and weeks."""
    if span.kind in HEADLINE_ONLY:
        return []
    if span.kind == Period.YEAR:
        return [previous(span)]
    return [previous(span), span_of(span.kind, span.first.replace(year=span.first.year - 1))]


def history_of(
    subject: Subjects, choice: Choice, above: AdministrativeUnit | None = None
) -> History:
    """The stored figures of the chosen period, of those it is held against, of the newest months.

    By one statement. Days and weeks are not stored.
    """
    starts = [span.first for span in (choice.span, *earlier(choice.span))]
    wanted = Q(period=Period.MONTH, start__in=_newest_months(choice))
    wanted |= Q(period=choice.span.kind, start__in=starts)
    stored = subject.stored.filter(wanted, instrument=choice.instrument.id)
    if above is not None:
        beside = Score.objects.filter(unit=above, map=choice.territory)
        stored |= beside.filter(
            instrument=choice.instrument.id, period=choice.span.kind, start=choice.span.first
        )
    own, found = {}, None
    for score in stored:
        if above is not None and score.unit_id == above.pk:
            found = score
        else:
            own[span_of(score.period, score.start)] = score
    return History(own, found)


def months_in(history: History, choice: Choice) -> list[Score]:
    """The newest months, the oldest first."""
    spans = (span_of(Period.MONTH, day) for day in _newest_months(choice)[::-1])
    return [history.own[span] for span in spans if span in history.own]


def _newest_months(choice: Choice) -> list[date]:
    return choice.answered.starts(choice.instrument, Period.MONTH)[:MONTHS]
