"""The lasting level beside an office's quarter or year, from its weeks that are shown."""

from datetime import timedelta

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, span_of
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Period, Score
from reports.showing.figures import headlines
from reports.showing.subjects import Subjects
from reports.showing.summed import scores_in
from reports.sipas.counts.layout import Method
from reports.sipas.hiding.suppression import Policy
from reports.sipas.index.interval import Interval
from reports.sipas.index.lasting import lasting

LONG = (Period.QUARTER, Period.YEAR)
WEEK = timedelta(days=7)


def weeks_within(span: Span) -> list[Span]:
    """The weeks that lie wholly in a period, from the first on."""
    week = span_of(Period.WEEK, span.first + timedelta(days=6))
    found = []
    while week.last <= span.last:
        found.append(week)
        week = span_of(Period.WEEK, week.first + WEEK)
    return found


def lasting_level(score: Score, office: Subjects, policy: Policy = POLICY) -> Interval | None:
    """The interval for the level behind an office's closed quarter or year; None without one.

    It is made of nothing but this figure and those of weeks that this reader may see as well.
    office: whose score it is. There is none for means of criteria or factors, of which a week's
    share does not say enough.
    """
    instrument = instrument_of(score.instrument_id)
    layout = layout_of(instrument)
    if score.period not in LONG or not score.closed or layout.method is not Method.POOLED:
        return None
    weeks = scores_in(instrument, weeks_within(span_of(score.period, score.start)), office)
    table = [score, *weeks]
    shown = [not figure.hidden for figure in headlines(table, policy)]
    if not shown[0]:
        return None
    sums = inflate(layout, score.sums)
    return lasting(
        sums.people,
        sums.moments[layout.group_of(*headline_group(layout))],
        [
            (week.satisfied, week.answered)
            for week, seen in zip(weeks, shown[1:], strict=True)
            if seen
        ],
    )
