"""What a page shows beside one figure: its changes, and its parts as dots and bars."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit
from officials.figures.charts import Axis, Piece, Whisker, axis_of, diverging
from officials.figures.choice import Choice
from officials.figures.history import History, earlier
from reports.models import Score
from reports.showing.behind import unanswered
from reports.showing.change import Change, changes_among
from reports.showing.figures import CriterionFigure, FactorFigure, Figure, Figures, figures

WORST = 5
AS_ASKED = "phieu"


@dataclass(frozen=True, slots=True)
class Above:
    """A unit that a place lies in, and its figures of the same closed period."""

    name: str
    figures: Figures

    def factor(self, code: str) -> Figure | None:
        """Its figure of a factor, if it shows one."""
        found = (one.figure for one in self.figures.factors if one.code == code)
        return next((figure for figure in found if figure.share is not None), None)


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor on the shared axis; beside: the dot of the unit above, None where it has none."""

    factor: FactorFigure
    whisker: Whisker | None
    above: Figure | None
    beside: float | None


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion as a bar that diverges from the middle; without: the share without an answer."""

    criterion: CriterionFigure
    pieces: list[Piece]
    without: Fraction | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The parts of a figure as they are drawn.

    folded: criteria behind the worst five; middle: of all bars.
    """

    axis: Axis
    factors: list[FactorRow]
    criteria: list[CriterionRow]
    folded: list[CriterionRow]
    middle: float
    as_asked: bool

    @property
    def any_shown(self) -> bool:
        """Whether any of them has a figure."""
        rows = [*self.criteria, *self.folded]
        figures = [row.factor.figure for row in self.factors] + [r.criterion.figure for r in rows]
        return any(figure.share is not None for figure in figures)


def above_of(
    unit: AdministrativeUnit | None, choice: Choice, score: Score | None, history: History
) -> Above | None:
    """What a place is seen beside: the unit's figures of the same period, once that is closed."""
    found = history.above
    if unit is None or score is None or found is None or not (score.closed and found.closed):
        return None
    return Above(unit.full_name, figures(found, choice.policy))


def changes(
    history: History, choice: Choice, score: Score, breaks: Collection[date]
) -> list[tuple[str, Change]]:
    """A closed period against the one before it and the same a year ago, under their words.

    breaks: first days with which other forms count (`reports.showing.evidence.breaks_of`).
    """
    against = earlier(choice.span)
    if not score.closed or not against:
        return []
    words = (_("Against the period before"), _("Against the same period a year ago"))
    known = [history.own[span] for span in (choice.span, *against) if span in history.own]
    found = changes_among(known, choice.span, choice.instrument, choice.policy, breaks, against)
    return [(said, one) for said, one in zip(words, found, strict=False) if one is not None]


def rows_of(shown: Figures, above: Above | None, asked: Mapping[str, str]) -> Rows:
    """The factors and criteria of a figure, the lowest first unless the form's order is asked for.

    What is hidden stands last; nothing is folded in the form's order.
    """
    as_asked = asked.get("thu-tu") == AS_ASKED
    beside = [above.factor(factor.code) if above else None for factor in shown.factors]
    axis = axis_of([f.figure for f in shown.factors] + [one for one in beside if one])
    factors = [
        FactorRow(
            factor,
            axis.whisker(factor.figure),
            other,
            axis.x(float(other.share) * 100) if other and other.share is not None else None,
        )
        for factor, other in zip(shown.factors, beside, strict=True)
    ]
    middle, bars = diverging(shown.criteria)
    criteria = [
        CriterionRow(one, bar, unanswered(one.figure))
        for one, bar in zip(shown.criteria, bars, strict=True)
    ]
    if as_asked:
        return Rows(axis, factors, criteria, [], middle, as_asked)
    factors.sort(key=lambda row: _lowest_first(row.factor.figure))
    criteria.sort(key=lambda row: _lowest_first(row.criterion.figure))
    return Rows(axis, factors, criteria[:WORST], criteria[WORST:], middle, as_asked)


def _lowest_first(figure: Figure) -> tuple[bool, Fraction]:
    return figure.share is None, figure.share or Fraction(0)
