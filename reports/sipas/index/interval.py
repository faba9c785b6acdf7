"""95 % intervals that know that one person's answers hang together.

A factor or component is a ratio Σy / Σm over people. Its variance follows from the moments of
`Sums` by linearisation, d = y - p m per person; compared with the variance that independent
answers would have, that is the design effect, and the answers divided by it are the effective n.
The limits are Wilson's for that effective n, so they stay inside 0-100 and are not empty at 0 %
or 100 %. What they are about are the people of the period, not a lasting level of the office
(`lasting`). Formulas, sources and measured coverage: docs/methodology.md.
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
# Stands for a sum of squares or products that is not known (`moments_row`).
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Formula:
    """The numbers that a revision of the arithmetic makes limits with.

    A design effect from few people is low where those who would be dissatisfied throughout happen
    not to have come, and then p is too high as well: the two errors add up on the lower limit,
    which asks how many more dissatisfied there could be (the upper one: satisfied). So a limit
    trusts the sample's own design effect by the people seen on the side it looks at, times that
    design effect: many dissatisfied answers by the same people prove that such people were met,
    single ones do not. The rest is borrowed and weighs as much as `weight` people; without a
    parent to borrow from, a within-person correlation of `correlation` is supposed. With 1 and 1
    it is one person more who gives one answer to everything, and the limit at 0 % and 100 % is
    that of as many people with one answer each.

    skewed: whether the limit on the far side of the value from 50 % allows for a binomial being
    skewed there (`score_limits`). The numbers were chosen by simulation (make bench-coverage).
    """

    weight: float
    correlation: float
    skewed: bool


CURRENT = Formula(weight=1.0, correlation=1.0, skewed=True)


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


def wilson(
    satisfied: int, valid: int, level: float = LEVEL, formula: Formula = CURRENT
) -> Interval | None:
    """Wilson's score interval of a single criterion, one answer a person; None if valid is 0.

    As `score_limits` has it, its outer limit corrected for skewness.
    """
    if valid <= 0:
        return None
    if not 0 <= satisfied <= valid:
        raise ValueError("satisfied answers must be some of the valid ones")
    quantile = normal_quantile((1.0 + level) / 2.0)
    low, high = score_limits(satisfied / valid, valid, quantile, skewed=formula.skewed)
    return Interval(low, high, 1.0, float(valid))


def score_limits(
    p: float, n: float, quantile: float, *, skewed: bool = True
) -> tuple[float, float]:
    """Wilson's score limits (1927) in percent of a share p (0 to 1) of n > 0 answers.

    All true values from which p is not further than `quantile` standard deviations; n need not be
    whole. A binomial near 0 or 1 has a long tail towards 50 %: a few more dissatisfied than meant
    are likelier than the normal distribution says, and the outer limit, which looks there, lies
    too near. skewed: it is that of a share nearer to the end by (q² - 1) |2p - 1| / 6 n, the next
    term of Cornish and Fisher (1937; T. Cai 2005 for one-sided intervals), about half a person.
    """
    shift = (2.0 * p - 1.0) * max(quantile * quantile - 1.0, 0.0) / (6.0 * n) if skewed else 0.0
    below, _ = _wilson(max(p + shift, 0.0) if p < 0.5 else p, n, quantile)
    _, above = _wilson(min(p + shift, 1.0) if p > 0.5 else p, n, quantile)
    # At 0 % and 100 % one limit is the value itself; rounding must not move it past the value.
    low = min(max(0.0, below), 100.0 * p) if p > 0.0 else 0.0
    high = max(min(100.0, above), 100.0 * p) if p < 1.0 else 100.0
    return low, high


def _wilson(p: float, n: float, quantile: float) -> tuple[float, float]:
    q2 = quantile * quantile
    centre = p + q2 / (2.0 * n)
    half = quantile * math.sqrt(p * (1.0 - p) / n + q2 / (4.0 * n * n))
    scale = 100.0 / (1.0 + q2 / n)
    return (centre - half) * scale, (centre + half) * scale


def ratio(
    people: int,
    moments_row: NDArray[np.int64],
    deff_prior: float | None = None,
    level: float = LEVEL,
    formula: Formula = CURRENT,
) -> Interval | None:
    """Interval of Σy / Σm over `people`; None without a valid answer.

    moments_row: int64[5], Σy, Σm, Σy², Σm², Σym; the last three are `UNKNOWN` where they must not
    be known: then the design effect is all borrowed, each person taken to have given Σm / people
    answers. deff_prior: design effect borrowed from the parent unit (see `design_effect`), used as
    far as the own one is unstable.
    """
    y, m = int(moments_row[0]), int(moments_row[1])
    share = y / m if m > 0 else 0.0
    return of_mean(share, 1.0, people, moments_row, deff_prior, level, formula)


def of_mean(
    share: float,
    weighting: float,
    people: int,
    moments_row: NDArray[np.int64],
    deff_prior: float | None = None,
    level: float = LEVEL,
    formula: Formula = CURRENT,
) -> Interval | None:
    """Interval of a mean of criteria or factors, `share` (0..1), from the pooled moments.

    The stored moments do not say how one person's answers to two criteria hang together, so the
    variance of a mean is not known exactly. It is taken as that of the pooled ratio, times
    `weighting` (`index.weighting`) for answers that do not weigh the same; the effective n and
    the number of people behind it are divided by it. With weighting 1 this is `ratio`.
    """
    evidence = _evidence(people, moments_row, deff_prior, formula)
    if evidence is None:
        return None
    m = evidence.answers / weighting
    answering = evidence.contributors / weighting
    quantile = t_quantile((1.0 + level) / 2.0, max(answering - 1.0, 1.0))
    below = m / evidence.design_effect(1.0 - evidence.share)
    above = m / evidence.design_effect(evidence.share)
    low, _ = score_limits(share, below, quantile, skewed=formula.skewed)
    _, high = score_limits(share, above, quantile, skewed=formula.skewed)
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


def within_person_correlation(people: int, moments_row: NDArray[np.int64]) -> float | None:
    """How alike one person's answers are, 0 to 1, by their design effect; None without one.

    (D - 1) / (Σm² / Σm - 1); 1 where everybody gave one answer, or squares are unknown.
    """
    evidence = _evidence(people, moments_row, None)
    if evidence is None:
        return None
    each = evidence.answers / evidence.contributors - 1.0
    found = evidence.design_effect(min(evidence.share, 1.0 - evidence.share)) - 1.0
    return min(found / each, 1.0) if each > 0.0 else 1.0


def standard_error(people: int, moments_row: NDArray[np.int64]) -> float | None:
    """Standard error of Σy / Σm in percent, as R's `svyratio` for one person one cluster.

    sqrt(n / (n - 1) Σd²) / Σm with d = y - p m; None for fewer than two people, no answer or
    squares that are not known.
    """
    y, m, yy, mm, ym = (int(value) for value in moments_row)
    if m <= 0 or people < 2 or mm == UNKNOWN:
        return None
    return 100.0 * math.sqrt(people / (people - 1) * _residuals(y, m, yy, mm, ym)) / m


def criterion(
    sums: Sums, code: str, level: float = LEVEL, formula: Formula = CURRENT
) -> Interval | None:
    """Wilson interval of one criterion of the instrument."""
    row = sums.counts[sums.layout.index_of(code)]
    return wilson(
        sum(int(row[answer]) for answer in sums.layout.satisfied),
        sum(int(row[answer]) for answer in sums.layout.valid),
        level,
        formula,
    )


def group(
    sums: Sums,
    kind: Kind,
    code: str = "",
    deff_prior: float | None = None,
    level: float = LEVEL,
    formula: Formula = CURRENT,
) -> Interval | None:
    """Interval of a factor, a component or, with kind "overall", of all criteria together."""
    row = sums.moments[sums.layout.group_of(kind, code)]
    return ratio(sums.people, row, deff_prior, level, formula)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What a sample says about its own uncertainty.

    share: Σy / Σm; answers: Σm; contributors: (Σm)² / Σm², people who answered, a little fewer
    where some answered little; own: the sample's design effect, at least 1, None if it is not
    known; borrowed: the one to lean on, at least 1; weight: of the borrowed one, in people.
    """

    share: float
    answers: float
    contributors: float
    own: float | None
    borrowed: float
    weight: float

    def design_effect(self, side: float) -> float:
        """Own and borrowed one, weighted by the people among the answers of one `side` (0 to 1)."""
        if self.own is None:
            return self.borrowed
        weight = self.contributors * side * self.own / self.weight
        return (weight * self.own + self.borrowed) / (weight + 1.0)


