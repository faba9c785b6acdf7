"""Ways in which one person's answers may hang together, with the truth known exactly.

Every family draws 16 criteria; a criterion is overlooked by 3 %, and factor E is answered by 30 %
of the people, independently of how satisfied they are, so the truth of Σy / Σm is the share that
was asked for.
"""

from collections.abc import Callable, Mapping
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from demo.simulation.habits import FACTOR_PROFILE, PERSON

Bools = NDArray[np.bool_]
Shape = tuple[int, int, int]  # criteria, surveys, people
Family = Callable[[np.random.Generator, float, Shape], Bools]

CRITERIA: Mapping[str, int] = {"A": 3, "B": 4, "C": 3, "D": 3, "E": 3}
OVERLOOKED = 0.03
ANSWERING_E = 0.3
_CODES = [code for code, size in CRITERIA.items() for _ in range(size)]
_ANSWERED = np.array([ANSWERING_E if code == "E" else 1.0 for code in _CODES])
_PROFILE = np.array([FACTOR_PROFILE[code] for code in _CODES])


def beta(correlation: float) -> Family:
    """Each person has a beta distributed share of their own; the within-person correlation."""

    def satisfied(rng: np.random.Generator, truth: float, shape: Shape) -> Bools:
        spread = (1.0 - correlation) / correlation
        own = rng.beta(truth * spread, (1.0 - truth) * spread, size=shape[1:])
        found: Bools = rng.random(shape, dtype=np.float32) < own.astype(np.float32)
        return found

    return satisfied


def half_straight(rng: np.random.Generator, truth: float, shape: Shape) -> Bools:
    """Half of the people give one answer to everything, the others answer independently."""
    chance = rng.random(shape, dtype=np.float32)
    straight = rng.random(shape[1:], dtype=np.float32) < np.float32(0.5)
    found: Bools = np.where(straight, chance[0], chance) < np.float32(truth)
    return found


def all_or_nothing(rng: np.random.Generator, truth: float, shape: Shape) -> Bools:
    """Each person is satisfied with everything or with nothing: a binomial over people."""
    satisfied = rng.random(shape[1:], dtype=np.float32) < np.float32(truth)
    return np.broadcast_to(satisfied, shape)


def mostly_angry(rng: np.random.Generator, truth: float, shape: Shape) -> Bools:
    """Seven of ten dissatisfied answers come from people who are angry at everything.

    The others are given one by one: at a true 93 % about 5 % of the people are angry, and the rest
    is satisfied with 98 %.
    """
    angry = 0.7 * (1.0 - truth)
    calm = rng.random(shape[1:], dtype=np.float32) >= np.float32(angry)
    chance = rng.random(shape, dtype=np.float32)
    found: Bools = calm & (chance < np.float32(truth / (1.0 - angry)))
    return found


def ordinal(rng: np.random.Generator, truth: float, shape: Shape) -> Bools:
    """As demo.simulation draws: a normal leaning of the person, harder and easier criteria.

    Of the five answers only the limit below "satisfied" matters here; it lies at 0.
    """
    spread = np.hypot(1.0, PERSON)
    latent = rng.standard_normal(shape, dtype=np.float32)
    latent += np.float32(PERSON) * rng.standard_normal(shape[1:], dtype=np.float32)
    latent += ((_base(truth) + _PROFILE) * spread).astype(np.float32)[:, None, None]
    found: Bools = latent > np.float32(0.0)
    return found


FAMILIES: Mapping[str, Family] = {
    "ordinal": ordinal,
    "beta 0.2": beta(0.2),
    "beta 0.4": beta(0.4),
    "beta 0.6": beta(0.6),
    "half straight": half_straight,
    "all or nothing": all_or_nothing,
    "mostly angry": mostly_angry,
}


def moments(
    family: Family, rng: np.random.Generator, truth: float, surveys: int, people: int
) -> NDArray[np.int64]:
    """int64[surveys, 5]: Σy, Σm, Σy², Σm², Σym of each survey; truth is a share, 0 to 1."""
    shape = (len(_CODES), surveys, people)
    given = rng.random(shape, dtype=np.float32) >= np.float32(OVERLOOKED)
    given[_ANSWERED < 1.0] &= rng.random(shape[1:], dtype=np.float32) < np.float32(ANSWERING_E)
    y = (family(rng, truth, shape) & given).sum(axis=0, dtype=np.int32)
    m = given.sum(axis=0, dtype=np.int32)
    sums: NDArray[np.int64] = np.stack([y, m, y * y, m * m, y * m]).sum(axis=2, dtype=np.int64)
    return sums.T


def _base(truth: float) -> float:
    """The place in probits at which the pooled share is `truth`, found by halving."""
    normal = NormalDist()
    low, high = -10.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2.0
        shares = [normal.cdf(middle + place) for place in _PROFILE.tolist()]
        below = float(np.average(shares, weights=_ANSWERED)) < truth
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2.0
