"""The control chart: what is outside, how often honest months are, what a short past says."""

from math import sqrt

import numpy as np
import pytest

from reports.sipas.comparing.control import FEWEST, Value, newest


def value(share: float, people: int = 100) -> Value:
    """A share with the symmetric interval of so many people."""
    half = 1.959964 * sqrt(max(share * (1 - share), 1e-9) / people)
    return Value(share, max(share - half, 0.0), min(share + half, 1.0))


PAST = [value(share) for share in (0.80, 0.82, 0.79, 0.81, 0.80, 0.83, 0.78, 0.81)]


def test_limits_lie_three_deviations_of_the_new_value_around_the_pasts_centre() -> None:
    """By hand: the past's distances are small against sampling, so the spread counts as one."""
    found = newest([*PAST, value(0.70)])
    assert found is not None
    weights = [1 / (one.share * (1 - one.share) / 100) for one in PAST]
    centre = sum(w * one.share for w, one in zip(weights, PAST, strict=True)) / sum(weights)
    assert found.centre == pytest.approx(centre, abs=1e-9)
    assert found.high - found.centre == pytest.approx(3 * sqrt(0.7 * 0.3 / 100), rel=1e-4)
    assert found.outside == 0


@pytest.mark.parametrize(("share", "outside"), [(0.62, -1), (0.80, 0), (0.97, 1)])
def test_a_month_far_from_the_past_is_outside(share: float, outside: int) -> None:
    found = newest([*PAST, value(share)])
    assert found is not None
    assert found.outside == outside


def test_a_past_that_swings_has_wide_limits() -> None:
    """Months that differ by much more than sampling: the same drop is nothing new."""
    swings = [value(share) for share in (0.9, 0.6, 0.85, 0.65, 0.9, 0.6, 0.88, 0.63)]
    found, calm = newest([*swings, value(0.55)]), newest([*PAST, value(0.55)])
    assert found is not None
    assert calm is not None
    assert (found.outside, calm.outside) == (0, -1)


def test_a_short_past_says_nothing() -> None:
    assert newest([*PAST[: FEWEST - 1], value(0.1)]) is None
    assert newest([value(0.1)]) is None
    assert newest([*PAST[:FEWEST], value(0.1)]) is not None


def test_alike_values_of_everybody_satisfied_are_no_certainty() -> None:
    full = [Value(1.0, 0.96, 1.0)] * 10
    found = newest([*full, Value(0.985, 0.95, 0.996)])
    assert found is not None
    assert found.outside == 0
    low = newest([*full, Value(0.80, 0.72, 0.87)])
    assert low is not None
    assert low.outside == -1


@pytest.mark.parametrize("between", [0.0, 0.02], ids=["sampling alone", "better and worse months"])
def test_honest_offices_are_called_in_fewer_than_three_of_a_hundred_months(between: float) -> None:
    """4,000 simulated series of 13 months of 60 to 200 people, fixed seed.

    Shewhart promises 0.3 % for a known past; twelve months of past cost the rest.
    """
    random = np.random.default_rng(7)
    called = 0
    for _ in range(4000):
        people = random.integers(60, 200, 13)
        level = np.clip(random.normal(0.85, between, 13), 0.5, 0.99)
        shares = random.binomial(people, level) / people
        found = newest([value(float(s), int(n)) for s, n in zip(shares, people, strict=True)])
        assert found is not None
        called += found.outside != 0
    assert called / 4000 < 0.03
