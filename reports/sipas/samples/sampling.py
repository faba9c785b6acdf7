"""How many answers are enough, how to divide them among offices, and how many came.

Sources: official letter 1159/BNV-CCHC of 10/04/2014 (domain/sipas.md §5.1; the formula is Yamane's,
1967), allocation and finite population correction as in W. G. Cochran, Sampling Techniques, 3rd
ed. 1977, §2.6 and §5.5-5.9 (Neyman 1934). All of it supposes a random sample; forms that people
fill in of their own accord are none, so a target that is reached says nothing about who answered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.sipas.index.quantile import normal_quantile

MARGIN = Fraction(5, 100)  # e of the official letter
LEVEL = 0.95


def target(population: int, margin: Fraction = MARGIN) -> int:
    """n = N / (1 + N e²), rounded up: the forms that CV 1159 asks for (domain/sipas.md §5.1).

    population: N, transactions (finished dossiers) of the period; margin: e. 100 gives 80, 500
    gives 223, 10,000 gives 385; never more than N. ValueError for a negative N or an e outside
    (0, 1).
    """
    if population < 0:
        raise ValueError("a negative number of dossiers")
    if not 0 < margin < 1:
        raise ValueError("the margin must lie between 0 and 1")
    return math.ceil(population / (1 + population * Fraction(margin) ** 2))


def margin_of_error(
    people: int,
    population: int | None = None,
    share: float = 0.5,
    design_effect: float = 1.0,
    level: float = LEVEL,
) -> float | None:
    """Half the width of the interval of a share, in points: z sqrt(deff p q / n (N - n) / (N - 1)).

    Cochran §2.6 and §3.2, times the design effect. population: N, None for a very large one.
    None without people. ValueError for more people than dossiers, a share outside [0, 1] or a
    design effect that is not positive. Normal approximation, for planning: what is shown of
    answers that are there is the interval of `interval.py`.
    """
    if people < 0 or (population is not None and people > population):
        raise ValueError("so many people cannot come from so many dossiers")
    if not 0.0 <= share <= 1.0 or not design_effect > 0.0:
        raise ValueError("a share between 0 and 1 and a positive design effect are needed")
    if people == 0:
        return None
    correction = 1.0
    if population is not None:
        correction = (population - people) / max(population - 1, 1)
    variance = design_effect * share * (1.0 - share) / people * correction
    return 100.0 * normal_quantile((1.0 + level) / 2.0) * math.sqrt(variance)


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """answers / finished, exact. A share of dossiers that left a form, not of people.

    Its doubt: one person may have several dossiers, and a form may come days after the dossier,
    in another period. `impossible` says that there are more answers than dossiers: then one of
    the two counts is wrong or they do not cover the same days, and the rate must not be shown.
    """

    answers: int
    finished: int

    @property
    def share(self) -> Fraction:
        """The rate; above 1 where it is impossible."""
        return Fraction(self.answers, self.finished)

    @property
    def impossible(self) -> bool:
        """Whether the counts contradict each other: check them."""
        return self.answers > self.finished


def response_rate(answers: int, finished: int) -> ResponseRate | None:
    """The rate of `answers` to `finished` dossiers; None if both are none.

    Answers without any dossier are an impossible rate, not a missing one; its share cannot be
    computed (ZeroDivisionError). ValueError for a negative number.
    """
    if answers < 0 or finished < 0:
        raise ValueError("a negative number of answers or dossiers")
    return ResponseRate(answers, finished) if answers or finished else None


def proportional(total: int, sizes: Sequence[int], minimum: int = 0) -> list[int]:
    """`total` forms divided in proportion to the strata's sizes N_h; sums to `total` exactly.

    n_h ∝ N_h (Cochran §5.5), rounded by largest remainders, equal remainders in the order given.
    No stratum gets more than N_h, nor fewer than `minimum` or, if smaller, N_h. ValueError for
    negative numbers, a total above ΣN_h or below the sum of the minima.
    """
    return _allocate(total, [Fraction(size) for size in sizes], sizes, minimum)


def neyman(
    total: int, sizes: Sequence[int], deviations: Sequence[float], minimum: int = 0
) -> list[int]:
    """`total` forms divided so that the whole is most exact: n_h ∝ N_h S_h (Neyman 1934).

    deviations: S_h, the standard deviation of a person's answer in each stratum, see `deviation`.
    What exceeds a stratum's N_h goes to the others in the same proportion (Cochran §5.8); strata
    with S_h = 0 get forms beyond the minimum only when all others are full, by their size.
    Rounding, minimum and errors as in `proportional`; also ValueError for another number of
    deviations than strata, and for one that is negative or no number.
    """
    if len(deviations) != len(sizes):
        raise ValueError("each stratum needs one deviation")
    if not all(math.isfinite(s) and s >= 0.0 for s in deviations):
        raise ValueError("a deviation must be a number from 0 on")
    weights = [size * Fraction(s) for size, s in zip(sizes, deviations, strict=True)]
    return _allocate(total, weights, sizes, minimum)


def deviation(share: float) -> float:
    """S = sqrt(p (1 - p)) of a yes-or-no answer, here "satisfied". ValueError outside [0, 1].

    For a figure over several criteria it is an upper limit: a person's mean varies less.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError("a share lies between 0 and 1")
    return math.sqrt(share * (1.0 - share))


