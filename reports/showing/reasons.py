"""Why people gave low answers to a criterion: of each reason how many, or nothing (decision 0059).

What is shown has opened (`reports.sipas.hiding.reasons`). A figure of several rows or offices sums
those for which a reason opened, so each reason has the low answers that it is a share of.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports.showing.beside import Beside
from reports.sipas.hiding.reasons import GIVEN, NOT_GIVEN
from reports.sipas.index import percentages
from reports.sipas.index.interval import Interval, wilson
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.questionnaires.questionnaire import Texts


@dataclass(frozen=True, slots=True)
class ReasonFigure:
    """given: how many low answers name the reason, of `low`; both 0 where it is withheld."""

    code: str
    text: Texts
    given: int = 0
    low: int = 0

    @property
    def withheld(self) -> bool:
        """Whether nothing is told of it: ten low answers, and three people each way, tell it."""
        return not self.low

    @property
    def share(self) -> Fraction:
        """Of the low answers, those that name it; 0 where it is withheld."""
        return Fraction(self.given, self.low) if self.low else Fraction(0)

    @property
    def value(self) -> Decimal:
        """The percentage, two decimals, half up."""
        return percentages.percent(self.share)

    @property
    def limits(self) -> Interval | None:
        """Wilson's interval of the share, percent: one answer a person; None where withheld."""
        return wilson(self.given, self.low)


def reasons(instrument: InstrumentEntry, code: str, beside: Beside) -> tuple[ReasonFigure, ...]:
    """The reasons below a criterion: those that are told, the most frequent first, then the others.

    Empty where the questionnaire asks for none.
    """
    found = []
    for item in instrument.reasons.get(code, ()):
        row = beside.opened.sums.counts[item.position]
        given, low = int(row[GIVEN]), int(row[GIVEN] + row[NOT_GIVEN])
        is_shown = beside.shows(f"i:{item.code}", low)
        found.append(ReasonFigure(item.code, item.text, *((given, low) if is_shown else ())))
    return tuple(sorted(found, key=lambda one: -one.share))
