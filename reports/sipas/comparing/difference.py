"""Is a difference of two percentages real: its interval and its p value, planned for itself.

For a list of offices against their unit there is `tiers`.

Two figures of different people (two offices, or two periods of one office) are compared by
Newcombe's interval of a difference (1998, method 10: MOVER), built from the two score intervals of
`interval`, with the effective n and Student's t in place of n and the normal distribution. The
p value is that of the widest such interval that still leaves out 0, so that interval and test never
contradict each other, and 0 % or 100 % of a few people behaves like any other figure.

Degrees of freedom are Welch's, from the variances of Agresti and Caffo (2000: one satisfied and
one dissatisfied answer added, so that no variance is 0), rounded down as printed tables do.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.sums import Sums
from reports.sipas.index.interval import (
    LEVEL,
    UNKNOWN,
    contributors,
    effective_answers,
    score_limits,
)
from reports.sipas.index.quantile import t_quantile, t_tail

# The rows of the table of degrees of freedom: few enough that many pairs share a quantile.
DEGREES = tuple(
    float(degrees)
    for degrees in (
        *range(1, 41),
        *range(45, 100, 5),
        *range(100, 1000, 50),
        *(1_000, 2_000, 5_000, 20_000, 100_000, 1_000_000),
    )
)


@dataclass(frozen=True)
class Estimate:
    """One figure, ready to be compared.

    share: Σy / Σm, exact; people: whose forms; effective_n: valid answers / design effect, above
    0; degrees: people who answered, less one, at least 1; sides: the effective n that the lower and
    the upper limit have each (see `interval`), by default the same.
    """

    share: Fraction
    people: int
    effective_n: float
    degrees: float
    sides: tuple[float, float] | None = None

    def limits(self, quantile: float) -> tuple[float, float]:
        """Wilson's limits in percent, at `quantile` deviations."""
        below, above = self.sides or (self.effective_n, self.effective_n)
        low, _ = score_limits(float(self.share), below, quantile)
        _, high = score_limits(float(self.share), above, quantile)
        return low, high

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The limits in percent that `interval.ratio` gives the figure alone."""
        return self.limits(t_quantile((1.0 + level) / 2.0, self.degrees))


@dataclass(frozen=True)
class Difference:
    """One figure less another, in percentage points.

    value: exact; low and high: its interval, unrounded, low <= value <= high; p: two-sided p value
    of no difference; degrees: of freedom.
    """

    value: Fraction
    low: float
    high: float
    p: float
    degrees: float


def estimate(
    people: int, moments_row: NDArray[np.int64], deff_prior: float | None = None
) -> Estimate | None:
    """The figure Σy / Σm of `people`; None without a valid answer.

    moments_row: int64[5], Σy, Σm, Σy², Σm², Σym; deff_prior as in `interval.ratio`.
    """
    sides = effective_answers(people, moments_row, deff_prior)
    if sides is None:
        return None
    y, m, mm = int(moments_row[0]), int(moments_row[1]), int(moments_row[3])
    nearer = sides[0] if 2 * y > m else sides[1]
    degrees = max(contributors(m, mm, people) - 1.0, 1.0)
    return Estimate(Fraction(y, m), people, nearer, degrees, sides)


def difference(one: Estimate, other: Estimate, level: float = LEVEL) -> Difference:
    """`one` less `other`, of different people: two offices, or two periods of one office."""
    degrees = welch_degrees(one, other)
    low, high = _limits(one, other, t_quantile((1.0 + level) / 2.0, degrees))
    quantile = _quantile_to_zero(one, other)
    p = min(2.0 * t_tail(quantile, degrees), 1.0)
    return Difference(100 * (one.share - other.share), low, high, p, degrees)


def from_whole(part: Sums, whole: Sums, group: int, level: float = LEVEL) -> Difference | None:
    """A part less the whole that contains it, such as an office less its province.

    group: row of `Sums.moments`. The two share people, so the part is compared with the rest:
    part - whole = (part - rest) · (answers of the rest) / (answers of the whole), exactly, and the
    limits shrink alike (shares of answers taken as given). None if the part or the rest has no
    valid answer. Raises ValueError if the part is none of the whole, DifferentInstruments as for
    subtraction.
    """
    rest = whole - part
    row, all_of_it = rest.moments[group].copy(), whole.moments[group]
    row[(all_of_it == UNKNOWN) | (part.moments[group] == UNKNOWN)] = UNKNOWN
    if rest.people < 0 or int(row.min()) < UNKNOWN or int(row[:2].min()) < 0:
        raise ValueError("the part has more answers than the whole")
    inside = estimate(part.people, part.moments[group])
    outside = estimate(rest.people, row) if rest.people else None
    if inside is None or outside is None:
        return None
    shrink = Fraction(int(row[1]), int(all_of_it[1]))
    found = difference(inside, outside, level)
    return Difference(
        found.value * shrink,
        found.low * float(shrink),
        found.high * float(shrink),
        found.p,
        found.degrees,
    )


def smoothed_variance(one: Estimate) -> float:
    """Variance of a share with one satisfied and one dissatisfied answer added; never 0."""
    n = one.effective_n
    p = (float(one.share) * n + 1.0) / (n + 2.0)
    return p * (1.0 - p) / (n + 2.0)


def welch_degrees(one: Estimate, other: Estimate) -> float:
    """Welch's degrees of freedom of a difference, rounded down to a row of `DEGREES`."""
    v, w = smoothed_variance(one), smoothed_variance(other)
    return table_degrees((v + w) ** 2 / (v * v / one.degrees + w * w / other.degrees))


def table_degrees(degrees: float) -> float:
    """The largest row of `DEGREES` that is not above `degrees`; the first one for less."""
    # a rounding error of the last digit must not cost a whole degree
    return DEGREES[max(bisect_right(DEGREES, degrees * (1.0 + 1e-12)) - 1, 0)]


def _limits(one: Estimate, other: Estimate, quantile: float) -> tuple[float, float]:
    """Newcombe's limits of the difference, in percentage points."""
    a, b = 100.0 * float(one.share), 100.0 * float(other.share)
    (low_a, high_a), (low_b, high_b) = one.limits(quantile), other.limits(quantile)
    d = 100.0 * float(one.share - other.share)
    return d - math.hypot(a - low_a, high_b - b), d + math.hypot(high_a - a, b - low_b)


def _quantile_to_zero(one: Estimate, other: Estimate) -> float:
    """The deviations at which Newcombe's interval begins to contain 0; 0 for equal figures."""
    if one.share == other.share:
        return 0.0
    upper, lower = (one, other) if one.share > other.share else (other, one)
    inside, outside = 0.0, 1.0
    # As deviations grow the limits go to 0 and 100 %, and the interval to more than any difference.
    while _limits(upper, lower, outside)[0] > 0.0:
        inside, outside = outside, 2.0 * outside
    for _ in range(60):
        middle = (inside + outside) / 2.0
        if _limits(upper, lower, middle)[0] > 0.0:
            inside = middle
        else:
            outside = middle
    return inside
