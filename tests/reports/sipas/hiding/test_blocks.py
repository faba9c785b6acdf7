"""Who comes together into a block, and how often the figures of an office move."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from reports.sipas.hiding.blocks import (
    Gathered,
    Rhythm,
    Waiting,
    below,
    gather,
    gather_rests,
    rhythm,
)

JANUARY, MARCH, MAY = date(2026, 1, 5), date(2026, 3, 9), date(2026, 5, 4)
QUARTER = (date(2026, 1, 1), date(2026, 3, 31))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def all_of(people: int) -> Waiting:
    return Waiting(people, people)


@pytest.mark.parametrize(
    ("waiting", "closing", "held", "becomes"),
    [
        ([], True, True, Gathered()),
        ([all_of(0)], True, True, Gathered()),
        ([all_of(9)], False, False, Gathered()),
        ([all_of(9)], False, True, Gathered()),
        ([all_of(9)], True, True, Gathered(joins=True)),
        ([all_of(9)], True, False, Gathered()),
        ([all_of(6), all_of(4)], False, True, Gathered(forms=True)),
        ([all_of(6), all_of(4)], True, True, Gathered(forms=True)),
        ([Waiting(40, 9)], False, False, Gathered()),
    ],
)
def test_everybody_who_waits_becomes_one_block_of_k_or_waits_on(
    waiting: list[Waiting], closing: bool, held: bool, becomes: Gathered
) -> None:
    assert gather(waiting, closing=closing, held=held, k=10) == becomes


def test_small_months_come_together_in_their_quarter_else_in_their_year() -> None:
    two = {JANUARY: all_of(6), MARCH: all_of(4)}
    assert gather_rests(two, [QUARTER], 10) == [(JANUARY, MARCH)]
    few = {JANUARY: all_of(6), MARCH: Waiting(6, 3), MAY: all_of(1)}
    assert gather_rests(few, [QUARTER], 10) == []
    assert gather_rests(few, [QUARTER, YEAR], 10) == [(JANUARY, MARCH, MAY)]
    assert gather_rests({**two, MAY: all_of(9)}, [QUARTER, YEAR], 10) == [(JANUARY, MARCH)]


def test_impossible_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="or fewer"):
        Waiting(3, 4)
    with pytest.raises(ValueError, match="at least one"):
        gather([all_of(1)], closing=False, held=False, k=0)


@given(st.integers(0, 30), st.floats(0.1, 400.0), st.sampled_from([0.18, 0.1, 0.06]))
def test_the_chance_of_fewer_than_k_is_that_of_a_negative_binomial(
    k: int, mean: float, scatter: float
) -> None:
    size = 1 / scatter
    expected = nbinom.cdf(k - 1, size, size / (size + mean))
    assert below(k, mean, scatter) == pytest.approx(expected, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("monthly", "moves"),
    [
        *((people, Rhythm.MONTH) for people in (0, 60, 120)),
        *((400, Rhythm.WEEK), (2000, Rhythm.NIGHT)),
    ],
)
def test_figures_move_as_often_as_ten_people_surely_come_together(
    monthly: int, moves: Rhythm
) -> None:
    assert rhythm([monthly] * 12, 10) is moves
    assert rhythm([2 * monthly, 0] * 6, 10) is moves


def test_an_office_without_a_past_moves_by_the_month() -> None:
    assert rhythm([], 10) is Rhythm.MONTH


def test_a_turn_ends_with_its_night_its_sunday_or_its_month() -> None:
    saturday, sunday = date(2026, 3, 28), date(2026, 3, 29)
    ends = [(each, each.ends_with(saturday), each.ends_with(sunday)) for each in Rhythm]
    assert ends == [
        (Rhythm.NIGHT, True, True),
        (Rhythm.WEEK, False, True),
        (Rhythm.MONTH, False, False),
    ]
