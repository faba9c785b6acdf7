"""The interval of a lasting level: what an office would show if such periods came again and again.

A percentage's own interval is about the people of its period: had others of the same days come.
It knows nothing of good and bad days, for all people of a day share them. Whoever wants to say
something of the office beyond this period has to take its weeks as drawn, not only its people:
each week is a cluster, and the variance is that of the ratio between weeks (linearised, as for
people in `interval`; Cochran, Sampling Techniques, 1977, §6.3 and §9A). What happens within a week,
between its days too, is then in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reports.sipas.index.interval import LEVEL, Interval, effective_answers, score_limits
from reports.sipas.index.quantile import t_quantile

# A variance of fewer weeks is hardly known: Student's t would say little more than 0 to 100 %.
LEAST_BLOCKS = 8


def lasting(
    people: int,
    moments_row: NDArray[np.int64],
    blocks: Sequence[tuple[int, int]],
    level: float = LEVEL,
) -> Interval | None:
    """Interval around Σy / Σm of a long period for the level behind it; None where weeks are few.

    people, moments_row: of the whole period, as in `interval.ratio`; blocks: Σy and Σm of its
    weeks, those that are known. The design effect is that of the weeks, and never below that of the
    people; degrees of freedom: (Σm)² / Σm² of the weeks, less one. None for fewer than
    `LEAST_BLOCKS` weeks with an answer, or without a valid answer.
    """
    known = np.array([block for block in blocks if block[1] > 0], dtype=np.float64).reshape(-1, 2)
    alone = effective_answers(people, moments_row)
    if len(known) < LEAST_BLOCKS or alone is None:
        return None
    y, m = known.T
    p, answers = float(y.sum() / m.sum()), float(m.sum())
    between = 1.0
    if 0.0 < p < 1.0:
        squares = float(np.sum((y - p * m) ** 2))
        variance = len(known) / (len(known) - 1) * squares / (answers * answers)
        between = variance * answers / (p * (1.0 - p))
    whole = float(moments_row[1])
    share = float(moments_row[0]) / whole
    quantile = t_quantile((1.0 + level) / 2.0, answers**2 / float(np.sum(m * m)) - 1.0)
    below, above = (min(one, whole / max(between, 1.0)) for one in alone)
    low, _ = score_limits(share, below, quantile)
    _, high = score_limits(share, above, quantile)
    nearer = below if share > 0.5 else above
    return Interval(low, high, whole / nearer, nearer)
