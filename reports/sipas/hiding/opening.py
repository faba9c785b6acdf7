"""Which factors and criteria of a row may be shown, so that no combination of figures ever tells.

A row is a set of people of one office and questionnaire who stay together for good: the blocks of a
closed month, or a block that small months made of their quarter or year. Of a row the headline is
shown (`grid` says why that is safe); here is what is shown besides:

1. A factor that 1 to k-1 people answered is closed, and its partner with it: the last factor in the
   order of the questionnaire, the anchor's left out, that k people answered. If the headline sums
   the few, it must sum their partner: the closed factors are one sum, known by subtraction only.
   Without a partner the row shows its headline alone (`divide`).
2. What is closed in a row waits, and comes together at the end of its quarter, then of its year,
   with that of the rows where the same is closed. It opens for them together (`opens`), final, or
   waits on. What would be left alone in the year comes together with its last quarter (`rows`).
3. The criteria of a factor are columns that open, wait and come together in the same way.

Why a table of rows and columns that opens may be shown: in any combination of figures an answer of
row r to column c weighs p(r) + q(c). If that is not zero in some row of the column that k people
answered in every row, these k carry weight. Else p is the same in all rows, and what weighs
anything is a whole column, which k people answered. The proof for everything together is in
docs/methodology.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

People = NDArray[np.int64]
Column = tuple[str, ...]  # a factor, or a factor and one of its criteria


@dataclass(frozen=True)
class Division:
    """What a row shows of its factors by itself, and what it shows only as one sum.

    Both in the order of the questionnaire. `closed` is empty, or has two factors or more; then all
    of them together have k people. Nothing is shown where neither has a factor: the headline only.
    """

    shown: tuple[str, ...]
    closed: tuple[str, ...]

    @property
    def is_headline_only(self) -> bool:
        """Whether no factor of the row is ever shown."""
        return not self.shown and not self.closed


def divide(
    answering: Mapping[str, int], anchor: str, k: int, summed: Collection[str] | None = None
) -> Division:
    """Divides a row's factors.

    answering: factors in the order of the questionnaire, with how many people of the row surely
    answered one of their criteria, 0 where nobody did; anchor: the factor of the criterion that
    nearly everybody answers; summed: those that the headline sums, None: all. Raises ValueError for
    a negative count, k below 1, or an anchor that fewer than k people answered: such a row is none.
    """
    _check(answering.values(), k)
    if answering[anchor] < k:
        raise ValueError("a row holds k people who answered the anchor")
    few = {code for code, people in answering.items() if 0 < people < k}
    answered = [code for code, people in answering.items() if people]
    if not few:
        return Division(tuple(answered), ())
    partners = [code for code, people in answering.items() if people >= k and code != anchor]
    if summed is not None and not few.isdisjoint(summed):
        partners = [code for code in partners if code in summed]
    if not partners:
        return Division((), ())
    closed = few | {partners[-1]}
    return Division(
        tuple(code for code in answered if code not in closed),
        tuple(code for code in answered if code in closed),
    )


def opens(people: People, k: int) -> bool:
    """Whether the columns of these rows may be shown for all the rows together.

    people: int64[rows, columns], who surely answered; a row alone is a table too. Each column that
    anybody answered has k people over the rows, and one and the same has k in every row. Raises
    ValueError for a table without rows, for negative counts or k below 1.
    """
    _check(people.ravel().tolist(), k)
    if not len(people):
        raise ValueError("nothing opens for no row")
    answered = people[:, people.any(axis=0)]
    whole = bool((answered.sum(axis=0) >= k).all())
    return whole and bool((answered >= k).all(axis=0).any())


def refined(
    rows: Sequence[Mapping[str, int]],
    criteria: Mapping[str, Sequence[str]],
    k: int,
    whole: Collection[str] = (),
) -> tuple[Column, ...] | None:
    """The columns in which the closed factors of several rows open for good; None: they wait.

    rows: by row, factor and criterion codes with who surely answered them; criteria: the closed
    factors in the order of the questionnaire, each with its criteria. A factor is shown by its
    criteria where the whole table still opens with them; of two that cannot both be, the later.
    whole: factors that are not divided in any case. Columns that nobody answered are left out.
    """
    chosen: dict[str, tuple[Column, ...]] = {code: ((code,),) for code in criteria}
    if not opens(_table(rows, chosen), k):
        return None
    for code in reversed([code for code in criteria if code not in whole]):
        finer = chosen | {code: tuple((code, criterion) for criterion in criteria[code])}
        if opens(_table(rows, finer), k):
            chosen = finer
    return tuple(
        column
        for columns in chosen.values()
        for column in columns
        if any(row[column[-1]] for row in rows)
    )


def _table(rows: Sequence[Mapping[str, int]], chosen: Mapping[str, tuple[Column, ...]]) -> People:
    columns = [column for found in chosen.values() for column in found]
    return np.array([[row[column[-1]] for column in columns] for row in rows], dtype=np.int64)


def _check(people: Iterable[int], k: int) -> None:
    if k < 1:
        raise ValueError("a figure holds at least one person")
    if any(count < 0 for count in people):
        raise ValueError("a negative number of people")
