"""A control chart of one place's closed periods: does the newest one fall out of its own past?

Laney's p' chart (Laney, D. B. (2002): Improved control charts for attributes, Quality Engineering
14(4), 531-537): each value is measured in its own standard deviation against the centre of the
past, and those distances by how much neighbouring ones differ from each other (moving range,
divided by d2 = 1.128), so that months which vary more than sampling explains do not raise alarms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

FEWEST = 8  # earlier periods; of fewer the limits are guesses
LIMIT = 3.0  # standard deviations, Shewhart's
MOVING_RANGE = 1.128  # d2 for two values
Z = NormalDist().inv_cdf(0.975)
# A standard deviation of nothing is none: a value of 100 % from alike answers is not certain.
LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Value:
    """A percentage as a share with its 95 % limits, all from 0 to 1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What the newest value is held against, as shares. outside: -1 below, 0 within, 1 above."""

    centre: float
    low: float
    high: float
    outside: int


def newest(values: Sequence[Value]) -> Limits | None:
    """Whether the last value lies outside of what those before it make expected.

    values: closed periods counted alike, in order. None for fewer than `FEWEST` before the last.
    """
    if len(values) <= FEWEST:
        return None
    *past, last = values
    weights = [_deviation(one, one.share) ** -2 for one in past]
    centre = sum(w * one.share for w, one in zip(weights, past, strict=True)) / sum(weights)
    distances = [(one.share - centre) / _deviation(one, centre) for one in past]
    ranges = [abs(after - before) for before, after in pairwise(distances)]
    spread = max(sum(ranges) / len(ranges) / MOVING_RANGE, 1.0)
    reach = LIMIT * spread * _deviation(last, centre)
    outside = 0
    if abs(last.share - centre) > reach:
        outside = 1 if last.share > centre else -1
    return Limits(centre, max(centre - reach, 0.0), min(centre + reach, 1.0), outside)


def _deviation(value: Value, centre: float) -> float:
    """Its standard deviation, taken from the side of its interval that faces the centre."""
    if value.share < centre:
        side = value.high - value.share
    elif value.share > centre:
        side = value.share - value.low
    else:
        side = (value.high - value.low) / 2
    return max(side / Z, LEAST)
