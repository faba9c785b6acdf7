"""95 % intervals that know that one person's answers hang together.

A factor or component is a ratio Σy / Σm over people. Its variance follows from the moments of
`Sums` by linearisation, d = y - p m per person; compared with the variance that independent
answers would have, that is the design effect, and the answers divided by it are the effective n.
The limits are Wilson's for that effective n, so they stay inside 0-100 and are not empty at 0 %
or 100 %. Formulas, sources and measured coverage: docs/methodology.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .layout import Kind
from .quantile import normal_quantile, t_quantile
from .sums import Sums

LEVEL = 0.95
# What a sample's own design effect is worth grows with the people on the rarer side of the
# answer: k p (1 - p). It is averaged with a borrowed one that weighs as much as WEIGHT of that;
# without a parent to borrow from, a within-person correlation of CORRELATION is supposed.
# Both were chosen by simulation, so that small offices with few unhappy people are covered without
# making everybody else's interval wide (measured coverage: docs/methodology.md).
WEIGHT = 1.0
CORRELATION = 0.6


@dataclass(frozen=True)
class Interval:
    """Limits in percent, 0 <= low <= value <= high <= 100, unrounded.

    design_effect: variance relative to independent answers; effective_n: answers / design_effect.
    """

    low: float
    high: float
    design_effect: float
    effective_n: float


def wilson(satisfied: int, valid: int, level: float = LEVEL) -> Interval | None:
    """Wilson's score interval of a single criterion, one answer a person; None if valid is 0."""
    if valid <= 0:
        return None
    if not 0 <= satisfied <= valid:
        raise ValueError("satisfied answers must be some of the valid ones")
    low, high = score_limits(satisfied / valid, valid, normal_quantile((1.0 + level) / 2.0))
    return Interval(low, high, 1.0, float(valid))


def ratio(
    people: int,
    moments_row: NDArray[np.int64],
    deff_prior: float | None = None,
    level: float = LEVEL,
) -> Interval | None:
    """Interval of Σy / Σm over `people`; None without a valid answer.

    moments_row: int64[5], Σy, Σm, Σy², Σm², Σym. deff_prior: design effect borrowed from the
    parent unit (see `design_effect`), used as far as the own one is unstable.
    """
    deff = design_effect(people, moments_row, deff_prior)
    if deff is None:
        return None
    y, m, _, mm, _ = (float(value) for value in moments_row)
    effective = m / deff
    quantile = t_quantile((1.0 + level) / 2.0, max(contributors(m, mm) - 1.0, 1.0))
    low, high = score_limits(y / m, effective, quantile)
    return Interval(low, high, deff, effective)


def design_effect(
    people: int, moments_row: NDArray[np.int64], deff_prior: float | None = None
) -> float | None:
    """Stabilised design effect of a ratio, at least 1; None without a valid answer.

    Pass the parent unit's value as `deff_prior` to lend it to a small child.
    """
    y, m, yy, mm, ym = (int(value) for value in moments_row)
    if m <= 0:
        return None
    if not 0 <= y <= m or people < 1:
        raise ValueError("these are not the moments of any set of people")
    borrowed = 1.0 + (mm / m - 1.0) * CORRELATION if deff_prior is None else deff_prior
    own = _own_design_effect(people, y, m, yy, mm, ym)
    if own is None:
        return max(borrowed, 1.0)
    p = y / m
    weight = contributors(m, mm) * p * (1.0 - p)
    return max((weight * own + WEIGHT * borrowed) / (weight + WEIGHT), 1.0)


def standard_error(people: int, moments_row: NDArray[np.int64]) -> float | None:
    """Standard error of Σy / Σm in percent, as R's `svyratio` for one person one cluster.

    sqrt(n / (n - 1) Σd²) / Σm with d = y - p m; None for fewer than two people or no answer.
    """
    y, m, yy, mm, ym = (int(value) for value in moments_row)
    if m <= 0 or people < 2:
        return None
    return 100.0 * math.sqrt(people / (people - 1) * _residuals(y, m, yy, mm, ym)) / m


def criterion(sums: Sums, code: str, level: float = LEVEL) -> Interval | None:
    """Wilson interval of one criterion of the instrument."""
    row = sums.counts[sums.layout.index_of(code)]
    return wilson(
        sum(int(row[answer]) for answer in sums.layout.satisfied),
        sum(int(row[answer]) for answer in sums.layout.valid),
        level,
    )


def group(
    sums: Sums,
    kind: Kind,
    code: str = "",
    deff_prior: float | None = None,
    level: float = LEVEL,
) -> Interval | None:
    """Interval of a factor, a component or, with kind "overall", of all criteria together."""
    return ratio(sums.people, sums.moments[sums.layout.group_of(kind, code)], deff_prior, level)


def group_design_effect(
    sums: Sums, kind: Kind, code: str = "", deff_prior: float | None = None
) -> float | None:
    """Design effect of a figure, to lend to the units below; None without a valid answer."""
    return design_effect(sums.people, sums.moments[sums.layout.group_of(kind, code)], deff_prior)


def _own_design_effect(people: int, y: int, m: int, yy: int, mm: int, ym: int) -> float | None:
    """Linearised variance over that of m independent answers; None where either is not known."""
    if people < 2 or y in (0, m):
        return None
    p = y / m
    return people / (people - 1) * _residuals(y, m, yy, mm, ym) / (m * p * (1.0 - p))


def _residuals(y: int, m: int, yy: int, mm: int, ym: int) -> float:
    """Σd² with d = y - (Σy/Σm) m; whole numbers until the end, because the terms nearly cancel."""
    return (yy * m * m - 2 * y * m * ym + y * y * mm) / (m * m)


def contributors(m: float, mm: float) -> float:
    """(Σm)² / Σm²: people who answered, a little fewer where some answered little.

    m: Σm, valid answers; mm: Σm², above 0.
    """
    return m * m / mm


def score_limits(p: float, n: float, quantile: float) -> tuple[float, float]:
    """Wilson (1927): all true values from which p is not further than `quantile` deviations.

    p: a share, 0 to 1; n: effective answers, above 0. The two limits are in percent, 0 to 100.
    """
    q2 = quantile * quantile
    centre = p + q2 / (2.0 * n)
    half = quantile * math.sqrt(p * (1.0 - p) / n + q2 / (4.0 * n * n))
    scale = 100.0 / (1.0 + q2 / n)
    # At 0 % and 100 % one limit is the value itself; rounding must not move it past the value.
    low = min(max(0.0, (centre - half) * scale), 100.0 * p) if p > 0.0 else 0.0
    high = max(min(100.0, (centre + half) * scale), 100.0 * p) if p < 1.0 else 100.0
    return low, high
