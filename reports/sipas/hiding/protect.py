"""Which cells of a table of two dimensions may be shown beside its totals.

A table says how many people of each office (row) were of each kind (column: a field, a channel).
The rows' totals are shown elsewhere, and where possible the columns' too, so a cell that is hidden
alone can be found by subtraction. `protect` hides further cells until every hidden count could be
anything within a range at least k wide, given all that is shown and that no count is negative.

The range of a hidden cell is exact: all tables with the same shown cells and totals differ by
circulations on the hidden cells, so it can grow by the maximum flow from its column to its row, and
shrink by the flow back (R. Ahuja, T. Magnanti, J. Orlin: Network Flows, 1993, §2.4 and §6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

People = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Protected:
    """shown: bool[rows, columns]; columns_shown: whether the columns' totals may be shown too."""

    shown: Mask
    columns_shown: bool


def protect(people: People, k: int) -> Protected:
    """Decides a whole table, int64[rows, columns], of which every row has at least k people.

    No cell of fewer than k people is shown, an empty one neither. The columns' totals are given
    up where they cannot be shown, or where showing them leaves fewer cells than half of those that
    could be shown without. Raises ValueError for a negative count, a row below k, or k below 1.
    """
    if k < 1:
        raise ValueError("a cell holds at least one person")
    if people.ndim != 2 or (people.size and people.min() < 0):
        raise ValueError("a table of people has two dimensions and no negative counts")
    if len(people) and int(people.sum(axis=1).min(initial=k)) < k:
        raise ValueError("a row of fewer than k people is not shown at all")
    alone = _protect_rows(people, k)
    together = _protect_both(people, k)
    if together is None or 2 * int(together.sum()) < int(alone.sum()):
        return Protected(alone, columns_shown=False)
    return Protected(together, columns_shown=True)


def room(people: People, hidden: Mask, row: int, column: int, enough: int) -> int:
    """How wide the range of a hidden cell is when rows' and columns' totals are known.

    Looks no further than `enough`: a wider range is reported as something at least that.
    """
    state = people.copy()
    grow = _flow(state, hidden, row, column, enough, growing=True)
    state = people.copy()
    at_most = min(int(people[row, column]), enough)
    return grow + _flow(state, hidden, row, column, at_most, growing=False)


def _protect_rows(people: People, k: int) -> Mask:
    """Each row for itself: what is hidden in it are two cells or more, of k people or more."""
    shown = people >= k
    for row, counts in zip(shown, people, strict=True):
        while not row.all():
            hidden = ~row
            if (hidden.sum() > 1 and counts[hidden].sum() >= k) or not row.any():
                break
            row[np.flatnonzero(row)[counts[row].argmin()]] = False
    return shown


def _protect_both(people: People, k: int) -> Mask | None:
    """With the columns' totals known; None if no hidden pattern protects every cell."""
    totals = people.sum(axis=0)
    if ((totals > 0) & (totals < k)).any() or (totals == 0).any():
        return None
    hidden = people < k
    while True:
        open_cell = _unprotected(people, hidden, k)
        if open_cell is None:
            return ~hidden
        if not _hide_rectangle(people, hidden, open_cell, k):
            return None


def _unprotected(people: People, hidden: Mask, k: int) -> tuple[int, int] | None:
    """A hidden cell whose range is narrower than k, if there is one."""
    for row, column in np.argwhere(hidden).tolist():
        if _best_rectangle(people, hidden, row, column)[0] >= k:
            continue
        if room(people, hidden, row, column, k) < k:
            return row, column
    return None


def _rectangles(people: People, row: int, column: int) -> People:
    """By the opposite corner: how wide a range the four cells of a rectangle give this one."""
    grow = np.minimum(people[row, :][None, :], people[:, column][:, None])
    shrink = np.minimum(people[row, column], people)
    width: People = grow + shrink
    width[row, :] = width[:, column] = 0
    return width


