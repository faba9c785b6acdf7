"""Which questionnaires a subject has figures of."""

from reports.counting.layouts import instrument_of
from reports.models import Period
from reports.showing.subjects import Subjects
from surveys.questionnaires.catalogue import InstrumentEntry


def instruments_of(subject: Subjects) -> tuple[InstrumentEntry, ...]:
    """Official ones first, then those with the most people; empty where nothing is counted yet."""
    counted: dict[int, int] = {}
    for key, people in subject.stored.filter(period=Period.YEAR).values_list(
        "instrument_id", "people"
    ):
        counted[key] = counted.get(key, 0) + people
    found = (instrument_of(key) for key in counted)
    return tuple(sorted(found, key=lambda i: (i.official, counted[i.id]), reverse=True))
