"""What stands behind a shown figure beside its people: answers, and how many did not answer.

Nothing here needs more than what the page shows already: who did not answer a criterion is the
people for whom it is open less its valid answers, whatever the reason was.
"""

from fractions import Fraction

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import headline_group, inflate
from reports.models import Score
from reports.showing.figures import Figure
from reports.sipas.index import headline


def independent_answers(score: Score, shown: Figure) -> float | None:
    """How many answers of different people the headline is worth; None where it is not shown.

    One person's answers resemble each other: it is their number divided by the design effect with
    which the interval was made, that of the limit nearer to 50 %.
    """
    if shown.value is None:
        return None
    layout = layout_of(instrument_of(score.instrument_id))
    limits = headline.limits(inflate(layout, score.sums), *headline_group(layout))
    return limits.effective_n if limits else None


def unanswered(criterion: Figure) -> Fraction | None:
    """Of the people for whom a criterion is open, the share without a valid answer to it.

    Blank, "don't know" and not asked are one number: apart, they would tell of single people. None
    where it is not shown.
    """
    if not criterion.people or criterion.answers is None:
        return None
    return Fraction(criterion.people - criterion.answers, criterion.people)
