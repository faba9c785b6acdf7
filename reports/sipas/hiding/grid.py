"""Whether people may be counted by two partitions at once: by blocks and by the cells of a table.

A block is who came together into the figures of an office; a cell is who is of one kind (a channel,
a field). Figures are sums over whole blocks and sums over whole cells. A combination of them gives
a person of block b and cell c the weight h(b) + t(c). Take the cells in which t has one value as S:
where the weight of a block's people is zero in S it is not zero outside, and the other way about.
So whoever carries weight is at least the sum over the blocks of min(in S, outside S), or that sum
is zero for each such S; then whole blocks and whole cells carry it. Hence the rule: every such
sum is zero or at least k, and every block and cell has k people.

The sum is a symmetric submodular function of S. Its least value that is not zero is found by the
algorithm of M. Queyranne (Minimizing symmetric submodular functions, Mathematical Programming 82,
1998, 3-12) within each set of cells that blocks connect.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

People = NDArray[np.int64]


def fits(people: People, anchored: People, k: int) -> bool:
    """Whether blocks and cells may be shown beside each other.

    people, anchored: int64[blocks, cells], everybody and who answered the anchor, by whom people
    are counted. Raises ValueError where more answered it than there are, or for k below 1.
    """
    _check(people, anchored, k)
    if bool(((people > 0) & (anchored == 0)).any()):
        return False  # whoever is there alone carries weight that nobody else balances
    sides = (anchored.sum(axis=0), anchored.sum(axis=1))
    if any(bool(((side > 0) & (side < k)).any()) for side in sides):
        return False
    cut = least_cut(anchored)
    return cut is None or cut >= k


def least_cut(people: People) -> int | None:
    """The least sum over the blocks of min(in S, outside S) that is not zero, over sets S of cells.

    people: int64[blocks, cells]. None where it is zero for every set: no block lies in two cells.
    """
    cuts = [
        _least_cut_within(people[:, cells]) for cells in _connected(people > 0) if len(cells) > 1
    ]
    return min(cuts, default=None)


def cut(people: People, cells: Collection[int]) -> int:
    """The sum over the blocks of min(in these cells, outside); people: int64[blocks, cells]."""
    within = people[:, list(cells)].sum(axis=1)
    return int(np.minimum(within, people.sum(axis=1) - within).sum())


def _connected(shared: NDArray[np.bool_]) -> list[list[int]]:
    """The cells in sets that no block reaches across; shared: bool[blocks, cells]."""
    left = set(range(shared.shape[1]))
    found = []
    while left:
        cells = {left.pop()}
        while True:
            blocks = shared[:, sorted(cells)].any(axis=1)
            reached = set(np.flatnonzero(shared[blocks].any(axis=0)).tolist()) | cells
            if reached == cells:
                break
            cells = reached
        left -= cells
        found.append(sorted(cells))
    return found


def _least_cut_within(people: People) -> int:
    """Queyranne: of the last pair in order, the last alone is a candidate; then the two are one."""
    merged = people.copy()
    totals = people.sum(axis=1)
    least = int(totals.sum())
    while merged.shape[1] > 1:
        last, before = _pendant(merged, totals)
        alone = merged[:, last]
        least = min(least, int(np.minimum(alone, totals - alone).sum()))
        merged[:, before] += alone
        merged = np.delete(merged, last, axis=1)
    return least


def _pendant(merged: People, totals: People) -> tuple[int, int]:
    """The last two cells of the order in which each next one has the least cut(W + u) - cut(u)."""
    alone = np.minimum(merged, totals[:, None] - merged).sum(axis=0)
    order = [0]
    within = merged[:, 0].copy()
    left = list(range(1, merged.shape[1]))
    while left:
        joined = within[:, None] + merged[:, left]
        keys = np.minimum(joined, totals[:, None] - joined).sum(axis=0) - alone[left]
        chosen = left.pop(int(keys.argmin()))
        within += merged[:, chosen]
        order.append(chosen)
    return order[-1], order[-2]


def _check(people: People, anchored: People, k: int) -> None:
    if k < 1:
        raise ValueError("a figure holds at least one person")
    if (
        people.shape != anchored.shape
        or bool((anchored > people).any())
        or anchored.min(initial=0) < 0
    ):
        raise ValueError("of the people of a cell so many answered the anchor, or fewer")
