"""Figures of a sampled survey: strata, clusters, weights and a finite population.

What R's package `survey` computes for `svydesign(ids=~cluster, strata=~stratum, weights=~weight,
fpc=~fpc, nest=TRUE)`: the estimate is Σwy / Σwm, its variance that of the linearised residuals'
totals, between the clusters of the first stage within each stratum (Woodruff 1971; Särndal,
Swensson and Wretman 1992, §5.5 and §4.6):

    d = (y - p m) / Σwm,  z = Σ w d over a cluster,
    variance = Σ over strata of (1 - n/N) n/(n-1) Σ (z - mean of z)²

People without a valid answer stay in the design with y = m = 0, so a question that few are asked
is estimated as a domain. Shares and standard errors here are fractions of 1; `limits` is percent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.sipas.index.interval import CURRENT, LEVEL, Interval, score_limits
from reports.sipas.index.quantile import t_quantile

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating | np.integer]
Codes = NDArray[np.intp]

# How alike two people of one cluster are supposed to be, as far as the sample cannot tell.
CLUSTER_CORRELATION = 0.05


# Weights and numbers of clusters beyond these are mistakes: there are fewer people on earth. Within
# them neither a square nor a reciprocal leaves what a float can hold.
SMALLEST, LARGEST = 1e-10, 1e10


class DesignError(ValueError):
    """The design cannot be computed; `row` is the first respondent concerned, from 0.

    `parts`: the arguments of `Design.of` that are to blame.
    """

    def __init__(self, message: str, row: int, *parts: str) -> None:
        super().__init__(message)
        self.row = row
        self.parts = parts


@dataclass(frozen=True, eq=False)
class Labels:
    """Names given to respondents: codes intp[n] point into `names`."""

    codes: Codes
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[object]) -> Labels:
        """Labels of any values that can be told apart, in the order they are first seen."""
        known: dict[object, int] = {}
        codes = np.fromiter((known.setdefault(v, len(known)) for v in values), dtype=np.intp)
        return cls(codes, tuple(str(value) for value in known))


@dataclass(frozen=True, eq=False)
class Design:
    """Who stands for how many, and which respondents were drawn together.

    weights: float64[n]; psu: intp[n], the first-stage cluster of each respondent;
    psu_stratum: intp[clusters], its stratum; psu_left: float64[clusters], the part of the
    stratum's clusters that were not drawn, 1 - n/N. `lonely`: a single respondent of whom no
    design is known, so that nothing can be said about the variance. `plain`: every respondent
    drawn alone and counting once.
    """

    weights: Floats
    psu: Codes
    psu_stratum: Codes
    psu_left: Floats
    lonely: bool
    plain: bool

    @classmethod
    def of(
        cls,
        people: int,
        strata: Labels | None = None,
        clusters: Labels | None = None,
        weights: Floats | None = None,
        fpc: Floats | None = None,
    ) -> Design:
        """The design of `people` respondents; all arrays have one entry each.

        Without clusters everybody is one. Clusters are nested: the same name in two strata is
        two clusters (`nest=TRUE` of `svydesign`). fpc: how many clusters the stratum has in the
        population or, where no value is above 1, the fraction of them that was drawn.

        Raises DesignError for weights and fpc outside SMALLEST..LARGEST (a weight may be 0, but not
        everybody's), for an fpc that differs within a stratum, mixes numbers and fractions or is
        smaller than the sample, and for a stratum of which one cluster out of several was drawn.
        """
        w = np.ones(people) if weights is None else np.asarray(weights, dtype=np.float64)
        bad = ~(in_range(w) | (w == 0.0))
        if bad.any():
            row = int(bad.argmax())
            raise DesignError(
                f"the weight {w[row]:g} is neither 0 nor a number from {SMALLEST:g} to {LARGEST:g}",
                row,
                "weights",
            )
        if people and not w.any():
            raise DesignError(
                "every weight is 0, so nobody stands for anyone. Give at least one person more",
                0,
                "weights",
            )
        stratum = np.zeros(people, dtype=np.intp) if strata is None else strata.codes
        names = ("",) if strata is None else strata.names
        psu, first = _clusters(people, stratum, clusters)
        psu_stratum = stratum[first]
        drawn = np.bincount(psu_stratum, minlength=len(names))
        left = _left(stratum, drawn, names, fpc)
        alone = np.flatnonzero((drawn == 1) & (left > 0.0))
        lonely = people == 1 and strata is None and clusters is None
        if len(alone) and not lonely:
            row = int(np.flatnonzero(stratum == alone[0])[0])
            raise DesignError(
                f"{_stratum(names[alone[0]])} has a single cluster, so its variance is unknown. "
                "Join it with a similar stratum, or give the fpc 1 if it was drawn with certainty",
                row,
                "strata",
                "clusters",
            )
        given = (strata, clusters, weights, fpc)
        return cls(w, psu, psu_stratum, left[psu_stratum], lonely, all(x is None for x in given))

    def totals(self, values: Floats) -> Floats:
        """Σ of `values` (one a respondent) over each cluster: float64[clusters]."""
        totals = np.bincount(self.psu, values, minlength=len(self.psu_stratum))
        return totals.astype(np.float64, copy=False)

    def variance(self, values: Floats) -> float:
        """Variance of the total of `values`, already weighted, as `svyrecvar` in R."""
        z = self.totals(values)
        drawn = np.bincount(self.psu_stratum)
        mean = np.bincount(self.psu_stratum, weights=z) / np.maximum(drawn, 1)
        n = drawn[self.psu_stratum]
        scale = self.psu_left * n / np.maximum(n - 1, 1)
        return float(np.sum(scale * (z - mean[self.psu_stratum]) ** 2))


@dataclass(frozen=True, eq=False)
class DesignEstimate:
    """A ratio, or a mean of ratios.

    standard_error: in the unit of `value`, None for a `lonely` design. design_effect: variance
    over that of as many people drawn one by one with replacement, `deff="replace"` in R; None
    where that is 0 or nobody knows. influence: float64[n], d of each respondent.
    """

    value: float
    standard_error: float | None
    design_effect: float | None
    influence: Floats


def ratio(y: Numbers, m: Numbers, design: Design) -> DesignEstimate | None:
    """Σwy / Σwm, as `svyratio(~y, ~m, design)`; None if Σwm is 0.

    y, m: one number per respondent; 0 and 0 for those outside the domain.
    """
    size = float(design.weights @ m)
    if size == 0.0:
        return None
    value = float(design.weights @ y) / size
    residual: Floats = (y - value * m) / size
    return _estimate(value, residual, design)


def mean(x: Numbers, design: Design) -> DesignEstimate | None:
    """Σwx / Σw, as `svymean(~x, design)`; None if all weights are 0."""
    return ratio(x, np.ones(len(x)), design)


def mean_of(estimates: Iterable[DesignEstimate | None], design: Design) -> DesignEstimate | None:
    """The mean of those estimates from one sample that are known, as `svycontrast` of them.

    None if none is known.
    """
    known, value, influence = 0, 0.0, np.zeros(len(design.weights))
    for estimate in estimates:
        if estimate is not None:
            known += 1
            value += estimate.value
            influence += estimate.influence
    return _estimate(value / known, influence / known, design) if known else None


def limits(estimate: DesignEstimate, m: Numbers, design: Design, level: float = LEVEL) -> Interval:
    """Wilson limits of a share, in percent, with Student's quantile; m: its valid answers.

    The effective n is p (1 - p) / variance: how many independent answers would say as much.
    Where few are on the side that a limit looks at the variance itself is hardly known, so its
    design effect (against the m answers given, independent) is stabilised as in `interval`:
    averaged with a supposed one, in which a person's answers have the correlation of
    `interval.CURRENT` and those of people of one cluster `CLUSTER_CORRELATION`. It is never below
    that of independent answers with these weights. Degrees of freedom are clusters less strata,
    counting only those that have answers, and a cluster with few of them less than fully.
    """
    w, p = design.weights, estimate.value
    size, answers = float(w @ m), float(np.sum(m))
    left = design.psu_left[design.psu]
    counted: Floats = w * m
    squares = counted**2
    independent = float(np.sum(left * w * w * m))
    same_person = float(np.sum(left * squares)) - independent
    totals = design.totals(counted)
    same_cluster = float(design.psu_left @ totals**2) - float(np.sum(left * squares))
    supposed = independent + CURRENT.correlation * same_person + CLUSTER_CORRELATION * same_cluster
    per_answer = answers / (size * size)
    least = independent * per_answer
    borrowed = max(supposed * per_answer, least)
    spread = p * (1.0 - p)
    own = None
    if estimate.standard_error is not None and spread > 0.0:
        own = max(estimate.standard_error**2 * answers / spread, least)
    people = size * size / float(np.sum(squares))

    def deff(side: float) -> float:
        if own is None:
            return borrowed
        weight = people * side * own / CURRENT.weight
        return (weight * own + borrowed) / (weight + 1.0)

    quantile = t_quantile((1.0 + level) / 2.0, max(_freedom(totals, design), 1.0))
    low, _ = score_limits(p, _effective(answers, deff(1.0 - p)), quantile)
    _, high = score_limits(p, _effective(answers, deff(p)), quantile)
    rarer = deff(min(p, 1.0 - p))
    return Interval(low, high, rarer, _effective(answers, rarer))


def _effective(answers: float, deff: float) -> float:
    return answers / deff if deff > 0.0 else math.inf


def _estimate(value: float, influence: Floats, design: Design) -> DesignEstimate:
    if design.lonely:
        return DesignEstimate(value, None, None, influence)
    w = design.weights
    variance = design.variance(w * influence)
    people = int(np.count_nonzero(w))
    simple = float(np.sum(w) * np.sum(w * influence**2)) / max(people - 1, 1)
    return DesignEstimate(
        value, math.sqrt(variance), variance / simple if simple > 0.0 else None, influence
    )


def _freedom(totals: Floats, design: Design) -> float:
    """Σ over strata with answers of (Σt)² / Σt² - 1, t the clusters' weighted answers."""
    sums = np.bincount(design.psu_stratum, weights=totals)
    squares = np.bincount(design.psu_stratum, weights=totals**2)
    known = squares > 0.0
    return float(np.sum(sums[known] ** 2 / squares[known] - 1.0))


def _clusters(people: int, stratum: Codes, clusters: Labels | None) -> tuple[Codes, Codes]:
    """Cluster of each respondent, numbered from 0, and the first respondent of each."""
    if clusters is None:
        alone = np.arange(people, dtype=np.intp)
        return alone, alone
    nested = stratum * len(clusters.names) + clusters.codes
    _, first, psu = np.unique(nested, return_index=True, return_inverse=True)
    return psu.astype(np.intp), first.astype(np.intp)


def _left(
    stratum: Codes, drawn: NDArray[np.intp], names: Sequence[str], fpc: Floats | None
) -> Floats:
    """1 - n/N of each stratum; 1 without fpc."""
    left = np.ones(len(names))
    if fpc is None or not len(stratum):
        return left
    fpc = np.asarray(fpc, dtype=np.float64)
    bad = ~in_range(fpc)
    if bad.any():
        row = int(bad.argmax())
        raise DesignError(
            f"the fpc {fpc[row]:g} is not above 0, or not from {SMALLEST:g} to {LARGEST:g}",
            row,
            "fpc",
        )
    numbers = bool((fpc > 1.0).any())
    if numbers and (fpc < 1.0).any():
        row = int((fpc < 1.0).argmax())
        raise DesignError(
            f"the fpc {fpc[row]:g} is a fraction, others are numbers of clusters. Use one kind",
            row,
            "fpc",
        )
    present, first = np.unique(stratum, return_index=True)
    size = np.zeros(len(names))
    size[present] = fpc[first]
    other = fpc != size[stratum]
    if other.any():
        row = int(other.argmax())
        name = _stratum(names[stratum[row]])
        raise DesignError(
            f"{name} has the fpc {fpc[row]:g} here and {size[stratum[row]]:g} above. "
            "Give all of a stratum the same",
            row,
            "fpc",
        )
    if not numbers:
        return 1.0 - size
    few = np.flatnonzero(size < drawn)
    if len(few):
        name = _stratum(names[few[0]])
        raise DesignError(
            f"{name} has {drawn[few[0]]} clusters in the sample but an fpc of {size[few[0]]:g}. "
            "Give how many it has in the population",
            int(np.flatnonzero(stratum == few[0])[0]),
            "fpc",
        )
    left[present] = 1.0 - drawn[present] / size[present]
    return left


def in_range(numbers: Floats) -> NDArray[np.bool_]:
    """Which of them a weight or an fpc may be: bool[n]. None that is no number."""
    return np.asarray((numbers >= SMALLEST) & (numbers <= LARGEST))


def _stratum(name: str) -> str:
    return f"the stratum {name!r}" if name else "the sample (one stratum)"
