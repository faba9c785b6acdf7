"""Whether people may leave figures that stand, and be known to have left.

What was shown before stays known, so that after a revision the figures of those who left follow by
subtraction, in every block, cell, factor and criterion. They are a class of their row from then
on, as are those who stay, and each class must be able to stand alone: beside blocks and cells
(`partition.stands`), and in every column that the row shows (here). A class comes back whole.

Why that is enough: with classes for rows the proof of `opening` is the same, word for word; what a
row shows together with others it shows for each of its classes that stand in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.columns import levels
from reports.sipas.hiding.opening import opens
from reports.sipas.hiding.reasons import SIDE, told_apart
from reports.sipas.hiding.rows import answering, mixed, surely_two


@dataclass(frozen=True, eq=False)
class Beside:
    """Columns that a row shows, and the rows with which it shows them together.

    others: of these rows the sums of whoever never left.
    """

    columns: frozenset[str]
    others: tuple[Sums, ...] = ()


@dataclass(frozen=True, eq=False)
class Class:
    """People of a row who left or came back together, or (core) never did.

    stays: in its figures after the revision; moves: leaves or comes back with it.
    """

    sums: Sums
    stays: bool
    core: bool = False
    moves: bool = False


def may_move(
    classes: Sequence[Class], closed: Collection[str], shown: Sequence[Beside], k: int
) -> bool:
    """Whether a row may be known by these classes, beside everything that it shows.

    closed: the factors that are closed in the row; what the headline sums of them is known as one
    sum of each class. Whoever is out and stays out was asked when they left.
    """
    asked = [one for one in classes if one.stays or one.moves]
    for one in asked:
        told = answering(one.sums)
        people = [told[part] for part in closed if part in one.sums.layout.headline_parts]
        if any(people) and max(people) < k:
            return False
    return all(_together(asked, one, k) and _alone(asked, one, k) for one in shown)


def _alone(classes: Sequence[Class], shown: Beside, k: int) -> bool:
    """Whoever leaves or comes back is known alone in each column, also in those shown since."""
    return all(
        may_show([one.sums], shown.columns, k) for one in classes if not (one.core and shown.others)
    )


def _together(classes: Sequence[Class], shown: Beside, k: int) -> bool:
    """The others can be taken away, so whoever never left opens with those who never did."""
    core = [one.sums for one in classes if one.core and one.stays]
    return may_show([*core, *shown.others], shown.columns, k)


def may_show(rows: Sequence[Sums], columns: Collection[str], k: int) -> bool:
    """Whether these rows may show columns together: each of nobody, or of k people.

    The bounds that `rows` keeps are kept here as well, but that nobody may stand on a side.
    """
    rows = [row for row in rows if row.people]
    if not rows:
        return True
    layout = rows[0].layout
    whole = total(layout, list(rows))
    criteria = {column[2:] for column in columns if column[0] == "i"} & _criteria(layout)
    if criteria and not mixed(whole):
        return False
    people = [answering(row) for row in rows]
    tables = _tables(layout, columns)
    for codes in tables:
        table = np.array([[row[code] for code in codes] for row in people], dtype=np.int64)
        table = table[table.any(axis=1)]
        if len(table) and not opens(table, k):
            return False
    return all(_bounded(whole, column, k) for column in columns)


def _tables(layout: Layout, columns: Collection[str]) -> list[list[str]]:
    """What opens as one table: factors that were closed, as finely as shown; else each part."""
    factors = [part for part in layout.parts if f"f:{part}" in columns]
    finer = {
        part: [code for code in _codes(layout, part) if f"i:{code}" in columns]
        for part in layout.parts
    }
    together = [code for part in factors for code in finer[part] or [part]]
    alone = [codes for part, codes in finer.items() if codes and part not in factors]
    return [table for table in (together, *alone) if table]


def _bounded(whole: Sums, column: str, k: int) -> bool:
    layout, (kind, code) = whole.layout, column.split(":", 1)
    if kind == "f":
        return True
    if kind == "p":
        _, m, _, mm, _ = whole.moments[layout.group_of("factor", code)].tolist()
        return bool(mm == m) or surely_two(whole, code) >= k
    place = layout.index_of(code)
    counts = whole.counts[place]
    if kind == "i":
        if code in _criteria(layout):
            return True
        if layout.items[place].scale == "reason":
            return told_apart(whole, code, k, nobody=True)
        answered = int(counts[0 if layout.items[place].scale == "box" else 1 : 8].sum())
        return answered == 0 or answered >= k
    told = [int(counts[list(of)].sum()) for of in levels(layout, int(kind))]
    return all(number == 0 or number >= SIDE for number in told)


def _codes(layout: Layout, part: str) -> list[str]:
    return [layout.items[i].code for i in layout.parts[part].tolist()]


def _criteria(layout: Layout) -> set[str]:
    return {layout.items[i].code for i in layout.criteria.tolist()}
