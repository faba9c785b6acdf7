"""What the parts of a figure hide cannot be found from the figure."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.details import answering, codes, decide, named, withheld

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


def test_the_smallest_other_office_hides_with_the_one_that_must() -> None:
    people = np.array([[30], [3], [12], [40]])
    decided = decide(people, [np.arange(4)], K, keep=[0])
    assert decided.hidden[:, 0].tolist() == [False, True, True, False]
    assert decided.unsafe.tolist() == [[False]]
    without_it = decide(people, [np.array([0, 2, 3])], K, keep=[0])
    assert without_it.hidden[:, 0].tolist() == [False, True, False, False]


def test_a_commune_of_one_hidden_office_hides_with_it() -> None:
    people = np.array([[30], [3], [12], [40]])
    communes = [np.array([0]), np.array([1]), np.array([2, 3])]
    decided = decide(people, [*communes, np.arange(4)], K, keep=[3])
    assert decided.hidden[:, 0].tolist() == [False, True, True, False]
    assert decided.unsafe[:, 0].tolist() == [False, True, True, False]


def test_codes_are_named() -> None:
    assert named(FORM, np.array([True, False, False, True, False])) == {"A", "A2"}


@settings(max_examples=150, deadline=None)
@example([0, 0, 10], 1, {0, 1, 2})
@given(
    st.lists(st.integers(0, 25), min_size=2, max_size=9),
    st.integers(0, 9),
    st.sets(st.integers(0, 2)),
)
def test_linear_programming_finds_no_hidden_office_on_either_map(
    counts: list[int], half: int, keep: set[int]
) -> None:
    """Offices of two provinces of the past that are one today, with all the sums that are shown."""
    people = np.array(counts)[:, None]
    everybody = np.arange(len(counts))
    families = [everybody, everybody[:half], everybody[half:]]
    decided = decide(people, families, K, keep)
    facts = [(np.eye(len(counts))[i], counts[i]) for i in everybody if not decided.hidden[i, 0]]
    facts += [
        (np.isin(everybody, family) * 1.0, people[family].sum())
        for family, bad in zip(families, decided.unsafe[:, 0], strict=True)
        if not bad
    ]
    for office in everybody[people[:, 0] < K]:
        aim = np.eye(len(counts))[office]
        ends = [
            linprog(
                sign * aim,
                A_eq=np.array([row for row, _ in facts]) if facts else None,
                b_eq=[known for _, known in facts] if facts else None,
                bounds=(0, None),
            )
            for sign in (1, -1)
        ]
        if ends[1].status != 3:
            assert -ends[1].fun - ends[0].fun >= K - 1e-6
