"""What the parts of a figure hide cannot be found from the figure."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reports.sipas.details import answering, codes, withheld
from reports.sipas.layout import Item, Layout
from reports.sipas.sums import Sums, count

K = 10
FORM = Layout(
    (
        Item("A1", "satisfaction", "A", "services"),
        Item("A2", "satisfaction", "A", "services"),
        Item("B1", "satisfaction", "B", "services"),
    )
)


def forms(a: int, b: int) -> Sums:
    """So many people who answered A, of whom `b` answered B too."""
    return count(FORM, bytes([5, 4, 3] * b + [5, 4, 0] * (a - b)))


def test_people_are_counted_by_factor_and_criterion() -> None:
    assert codes(FORM) == ["A", "B", "A1", "A2", "B1"]
    assert answering(forms(12, 3)).tolist() == [12, 3, 12, 12, 3]


def test_one_month_that_hides_a_factor_hides_it_in_the_quarter() -> None:
    assert withheld(FORM, [[forms(20, 15), forms(20, 15), forms(20, 3)]], K) == {"B", "B1"}


def test_two_months_of_ten_people_together_hide_each_other() -> None:
    assert withheld(FORM, [[forms(20, 15), forms(20, 7), forms(20, 3)]], K) == set()
    assert withheld(FORM, [[forms(20, 15), forms(20, 6), forms(20, 3)]], K) == {"B", "B1"}


def test_every_family_counts_and_parts_that_are_not_shown_do_not() -> None:
    assert withheld(FORM, [[forms(20, 15)], [forms(20, 15), forms(20, 3)]], K) == {"B", "B1"}
    assert withheld(FORM, [[forms(20, 15), forms(9, 3)]], K) == set()
    assert withheld(FORM, [[]], K) == set()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_linear_programming_finds_no_hidden_part(answers: list[int]) -> None:
    parts = [forms(30, b) for b in answers]
    if "B1" in withheld(FORM, [parts], K):
        return
    hidden = [b for b in answers if b < K]
    for number in range(len(hidden)):
        aim = np.eye(len(hidden))[number]
        sums = np.ones((1, len(hidden)))
        ends = [
            linprog(sign * aim, A_eq=sums, b_eq=[sum(hidden)], bounds=(0, None)).fun
            for sign in (1, -1)
        ]
        assert -ends[1] - ends[0] >= K - 1e-6
