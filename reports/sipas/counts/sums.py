"""Counts that add up: what a tally cell holds, and all that percentages and intervals need."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.layout import DifferentInstruments, Layout

Counts = NDArray[np.int64]
Packed = bytes | bytearray | memoryview | NDArray[np.uint8]

ANSWERS = 10  # 0 blank, 1-7 the scale or choice, 8 not asked, 9 don't know
MOMENTS = 5  # Σy, Σm, Σy², Σm², Σym
_ROWS_AT_ONCE = 65_536  # a block of this many responses stays in the processor's cache
_HEADER = struct.Struct("<BHH8s")
_NARROW, _WIDE = 1, 2  # version byte: int32 (a day of an office), int64 (what does not fit)
_WORDS: dict[int, np.dtype[np.signedinteger]] = {_NARROW: np.dtype("<i4"), _WIDE: np.dtype("<i8")}


@dataclass(frozen=True, eq=False)
class Sums:
    """What a set of responses to one instrument adds up to.

    people: how many responses; counts: int64[n_items, 10], answers 0..9 of every item;
    moments: int64[n_groups, 5], per group of `Layout.groups` Σy, Σm, Σy², Σm², Σym over
    people, with y the satisfied and m the valid answers of one person in that group.
    """

    layout: Layout
    people: int
    counts: Counts
    moments: Counts

    @classmethod
    def zero(cls, layout: Layout) -> Sums:
        return cls(
            layout,
            0,
            np.zeros((layout.n_items, ANSWERS), dtype=np.int64),
            np.zeros((layout.n_groups, MOMENTS), dtype=np.int64),
        )

    def __add__(self, other: Sums) -> Sums:
        """Sums of both sets of people; DifferentInstruments if they answered different forms."""
        self._same_instrument(other)
        return Sums(
            self.layout,
            self.people + other.people,
            self.counts + other.counts,
            self.moments + other.moments,
        )

    def __sub__(self, other: Sums) -> Sums:
        """Sums without a subset of the people; DifferentInstruments as for addition."""
        self._same_instrument(other)
        return Sums(
            self.layout,
            self.people - other.people,
            self.counts - other.counts,
            self.moments - other.moments,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sums):
            return NotImplemented
        return (
            self.layout == other.layout
            and self.people == other.people
            and np.array_equal(self.counts, other.counts)
            and np.array_equal(self.moments, other.moments)
        )

    __hash__ = None  # type: ignore[assignment]  # holds arrays

    def to_bytes(self) -> bytes:
        """Compact form: version, shape, the layout's fingerprint, then little-endian integers.

        int32 as long as every number fits, int64 otherwise: a number is never cut.
        """
        numbers = np.concatenate(([self.people], self.counts.ravel(), self.moments.ravel()))
        limits = np.iinfo(np.int32)
        fits = limits.min <= int(numbers.min()) and int(numbers.max()) <= limits.max
        version = _NARROW if fits else _WIDE
        header = _HEADER.pack(
            version, self.layout.n_items, self.layout.n_groups, self.layout.fingerprint
        )
        return header + numbers.astype(_WORDS[version]).tobytes()

    @classmethod
    def from_bytes(cls, layout: Layout, stored: bytes | bytearray | memoryview) -> Sums:
        """Read `to_bytes` back.

        Raises DifferentInstruments if another layout wrote it, ValueError if it is damaged or
        of a version that is not known here.
        """
        stored = bytes(stored)
        if len(stored) < _HEADER.size:
            raise ValueError("stored sums are shorter than their header")
        version, n_items, n_groups, fingerprint = _HEADER.unpack_from(stored)
        if version not in _WORDS:
            raise ValueError(f"stored sums have the unknown version {version}")
        if (n_items, n_groups, fingerprint) != (
            layout.n_items,
            layout.n_groups,
            layout.fingerprint,
        ):
            raise DifferentInstruments("stored sums belong to another instrument")
        split = 1 + n_items * ANSWERS
        length = split + n_groups * MOMENTS
        if len(stored) != _HEADER.size + length * _WORDS[version].itemsize:
            raise ValueError("stored sums have the wrong length")
        numbers = np.frombuffer(stored, _WORDS[version], offset=_HEADER.size).astype(np.int64)
        return cls(
            layout,
            int(numbers[0]),
            numbers[1:split].reshape(n_items, ANSWERS),
            numbers[split:].reshape(n_groups, MOMENTS),
        )

    def _same_instrument(self, other: Sums) -> None:
        if self.layout != other.layout:
            raise DifferentInstruments(
                f"{self.layout.instrument!r} and {other.layout.instrument!r} are never added"
            )


def count(layout: Layout, packed: Packed) -> Sums:
    """Count responses given as packed bytes, one byte per item, one response after another.

    packed: bytes of length n * n_items, or uint8[n, n_items]. Raises ValueError if the length
    is no whole number of responses or a byte is above 9.
    """
    answers = _as_rows(layout, packed)
    total = Sums.zero(layout)
    valid = _lookup(layout.valid)
    satisfied = _lookup(layout.satisfied)
    for start in range(0, len(answers), _ROWS_AT_ONCE):
        columns = np.ascontiguousarray(answers[start : start + _ROWS_AT_ONCE].T)
        for item, column in enumerate(columns):
            found = np.bincount(column, minlength=ANSWERS)
            if len(found) > ANSWERS:
                raise ValueError(f"item {layout.items[item].code} has an answer above 9")
            total.counts[item] += found
        is_valid, is_satisfied = valid[columns], satisfied[columns]
        for row, group in enumerate(layout.groups):
            y = is_satisfied[group.indices].sum(axis=0, dtype=np.uint16)
            m = is_valid[group.indices].sum(axis=0, dtype=np.uint16)
            total.moments[row] += _moments(y, m, len(group.indices))
    return Sums(layout, len(answers), total.counts, total.moments)


def moments_of(layout: Layout, group: int, answers: NDArray[np.uint8], starts: Counts) -> Counts:
    """One group's five sums of many lots of people at once: int64[lots, 5], as `count` has them.

    answers: uint8[people, items], lot after lot; starts: the first person of each lot, growing
    from 0, so that no lot is empty. Raises ValueError for an answer above 9.
    """
    if answers.size and int(answers.max()) >= ANSWERS:
        raise ValueError("an answer is above 9")
    columns = answers[:, layout.groups[group].indices]
    y = _lookup(layout.satisfied)[columns].sum(axis=1, dtype=np.int64)
    m = _lookup(layout.valid)[columns].sum(axis=1, dtype=np.int64)
    return np.add.reduceat(np.stack([y, m, y * y, m * m, y * m], axis=1), starts, axis=0)


def _as_rows(layout: Layout, packed: Packed) -> NDArray[np.uint8]:
    if isinstance(packed, np.ndarray):
        if packed.dtype != np.uint8 or packed.ndim != 2 or packed.shape[1] != layout.n_items:
            raise ValueError(f"answers must be uint8[n, {layout.n_items}]")
        return packed
    flat = np.frombuffer(packed, dtype=np.uint8)
    if layout.n_items == 0 or len(flat) % layout.n_items:
        raise ValueError(f"{len(flat)} bytes are no whole number of {layout.n_items}-item forms")
    return flat.reshape(-1, layout.n_items)


def _lookup(answers: frozenset[int]) -> NDArray[np.uint8]:
    table = np.zeros(256, dtype=np.uint8)
    table[sorted(answers)] = 1
    return table


def _moments(y: NDArray[np.uint16], m: NDArray[np.uint16], size: int) -> Counts:
    """The five sums over people, by way of the table of how many people have each (y, m)."""
    width = size + 1
    people = np.bincount(y * np.uint16(width) + m, minlength=width * width)
    table = people.reshape(width, width)
    values = np.arange(width, dtype=np.int64)
    by_y, by_m = table.sum(axis=1), table.sum(axis=0)
    squares = values * values
    return np.array(
        [by_y @ values, by_m @ values, by_y @ squares, by_m @ squares, values @ table @ values],
        dtype=np.int64,
    )
