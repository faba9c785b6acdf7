"""Counting many cells at once: the sums of every cell from one pass over the answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.layout import DifferentInstruments, Layout
from reports.sipas.counts.sums import ANSWERS, MOMENTS, Counts, Sums


def count_cells(
    layout: Layout, answers: NDArray[np.uint8], cell: NDArray[np.intp], n_cells: int
) -> list[Sums]:
    """The sums of each cell.

    answers: uint8[n, n_items]; cell: intp[n], the cell of every response, 0..n_cells-1.
    Raises ValueError if an answer is above 9 or the shapes do not fit.
    """
    if answers.shape != (len(cell), layout.n_items):
        raise ValueError(f"answers must be uint8[{len(cell)}, {layout.n_items}]")
    if answers.size and int(answers.max()) >= ANSWERS:
        raise ValueError("an answer is above 9")
    people = np.bincount(cell, minlength=n_cells)
    counts = np.empty((n_cells, layout.n_items, ANSWERS), dtype=np.int64)
    for item in range(layout.n_items):
        joint = cell * ANSWERS + answers[:, item]
        counts[:, item, :] = np.bincount(joint, minlength=n_cells * ANSWERS).reshape(
            n_cells, ANSWERS
        )
    moments = np.empty((n_cells, layout.n_groups, MOMENTS), dtype=np.int64)
    satisfied = np.isin(answers, sorted(layout.satisfied))
    valid = np.isin(answers, sorted(layout.valid))
    for row, group in enumerate(layout.groups):
        y = satisfied[:, group.indices].sum(axis=1, dtype=np.int64)
        m = valid[:, group.indices].sum(axis=1, dtype=np.int64)
        for column, values in enumerate((y, m, y * y, m * m, y * m)):
            moments[:, row, column] = _total(cell, values, n_cells)
    return [Sums(layout, int(people[c]), counts[c], moments[c]) for c in range(n_cells)]


def total(layout: Layout, parts: list[Sums]) -> Sums:
    """All parts added up; the zero of the layout for none.

    Raises DifferentInstruments if a part belongs to another instrument.
    """
    if not parts:
        return Sums.zero(layout)
    for part in parts:
        if part.layout != layout:
            raise DifferentInstruments(
                f"{part.layout.instrument!r} is never added to {layout.instrument!r}"
            )
    return Sums(
        layout,
        sum(part.people for part in parts),
        np.sum([part.counts for part in parts], axis=0),
        np.sum([part.moments for part in parts], axis=0),
    )


def _total(cell: NDArray[np.intp], values: Counts, n_cells: int) -> Counts:
    # float64 holds integers exactly up to 2^53; 10^6 people times 255² stays far below
    return np.bincount(cell, weights=values, minlength=n_cells).astype(np.int64)
