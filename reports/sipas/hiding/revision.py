"""Whether people may leave figures that stand, and be known to have left.

What was shown before stays known, so that after a revision the figures of those who left follow by
subtraction, in every block, cell, factor and criterion. So both who leaves and who stays must be
able to stand as rows of their own; those who leave are then a row that opened by itself. Blocks and
cells are asked apart: `grid.fits` with a cell for each side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reports.sipas.hiding.opening import opens

Counted = Mapping[str, int]  # by factor and criterion code: who surely answered


@dataclass(frozen=True)
class Opened:
    """Columns that a row shows, and the other rows for which it shows them together.

    codes: factors or criteria; others: by row who surely answered them, as they stand now.
    """

    codes: tuple[str, ...]
    others: tuple[Counted, ...] = ()


def may_part(
    leaving: Counted, staying: Counted, closed: Sequence[str], opened: Sequence[Opened], k: int
) -> bool:
    """Whether these people of a row may leave its factors and criteria while the others stay.

    leaving, staying: who surely answered each factor and criterion; closed: the factors that are
    closed in the row; opened: what it shows, each factor or criterion that it shows by itself being
    one column without others. Nobody may stay, or nobody leave.
    """
    for side in (leaving, staying):
        people = [side[code] for code in closed]
        if any(people) and max(people) < k:
            return False
    return all(_may_part(table, leaving, staying, k) for table in opened)


def _may_part(table: Opened, leaving: Counted, staying: Counted, k: int) -> bool:
    alone = [[side[code] for code in table.codes] for side in (leaving, staying)]
    others = [[row[code] for code in table.codes] for row in table.others]
    together = [alone[0]], [row for row in (*others, alone[1]) if any(row)]
    return all(
        opens(np.array(rows, dtype=np.int64), k) for rows in together if rows and np.any(rows)
    )
