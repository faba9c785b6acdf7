"""Attacks on tables of two dimensions: what linear programming can find out of a hidden cell."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from reports.sipas.hiding.protect import Mask, People, Protected, protect, room

K = 10


def table(*rows: list[int]) -> People:
    return np.array(rows, dtype=np.int64)


def ranges(people: People, protected: Protected) -> list[float]:
    """The width of the range of every hidden cell, given all that is shown."""
    hidden = np.argwhere(~protected.shown)
    if not len(hidden):
        return []
    sums = [(hidden[:, 0] == row, people[row]) for row in range(people.shape[0])]
    if protected.columns_shown:
        sums += [(hidden[:, 1] == column, people[:, column]) for column in range(people.shape[1])]
    equations = np.array([members for members, _ in sums], dtype=float)
    known = [
        counts.sum() - counts[_shown_of(protected.shown, index, people.shape)].sum()
        for index, (_, counts) in enumerate(sums)
    ]
    widths = []
    for cell in range(len(hidden)):
        aim = np.zeros(len(hidden))
        aim[cell] = 1.0
        lowest = linprog(aim, A_eq=equations, b_eq=known, bounds=(0, None))
        highest = linprog(-aim, A_eq=equations, b_eq=known, bounds=(0, None))
        assert lowest.success
        assert highest.success
        widths.append(-highest.fun - lowest.fun)
    return widths


def _shown_of(shown: Mask, index: int, shape: tuple[int, ...]) -> Mask:
    row: Mask = shown[index] if index < shape[0] else shown[:, index - shape[0]]
    return row


def test_a_table_without_small_cells_is_shown_whole() -> None:
    protected = protect(table([12, 30], [15, 10]), K)
    assert protected.shown.all()
    assert protected.columns_shown


def test_a_small_cell_takes_others_with_it() -> None:
    protected = protect(table([3, 30, 20], [40, 12, 15], [50, 60, 70]), K)
    hidden = ~protected.shown
    assert hidden[0, 0]
    assert hidden.sum(axis=0).max() >= 2
    assert hidden.sum(axis=1).max() >= 2
    assert protected.columns_shown
    assert protected.shown.sum() == 5


def test_where_totals_of_columns_would_tell_too_much_they_are_given_up() -> None:
    protected = protect(table([3, 30]), K)
    assert not protected.columns_shown
    assert not protected.shown.any()


def test_a_column_in_which_nobody_stands_is_a_figure_too() -> None:
    protected = protect(table([0, 30, 20], [0, 12, 15]), K)
    assert not protected.shown[:, 0].any()
    assert not protected.columns_shown


def test_room_of_a_rectangle_is_the_people_of_its_corners() -> None:
    people = table([3, 4], [5, 6])
    hidden = np.ones((2, 2), dtype=bool)
    # 3 may grow by min(4, 5) and shrink by min(3, 6)
    assert room(people, hidden, 0, 0, 100) == 4 + 3
    hidden[1, 1] = False
    assert room(people, hidden, 0, 0, 100) == 0


def test_room_goes_round_longer_ways() -> None:
    people = table([1, 9, 20], [20, 1, 9], [9, 20, 1])
    hidden = people < 10
    assert [room(people, hidden, i, i, 100) for i in range(3)] == [10, 10, 10]


def test_what_is_no_table_of_people_is_refused() -> None:
    for wrong in (table([-1, 30]), table([4, 5])):
        with pytest.raises(ValueError, match=r"negative|fewer"):
            protect(wrong, K)
    with pytest.raises(ValueError, match="at least one"):
        protect(table([12, 30]), 0)


def tables(most_rows: int, most_columns: int) -> st.SearchStrategy[People]:
    sizes = st.tuples(st.integers(1, most_rows), st.integers(1, most_columns))
    counts = st.one_of(st.integers(0, 12), st.integers(0, 60))
    return sizes.flatmap(lambda size: arrays(np.int64, size, elements=counts))


@settings(max_examples=150, deadline=None)
@example(table([0, 10], [10, 0]))
@example(table([9, 9, 0], [0, 9, 9], [9, 0, 9]))
@given(tables(6, 5))
def test_linear_programming_leaves_every_hidden_cell_a_range_of_k(people: People) -> None:
    people = people[people.sum(axis=1) >= K]
    protected = protect(people, K)
    assert (people[protected.shown] >= K).all()
    for width in ranges(people, protected):
        assert width >= K - 1e-6


@settings(max_examples=60, deadline=None)
@given(tables(5, 5), st.data())
def test_room_is_what_linear_programming_finds(people: People, data: st.DataObject) -> None:
    hidden = data.draw(arrays(np.bool_, people.shape))
    widths = ranges(people, Protected(~hidden, columns_shown=True))
    for (row, column), width in zip(np.argwhere(hidden).tolist(), widths, strict=True):
        assert room(people, hidden, row, column, 10_000) == pytest.approx(width, abs=1e-6)
