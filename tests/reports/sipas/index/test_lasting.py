"""An interval for what lasts is about weeks, and is wider where days are good or bad as a whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.sipas.index import interval
from reports.sipas.index.lasting import LEAST_BLOCKS, lasting

Numbers = NDArray[np.int64]
WITHIN_DAYS = 0.037  # how alike two answers of different people of one day are


def drawn(rng: np.random.Generator, weeks: int, people: int, truth: float) -> tuple[Numbers, ...]:
    """y of each person, by week and day: int64[weeks, 5, people]; 16 answers each.

    Each day has a level of its own, and each person one around that of the day.
    """
    day, person = ((1 - r) / r for r in (WITHIN_DAYS, 0.4))
    levels = rng.beta(truth * day, (1 - truth) * day, size=(weeks, 5, 1)).clip(1e-6, 1 - 1e-6)
    persons = rng.beta(levels * person, (1 - levels) * person, size=(weeks, 5, people))
    y = rng.binomial(16, persons)
    m = np.full_like(y, 16)
    row = np.array([y.sum(), m.sum(), (y * y).sum(), (m * m).sum(), (y * m).sum()])
    return row, np.stack([y.sum(axis=(1, 2)), m.sum(axis=(1, 2))], axis=1)


@pytest.mark.parametrize(("weeks", "truth"), [(8, 0.8), (13, 0.8), (13, 0.93), (52, 0.8)])
def test_the_level_behind_the_days_is_covered(weeks: int, truth: float) -> None:
    """Eight people a day: the people's own interval misses it in one of eight to nine."""
    rng = np.random.default_rng(weeks)
    held = alone = 0
    rounds = 600
    for _ in range(rounds):
        row, blocks = drawn(rng, weeks, 8, truth)
        own = interval.ratio(weeks * 40, row)
        found = lasting(weeks * 40, row, blocks.tolist())
        assert own is not None
        assert found is not None
        held += found.low <= 100 * truth <= found.high
        alone += own.low <= 100 * truth <= own.high
    assert held / rounds >= 0.93
    assert alone / rounds <= 0.93


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=20),
    st.integers(1, 16),
)
def test_it_is_never_narrower_than_that_of_the_people(
    weeks: list[tuple[int, int]], size: int
) -> None:
    """(satisfied, other) people of each week, who answer everything alike."""
    blocks = [(size * good, size * (good + bad)) for good, bad in weeks]
    good, people = sum(g for g, _ in weeks), sum(g + b for g, b in weeks)
    y, m = size * good, size * people
    row = np.array([y, m, size * y, size * m, size * y])
    found = lasting(people, row, blocks)
    if sum(m > 0 for _, m in blocks) < LEAST_BLOCKS:
        assert found is None
        return
    own = interval.ratio(people, row)
    assert own is not None
    assert found is not None
    assert 0 <= found.low <= own.low <= own.high <= found.high <= 100


def test_the_variance_between_weeks_is_that_of_the_ratio_by_hand() -> None:
    """Eight weeks of 100 answers, 70 or 90 satisfied: Σd² = 800, variance 8/7 · 800 / 800²."""
    blocks = [(70, 100), (90, 100)] * 4
    row = np.array([640, 800, 640, 800, 640])  # one answer a person
    found = lasting(800, row, blocks)
    assert found is not None
    variance = 8 / 7 * 800 / 800**2
    assert found.effective_n == pytest.approx(0.8 * 0.2 / variance)
    assert found.design_effect == pytest.approx(800 / found.effective_n)


def test_weeks_that_are_alike_leave_the_people_s_own_design_effect() -> None:
    row = np.array([640, 800, 640, 800, 640])
    found, own = lasting(800, row, [(80, 100)] * 8), interval.ratio(800, row)
    assert found is not None
    assert own is not None
    assert found.design_effect == pytest.approx(own.design_effect)


def test_few_weeks_and_no_answer_have_none() -> None:
    row = np.array([640, 800, 640, 800, 640])
    assert lasting(800, row, [(80, 100)] * 7 + [(0, 0)]) is None
    assert lasting(10, np.zeros(5, dtype=np.int64), [(0, 0)] * 8) is None
