"""Of which closed periods there are reports, and when the first one comes."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from reports.counting.closing import closed_through, is_closed
from reports.counting.periods import Span, span_of
from reports.models import Period
from reports.showing.figures import headlines
from reports.showing.subjects import Subjects
from reports.showing.waiting import comes_on
from reports.sipas.hiding.suppression import Policy
from surveys.questionnaires.catalogue import InstrumentEntry

MOST = 24
# In the order in which they are listed.
KINDS = (Period.YEAR, Period.QUARTER, Period.MONTH)


def reported(
    subject: Subjects, instrument: InstrumentEntry, policy: Policy
) -> dict[Period, tuple[Span, ...]]:
    """By kind the closed periods that show this reader a figure, newest first, at most 24 each."""
    return {kind: tuple(_shown(subject, instrument, policy, kind)) for kind in KINDS}


def newest(
    subject: Subjects, instrument: InstrumentEntry, policy: Policy, kind: Period
) -> Span | None:
    """The newest closed period of a kind with a report, else of another kind; None without any."""
    for one in (kind, *KINDS[::-1]):
        found = next(_shown(subject, instrument, policy, one), None) if one in KINDS else None
        if found is not None:
            return found
    return None


def first_comes(today: date) -> date:
    """The morning on which the month closes that may be the first with a report."""
    through = closed_through()
    month = span_of(Period.MONTH, today)
    earlier = span_of(Period.MONTH, date.fromordinal(month.first.toordinal() - 1))
    if not is_closed(earlier, through):
        month = earlier
    return max(comes_on(month, settings.CLOSING_WORKING_DAYS), today)


def _shown(
    subject: Subjects, instrument: InstrumentEntry, policy: Policy, kind: Period
) -> Iterator[Span]:
    stored = subject.stored.filter(period=kind, instrument=instrument.id, closed=True)
    scores = list(stored.order_by("-start")[:MOST])
    for score, figure in zip(scores, headlines(scores, policy), strict=True):
        if figure.share is not None:
            yield span_of(kind, score.start)
