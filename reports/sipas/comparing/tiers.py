"""One procedure for a list of offices against their unit: high, low, or not to be told apart.

Of many equal offices some lie far from their unit by chance, and a table sorted by value puts the
small ones at both ends. Simultaneous control limits show how far chance alone carries an office of
so many answers: those of the funnel (Spiegelhalter 2005), exact binomial ones at the effective n,
with the error divided by the number of offices (Bonferroni). With at least 95 % probability not one
of equal offices lies outside. Everything that a page says or draws comes from these limits: the
tier, the interval of the difference, the dots and the funnel cannot disagree.

The effective n is that of the side on which the office lies (`interval`), never by a smaller design
effect than the unit's within-person correlation gives: an office that looks surer than its unit
has met few of those who answer everything alike. It grows by 1 / (1 - w), w the office's part of
the unit's answers, because the unit contains the office: the variance of the difference is 1 - w
times that of the office. Chosen by simulation (benchmarks/measures/verdicts.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reports.sipas.index.interval import (
    LEVEL,
    contributors,
    effective_answers,
    within_person_correlation,
)
from reports.sipas.index.quantile import incomplete_beta, normal_quantile


class Tier(Enum):
    """Where an office stands beside its unit."""

    HIGH = "high"
    OPEN = "not told apart"
    LOW = "low"


@dataclass(frozen=True)
class Measured:
    """One figure. share: by the method of its questionnaire; moments_row: int64[5] of `Sums`.

    weighting: how many times the variance grows because answers do not weigh the same
    (`percentages.weighting`), 1 for a pooled share.
    """

    share: Fraction
    people: int
    moments_row: NDArray[np.int64]
    weighting: float = 1.0


@dataclass(frozen=True)
class Limits:
    """Shares in percent, 0 <= low <= high <= 100."""

    low: float
    high: float


@dataclass(frozen=True)
class Standing:
    """What the procedure says of one office. All limits hold together with those of the others.

    share, centre: the office's and the unit's figure; below, above: what the office's answers are
    worth against the unit for its lower and its upper limit; error: its part of the error, on
    both sides.
    """

    share: Fraction
    centre: Fraction
    below: float
    above: float
    error: float

    @cached_property
    def tier(self) -> Tier:
        """By the exact tail of the side on which the office lies."""
        p, share, tail = float(self.centre), float(self.share), self.error / 2.0
        if self.share > self.centre and at_most(1.0 - p, self.below, 1.0 - share) < tail:
            return Tier.HIGH
        if self.share < self.centre and at_most(p, self.above, share) < tail:
            return Tier.LOW
        return Tier.OPEN

    @property
    def effective_n(self) -> float:
        """What the answers are worth on the side on which the office lies."""
        return self.below if self.share > self.centre else self.above

    @cached_property
    def reach(self) -> Limits:
        """What the office's level may be; holds the unit's figure exactly where it is OPEN."""
        share, tail = float(self.share), self.error / 2.0
        low, high = 1.0 - _reach(1.0 - share, self.below, tail), _reach(share, self.above, tail)
        return Limits(100.0 * low, 100.0 * high)

    @cached_property
    def chance(self) -> Limits:
        """How far chance carries so many answers; holds the share exactly where it is OPEN."""
        return chance_limits(self.centre, self.effective_n, self.error)

    @property
    def gap(self) -> Fraction:
        """Office less unit, in points."""
        return 100 * (self.share - self.centre)

    @property
    def gap_low(self) -> float:
        """The lower limit of `gap`; above 0 exactly where the office is HIGH."""
        return self.reach.low - 100.0 * float(self.centre)

    @property
    def gap_high(self) -> float:
        """The upper limit of `gap`; below 0 exactly where the office is LOW."""
        return self.reach.high - 100.0 * float(self.centre)


def standings(
    parts: Sequence[Measured | None], whole: Measured, level: float = LEVEL
) -> list[Standing | None]:
    """Each office of a list against the unit, in their order; None stays None.

    level: probability that of equal offices not one is called high or low. None also for an office
    that is all of its unit, that nobody answered, or that has more answers than the unit (whose
    figure is not summed again yet): there is nothing to hold it against.
    """
    answers = int(whole.moments_row[1])
    correlation = within_person_correlation(whole.people, whole.moments_row)
    if correlation is None:
        return [None] * len(parts)
    against = [
        part if part is not None and 0 < int(part.moments_row[1]) < answers else None
        for part in parts
    ]
    count = sum(part is not None for part in against)
    return [
        None if part is None else _standing(part, whole, correlation, (1.0 - level) / count)
        for part in against
    ]


def chance_limits(centre: Fraction, effective_n: float, error: float) -> Limits:
    """The largest share that is too low, the smallest that is too high, in percent.

    centre: 0 to 1; effective_n: above 0, need not be whole; error: two-sided. 0 and 100 where no
    share of so few answers could be too low or too high. Raises ValueError for others.
    """
    if not 0 <= centre <= 1 or not effective_n > 0.0:
        raise ValueError("a centre from 0 to 1 and an effective n above 0 are needed")
    p, n, tail = float(centre), effective_n, error / 2.0

    def lowest(p: float) -> float:
        if at_most(p, n, 0.0) >= tail:
            return 0.0
        return _root(lambda share: at_most(p, n, share), tail, 0.0, p)

    return Limits(100.0 * lowest(p), 100.0 * (1.0 - lowest(1.0 - p)))


def at_most(p: float, n: float, share: float) -> float:
    """P(X <= n · share) of a binomial, continued to real n and share (A&S 26.5.24)."""
    if share >= 1.0:
        return 1.0
    return incomplete_beta(n * (1.0 - share), n * share + 1.0, 1.0 - p, p)


def _standing(part: Measured, whole: Measured, correlation: float, error: float) -> Standing:
    people, row = part.people, part.moments_row
    answers = int(row[1])
    sides = effective_answers(people, row) or (float(answers), float(answers))
    like = 1.0 + (answers / contributors(answers, int(row[3]), people) - 1.0) * correlation
    rest = 1.0 - answers / int(whole.moments_row[1])
    below, above = (min(one, answers / max(like, 1.0)) / part.weighting / rest for one in sides)
    return Standing(part.share, whole.share, below, above, error)


def _reach(share: float, n: float, tail: float) -> float:
    """The largest p at which P(X <= n · share) is `tail`: Clopper and Pearson's upper limit."""
    if share >= 1.0:
        return 1.0
    return 1.0 - _root(lambda other: at_most(1.0 - other, n, share), tail, 0.0, 1.0 - share)


def _root(grows: Callable[[float], float], tail: float, low: float, high: float) -> float:
    """Where a probability that grows from below to above `tail` between the two is `tail`.

    In deviations of the normal distribution the tail is nearly a straight line: regula falsi
    (Illinois) needs about ten evaluations.
    """
    target = normal_quantile(tail)

    def excess(at: float) -> float:
        found = grows(at)
        return (
            normal_quantile(found) if 0.0 < found < 1.0 else 40.0 * (2.0 * found - 1.0)
        ) - target

    under, over = excess(low), excess(high)
    moved = 0  # which end moved last; only an end that stays twice weighs half
    for _ in range(200):
        if high - low < 1e-13:
            break
        middle = high - over * (high - low) / (over - under)
        if not low < middle < high:
            middle = (low + high) / 2.0
        found = excess(middle)
        if abs(found) < 1e-11:
            return middle
        if found > 0.0:
            high, over, under = middle, found, under / 2.0 if moved > 0 else under
            moved = 1
        else:
            low, under, over = middle, found, over / 2.0 if moved < 0 else over
            moved = -1
    return (low + high) / 2.0
