"""What rows show beside their headline: each by itself, and what waits together with others.

A row is a set of people of one office and questionnaire who stay together for good; `opening` has
the rule and why it is safe, `columns` says what a column is. Beside that rule there are bounds on
what follows from exact figures although it is no combination of them:

- Criteria open only where nobody or surely three people of these gave an answer that is not a
  satisfied one, and the other way about: else the bars would join one unhappy person's form.
- How a person's answers to a factor hang together is shown where k people, or nobody, answered two
  of its criteria: Σy² of the factor less that of its criteria is 2 Σ y₁y₂, of these people.
- Answers finer than satisfied or not are told apart from a hundred answers on, where three people
  stand on each side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.columns import ENOUGH, STAGES, levels
from reports.sipas.hiding.opening import divide, opens, refined
from reports.sipas.hiding.reasons import SIDE, by_itself

FINER = 100  # answers from which levels are told apart

Together = tuple[tuple[int, ...], frozenset[str]]
OpeningOf = Callable[[Sequence[Sums]], Collection[str]]  # the columns that open for such rows


@dataclass(frozen=True)
class Unfolded:
    """What a row shows by itself. closed: its closed factors; whole: whether it has any at all."""

    columns: frozenset[str]
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Row:
    """A row that is there: its people's sums, what it shows so far, which factors are closed."""

    number: int
    sums: Sums
    shown: frozenset[str]
    closed: tuple[str, ...] = ()


def unfold(sums: Sums, k: int) -> Unfolded:
    """What a row of these people shows by itself from the day on which it is formed."""
    layout = sums.layout
    columns: set[str] = set()
    answered = answering(sums)
    closed: tuple[str, ...] = ()
    if answered[layout.anchor_part] >= k:
        parts = {part: answered[part] for part in layout.parts}
        division = divide(parts, layout.anchor_part, k, layout.headline_parts)
        closed = division.closed
        if not division.is_headline_only:
            for part in layout.parts:
                if part not in closed:
                    columns |= _part(sums, part, k)
                    columns |= _criteria([sums], part, k)
    columns |= {f"i:{code}" for code in _questions(layout) if enough(sums, code, k)}
    columns |= _finer(sums, columns)
    columns |= by_itself(sums, columns, k)
    return Unfolded(frozenset(columns), closed)


def open_together(rows: Sequence[Row], k: int, earlier: Sequence[Row] = ()) -> list[Together]:
    """What opens for several rows of a closed period together, in the order in which it is found.

    rows: all rows within the period; each result names rows by number and the columns that open for
    all of them. What is found is final: call it again with the rows as they then are.
    earlier: where the year is closed with its last quarter, its other rows. What waits in them
    comes together with the quarter's if it would be left alone and the year would not show it.
    """
    if not rows:
        return []
    found: dict[tuple[int, ...], set[str]] = defaultdict(set)
    every = [*earlier, *rows]
    shown = {row.number: set(row.shown) for row in every}
    layout = rows[0].sums.layout

    def take(waiting: Sequence[Row], wanted: Collection[str], opening: OpeningOf) -> None:
        late = {row.number for row in rows}
        some = [row for row in waiting if row.number in late]
        before = [row for row in waiting if row.number not in late]
        lacking = [row for row in earlier if not shown[row.number].issuperset(wanted)]
        if some and before and _many(lacking, every) and _left_alone(before, some, opening):
            some = [*before, *some]
        columns = opening([row.sums for row in some]) if some else ()
        if columns:
            found[tuple(row.number for row in some)] |= set(columns)
            for row in some:
                shown[row.number] |= set(columns)

    for closed in sorted({row.closed for row in rows if row.closed}):
        waiting = [
            row for row in every if row.closed == closed and f"f:{closed[0]}" not in row.shown
        ]
        take(waiting, [f"f:{part}" for part in closed], partial(_closed, closed=closed, k=k))
    for part, criteria in _criteria_of(layout).items():
        waiting = [
            row
            for row in every
            if f"f:{part}" in row.shown
            and part not in row.closed
            and not any(f"i:{code}" in shown[row.number] for code in criteria)
        ]
        take(waiting, [f"i:{code}" for code in criteria], partial(_criteria, part=part, k=k))
    for code in _questions(layout):
        waiting = [row for row in every if f"i:{code}" not in shown[row.number]]
        take(waiting, [f"i:{code}"], partial(_question, code=code, k=k))
    for code in _criterion_codes(layout):
        for before, stage in zip(("i", *STAGES), STAGES, strict=False):
            waiting = [
                row
                for row in every
                if f"{before}:{code}" in shown[row.number]
                and f"{stage}:{code}" not in shown[row.number]
            ]
            take(waiting, [f"{stage}:{code}"], partial(_stage, code=code, stage=stage))
    return [(numbers, frozenset(columns)) for numbers, columns in found.items()]


def _many(lacking: Sequence[Row], every: Sequence[Row]) -> bool:
    """Whether the year of all these rows would not show what some of them lack."""
    left, of_all = (sum(row.sums.people for row in some) for some in (lacking, every))
    return 100 * (of_all - left) < ENOUGH * of_all


def _left_alone(before: Sequence[Row], now: Sequence[Row], opening: OpeningOf) -> bool:
    """Whether nothing opens for earlier rows without the last quarter's, and with them it does."""
    return not opening([row.sums for row in before]) and bool(
        opening([row.sums for row in (*before, *now)])
    )


