"""Which questionnaires a subject has figures of."""

from collections import defaultdict
from datetime import date

from django.db.models import Q, Sum

from reports.counting.layouts import instrument_of
from reports.models import Period
from reports.showing.subjects import Subjects
from surveys.questionnaires.catalogue import InstrumentEntry


def instruments_of(subject: Subjects) -> tuple[InstrumentEntry, ...]:
    """Official ones first, then those with the most people in the newest closed month they have.

    So a new version speaks from its first closed month, however many had answered the one before.
    Where no month is closed, those with the most people. Empty where nothing is counted yet.
    """
    wanted = Q(period=Period.YEAR) | Q(period=Period.MONTH, closed=True)
    rows = (
        subject.stored.filter(wanted)
        .order_by()
        .values_list("instrument_id", "period", "start")
        .annotate(together=Sum("people"))
    )
    counted: dict[int, int] = defaultdict(int)
    newest: dict[int, tuple[date, int]] = {}
    for key, period, start, people in rows:
        if period == Period.YEAR:
            counted[key] += people
        else:
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
