"""Ranks, and how far a rank can be trusted.

The rank of an estimate is no estimate of a rank: of twenty equal offices one is always "best".
So each rank stands with the interval of ranks that the doubt allows. A unit that is really worse
than a others and really better than b of N has a rank from a + 1 to N - b, where "really" is
decided for all ordered pairs together; with 95 % probability all N intervals hold at once. Units
that are truly equal share the ranks of their group.

That pairwise tests give simultaneous intervals for ranks, by sequential rejection too: Mohamad,
Goeman and van Zwet, "Simultaneous confidence intervals for ranks with application to ranking
institutions" (2019). The same construction from a joint region: Klein, Wright and Wieczorek, "A
joint confidence region for an overall ranking of populations" (2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from reports.sipas.comparing.difference import DEGREES, Estimate, smoothed_variance
from reports.sipas.index.interval import LEVEL
from reports.sipas.index.quantile import t_quantile

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rank:
    """A competition rank and the ranks that are compatible with the doubt; 1 is best.

    best <= rank <= worst, out of as many units as were compared.
    """

    rank: int
    best: int
    worst: int


def competition_ranks(values: Sequence[Fraction]) -> list[int]:
    """Ranks of exact values, the largest first, equals sharing the better one: 1, 2, 2, 4."""
    places: dict[Fraction, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        places.setdefault(value, place)
    return [places[value] for value in values]


def ranks(
    estimates: Sequence[Estimate], level: float = LEVEL, step_down: bool = True
) -> list[Rank]:
    """The rank of each figure among all, in the given order; [] for none.

    level: probability that all intervals hold together. step_down: Holm's correction over the
    ordered pairs; Bonferroni's otherwise. One figure alone has rank 1 from 1 to 1.
    """
    count = len(estimates)
    if count < 2:
        return [Rank(1, 1, 1)] * count
    better = really_better(estimates, level, step_down)
    best = 1 + better.sum(axis=0)
    worst = count - better.sum(axis=1)
    places = competition_ranks([one.share for one in estimates])
    # competition ranks give equals the best place of their group, which lies in the interval too
    return [Rank(place, int(best[row]), int(worst[row])) for row, place in enumerate(places)]


def really_better(
    estimates: Sequence[Estimate], level: float = LEVEL, step_down: bool = True
) -> Flags:
    """bool[N, N]: whether the row's figure is really better than the column's.

    The pairs are those of `difference.difference`, one-sided, N (N - 1) hypotheses "not better";
    Holm: all with p <= error / (hypotheses not yet rejected), until nothing more is rejected.
    """
    count = len(estimates)
    hypotheses = count * (count - 1)
    compared = _Pairs(estimates)
    rejected = np.zeros((count, count), dtype=np.bool_)
    while True:
        open_ones = hypotheses - int(rejected.sum())
        if not open_ones:
            return rejected
        found = compared.better(1.0 - (1.0 - level) / open_ones)
        if not step_down or found.sum() == rejected.sum():
            return found
        rejected = found


class _Pairs:
    """All pairs at once: Newcombe's interval of each difference, at any quantile."""

    def __init__(self, estimates: Sequence[Estimate]) -> None:
        self._estimates = estimates
        self._share = np.array([float(one.share) for one in estimates])
        variance = np.array([smoothed_variance(one) for one in estimates])
        own = variance**2 / np.array([one.degrees for one in estimates])
        welch = (variance[:, None] + variance) ** 2 / (own[:, None] + own)
        row = np.searchsorted(DEGREES, welch * (1.0 + 1e-12), side="right") - 1
        self._row: NDArray[np.intp] = np.maximum(row, 0)
        # exact comparison: shares that only floats cannot tell apart are no difference
        places = np.array(competition_ranks([one.share for one in estimates]))
        self._above: Flags = places[:, None] < places

    def better(self, confidence: float) -> Flags:
        """bool[N, N]: lower limit of row less column above 0, one-sided `confidence`."""
        found = np.zeros_like(self._above)
        for row in np.unique(self._row[self._above]):
            quantile = t_quantile(confidence, DEGREES[row])
            down, up = self._distances(quantile)
            beyond = np.hypot(down[:, None], up)
            gap = self._share[:, None] - self._share
            found |= self._above & (self._row == row) & (gap > beyond)
        return found

    def _distances(self, quantile: float) -> tuple[Floats, Floats]:
        """float64[N], twice: from the share to its lower and to its upper Wilson limit."""
        limits = [one.limits(quantile) for one in self._estimates]
        low, high = np.array(limits).T / 100.0
        return self._share - low, high - self._share