def _best_rectangle(people: People, hidden: Mask, row: int, column: int) -> tuple[int, int]:
    """The widest range from a rectangle of hidden cells, and where its opposite corner is."""
    usable = hidden & hidden[row, :][None, :] & hidden[:, column][:, None]
    width = np.where(usable, _rectangles(people, row, column), 0)
    best = int(width.argmax())
    return int(width.flat[best]), best


def _hide_rectangle(people: People, hidden: Mask, cell: tuple[int, int], k: int) -> bool:
    """Hides the rectangle that costs the fewest people and protects the cell; False for none."""
    row, column = cell
    width = _rectangles(people, row, column)
    lost = np.where(hidden, 0, people)
    cost = lost + lost[row, :][None, :] + lost[:, column][:, None]
    enough = width >= k
    if not enough.any():
        return False
    opposite = int(np.where(enough, cost, np.iinfo(np.int64).max).argmin())
    other_row, other_column = divmod(opposite, people.shape[1])
    hidden[[row, other_row, other_row], [other_column, column, other_column]] = True
    return True


def _flow(state: People, hidden: Mask, row: int, column: int, limit: int, *, growing: bool) -> int:
    """How many people can move into (or out of) a cell while all totals stay; at most `limit`.

    Moves them in `state`. A step from a column to a row takes people out of a hidden cell, a step
    from a row to a column puts people into one; the cell itself takes no part.
    """
    usable = hidden.copy()
    usable[row, column] = False
    moved = 0
    while moved < limit:
        path = _path(state, usable, row, column, from_column=growing)
        if path is None:
            break
        out = [(r, c) for r, c, taking in path if taking]
        amount = min([limit - moved, *(int(state[cell]) for cell in out)])
        for r, c, taking in path:
            state[r, c] += -amount if taking else amount
        moved += amount
    return moved


def _path(
    state: People, usable: Mask, row: int, column: int, *, from_column: bool
) -> list[tuple[int, int, bool]] | None:
    """The shortest way from the column to the row, or back, over usable cells."""
    n_rows, n_columns = state.shape
    rows_from = np.full(n_rows, -1)
    columns_from = np.full(n_columns, -1)
    rows = np.zeros(n_rows, dtype=bool)
    columns = np.zeros(n_columns, dtype=bool)
    (columns if from_column else rows)[column if from_column else row] = True
    seen_rows, seen_columns = rows.copy(), columns.copy()
    takes = usable & (state > 0)
    while rows.any() or columns.any():
        reached_rows, source = _step(takes[:, columns].T, np.flatnonzero(columns), seen_rows)
        rows_from[reached_rows] = source
        reached_columns, source = _step(usable[rows, :], np.flatnonzero(rows), seen_columns)
        columns_from[reached_columns] = source
        rows, columns = np.zeros_like(rows), np.zeros_like(columns)
        rows[reached_rows] = seen_rows[reached_rows] = True
        columns[reached_columns] = seen_columns[reached_columns] = True
        if seen_rows[row] and seen_columns[column]:
            return _trace(rows_from, columns_from, row, column, from_column=from_column)
    return None


def _step(
    ways: Mask, sources: NDArray[np.intp], seen: Mask
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """What is newly reached from `sources` (ways: bool[sources, targets]), and from which."""
    reached = np.flatnonzero(ways.any(axis=0) & ~seen) if len(sources) else np.array([], np.intp)
    return reached, sources[ways[:, reached].argmax(axis=0)] if len(reached) else reached


def _trace(
    rows_from: NDArray[np.int_],
    columns_from: NDArray[np.int_],
    row: int,
    column: int,
    *,
    from_column: bool,
) -> list[tuple[int, int, bool]]:
    """The cells of the way that ends at the row (or column), each with whether it is taken from."""
    path: list[tuple[int, int, bool]] = []
    at_row, place = from_column, row if from_column else column
    start = (False, column) if from_column else (True, row)
    while (at_row, place) != start:
        before = int(rows_from[place] if at_row else columns_from[place])
        path.append((place, before, True) if at_row else (before, place, False))
        at_row, place = not at_row, before
    return path
