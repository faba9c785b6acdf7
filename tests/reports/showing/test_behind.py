"""How much a figure's answers are worth together, and how many people did not answer a question."""

from fractions import Fraction

import pytest

from offices.models import Office
from reports.counting.policy import POLICY
from reports.models import Period, Score
from reports.night import steps
from reports.showing.behind import independent_answers, unanswered
from reports.showing.figures import HIDDEN, Figures, figures
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()


def month_of(answers: list[list[int]]) -> tuple[Score, Figures]:
    """The closed month of an office whose people answered so, and what is shown of it."""
    factories.instrument({"A": 2, "B": 1})
    office: Office = factories.office(factories.unit(parent=factories.province()))
    for one in answers:
        factories.answer(office, one, now=factories.at(LAST))
    steps.close(LAST)
    score = Score.objects.get(office=office, period=Period.MONTH)
    return score, figures(score)


def test_people_who_answer_everything_alike_are_worth_one_answer_each() -> None:
    score, shown = month_of([[5, 5, 5]] * 10 + [[1, 1, 1]] * 10)
    worth = independent_answers(score, shown.headline)
    assert worth is not None
    assert shown.headline.answers == 60
    assert 18 < worth < 25


def test_answers_that_do_not_hang_together_are_worth_more() -> None:
    turning = [[5, 1, 1], [1, 5, 1], [1, 1, 5]]
    score, shown = month_of(turning * 7)
    worth = independent_answers(score, shown.headline)
    assert worth is not None
    assert 30 < worth <= 63


def test_a_figure_that_is_not_shown_is_worth_nothing_that_anybody_could_read() -> None:
    score, _shown = month_of([[5, 4, 1]] * 12)
    hidden = figures(score, POLICY.stricter(20)).headline
    assert hidden == HIDDEN
    assert independent_answers(score, hidden) is None


def test_who_did_not_answer_is_one_number_whatever_the_reason() -> None:
    _score, shown = month_of([[5, 4, 5]] * 12 + [[5, 4, 0]] * 2 + [[5, 4, 9]])
    shares = {one.code: unanswered(one.figure) for one in shown.criteria}
    assert shares == {"A1": 0, "A2": 0, "B1": Fraction(3, 15)}
    assert not any(hasattr(shown.criteria[0], apart) for apart in ("blank", "dont_know"))


def test_of_a_hidden_criterion_nobody_learns_who_did_not_answer() -> None:
    _score, shown = month_of([[5, 4, 5]] * 14 + [[1, 4, 5]])  # one alone is unhappy
    shares = {one.code: unanswered(one.figure) for one in shown.criteria}
    assert shares["B1"] is None
