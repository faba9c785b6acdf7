"""Which questionnaires a subject has figures of, and of which periods."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from reports.counting.layouts import instrument_of
from reports.models import Period
from reports.showing.subjects import Subjects
from surveys.questionnaires.catalogue import InstrumentEntry

SPEAKING = Q(period=Period.YEAR) | Q(period=Period.MONTH, closed=True)


@dataclass(frozen=True, slots=True)
class Answered:
    """What is stored of a subject. rows: questionnaire, period, first day, closed, people."""

    rows: Sequence[tuple[int, str, date, bool, int]]

    @property
    def instruments(self) -> tuple[InstrumentEntry, ...]:
        """Official ones first, then those with the most people in the newest closed month.

        So a new version speaks from its first closed month, however many had answered the one
        before. Where no month is closed, those with the most people. Empty where nothing is
        counted yet.
        """
        counted: dict[int, int] = defaultdict(int)
        newest: dict[int, tuple[date, int]] = {}
        for key, period, start, closed, people in self.rows:
            if period == Period.YEAR:
                counted[key] += people
            elif period == Period.MONTH and closed:
                newest[key] = max(newest.get(key, (date.min, 0)), (start, people))
        found = (instrument_of(key) for key in counted)
        never = (date.min, 0)
        return tuple(
            sorted(
                found,
                key=lambda i: (i.official, *newest.get(i.id, never), counted[i.id]),
                reverse=True,
            )
        )

    def starts(
        self, instrument: InstrumentEntry, kind: Period, *, closed_only: bool = False
    ) -> list[date]:
        """The first days of the stored periods of a kind, the newest first."""
        found = {
            start
            for key, period, start, closed, _people in self.rows
            if key == instrument.id and period == kind and (closed or not closed_only)
        }
        return sorted(found, reverse=True)


def answered_about(subject: Subjects, wanted: Q | None = None) -> Answered:
    """What is stored of a subject, by one statement. wanted: not all of it."""
    rows = (
        subject.stored.filter(wanted or Q())
        .order_by()
        .values_list("instrument_id", "period", "start", "closed")
        .annotate(together=Sum("people"))
    )
    return Answered(list(rows))


def instruments_of(subject: Subjects) -> tuple[InstrumentEntry, ...]:
    """The questionnaires of a subject, as `Answered.instruments` orders them."""
    return answered_about(subject, SPEAKING).instruments
