"""How many answers are enough, and how they are divided."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sipas.samples.sampling import (
    MARGIN,
    deviation,
    margin_of_error,
    neyman,
    proportional,
    response_rate,
    target,
)

SIZES = st.lists(st.integers(0, 5_000), min_size=1, max_size=12)


@st.composite
def divisions(draw: st.DrawFn) -> tuple[int, list[int], int]:
    """A total, sizes of strata and a minimum that fit together."""
    sizes = draw(SIZES)
    minimum = draw(st.integers(0, 40))
    low = sum(min(minimum, size) for size in sizes)
    return draw(st.integers(low, sum(sizes))), sizes, minimum


@pytest.mark.parametrize(
    ("dossiers", "forms"),
    [(0, 0), (1, 1), (100, 80), (500, 223), (1_000, 286), (10_000, 385), (10**9, 400)],
)
def test_targets_are_those_of_the_official_letter(dossiers: int, forms: int) -> None:
    assert target(dossiers) == forms


def test_a_target_that_is_whole_is_not_rounded_up() -> None:
    """400 / (1 + 400 · 0.05²) is 200 exactly; in floating point it could become 201."""
    assert target(400) == 200
    assert target(9_999, Fraction(1, 100)) == math.ceil(
        Fraction(9_999) / (1 + Fraction(9_999, 10_000))
    )


@given(st.integers(1, 10**7))
def test_a_target_fits_the_formula_and_the_dossiers(dossiers: int) -> None:
    forms = target(dossiers)
    exact = Fraction(dossiers) / (1 + dossiers * MARGIN**2)
    assert exact <= forms < exact + 1
    assert 1 <= forms <= min(dossiers, 400)


@given(st.integers(1, 10**6))
def test_a_reached_target_keeps_the_margin_that_it_was_made_for(dossiers: int) -> None:
    reached = margin_of_error(target(dossiers), dossiers)
    assert reached is not None
    assert reached <= 100 * float(MARGIN)


@pytest.mark.parametrize(
    ("dossiers", "margin"), [(-1, MARGIN), (10, Fraction(0)), (10, Fraction(1)), (10, Fraction(5))]
)
def test_impossible_targets_are_refused(dossiers: int, margin: Fraction) -> None:
    with pytest.raises(ValueError, match=r"negative|margin"):
        target(dossiers, margin)


def test_the_margin_of_the_national_survey_is_three_points() -> None:
    """579.8 people a province at 84 %: ±2.98 points (domain/sipas.md §5.3)."""
    assert margin_of_error(580, share=0.84) == pytest.approx(2.98, abs=0.005)


def test_the_margin_knows_the_population_and_the_design() -> None:
    simple = margin_of_error(100)
    assert simple == pytest.approx(9.8, abs=0.001)
    assert margin_of_error(100, design_effect=4.0) == pytest.approx(2 * 9.79982, abs=0.001)
    assert margin_of_error(100, 200) == pytest.approx(9.79982 * math.sqrt(100 / 199), abs=0.001)
    assert margin_of_error(200, 200) == 0
    assert margin_of_error(1, 1) == 0
    assert margin_of_error(0, 200) is None
    assert margin_of_error(0) is None


@given(st.integers(2, 10**6), st.data())
def test_more_answers_never_widen_the_margin(dossiers: int, data: st.DataObject) -> None:
    few = data.draw(st.integers(1, dossiers - 1))
    more = data.draw(st.integers(few + 1, dossiers))
    narrow, wide = margin_of_error(more, dossiers), margin_of_error(few, dossiers)
    assert narrow is not None
    assert wide is not None
    assert narrow < wide


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": -1},
        {"people": 11, "population": 10},
        {"people": 5, "share": 1.5},
        {"people": 5, "design_effect": 0.0},
    ],
)
def test_impossible_margins_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"dossiers|share"):
        margin_of_error(**wrong)  # type: ignore[arg-type]


def test_a_rate_is_exact_and_says_when_it_cannot_be() -> None:
    rate = response_rate(30, 200)
    assert rate is not None
    assert rate.share == Fraction(3, 20)
    assert not rate.impossible
    above = response_rate(11, 10)
    assert above is not None
    assert above.impossible
    assert above.share == Fraction(11, 10)
    without = response_rate(12, 0)
    assert without is not None
    assert without.impossible
    assert response_rate(0, 0) is None
    full = response_rate(10, 10)
    assert full is not None
    assert not full.impossible
    with pytest.raises(ValueError, match="negative"):
        response_rate(-1, 10)


def test_proportional_division_by_largest_remainder() -> None:
    assert proportional(10, [100, 200, 300]) == [2, 3, 5]
    assert proportional(100, [500, 300, 200]) == [50, 30, 20]
    assert proportional(1, [7, 7]) == [1, 0]
    assert proportional(0, [7, 7]) == [0, 0]
    assert proportional(0, []) == []
    assert proportional(100, [10_000, 50, 5], minimum=10) == [85, 10, 5]


@given(divisions())
def test_every_form_is_given_and_no_stratum_gets_more_than_it_has(
    given_: tuple[int, list[int], int],
) -> None:
    total, sizes, minimum = given_
    parts = proportional(total, sizes, minimum)
    assert sum(parts) == total
    for part, size in zip(parts, sizes, strict=True):
        assert min(minimum, size) <= part <= size


@given(SIZES, st.data())
def test_without_a_minimum_nobody_is_further_than_one_form_from_the_exact_share(
    sizes: list[int], data: st.DataObject
) -> None:
    total = data.draw(st.integers(0, sum(sizes)))
    for part, size in zip(proportional(total, sizes), sizes, strict=True):
        exact = Fraction(total * size, sum(sizes)) if sum(sizes) else Fraction(0)
        assert abs(part - exact) < 1


def test_neyman_gives_more_where_answers_differ_more() -> None:
    assert neyman(90, [1_000, 1_000], [0.2, 0.4]) == [30, 60]
    assert neyman(90, [1_000, 500], [0.2, 0.4]) == [45, 45]


def test_neyman_hands_on_what_a_full_stratum_cannot_take() -> None:
    """By N S the shares would be 50, 25, 25 of 100; the first has 20 people only."""
    assert neyman(100, [20, 1_000, 1_000], [50.0, 0.5, 0.5]) == [20, 40, 40]
    assert neyman(60, [20, 100, 200], [9.0, 0.5, 0.5]) == [20, 13, 27]


def test_neyman_asks_where_all_agree_only_when_the_others_are_full() -> None:
    assert neyman(30, [100, 100], [0.0, 0.4]) == [0, 30]
    assert neyman(30, [100, 100], [0.0, 0.4], minimum=5) == [5, 25]
    assert neyman(130, [100, 300, 100], [0.0, 0.0, 0.4]) == [8, 22, 100]
    assert neyman(40, [100, 300], [0.0, 0.0]) == [10, 30]


@given(divisions(), st.data())
def test_neyman_gives_every_form_within_the_limits(
    given_: tuple[int, list[int], int], data: st.DataObject
) -> None:
    total, sizes, minimum = given_
    spread = st.floats(0, 0.5)
    deviations = data.draw(st.lists(spread, min_size=len(sizes), max_size=len(sizes)))
    parts = neyman(total, sizes, deviations, minimum)
    assert sum(parts) == total
    for part, size in zip(parts, sizes, strict=True):
        assert min(minimum, size) <= part <= size


@given(divisions())
def test_where_all_spread_alike_neyman_is_proportional(given_: tuple[int, list[int], int]) -> None:
    total, sizes, minimum = given_
    assert neyman(total, sizes, [0.25] * len(sizes), minimum) == proportional(total, sizes, minimum)


@given(
    st.lists(
        st.tuples(st.integers(2, 12), st.sampled_from([0.1, 0.3, 0.5])), min_size=2, max_size=3
    ),
    st.data(),
)
def test_no_other_division_is_clearly_more_exact(
    strata: list[tuple[int, float]], data: st.DataObject
) -> None:
    """Against all divisions: Σ N² S² / n is within what rounding costs of the smallest."""
    sizes, deviations = [size for size, _ in strata], [s for _, s in strata]
    total = data.draw(st.integers(len(sizes), sum(sizes)))

    def variance(parts: list[int]) -> float:
        return sum((n * s) ** 2 / p for n, s, p in zip(sizes, deviations, parts, strict=True))

    def divided(left: int, room: list[int]) -> list[list[int]]:
        if len(room) == 1:
            return [[left]] if 1 <= left <= room[0] else []
        return [
            [part, *rest]
            for part in range(1, min(room[0], left) + 1)
            for rest in divided(left - part, room[1:])
        ]

    best = min(divided(total, sizes), key=variance)
    ours = neyman(total, sizes, deviations, minimum=1)
    assert all(abs(one - other) <= len(sizes) for one, other in zip(ours, best, strict=True))
    assert variance(ours) <= variance(best) * 1.6


@pytest.mark.parametrize(
    ("total", "sizes", "minimum", "reason"),
    [
        (-1, [5], 0, "negative"),
        (1, [-5], 0, "negative"),
        (1, [5], -1, "negative"),
        (6, [5], 0, "more forms"),
        (3, [5, 5], 2, "minima"),
    ],
)
def test_impossible_divisions_are_refused(
    total: int, sizes: list[int], minimum: int, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        proportional(total, sizes, minimum)


@pytest.mark.parametrize("wrong", [[0.1], [0.1, -0.1], [0.1, math.nan], [0.1, math.inf]])
def test_impossible_deviations_are_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="deviation"):
        neyman(2, [5, 5], wrong)


def test_the_deviation_of_an_answer_is_largest_in_the_middle() -> None:
    assert deviation(0.5) == 0.5
    assert deviation(0.0) == deviation(1.0) == 0.0
    assert deviation(0.9) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="share"):
        deviation(1.01)
