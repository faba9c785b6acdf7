"""A closed period against the one before it, where both are shown and counted alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from reports.counting.layouts import layout_of
from reports.counting.periods import Span, previous
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Score
from reports.showing.figures import Figure, headlines
from reports.showing.subjects import Subjects
from reports.showing.summed import scores_in
from reports.sipas.comparing.difference import Difference, difference, estimate
from reports.sipas.hiding.suppression import Policy
from reports.sipas.index.headline import same_counting
from surveys.questionnaires.catalogue import InstrumentEntry


@dataclass(frozen=True, slots=True)
class Change:
    """One subject's figure of a closed period; the figure before it and their difference.

    earlier, past: None where there is nothing before, or what is there was counted otherwise.
    """

    score: Score
    figure: Figure
    earlier: Figure | None
    past: Difference | None


def change_of(
    subject: Subjects,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy = POLICY,
    breaks: Collection[date] = (),
) -> Change | None:
    """How one subject's closed period stands to the one before; None where it shows no figure.

    breaks: first days with which other forms count, so that nothing is compared across them.
    """
    before = previous(span)
    found = scores_in(instrument, [before, span], subject)
    shown = {
        score.start: (score, figure)
        for score, figure in zip(found, headlines(found, policy), strict=True)
        if score.closed and figure.share is not None
    }
    if span.first not in shown:
        return None
    score, figure = shown[span.first]
    if before.first not in shown or any(before.first < one <= span.first for one in breaks):
        return Change(score, figure, None, None)
    earlier, was_shown = shown[before.first]
    past = _difference(score, earlier, instrument)
    return Change(score, figure, was_shown if past is not None else None, past)


def _difference(score: Score, earlier: Score, instrument: InstrumentEntry) -> Difference | None:
    if not same_counting(earlier.method, score.method):
        return None
    layout = layout_of(instrument)
    row = layout.group_of(*headline_group(layout))
    sums, then = inflate(layout, score.sums), inflate(layout, earlier.sums)
    now = estimate(sums.people, sums.moments[row])
    was = estimate(then.people, then.moments[row])
    return difference(now, was) if now is not None and was is not None else None
