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

from reports.sipas.counts.layout import Kind
from reports.sipas.counts.sums import Sums
from reports.sipas.index.quantile import normal_quantile, t_quantile

LEVEL = 0.95
# A design effect from few people is low where those who would be dissatisfied throughout happen
# not to have come, and then p is too high as well: the two errors add up on the lower limit, which
# asks how many more dissatisfied there could be (the upper one: satisfied). So a limit trusts the
# sample's own design effect by the people seen on the side it looks at, times that design effect:
# many dissatisfied answers by the same people prove that such people were met, single ones do not.
# The rest is borrowed and weighs as much as WEIGHT people with independent answers; without a
# parent to borrow from, a within-person correlation of CORRELATION is supposed. Both numbers were
# chosen by simulation (make bench-coverage; docs/methodology.md).
WEIGHT = 5.0
CORRELATION = 0.4


@dataclass(frozen=True)
class Interval:
    """Limits in percent, 0 <= low <= value <= high <= 100, unrounded.

    design_effect: variance relative to independent answers; effective_n: answers / design_effect.
    Both are those of the limit nearer to 50 %, where fewer people bear witness.
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


def score_limits(p: float, n: float, quantile: float) -> tuple[float, float]:
    """Wilson's score limits (1927) in percent of a share p (0 to 1) of n > 0 answers.

    All true values from which p is not further than `quantile` standard deviations; n need not be
    whole.
    """
    q2 = quantile * quantile
    centre = p + q2 / (2.0 * n)
    half = quantile * math.sqrt(p * (1.0 - p) / n + q2 / (4.0 * n * n))
    scale = 100.0 / (1.0 + q2 / n)
    # At 0 % and 100 % one limit is the value itself; rounding must not move it past the value.
    low = min(max(0.0, (centre - half) * scale), 100.0 * p) if p > 0.0 else 0.0
    high = max(min(100.0, (centre + half) * scale), 100.0 * p) if p < 1.0 else 100.0
    return low, high


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
    y, m = int(moments_row[0]), int(moments_row[1])
    share = y / m if m > 0 else 0.0
    return of_mean(share, 1.0, people, moments_row, deff_prior, level)


def of_mean(
    share: float,
    weighting: float,
    people: int,
    moments_row: NDArray[np.int64],
    deff_prior: float | None = None,
    level: float = LEVEL,
) -> Interval | None:
    """Interval of a mean of criteria or factors, `share` (0..1), from the pooled moments.

    The stored moments do not say how one person's answers to two criteria hang together, so the
    variance of a mean is not known exactly. It is taken as that of the pooled ratio, times
    `weighting` (`index.weighting`) for answers that do not weigh the same; the effective n and
    the number of people behind it are divided by it. With weighting 1 this is `ratio`.
    """
    evidence = _evidence(people, moments_row, deff_prior)
    if evidence is None:
        return None
    m = evidence.answers / weighting
    answering = evidence.contributors / weighting
    quantile = t_quantile((1.0 + level) / 2.0, max(answering - 1.0, 1.0))
    low, _ = score_limits(share, m / evidence.design_effect(1.0 - evidence.share), quantile)
    _, high = score_limits(share, m / evidence.design_effect(evidence.share), quantile)
    deff = evidence.design_effect(min(evidence.share, 1.0 - evidence.share)) * weighting
    return Interval(low, high, deff, evidence.answers / deff)


def design_effect(
    people: int, moments_row: NDArray[np.int64], deff_prior: float | None = None
) -> float | None:
    """Stabilised design effect of a ratio, at least 1; None without a valid answer.

    That of the limit nearer to 50 %. Pass the parent unit's value as `deff_prior` to lend it to a
    small child.
    """
    evidence = _evidence(people, moments_row, deff_prior)
    if evidence is None:
        return None
    return evidence.design_effect(min(evidence.share, 1.0 - evidence.share))


def effective_answers(
    people: int, moments_row: NDArray[np.int64], deff_prior: float | None = None
) -> tuple[float, float] | None:
    """How many independent answers the lower and the upper limit of `ratio` are worth."""
    evidence = _evidence(people, moments_row, deff_prior)
    if evidence is None:
        return None
    return (
        evidence.answers / evidence.design_effect(1.0 - evidence.share),
        evidence.answers / evidence.design_effect(evidence.share),
    )


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


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What a sample says about its own uncertainty.

    share: Σy / Σm; answers: Σm; contributors: (Σm)² / Σm², people who answered, a little fewer
    where some answered little; own: the sample's design effect, at least 1, None if it is not
    known; borrowed: the one to lean on, at least 1.
    """

    share: float
    answers: float
    contributors: float
    own: float | None
    borrowed: float

    def design_effect(self, side: float) -> float:
        """Own and borrowed one, weighted by the people among the answers of one `side` (0 to 1)."""
        if self.own is None:
            return self.borrowed
        weight = self.contributors * side * self.own / WEIGHT
        return (weight * self.own + self.borrowed) / (weight + 1.0)


def _evidence(
    people: int, moments_row: NDArray[np.int64], deff_prior: float | None
) -> _Evidence | None:
    """None without a valid answer; ValueError for moments that nobody can have."""
    y, m, yy, mm, ym = moments_row.tolist()
    if m <= 0:
        return None
    if not 0 <= y <= m or people < 1:
        raise ValueError("these are not the moments of any set of people")
    p, own = y / m, None
    if people > 1 and 0 < y < m:
        # Linearised variance over that of m independent answers.
        variance = people / (people - 1) * _residuals(y, m, yy, mm, ym)
        own = max(variance / (m * p * (1.0 - p)), 1.0)
    borrowed = 1.0 + (mm / m - 1.0) * CORRELATION if deff_prior is None else deff_prior
    return _Evidence(p, float(m), contributors(m, mm), own, max(borrowed, 1.0))


def _residuals(y: int, m: int, yy: int, mm: int, ym: int) -> float:
    """Σd² with d = y - (Σy/Σm) m; whole numbers until the end, because the terms nearly cancel."""
    return (yy * m * m - 2 * y * m * ym + y * y * mm) / (m * m)


def contributors(m: float, mm: float) -> float:
    """(Σm)² / Σm²: people who answered, a little fewer where some answered little.

    m: Σm, valid answers; mm: Σm², above 0.
    """
    return m * m / mm
