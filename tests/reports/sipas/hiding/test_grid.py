"""Blocks beside the cells of tables: the least cut, and which cells are made."""

from collections import defaultdict
from collections.abc import Hashable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.sipas.hiding.grid import cut, fits, least_cut
from reports.sipas.hiding.partition import Cell, Labels, partition, stands, told_apart

People = NDArray[np.int64]
Counted = dict[tuple[int, Hashable, Labels], tuple[int, int]]


def table(*rows: list[int]) -> People:
    return np.array(rows, dtype=np.int64)


def test_ten_of_twelve_by_phone_are_block_one() -> None:
    """`phone` less block 1 is two people (the example of the methodology)."""
    people = table([10, 0], [2, 18])
    assert least_cut(people) == cut(people, [0]) == 2
    assert not fits(people, people, 10)
    assert fits(people, people, 2)


def test_cells_that_no_block_reaches_across_may_be_of_whole_blocks() -> None:
    people = table([12, 0, 0], [0, 11, 0], [0, 0, 30])
    assert least_cut(people) is None
    assert fits(people, people, 10)
    assert not fits(people, people, 12)


def test_two_cells_that_hold_one_block_each_are_cut_apart_by_the_third_alone() -> None:
    assert least_cut(table([20, 0, 0], [0, 9, 9], [0, 9, 3])) == 12


def test_whoever_is_somewhere_without_an_answer_to_the_anchor_is_seen() -> None:
    everybody, anchored = table([10, 1], [10, 10]), table([10, 0], [10, 10])
    assert not fits(everybody, anchored, 10)
    assert fits(everybody - table([0, 1], [0, 0]), anchored, 10)


def test_impossible_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="or fewer"):
        fits(table([1]), table([2]), 1)
    with pytest.raises(ValueError, match="at least one"):
        fits(table([1]), table([1]), 0)


def tables() -> st.SearchStrategy[People]:
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 6))
    return shapes.flatmap(
        lambda shape: st.lists(
            st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 7]), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        ).map(lambda rows: np.array(rows, dtype=np.int64))
    )


@given(tables())
def test_the_least_cut_is_that_of_a_search_over_every_set(people: People) -> None:
    cells = range(people.shape[1])
    sets = (chosen for size in range(1, len(cells)) for chosen in combinations(cells, size))
    every = [found for chosen in sets if (found := cut(people, chosen))]
    assert least_cut(people) == min(every, default=None)


def counted(*people: tuple[int, str, str]) -> Counted:
    found: dict[tuple[int, Hashable, Labels], int] = defaultdict(int)
    for block, channel, service in people:
        found[block, 0, (channel, service)] += 1
    return {key: (n, n) for key, n in found.items()}


def test_the_first_key_is_split_first() -> None:
    people = counted(*[(1, "a", "x")] * 6, *[(1, "a", "y")] * 4, *[(1, "b", "x")] * 4)
    assert [cell.labels for cell in partition(people, 4)] == [("a", "x"), ("a", "y"), ("b", "x")]
    assert [cell.labels for cell in partition(people, 4, most=2)] == [("a", "*"), ("b", "x")]
    assert [cell.labels for cell in partition(people, 5)] == [("*", "*")]


def test_kinds_that_are_too_few_stand_together_under_no_name() -> None:
    people = counted(*[(1, "a", "x")] * 9, *[(1, "b", "x")] * 2, *[(1, "c", "x")] * 3)
    assert partition(people, 5) == (
        Cell(("*", "x"), frozenset({("b", "x"), ("c", "x")})),
        Cell(("a", "x"), frozenset({("a", "x")})),
    )


def test_whoever_cannot_stand_alone_is_parted_by_nothing() -> None:
    cells = partition(counted(*[(1, "a", "x")] * 6, *[(1, "b", "x")] * 6, (2, "a", "x")), 5)
    assert [cell.labels for cell in cells] == [("*", "x")]
    with pytest.raises(ValueError, match="one label for each key"):
        partition({}, 5)


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from("abcd"), st.sampled_from("xyz")),
        min_size=1,
        max_size=60,
    ),
    st.integers(1, 4),
)
def test_everybody_stands_in_one_cell_and_the_cells_fit(
    people: list[tuple[int, str, str]], k: int
) -> None:
    table = counted(*people)
    sizes: dict[int, int] = defaultdict(int)
    for (block, _, _), (n, _) in table.items():
        sizes[block] += n
    if min(sizes.values()) < k:
        return
    cells = partition(table, k)
    members = [labels for cell in cells for labels in cell.members]
    assert sorted(members) == sorted({labels for _, _, labels in table})
    for cell in cells:
        for key, label in enumerate(cell.labels):
            values = {labels[key] for labels in cell.members}
            assert values == {label} if label != "*" else len(values) > 1
    counts = np.array(
        [
            [sum(table.get((b, 0, m), (0, 0))[0] for m in cell.members) for cell in cells]
            for b in sizes
        ]
    )
    assert fits(counts, counts, k)


def test_whoever_left_together_is_told_apart_in_no_cell_by_few() -> None:
    """Ten by phone and ten by tablet, and of those by phone four left before."""
    people = counted(*[(1, "phone", "x")] * 10, *[(1, "tablet", "x")] * 10)
    assert len(cells := partition(people, 10)) == 2
    assert stands(people, cells, 10)
    left: Counted = {(1, "left", ("phone", "x")): (4, 4), (1, 0, ("phone", "x")): (6, 6)}
    assert stands(people | left, cells, 4)
    assert not stands(people | left, cells, 5)
    assert len(partition(people | left, 5)) == 1
    whole: Counted = {(1, "left", ("phone", "x")): (10, 10), (1, 0, ("phone", "x")): (0, 0)}
    assert stands(people | whole, cells, 10)


def test_a_table_says_of_how_many_it_tells_the_kind() -> None:
    people = counted(*[(1, "a", "x")] * 9, *[(1, "b", "y")] * 2, *[(1, "c", "y")] * 3)
    cells = partition(people, 5)
    assert told_apart(people, cells, 0) == (9, 14)
    assert told_apart(people, cells, 1) == (14, 14)
