"""The funnel: how far from a common value chance alone carries a figure of so many answers.

Small offices scatter widely, large ones little; a table sorted by value puts the small ones at both
ends. The control limits (Spiegelhalter 2005) show the width that chance has at each effective n:
exact binomial ones, continued to effective numbers that are not whole by the incomplete beta
function. The common value is taken as given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import numpy as np

from reports.sipas.comparing.difference import Estimate
from reports.sipas.index.quantile import incomplete_beta, normal_quantile

WARNING = 0.95
ALARM = 0.998


class FunnelPlace(Enum):
    """Where a figure lies: within the inner limits, between the two, or outside both."""

    WITHIN = "within"
    BELOW = "below 95 %"
    ABOVE = "above 95 %"
    FAR_BELOW = "below 99.8 %"
    FAR_ABOVE = "above 99.8 %"


@dataclass(frozen=True)
class Limits:
    """The largest share that is too low, the smallest that is too high, in percent.

    0 and 100 where no figure of so few answers could be too low or too high.
    """

    low: float
    high: float


@dataclass(frozen=True)
class Funnel:
    """The figures against one centre.

    places: in the order of the figures; dispersion: mean squared deviation in units of chance, 1
    if only chance makes them differ; overdispersed: whether it is more than chance explains (95 %).
    """

    places: tuple[FunnelPlace, ...]
    dispersion: float | None
    overdispersed: bool


def limits(centre: Fraction, effective_n: float, level: float = WARNING) -> Limits:
    """Control limits at an effective n above 0, `level` two-sided, around a centre 0 to 1."""
    if not 0 <= centre <= 1 or not effective_n > 0.0:
        raise ValueError("a centre from 0 to 1 and an effective n above 0 are needed")
    tail = (1.0 - level) / 2.0
    low = _lower(float(centre), effective_n, tail)
    high = 1.0 - _lower(1.0 - float(centre), effective_n, tail)
    return Limits(100.0 * low, 100.0 * high)


def place(centre: Fraction, figure: Estimate) -> FunnelPlace:
    """Where one figure lies."""
    p, n, share = float(centre), figure.effective_n, float(figure.share)
    if figure.share == centre:
        return FunnelPlace.WITHIN
    below = figure.share < centre
    tail = _at_most(p, n, share) if below else _at_most(1.0 - p, n, 1.0 - share)
    if tail < (1.0 - ALARM) / 2.0:
        return FunnelPlace.FAR_BELOW if below else FunnelPlace.FAR_ABOVE
    if tail < (1.0 - WARNING) / 2.0:
        return FunnelPlace.BELOW if below else FunnelPlace.ABOVE
    return FunnelPlace.WITHIN


def funnel(centre: Fraction, figures: Sequence[Estimate]) -> Funnel:
    """All figures against the centre, with how much more they scatter than chance."""
    places = tuple(place(centre, figure) for figure in figures)
    dispersion = _dispersion(float(centre), figures)
    bound = _chi_squared_bound(len(figures)) / len(figures) if figures else 0.0
    return Funnel(places, dispersion, dispersion is not None and dispersion > bound)


def _at_most(p: float, n: float, share: float) -> float:
    """P(X <= n · share) of a binomial, continued to real n and share (A&S 26.5.24)."""
    if share >= 1.0:
        return 1.0
    return incomplete_beta(n * (1.0 - share), n * share + 1.0, 1.0 - p, p)


def _lower(p: float, n: float, tail: float) -> float:
    """The share at which P(X <= n · share) = tail; 0 where even none at all is more likely."""
    if _at_most(p, n, 0.0) >= tail:
        return 0.0
    # In deviations of the normal distribution the tail is nearly a straight line: secant steps,
    # kept inside a bracket, need about six evaluations.
    target = normal_quantile(tail)
    spread = math.sqrt(p * (1.0 - p) / n)
    low, high = 0.0, p
    guess, slope = p + target * spread, 1.0 / spread if spread else math.inf
    before: tuple[float, float] | None = None
    for _ in range(100):
        if not low < guess < high:
            guess = (low + high) / 2.0
        found = _at_most(p, n, guess)
        low, high = (guess, high) if found < tail else (low, guess)
        if not 0.0 < found < 1.0:
            guess, before = (low + high) / 2.0, None
            continue
        deviation = normal_quantile(found)
        if before is not None and deviation != before[1]:
            slope = (deviation - before[1]) / (guess - before[0])
        before = guess, deviation
        step = (target - deviation) / slope
        if abs(step) < 1e-10 or high - low < 1e-12:
            break
        guess += step
    return guess


def _dispersion(p: float, figures: Sequence[Estimate]) -> float | None:
    """Mean z² with the outer tenth on both sides drawn in (Spiegelhalter 2005, winsorised)."""
    if not figures or not 0.0 < p < 1.0:
        return None
    z = np.array(
        [(float(one.share) - p) * (one.effective_n / (p * (1.0 - p))) ** 0.5 for one in figures]
    )
    low, high = np.quantile(z, [0.1, 0.9])
    return float(np.mean(np.clip(z, low, high) ** 2))


def _chi_squared_bound(degrees: int) -> float:
    """95 % quantile of chi-squared by Wilson and Hilferty (1931)."""
    spread = 2.0 / (9.0 * degrees)
    return degrees * math.pow(1.0 - spread + normal_quantile(0.95) * math.sqrt(spread), 3)
