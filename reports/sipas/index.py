"""The percentages: exact fractions of whole numbers, rounded half up once, at the end.

Formulas and what is unconfirmed about them: docs/methodology.md (domain/sipas.md §4).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import numpy as np

from .layout import Indices
from .sums import Counts, Sums

SATISFIED = frozenset({4, 5})
VALID = frozenset({1, 2, 3, 4, 5})


class Method(Enum):
    """How criteria are put together into a factor, a component or the overall index."""

    POOLED = "pooled"
    MEAN_OF_CRITERIA = "mean_of_criteria"
    MEAN_OF_FACTORS = "mean_of_factors"


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


def factor(sums: Sums, code: str, method: Method = POOLED) -> Fraction | None:
    """Index of one factor; None without a valid answer, KeyError for an unknown code.

    POOLED: Σ satisfied / Σ valid over its criteria; MEAN: mean of its criteria's shares, of
    those that have one (sipas.md §4.2). MEAN_OF_FACTORS of one factor is its pooled share.
    """
    indices = sums.layout.factors[code]
    return _mean_of_criteria(sums, indices) if method is MEAN else _pooled(sums, indices)


def component(sums: Sums, code: str, method: Method = POOLED) -> Fraction | None:
    """Index of one component (for example service delivery) over its criteria (sipas.md §4.4).

    POOLED is confirmed on the published figures of 2023 and 2024; MEAN equals it when nothing
    is blank; MEAN_OF_FACTORS is offered for comparison only. None without a valid answer,
    KeyError for an unknown code.
    """
    return _together(sums, sums.layout.components[code], method)


def overall(sums: Sums, method: Method = POOLED) -> Fraction | None:
    """Index over all satisfaction criteria of the instrument; None without a valid answer."""
    return _together(sums, sums.layout.criteria, method)


def percent(share: Fraction, places: int = 2) -> Decimal:
    """`share` as a percentage with `places` decimals, half up (away from zero when negative).

    Rounds the exact fraction, once: binary floats and half-even rounding would not give the
    published figures (sipas.md §4.4).
    """
    scaled = abs(share) * 100 * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-units if share < 0 else units).scaleb(-places)


def _together(sums: Sums, indices: Indices, method: Method) -> Fraction | None:
    if method is POOLED:
        return _pooled(sums, indices)
    if method is MEAN:
        return _mean_of_criteria(sums, indices)
    factors = (np.intersect1d(ix, indices) for ix in sums.layout.factors.values())
    return _mean(_pooled(sums, ix) for ix in factors if len(ix))


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
