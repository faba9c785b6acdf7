"""The percentages that scores should come out at, computed without drawing anybody.

Whether an item is answered does not depend on how satisfied a person is, and a person's effect on
all answers is normal, so every criterion's true share is a mixture of normal tails: exact but for
the table of `normal.below`. A factor or the whole is pooled as the index is (domain/sipas.md §4).
Forms that somebody made up on a staged day are no part of the truth.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from demo.simulation.normal import below
from demo.simulation.plan import Plan
from offices.validity import Days


@dataclass(frozen=True)
class Truth:
    """Expected percentages, 0 to 100: of each criterion and factor by code, and of all criteria."""

    criteria: Mapping[str, float]
    factors: Mapping[str, float]
    overall: float


def truth(
    plan: Plan,
    slugs: Collection[str] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Truth:
    """What is true of these offices together (default: all), from `first` to `last` (default: all).

    Those still waiting for a result and forms that do not count are left out, as in the index.
    Raises ValueError when nobody is expected there.
    """
    days = np.array([Days(first, last).hold(day) for day in plan.days])
    shares, people = np.zeros(len(plan.form.codes)), 0.0
    for row, wish in enumerate(plan.wishes):
        if slugs is not None and wish.office.slug not in slugs:
            continue
        weights, shifts = plan.menus[wish.office.level].mixture()
        # Who waits is left out, so an office with much land counts for a little less.
        counted = plan.menus[wish.office.level].counted()
        on_day = plan.weights[row] * days * counted
        drift = wish.drift * plan.years
        by_kind = below(plan.base[row] + drift[:, None, None] + shifts[:, None])
        shares += on_day @ (weights @ by_kind)
        people += float(on_day.sum())
    if people == 0.0:
        raise ValueError("no simulated person is expected at these offices on these days")
    shares = 100.0 * shares / people
    answered = plan.form.answered()
    return Truth(
        criteria=dict(zip(plan.form.codes, shares.tolist(), strict=True)),
        factors={
            code: float(np.average(shares[of], weights=answered[of]))
            for rank, code in enumerate(plan.form.factor_codes)
            for of in [plan.form.factor_rank == rank]
        },
        overall=float(np.average(shares, weights=answered)),
    )
