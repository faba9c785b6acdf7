"""The cells that all tables of a row are made of: one partition of its people by several labels.

A table by field, one by channel and one by quality are sums of the same cells, so that no two of
them part anybody off. `grid.fits` decides of each cell whether it may stand beside the blocks, and
beside whoever left a figure that stood: those who left together are a class, known by subtraction,
in every cell.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reports.sipas.hiding import grid
from reports.sipas.hiding.grid import People

Labels = tuple[str, ...]  # of one person, in the order of the keys
Class = Hashable  # who left and came back together; one for all who never did
Counted = Mapping[tuple[int, Class, Labels], tuple[int, int]]
ANY = "*"
MOST_CELLS = 12


@dataclass(frozen=True)
class Cell:
    """Who stands together in every table.

    labels: one for each key, ANY where people of several stand together; members: their labels.
    """

    labels: Labels
    members: frozenset[Labels]


def class_of(row: int, part: int, *, withdrawn: bool, moved: bool) -> Class:
    """Whom people of a row are known together with: all who never left, or a class of their row.

    part: 0, or who left together; moved: whether the row was shown both with and without somebody.
    """
    return (row, part, withdrawn) if moved or part or withdrawn else 0


def partition(people: Counted, k: int, most: int = MOST_CELLS) -> tuple[Cell, ...]:
    """The finest cells that are found; the first key is split first, the most people first.

    people: by block, class and labels how many there are, and how many of them answered the anchor.
    At most so many cells; whoever cannot be parted stands in one. Raises ValueError for nobody, for
    labels of different lengths, and as `grid.fits`.
    """
    known = sorted({labels for _, _, labels in people})
    if len({len(labels) for labels in known}) != 1:
        raise ValueError("everybody has one label for each key")
    table = _Table(people, known, k)
    cells = [frozenset(known)]
    for key in range(len(known[0])):
        for cell in list(cells):
            rest = cell
            for part in table.by_size(cell, key):
                tried = [one for one in cells if one != rest] + [part, rest - part]
                if part != rest and len(tried) <= most and table.fits(tried):
                    cells, rest = tried, rest - part
    named = (Cell(shared(members), members) for members in cells)
    return tuple(sorted(named, key=lambda cell: (cell.labels, sorted(cell.members))))


def stands(people: Counted, cells: Sequence[Cell], k: int) -> bool:
    """Whether these classes and cells may be shown beside the blocks; everybody has a cell."""
    known = sorted({labels for _, _, labels in people})
    members = [cell.members & set(known) for cell in cells]
    return _Table(people, known, k).fits(members)


def told_apart(people: Counted, cells: Sequence[Cell], key: int) -> tuple[int, int]:
    """Of how many people a table by this key names the kind, and how many people there are."""
    named = {labels for cell in cells if cell.labels[key] != ANY for labels in cell.members}
    sizes = [(labels, everybody) for (_, _, labels), (everybody, _) in people.items()]
    return sum(n for labels, n in sizes if labels in named), sum(n for _, n in sizes)


def shared(members: Collection[Labels]) -> Labels:
    """The labels of a cell with these members: ANY where they are of several."""
    return tuple(
        values[0] if len(set(values)) == 1 else ANY for values in zip(*sorted(members), strict=True)
    )


class _Table:
    """How many people of each labels every block has, by class; int64[classes, blocks, labels]."""

    def __init__(self, people: Counted, known: Sequence[Labels], k: int) -> None:
        self.k = k
        self.place = {labels: place for place, labels in enumerate(known)}
        blocks = _numbered(block for block, _, _ in people)
        classes = _numbered(each for _, each, _ in people)
        self.people = np.zeros((len(classes), len(blocks), len(known)), dtype=np.int64)
        self.anchored = np.zeros_like(self.people)
        for (block, each, labels), (everybody, anchored) in people.items():
            at = classes[each], blocks[block], self.place[labels]
            self.people[at] += everybody
            self.anchored[at] += anchored

    def fits(self, cells: Collection[frozenset[Labels]]) -> bool:
        """Whether these cells, and each class in each of them, may stand beside the blocks."""
        return grid.fits(
            self._summed(self.people, cells), self._summed(self.anchored, cells), self.k
        )

    def _summed(self, table: People, cells: Collection[frozenset[Labels]]) -> People:
        columns = [
            of[:, [self.place[one] for one in cell]].sum(axis=1) for of in table for cell in cells
        ]
        return np.stack(columns, axis=1)

    def by_size(self, cell: frozenset[Labels], key: int) -> Iterator[frozenset[Labels]]:
        """Of a cell: who has each label of this key; most people first."""
        parts: dict[str, set[Labels]] = {}
        for labels in sorted(cell):
            parts.setdefault(labels[key], set()).add(labels)

        def size(part: set[Labels]) -> int:
            return int(self.people[..., [self.place[labels] for labels in part]].sum())

        for part in sorted(parts.values(), key=size, reverse=True):
            yield frozenset(part)


def _numbered(found: Iterable[Hashable]) -> dict[Hashable, int]:
    return {one: place for place, one in enumerate(dict.fromkeys(found))}