def answering(sums: Sums) -> dict[str, int]:
    """Parts and criteria of the questionnaire with how many people surely answered them.

    A part: the most at any one of its criteria; who left that one out may have answered another.
    """
    layout = sums.layout
    valid = _valid(sums)
    parts = {code: int(valid[indices].max(initial=0)) for code, indices in layout.parts.items()}
    return parts | {layout.items[i].code: int(valid[i]) for i in layout.criteria.tolist()}


def surely_two(sums: Sums, part: str) -> int:
    """How many people of these surely answered two criteria of a part, by what is stored of them.

    Who answered m of its c criteria adds m(m-1) ≤ c(c-1) to Σm² - Σm; and of two criteria that n₁
    and n₂ of all people answered, n₁ + n₂ less everybody answered both.
    """
    layout = sums.layout
    indices = layout.parts[part]
    if len(indices) < 2:
        return 0
    _, m, _, mm, _ = sums.moments[layout.group_of("factor", part)].tolist()
    pairs = -(-(mm - m) // (len(indices) * (len(indices) - 1)))
    most = np.sort(_valid(sums)[indices])[-2:]
    return max(int(pairs), int(most.sum()) - sums.people, 0)


def enough(sums: Sums, code: str, k: int) -> bool:
    """Whether k people answered a question that is part of no index."""
    position = sums.layout.index_of(code)
    first = 0 if sums.layout.items[position].scale == "box" else 1
    return int(sums.counts[position, first:8].sum()) >= k


def _part(sums: Sums, part: str, k: int) -> set[str]:
    """A part that opens, with how its answers hang together where that may be shown."""
    layout = sums.layout
    columns = {f"f:{part}"}
    if part in layout.factors:
        _, m, _, mm, _ = sums.moments[layout.group_of("factor", part)].tolist()
        if mm == m or surely_two(sums, part) >= k:
            columns.add(f"p:{part}")
    return columns


def _criteria(rows: Sequence[Sums], part: str, k: int) -> set[str]:
    """The criteria of an open part, if they may be shown for these rows together."""
    layout = rows[0].layout
    indices = layout.parts[part]
    people = np.array([_valid(sums)[indices] for sums in rows], dtype=np.int64)
    if people.any() and not (opens(people, k) and mixed(total(layout, list(rows)))):
        return set()
    return {f"i:{layout.items[i].code}" for i in indices.tolist()}


def _closed(rows: Sequence[Sums], closed: Sequence[str], k: int) -> set[str]:
    """What opens of the factors that are closed in all these rows."""
    layout = rows[0].layout
    whole = total(layout, list(rows))
    criteria = _criteria_of(layout)
    chosen = refined(
        [answering(sums) for sums in rows],
        {part: criteria[part] for part in closed},
        k,
        whole=() if mixed(whole) else closed,
    )
    if chosen is None:
        return set()
    columns: set[str] = set()
    finer = {column[0] for column in chosen if len(column) > 1}
    for part in closed:
        columns |= _part(whole, part, k)
        if part in finer:
            columns |= {f"i:{code}" for code in criteria[part]}
    return columns


def _question(rows: Sequence[Sums], code: str, k: int) -> set[str]:
    """A question that is part of no index, if enough people of these rows answered it."""
    return {f"i:{code}"} if enough(total(rows[0].layout, list(rows)), code, k) else set()


def _stage(rows: Sequence[Sums], code: str, stage: str) -> set[str]:
    """The stage of a criterion, if its answers may be told apart so far for these rows together."""
    whole = total(rows[0].layout, list(rows))
    return {f"{stage}:{code}"} if _may_divide(whole, code, stage) else set()


def _finer(sums: Sums, columns: Collection[str]) -> set[str]:
    """The stages in which the criteria that are shown tell their answers further apart."""
    found: set[str] = set()
    for code in _criterion_codes(sums.layout):
        if f"i:{code}" not in columns:
            continue
        for stage in STAGES:
            if not _may_divide(sums, code, stage):
                break
            found.add(f"{stage}:{code}")
    return found


def _may_divide(sums: Sums, code: str, stage: str) -> bool:
    """Whether the answers to a criterion may be told apart as this stage does."""
    layout = sums.layout
    counts = sums.counts[layout.index_of(code)]
    if int(counts[sorted(layout.valid)].sum()) < FINER:
        return False
    before = set(levels(layout, int(stage) - 1))
    new = [together for together in levels(layout, int(stage)) if together not in before]
    return all(int(counts[list(together)].sum()) >= SIDE for together in new)


def mixed(sums: Sums) -> bool:
    """Whether on each side, satisfied or not, nobody stands or surely three people do.

    Of people with d answers on a side at least (Σd)² / Σd² have one (Cauchy and Schwarz), over all
    criteria; more than two are three.
    """
    row = sums.layout.group_of("overall")
    y, m, yy, mm, ym = sums.moments[row].tolist()
    sides = ((y, yy), (m - y, mm - 2 * ym + yy))
    return all(
        answers == 0 or answers * answers > (SIDE - 1) * squares for answers, squares in sides
    )


def _valid(sums: Sums) -> NDArray[np.int64]:
    return np.asarray(sums.counts[:, sorted(sums.layout.valid)].sum(axis=1), dtype=np.int64)


def _criteria_of(layout: Layout) -> Mapping[str, list[str]]:
    """The codes of the criteria of each part."""
    return {
        part: [layout.items[i].code for i in indices.tolist()]
        for part, indices in layout.parts.items()
    }


def _criterion_codes(layout: Layout) -> list[str]:
    return [layout.items[i].code for i in layout.criteria.tolist()]


def _questions(layout: Layout) -> list[str]:
    return [item.code for item in layout.items if item.scale not in ("satisfaction", "reason")]
