"""What has opened of some people's answers: their sums, with zero for whatever has not.

Beside its headline a figure shows columns. A column is part of the questionnaire that opens for
people of a row, or of several rows together, and never closes again (`opening`, `rows`):

- `f:A` the factor A: how many of its answers count, and how many of them are satisfied;
- `p:A` how a person's answers to the factor A hang together, which its interval needs;
- `i:A1` the criterion or question A1; of a criterion only satisfied or not;
- `1:A1`, `2:A1`, `3:A1` the answers of the criterion A1 told further apart: the satisfied ones;
  the mildest of the others; all.

Opened sums of different rows add up. `covered` says for how many people each column is open, so
that a figure can say of whom it speaks, and is left out where these are too few.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums

STAGES = ("1", "2", "3")
# Of a hundred people in a figure so many must stand in the rows for which a column is open.
ENOUGH = 80

_LENGTH = struct.Struct("<I")


@lru_cache(maxsize=64)
def columns(layout: Layout) -> tuple[str, ...]:
    """All columns of a questionnaire, in the order of `Opened.covered`."""
    items = [item.code for item in layout.items]
    parts = list(layout.parts)
    return (
        *(f"f:{code}" for code in parts),
        *(f"p:{code}" for code in parts),
        *(f"i:{code}" for code in items),
        *(f"{stage}:{code}" for stage in STAGES for code in items),
    )


@lru_cache(maxsize=64)
def _places(layout: Layout) -> dict[str, int]:
    return {code: place for place, code in enumerate(columns(layout))}


@dataclass(frozen=True, eq=False)
class Opened:
    """sums: what opened, its people always 0; covered: int64[columns], people of the rows."""

    sums: Sums
    covered: NDArray[np.int64]

    @classmethod
    def zero(cls, layout: Layout) -> Opened:
        """Nothing is open."""
        return cls(Sums.zero(layout), np.zeros(len(columns(layout)), dtype=np.int64))

    @classmethod
    def total(cls, layout: Layout, opened: Iterable[Opened]) -> Opened:
        """All of these added up. Raises DifferentInstruments for another questionnaire's."""
        whole = cls.zero(layout)
        for one in opened:
            whole = cls(whole.sums + one.sums, whole.covered + one.covered)
        return whole

    def people(self, column: str) -> int:
        """For how many people a column is open."""
        return int(self.covered[_places(self.sums.layout)[column]])

    def shows(self, column: str, people: int) -> bool:
        """Whether a figure of so many people shows a column: by those for whom it is open."""
        covered = self.people(column)
        return covered > 0 and 100 * covered >= ENOUGH * people

    def to_bytes(self) -> bytes:
        """The sums as `Sums.to_bytes`, and what is covered, as little-endian integers."""
        sums = self.sums.to_bytes()
        return _LENGTH.pack(len(sums)) + sums + self.covered.astype("<i8").tobytes()

    @classmethod
    def from_bytes(cls, layout: Layout, stored: bytes) -> Opened:
        """Reads `to_bytes` back; nothing stored is nothing open.

        Raises DifferentInstruments if another layout wrote it, ValueError if it is damaged.
        """
        if not stored:
            return cls.zero(layout)
        if len(stored) < _LENGTH.size:
            raise ValueError("opened sums are shorter than their header")
        (length,) = _LENGTH.unpack_from(stored)
        end = _LENGTH.size + length
        if len(stored) != end + 8 * len(columns(layout)):
            raise ValueError("opened sums have the wrong length")
        covered = np.frombuffer(stored, "<i8", offset=end).astype(np.int64)
        return cls(Sums.from_bytes(layout, stored[_LENGTH.size : end]), covered)


def take(sums: Sums, chosen: Collection[str]) -> Opened:
    """Of these people's sums what the chosen columns show.

    A criterion's answers stand at the lowest answer of those that are not told apart. A stage that
    opens later than what it divides is the difference that it makes. Raises KeyError for an unknown
    column.
    """
    layout = sums.layout
    places = _places(layout)
    opened = Opened.zero(layout)
    kept, covered = opened.sums, opened.covered
    for column in chosen:
        covered[places[column]] = sums.people
        kind, code = column.split(":", 1)
        if kind in ("f", "p"):
            row = _group(layout, code)
            if row is not None:
                columns_of = slice(0, 2) if kind == "f" else slice(2, 5)
                kept.moments[row, columns_of] = sums.moments[row, columns_of]
        else:
            place = layout.index_of(code)
            kept.counts[place] += _told(layout, layout.items[place], sums.counts[place], kind)
    return opened


def _group(layout: Layout, part: str) -> int | None:
    """The row of a part's moments; a criterion without a factor has none."""
    return None if part.startswith("#") else layout.group_of("factor", part)


def _told(layout: Layout, item: Item, counts: NDArray[np.int64], kind: str) -> NDArray[np.int64]:
    """How a column changes the shown counts of an item: int64[10]."""
    if item.scale != "satisfaction":
        return _answers_of(item, counts)
    if kind == "i":
        return _merged(layout, counts, 0)
    stage = int(kind)
    return _merged(layout, counts, stage) - _merged(layout, counts, stage - 1)


def _answers_of(item: Item, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    told = counts.copy()
    told[8:] = 0
    if item.scale != "box":  # an empty box is an answer to it
        told[0] = 0
    return told


def _merged(layout: Layout, counts: NDArray[np.int64], stage: int) -> NDArray[np.int64]:
    told = np.zeros_like(counts)
    for together in levels(layout, stage):
        told[together[0]] = counts[list(together)].sum()
    return told


@lru_cache(maxsize=256)
def levels(layout: Layout, stage: int) -> tuple[tuple[int, ...], ...]:
    """The answers to a criterion that stand together at a stage, from 0 (satisfied or not) to 3."""
    satisfied = tuple(sorted(layout.satisfied))
    others = tuple(sorted(layout.valid - layout.satisfied))
    found: list[tuple[int, ...]] = [(one,) for one in satisfied] if stage >= 1 else [satisfied]
    if stage >= int(STAGES[-1]):
        found += [(one,) for one in others]
    elif stage >= 2 and len(others) > 1:
        found += [others[:-1], others[-1:]]
    else:
        found.append(others)
    return tuple(sorted(together for together in found if together))
