"""The percentages: exact fractions of whole numbers, rounded half up once, at the end.

Formulas and what is unconfirmed about them: docs/methodology.md (domain/sipas.md §4).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import numpy as np

from reports.sipas.counts.layout import Indices, Kind, Method
from reports.sipas.counts.sums import Counts, Sums

SATISFIED = frozenset({4, 5})
VALID = frozenset({1, 2, 3, 4, 5})


POOLED = Method.POOLED
MEAN = Method.MEAN_OF_CRITERIA


def criterion(
    counts_row: Counts, satisfied: frozenset[int] = SATISFIED, valid: frozenset[int] = VALID
) -> Fraction | None:
    """Share of satisfied among valid answers, (n4 + n5) / (n1 + ... + n5) (sipas.md §4.1).

    counts_row: int64[10], how often each answer 0..9 was given. None without a valid answer:
    no answer is not 0 %.
    """
    return _share(_total(counts_row, satisfied), _total(counts_row, valid))


def factor(sums: Sums, code: str, method: Method | None = None) -> Fraction | None:
    """Index of one factor; None without a valid answer, KeyError for an unknown code.

    method: None for the instrument's own. POOLED: Σ satisfied / Σ valid over its criteria; MEAN:
    mean of its criteria's shares, of those that have one (sipas.md §4.2). MEAN_OF_FACTORS of one
    factor is its pooled share.
    """
    indices = sums.layout.factors[code]
    chosen = method or sums.layout.method
    return _mean_of_criteria(sums, indices) if chosen is MEAN else _pooled(sums, indices)


def component(sums: Sums, code: str, method: Method | None = None) -> Fraction | None:
    """Index of one component (for example service delivery) over its criteria (sipas.md §4.4).

    method: None for the instrument's own. POOLED is consistent with the published figures of 2023
    and 2024 under two assumptions (docs/methodology.md); MEAN equals it when nothing is blank;
    MEAN_OF_FACTORS is offered for comparison only.
    None without a valid answer, KeyError for an unknown code.
    """
    return _together(sums, sums.layout.components[code], method)


def overall(sums: Sums, method: Method | None = None) -> Fraction | None:
    """Index over all satisfaction criteria of the instrument; None without a valid answer."""
    return _together(sums, sums.layout.criteria, method)


def of_group(
    sums: Sums, kind: Kind, code: str = "", method: Method | None = None
) -> Fraction | None:
    """Index of a group of `Layout.groups`, as `factor`, `component` and `overall` give it."""
    match kind:
        case "factor":
            return factor(sums, code, method)
        case "component":
            return component(sums, code, method)
        case "overall":
            return overall(sums, method)


def weighting(sums: Sums, kind: Kind, code: str = "", method: Method | None = None) -> float:
    """How many times the variance grows because answers do not weigh the same; 1 if they do.

    In a mean of k parts (criteria or factors) with M_i valid answers, an answer to part i weighs
    1 / (k M_i). Kish's design effect of unequal weights, M Σw² / (Σw)², is then M / k² · Σ 1 / M_i
    with M = Σ M_i (L. Kish, Survey Sampling, 1965, §11.7). Parts without an answer are left out, as
    they are of the mean. Always 1 for POOLED.
    """
    group = sums.layout.groups[sums.layout.group_of(kind, code)]
    chosen = method or sums.layout.method
    if chosen is POOLED or (chosen is Method.MEAN_OF_FACTORS and kind == "factor"):
        return 1.0
    parts = group.indices[:, None] if chosen is MEAN else _factors_of(sums, group.indices)
    answers = [_valid(sums, indices) for indices in parts]
    known = [n for n in answers if n]
    if not known:
        return 1.0
    return float(sum(known) * sum(Fraction(1, n) for n in known) / len(known) ** 2)


def points(share: Fraction, most: int = 10, places: int = 2) -> Decimal:
    """`share` as points out of `most`, half up from the unrounded value, as PAR INDEX takes it.

    91.17 % of 10 points are 9.12: Hà Tĩnh 2021 "đạt 9,12 điểm, chiếm tỷ lệ 91,17%" (sipas.md §4.4).
    """
    return percent(share * most / 100, places)


def percent(share: Fraction, places: int = 2) -> Decimal:
    """`share` as a percentage with `places` decimals, half up (away from zero when negative).

    Rounds the exact fraction, once: binary floats and half-even rounding would not give the
    published figures (sipas.md §4.4).
    """
    return half_up(100 * share.numerator, share.denominator, places)


def half_up(numerator: int, denominator: int, places: int) -> Decimal:
    """A quotient with `places` decimals, half up (away from zero when negative).

    denominator: greater than 0. In whole numbers, which a page of a hundred places can afford.
    """
    units = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return Decimal(-units if numerator < 0 else units).scaleb(-places)


def _together(sums: Sums, indices: Indices, method: Method | None) -> Fraction | None:
    match method or sums.layout.method:
        case Method.POOLED:
            return _pooled(sums, indices)
        case Method.MEAN_OF_CRITERIA:
            return _mean_of_criteria(sums, indices)
        case Method.MEAN_OF_FACTORS:
            return _mean(_pooled(sums, ix) for ix in _factors_of(sums, indices))


def _factors_of(sums: Sums, indices: Indices) -> list[Indices]:
    """What of each factor lies among `indices`."""
    shared = (np.intersect1d(ix, indices) for ix in sums.layout.factors.values())
    return [ix for ix in shared if len(ix)]


def _valid(sums: Sums, indices: Indices) -> int:
    return int(sums.counts[indices][:, sorted(sums.layout.valid)].sum())


def _pooled(sums: Sums, indices: Indices) -> Fraction | None:
    row: Counts = sums.counts[indices].sum(axis=0)
    return criterion(row, sums.layout.satisfied, sums.layout.valid)


def _mean_of_criteria(sums: Sums, indices: Indices) -> Fraction | None:
    layout = sums.layout
    return _mean(criterion(sums.counts[i], layout.satisfied, layout.valid) for i in indices)


def _mean(shares: Iterable[Fraction | None]) -> Fraction | None:
    known = [share for share in shares if share is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _total(counts_row: Counts, answers: frozenset[int]) -> int:
    return sum(int(counts_row[answer]) for answer in answers)


def _share(satisfied: int, valid: int) -> Fraction | None:
    return Fraction(satisfied, valid) if valid else None
