"""Factors and criteria that must not be shown, because others would give a hidden one away.

A factor that three people answered is hidden in March and shown in the quarter: whoever knows it
for January and February finds March by subtraction. So of every figure that is shown in parts (the
months of a quarter, the offices of a unit) the parts that hide a factor or criterion are none, or
at least two with at least k people together. Months were shown before their quarter, so there the
quarter hides it (`withheld`). Offices are shown together with their unit, so there another office
hides it too (`decide`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums

People = NDArray[np.int64]
Mask = NDArray[np.bool_]
Members = NDArray[np.intp]


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
        found |= named(layout, unsafe(people, people < k, np.arange(len(table)), k))
    return found


def named(layout: Layout, chosen: Mask) -> set[str]:
    """The codes that are chosen: bool[codes]."""
    return {code for code, is_chosen in zip(codes(layout), chosen, strict=True) if is_chosen}


@dataclass(frozen=True, eq=False)
class Decided:
    """hidden: bool[parts, codes]; unsafe: bool[families, codes], sums that must not be shown."""

    hidden: Mask
    unsafe: Mask


def decide(
    people: People, families: Sequence[Members], k: int, keep: Collection[int] = ()
) -> Decided:
    """Which parts hide what, and which of their sums must hide it too.

    people: int64[parts, codes], the `answering` of each part; families: indices of the parts that
    a sum is shown of, such as the offices of each commune and province on each map. What the shown
    parts of a family and the sums within it leave over must be nothing, or two parts of k people.
    Where it is not, a family in `keep` (the provinces) hides its smallest other parts, as long as
    there are any; the others hide their sum.
    """
    sets = [frozenset(family.tolist()) for family in families]
    order = sorted(range(len(families)), key=lambda number: len(sets[number]))
    within = {number: [small for small in order if sets[small] < sets[number]] for number in order}
    hidden = people < k
    while True:
        bad = np.zeros((len(families), people.shape[1]), dtype=bool)
        more = hidden.copy()
        for number in order:
            members = families[number]
            left = _left_over(hidden, families, bad, number, within[number])
            bad[number] = unsafe(people, left, members, k)
            for code in np.flatnonzero(bad[number]).tolist() if number in keep else ():
                shown = members[~hidden[members, code]]
                if len(shown):
                    more[shown[people[shown, code].argmin()], code] = True
        if (more == hidden).all():
            return Decided(hidden, bad)
        hidden = more


def unsafe(people: People, hidden: Mask, members: Members, k: int) -> Mask:
    """Of what the sum of these parts gives a hidden one away: bool[codes]."""
    out = hidden[members]
    few = (out.sum(axis=0) == 1) | (np.where(out, people[members], 0).sum(axis=0) < k)
    found: Mask = few & out.any(axis=0)
    return found


def _left_over(
    hidden: Mask, families: Sequence[Members], bad: Mask, number: int, within: Sequence[int]
) -> Mask:
    """What is hidden of a family and not in a smaller family whose sum is shown."""
    left = hidden.copy()
    for small in within:
        left[families[small]] &= bad[small]
    return left
