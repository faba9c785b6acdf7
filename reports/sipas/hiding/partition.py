"""The cells that all tables of a row are made of: one partition of its people by several labels.

A table by field, one by channel and one by quality are sums of the same cells, so that no two of
them part anybody off. `grid.fits` decides of each cell whether it may stand beside the blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reports.sipas.hiding import grid
from reports.sipas.hiding.grid import People

Labels = tuple[str, ...]  # of one person, in the order of the keys
ANY = "*"
MOST_CELLS = 12


@dataclass(frozen=True)
class Cell:
    """Who stands together in every table.

    labels: one for each key, ANY where people of several stand together; members: their labels.
    """

    labels: Labels
    members: frozenset[Labels]


def partition(
    people: Mapping[tuple[int, Labels], tuple[int, int]], k: int, most: int = MOST_CELLS
) -> tuple[Cell, ...]:
    """The finest cells that are found; the first key is split first, the most people first.

    people: by block and labels how many there are, and how many of them answered the anchor. At
    most so many cells. A row that cannot be parted has one. Raises ValueError for an empty row, for
    labels of different lengths, and as `grid.fits`.
    """
    known = sorted({labels for _, labels in people})
    if len({len(labels) for labels in known}) != 1:
        raise ValueError("everybody in a row has one label for each key")
    table = _Table(people, known, k)
    cells = [frozenset(known)]
    if not table.fits(cells):
        raise ValueError("a row holds k people who answered the anchor, in each of its blocks")
    for key in range(len(known[0])):
        for cell in list(cells):
            rest = cell
            for part in table.by_size(cell, key):
                tried = [one for one in cells if one != rest] + [part, rest - part]
                if part != rest and len(tried) <= most and table.fits(tried):
                    cells, rest = tried, rest - part
    named = (Cell(_shared(members), members) for members in cells)
    return tuple(sorted(named, key=lambda cell: (cell.labels, sorted(cell.members))))


def _shared(members: frozenset[Labels]) -> Labels:
    return tuple(
        values[0] if len(set(values)) == 1 else ANY for values in zip(*sorted(members), strict=True)
    )


class _Table:
    """How many people of each labels every block has; both int64[blocks, labels]."""

    def __init__(
        self, people: Mapping[tuple[int, Labels], tuple[int, int]], known: Sequence[Labels], k: int
    ) -> None:
        self.k = k
        self.place = {labels: place for place, labels in enumerate(known)}
        blocks = {number: row for row, number in enumerate(sorted({block for block, _ in people}))}
        self.people = np.zeros((len(blocks), len(known)), dtype=np.int64)
        self.anchored = np.zeros_like(self.people)
        for (number, labels), (everybody, anchored) in people.items():
            self.people[blocks[number], self.place[labels]] = everybody
            self.anchored[blocks[number], self.place[labels]] = anchored

    def fits(self, cells: Sequence[frozenset[Labels]]) -> bool:
        """Whether these cells may stand beside the blocks."""
        return grid.fits(
            self._summed(self.people, cells), self._summed(self.anchored, cells), self.k
        )

    def _summed(self, table: People, cells: Sequence[frozenset[Labels]]) -> People:
        columns = [table[:, [self.place[one] for one in cell]].sum(axis=1) for cell in cells]
        return np.stack(columns, axis=1)

    def by_size(self, cell: frozenset[Labels], key: int) -> Iterator[frozenset[Labels]]:
        """Of a cell: who has each label of this key; most people first."""
        parts: dict[str, set[Labels]] = {}
        for labels in sorted(cell):
            parts.setdefault(labels[key], set()).add(labels)

        def size(part: set[Labels]) -> int:
            return int(self.people[:, [self.place[labels] for labels in part]].sum())

        for part in sorted(parts.values(), key=size, reverse=True):
            yield frozenset(part)