def _allocate(
    total: int, weights: Sequence[Fraction], sizes: Sequence[int], minimum: int
) -> list[int]:
    if total < 0 or minimum < 0 or any(size < 0 for size in sizes):
        raise ValueError("a negative number of forms or dossiers")
    lows = [min(minimum, size) for size in sizes]
    if total > sum(sizes):
        raise ValueError("more forms than dossiers")
    if total < sum(lows):
        raise ValueError("fewer forms than the minima together")
    highs = list(sizes)
    strata = list(zip(weights, lows, highs, strict=True))
    # Strata without weight take part only with what the others cannot hold, by their size.
    if sum(high if weight else low for weight, low, high in strata) < total:
        lows = [high if weight else low for weight, low, high in strata]
        weights = [Fraction(0 if weight else high) for weight, _, high in strata]
    return _round(total, _quotas(total, weights, lows, highs))


def _quotas(
    total: int, weights: Sequence[Fraction], lows: Sequence[int], highs: Sequence[int]
) -> list[Fraction]:
    """λ w_h, but within its limits, with the one λ for which the quotas sum to `total`."""

    def quotas(scale: Fraction) -> list[Fraction]:
        return [
            min(max(scale * w, Fraction(low)), Fraction(high))
            for w, low, high in zip(weights, lows, highs, strict=True)
        ]

    # The sum grows with λ in straight pieces, which meet where a stratum reaches a limit.
    corners = sorted(
        {Fraction(0)}
        | {Fraction(low) / w for w, low in zip(weights, lows, strict=True) if w}
        | {Fraction(high) / w for w, high in zip(weights, highs, strict=True) if w}
    )
    first, last = 0, len(corners) - 1
    while first < last:
        middle = (first + last) // 2
        if sum(quotas(corners[middle])) < total:
            first = middle + 1
        else:
            last = middle
    upper = quotas(corners[first])
    excess = sum(upper) - total
    if not excess or first == 0:
        return upper
    lower = quotas(corners[first - 1])
    part = Fraction(excess / (sum(upper) - sum(lower)))
    return [high - part * (high - low) for low, high in zip(lower, upper, strict=True)]


def _round(total: int, quotas: Sequence[Fraction]) -> list[int]:
    """Whole numbers that sum to `total`: down, then up where the remainders are largest."""
    whole = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda h: whole[h] - quotas[h])
    for h in by_remainder[: total - sum(whole)]:
        whole[h] += 1
    return whole
