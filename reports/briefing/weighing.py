"""Which criteria weigh most in a figure: where the most answers were not satisfied ones."""

from dataclasses import dataclass
from fractions import Fraction

from reports.showing.figures import CriterionFigure, Figures

MOST = 2


@dataclass(frozen=True, slots=True)
class Weight:
    """A shown criterion. unsatisfied: its valid answers that do not count as satisfied.

    share: these, of all such answers to the criteria that are shown beside it.
    """

    criterion: CriterionFigure
    unsatisfied: int
    share: Fraction


def heaviest(figures: Figures, most: int = MOST) -> list[Weight]:
    """The criteria with the most unsatisfied answers, the heaviest first; those with none left out.

    Made of nothing but what a page shows of the same figure. Of equals the one with the lower
    percentage comes first, then the one that is asked first.
    """
    weighed = [
        (int(figure.answers * (1 - figure.share)), figure.share, criterion)
        for criterion in figures.criteria
        if (figure := criterion.figure).share is not None and figure.answers
    ]
    whole = sum(unsatisfied for unsatisfied, _share, _criterion in weighed)
    weighed.sort(key=lambda one: (-one[0], one[1]))
    return [
        Weight(criterion, unsatisfied, Fraction(unsatisfied, whole))
        for unsatisfied, _share, criterion in weighed[:most]
        if unsatisfied
    ]
