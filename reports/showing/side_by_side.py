"""A few places and their unit factor by factor, each with what is shown of it by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.counting.policy import POLICY
from reports.models import Score
from reports.showing.figures import HIDDEN, Figure, figures
from reports.sipas.hiding.suppression import Policy
from surveys.questionnaires.questionnaire import Texts


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor: the figure of each place, in their order, hidden where it is not shown."""

    title: Texts
    cells: tuple[Figure, ...]


def factor_rows(scores: Sequence[Score | None], policy: Policy = POLICY) -> list[FactorRow]:
    """The factors of closed scores of one period and questionnaire, in the order of the form.

    None stands for a place of which nothing may be shown. Empty of a day or week, of which only
    headlines exist.
    """
    unfolded = [
        {} if score is None else {one.code: one for one in figures(score, policy).factors}
        for score in scores
    ]
    titles = {code: one.title for known in unfolded for code, one in known.items()}
    return [
        FactorRow(
            title,
            tuple(known[code].figure if code in known else HIDDEN for known in unfolded),
        )
        for code, title in titles.items()
    ]
