"""Factors and criteria that must not be shown, because parts of the figure show them too.

A factor that three people answered is hidden in March and shown in the quarter. Whoever knows it
for January and February finds March by subtraction. So a figure shows a factor or criterion only
if, in every family of parts that have figures of their own (the offices of a unit, the months of a
quarter), the parts that hide it are none, or at least two with at least k people together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .layout import Layout
from .sums import Sums

People = NDArray[np.int64]


def codes(layout: Layout) -> list[str]:
    """What `answering` counts, in its order: factors, then satisfaction criteria."""
    return [*layout.factors, *(layout.items[i].code for i in layout.criteria.tolist())]


def answering(sums: Sums) -> People:
    """How many people surely answered each factor and criterion: int64[len(codes(layout))].

    Of a factor the most at any one of its criteria: who left one out may have answered another.
    """
    layout = sums.layout
    valid: People = sums.counts[:, sorted(layout.valid)].sum(axis=1)
    factors = [int(valid[indices].max(initial=0)) for indices in layout.factors.values()]
    return np.array([*factors, *valid[layout.criteria].tolist()], dtype=np.int64)


def withheld(layout: Layout, families: Iterable[Sequence[Sums]], k: int) -> set[str]:
    """Codes of factors and criteria that a figure with these families of parts must not show.

    Only parts of k people or more have figures; the others are not there to subtract.
    """
    found: set[str] = set()
    for family in families:
        table = [answering(part) for part in family if part.people >= k]
        if not table:
            continue
        people = np.array(table)
        hidden = people < k
        few = (hidden.sum(axis=0) == 1) | (np.where(hidden, people, 0).sum(axis=0) < k)
        found.update(
            code for code, bad in zip(codes(layout), few & hidden.any(axis=0), strict=True) if bad
        )
    return found
