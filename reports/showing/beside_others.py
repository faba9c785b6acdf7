"""One office among those it may be compared with, none of which is named.

For whoever is measured: where the own figure lies, not who stands above or below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from offices.models import AdministrativeUnit, Office
from reports.counting.periods import Span
from reports.counting.policy import POLICY
from reports.models import TerritoryMap
from reports.showing.comparison import groups_of, offices_of
from reports.showing.figures import headlines
from reports.showing.subjects import Subjects
from reports.showing.summed import scores_in
from reports.sipas.hiding.suppression import Policy
from surveys.questionnaires.catalogue import InstrumentEntry

# Of fewer others somebody who knows the place could tell which is which.
FEWEST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Among:
    """The closed figures of the others, ascending, and their quartiles; all as shares.

    own: the office's figure, None where it has none.
    """

    others: tuple[Fraction, ...]
    own: Fraction | None
    lower: Fraction
    median: Fraction
    upper: Fraction


def among(
    office: Office,
    unit: AdministrativeUnit,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy = POLICY,
) -> Among | None:
    """The office among those of its kind, level and evidence in a unit, in a closed period.

    None where fewer than five others have a figure.
    """
    offices = offices_of(unit, TerritoryMap.TODAY, span)
    groups = groups_of(offices, span.first.year)
    group = next((g for g in groups.values() if office.pk in g), [])
    found = scores_in(instrument, [span], Subjects.of_offices(group))
    closed = [score for score in found if score.closed]
    shown = {
        score.office_id: figure.share
        for score, figure in zip(closed, headlines(closed, policy), strict=True)
        if figure.share is not None
    }
    own = shown.pop(office.pk, None)
    others = tuple(sorted(shown.values()))
    if len(others) < FEWEST_OTHERS:
        return None
    return Among(others, own, *(_quartile(others, quarter) for quarter in (1, 2, 3)))


def _quartile(ordered: Sequence[Fraction], quarter: int) -> Fraction:
    """The value below which so many quarters lie, between neighbours in proportion."""
    place = Fraction(quarter * (len(ordered) - 1), 4)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
