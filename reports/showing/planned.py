"""What was planned for one office alone: now against before, and against the unit it stands in.

Two questions that somebody asks of one office before seeing the figures, each with its own 95 %
interval. They choose no office out of many, so no number of comparisons corrects them; whoever goes
through all offices with them finds one in twenty by chance. For lists there is `comparison`.
"""

from dataclasses import dataclass

from offices.models import Office
from reports.counting.layouts import layout_of
from reports.counting.periods import Span, previous
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Score
from reports.showing.comparison import enough_elsewhere, measured_of
from reports.showing.figures import Figure, headlines
from reports.showing.subjects import Subjects
from reports.showing.summed import scores_in
from reports.sipas.comparing.difference import Difference, difference, estimate, from_whole
from reports.sipas.hiding.suppression import Policy
from reports.sipas.index.headline import same_counting
from surveys.questionnaires.catalogue import InstrumentEntry


@dataclass(frozen=True, slots=True)
class PlannedOne:
    """An office's figure with its own interval, and the two differences; None where there is none.

    past: this period less the one before, whose figure is `earlier`; unit: the office less its
    unit.
    """

    office: Office
    figure: Figure
    earlier: Figure | None
    past: Difference | None
    unit: Difference | None


def planned(
    office: Office,
    whole: Score | None,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy = POLICY,
) -> PlannedOne | None:
    """The planned comparisons of one office in a closed period; None where it has no figure.

    whole: the closed score of the unit, None where there is none or it must not be seen.
    """
    layout = layout_of(instrument)
    row = layout.group_of(*headline_group(layout))
    found = scores_in(instrument, [previous(span), span], Subjects.of_offices([office.pk]))
    shown = {
        score.start: (score, figure)
        for score, figure in zip(found, headlines(found, policy), strict=True)
        if score.closed and figure.share is not None
    }
    if span.first not in shown:
        return None
    score, figure = shown[span.first]
    sums = inflate(layout, score.sums)
    past, earlier = None, None
    before = shown.get(previous(span).first)
    if before is not None and same_counting(before[0].method, score.method):
        then = inflate(layout, before[0].sums)
        now = estimate(sums.people, sums.moments[row])
        was = estimate(then.people, then.moments[row])
        if now is not None and was is not None:
            past, earlier = difference(now, was), before[1]
    part = measured_of(layout, score)
    against = measured_of(layout, whole) if whole is not None else None
    unit = None
    if whole is not None and part is not None and against is not None:
        seen = not headlines([whole], policy)[0].hidden
        if seen and enough_elsewhere(part, against, policy):
            unit = from_whole(sums, inflate(layout, whole.sums), row)
    return PlannedOne(office, figure, earlier, past, unit)