def _evidence(
    people: int,
    moments_row: NDArray[np.int64],
    deff_prior: float | None,
    formula: Formula = CURRENT,
) -> _Evidence | None:
    """None without a valid answer; ValueError for moments that nobody can have."""
    y, m, yy, mm, ym = moments_row.tolist()
    if m <= 0:
        return None
    if not 0 <= y <= m or people < 1:
        raise ValueError("these are not the moments of any set of people")
    p, own, answering = y / m, None, contributors(m, mm, people)
    if mm != UNKNOWN and people > 1 and 0 < y < m:
        # Linearised variance over that of m independent answers.
        variance = people / (people - 1) * _residuals(y, m, yy, mm, ym)
        own = max(variance / (m * p * (1.0 - p)), 1.0)
    borrowed = deff_prior
    if borrowed is None:
        borrowed = 1.0 + (m / answering - 1.0) * formula.correlation
    return _Evidence(p, float(m), answering, own, max(borrowed, 1.0), formula.weight)


def _residuals(y: int, m: int, yy: int, mm: int, ym: int) -> float:
    """Σd² with d = y - (Σy/Σm) m; whole numbers until the end, because the terms nearly cancel."""
    return (yy * m * m - 2 * y * m * ym + y * y * mm) / (m * m)


def contributors(m: int, mm: int, people: int) -> float:
    """(Σm)² / Σm²: people who answered, a little fewer where some answered little.

    m: Σm, valid answers; mm: Σm², above 0, or `UNKNOWN`: then the people, as far as there are
    answers for them.
    """
    return float(min(people, m)) if mm == UNKNOWN else m * m / mm
