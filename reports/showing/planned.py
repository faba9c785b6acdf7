"""What was planned for one office alone: now against before, and against the unit it stands in.

Two questions that somebody asks of one office before seeing the figures, each with its own 95 %
interval. They choose no office out of many, so no number of comparisons corrects them; whoever goes
through all offices with them finds one in twenty by chance. For lists there is `comparison`.
"""

from dataclasses import dataclass

from offices.models import Office
from reports.counting.layouts import layout_of
from reports.counting.periods import Span
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Score
from reports.showing.change import Change, change_of
from reports.showing.comparison import enough_elsewhere, measured_of
from reports.showing.evidence import breaks_of
from reports.showing.figures import Figure, headlines
from reports.showing.subjects import Subjects
from reports.sipas.comparing.difference import Difference, from_whole
from reports.sipas.hiding.suppression import Policy
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
    of_office = Subjects.of_offices([office.pk])
    breaks = breaks_of(Office.objects.filter(pk=office.pk))
    change = change_of(of_office, span, instrument, policy, breaks)
    return planned_from(office, change, whole, instrument, policy)


def planned_from(
    office: Office,
    change: Change | None,
    whole: Score | None,
    instrument: InstrumentEntry,
    policy: Policy = POLICY,
) -> PlannedOne | None:
    """The same. change: how the office's period stands to the one before."""
    if change is None:
        return None
    layout = layout_of(instrument)
    row = layout.group_of(*headline_group(layout))
    part = measured_of(layout, change.score)
    against = measured_of(layout, whole) if whole is not None else None
    unit = None
    if whole is not None and part is not None and against is not None:
        seen = not headlines([whole], policy)[0].hidden
        if seen and enough_elsewhere(part, against, policy):
            sums = inflate(layout, change.score.sums)
            unit = from_whole(sums, inflate(layout, whole.sums), row)
    return PlannedOne(office, change.figure, change.earlier, change.past, unit)
