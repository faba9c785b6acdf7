import pytest

from reports.sipas.suppression import About, Cell, Hidden, Policy, Reason, Shown, suppress

TOO_FEW = Hidden(Reason.TOO_FEW)


def test_a_figure_needs_ten_people() -> None:
    cells = [
        Cell("province", 19, 1),
        Cell("commune", 10, 2, "province"),
        Cell("other", 9, 3, "province"),
    ]
    assert suppress(Policy(), cells) == {
        "province": Shown(1),
        "commune": Shown(2),
        "other": TOO_FEW,
    }


def test_nobody_looks_like_too_few() -> None:
    assert suppress(Policy(), [Cell("office", 0, None)]) == {"office": TOO_FEW}


def test_a_hidden_figure_does_not_tell_how_many_there_are() -> None:
    assert suppress(Policy(), [Cell("o", 3, 3)]) == suppress(Policy(), [Cell("o", 9, 9)])


def test_remarks_and_officials_need_more() -> None:
    policy = Policy(minimum_people=10, minimum_remarks=20, minimum_official=30)
    for about, minimum in ((About.SCORE, 10), (About.REMARKS, 20), (About.OFFICIAL, 30)):
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
