import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reports.sipas.hiding.suppression import (
    About,
    Cell,
    Hidden,
    Policy,
    Shown,
    WithheldReason,
    suppress,
)

TOO_FEW = Hidden(WithheldReason.TOO_FEW)


def test_a_figure_needs_ten_people() -> None:
    cells = [
        Cell("commune", 10, 2),
        Cell("other", 9, 3),
    ]
    assert suppress(Policy(), cells) == {"commune": Shown(2), "other": TOO_FEW}


def test_a_hidden_part_takes_the_smallest_of_its_siblings_with_it() -> None:
    cells = [
        Cell("factor", 63, 0),
        Cell("A1", 3, 1, "factor"),
        Cell("A2", 40, 2, "factor"),
        Cell("A3", 20, 3, "factor"),
    ]
    assert suppress(Policy(), cells) == {
        "factor": Shown(0),
        "A1": TOO_FEW,
        "A2": Shown(2),
        "A3": Hidden(WithheldReason.PROTECTS_ANOTHER),
    }


def test_parts_that_are_enough_together_need_no_third() -> None:
    cells = [Cell("factor", 52, 0), Cell("A1", 5, 1, "factor"), Cell("A2", 7, 2, "factor")]
    shown = suppress(Policy(), [*cells, Cell("A3", 40, 3, "factor")])
    assert shown["A3"] == Shown(3)


def test_readers_who_need_more_people_never_get_a_weaker_policy() -> None:
    assert Policy().stricter(25).minimum(About.SCORE) == 25
    assert Policy().stricter(25).minimum(About.REMARKS) == 25
    assert Policy().stricter(15).minimum(About.REMARKS) == 20
    assert Policy().stricter(3) == Policy()


trees = st.lists(
    st.tuples(st.integers(0, 40), st.lists(st.integers(0, 30), max_size=4)), min_size=1, max_size=4
)


@settings(max_examples=200, deadline=None)
@given(trees)
def test_linear_programming_finds_no_hidden_part(tree: list[tuple[int, list[int]]]) -> None:
    """Two levels of parts below one figure; every parent is the sum of its parts."""
    cells: list[Cell[str, int]] = []
    members: dict[str, list[str]] = {"all": []}
    for number, (alone, parts) in enumerate(tree):
        name = f"f{number}"
        people = sum(parts) if parts else alone
        cells.append(Cell(name, people, people, "all"))
        cells += [Cell(f"{name}.{i}", n, n, name) for i, n in enumerate(parts)]
        members[name] = [f"{name}.{i}" for i in range(len(parts))] or [name]
        members["all"] += members[name]
    whole = sum(cell.people for cell in cells if cell.parent == "all")
    shown = suppress(Policy(), [*cells, Cell("all", whole, whole)])
    leaves = members["all"]
    people_of = {cell.name: cell.people for cell in cells}
    facts = [
        ([leaf in members.get(name, [name]) for leaf in leaves], outcome.payload)
        for name, outcome in shown.items()
        if isinstance(outcome, Shown)
    ]
    assume(facts)
    for leaf in leaves:
        if people_of[leaf] < 10:
            aim = [float(leaf == other) for other in leaves]
            equations, known = [row for row, _ in facts], [value for _, value in facts]
            ends = [
                linprog([sign * x for x in aim], A_eq=equations, b_eq=known, bounds=(0, None))
                for sign in (1, -1)
            ]
            only_leaf = len(leaves) == 1
            assert (
                only_leaf
                or any(end.status == 3 for end in ends)
                or (-ends[1].fun - ends[0].fun >= 10 - 1e-6)
            )


def test_nobody_looks_like_too_few() -> None:
    assert suppress(Policy(), [Cell("office", 0, None)]) == {"office": TOO_FEW}


def test_a_hidden_figure_does_not_tell_how_many_there_are() -> None:
    assert suppress(Policy(), [Cell("o", 3, 3)]) == suppress(Policy(), [Cell("o", 9, 9)])


def test_remarks_need_more() -> None:
    policy = Policy(minimum_people=10, minimum_remarks=20)
    for about, minimum in ((About.SCORE, 10), (About.REMARKS, 20)):
        shown = suppress(
            policy,
            [Cell("few", minimum - 1, 0, about=about), Cell("enough", minimum, 0, about=about)],
        )
        assert shown == {"few": TOO_FEW, "enough": Shown(0)}


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([Cell("a", 1, 0), Cell("a", 2, 0)], "twice"),
        ([Cell("a", 1, 0, "b")], "not in the table"),
        ([Cell("a", 1, 0, "b"), Cell("b", 1, 0, "a")], "own parents"),
        ([Cell("a", -1, 0)], "negative"),
    ],
)
def test_a_table_that_cannot_be_is_refused(cells: list[Cell[str, int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        suppress(Policy(), cells)


@pytest.mark.parametrize(
    "numbers", [{"minimum_people": 0}, {"minimum_people": 25}, {"batch": 9}, {"minimum_remarks": 5}]
)
def test_a_policy_weaker_than_its_own_minimum_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="minimum"):
        Policy(**numbers)  # type: ignore[arg-type]
