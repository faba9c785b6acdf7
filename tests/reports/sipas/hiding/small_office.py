"""An office in small: people by months and blocks, and every figure that the rules let it show."""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.grid import fits
from reports.sipas.hiding.opening import Column, Division, divide, opens, refined
from reports.sipas.hiding.partition import Cell, Labels, partition
from reports.sipas.hiding.revision import Beside, Class, may_move
from tests.reports.sipas.hiding.combining import Figure, answers_of

CRITERIA = {"A": ("A1", "A2"), "B": ("B1", "B2"), "C": ("C1",), "E": ("E1", "E2")}
EVERY = tuple(code for codes in CRITERIA.values() for code in codes)
LAYOUT = Layout(
    tuple(Item(c, "satisfaction", f, "services") for f, codes in CRITERIA.items() for c in codes),
    instrument="small",
)


@dataclass(frozen=True)
class Person:
    """One who answered: in which row and block, of what kind, and which criteria."""

    number: int
    row: int
    block: int
    labels: Labels
    answered: frozenset[str]


Rows = Sequence[Sequence[Person]]


@dataclass
class Rule:
    """The rule that is tried; each part can be taken away."""

    k: int
    divide: Callable[[Mapping[str, int], str, int], Division] = divide
    refined: Callable[..., tuple[Column, ...] | None] = refined
    opens: Callable[..., bool] = opens
    partition: Callable[..., tuple[Cell, ...]] = partition
    may_move: Callable[..., bool] = may_move
    fits: Callable[..., bool] = fits
    same_closed: bool = True


def sums(people: Sequence[Person]) -> Sums:
    """Their sums; everybody is satisfied."""
    packed = [[5 if code in one.answered else 0 for code in EVERY] for one in people]
    return count(LAYOUT, np.array(packed, dtype=np.uint8).reshape(-1, len(EVERY)))


def surely(people: Sequence[Person]) -> dict[str, int]:
    """Factors and criteria with who surely answered them."""
    counts = {code: sum(code in one.answered for one in people) for code in EVERY}
    return {f: max(counts[code] for code in codes) for f, codes in CRITERIA.items()} | counts


def draw(rng: random.Random, k: int, months: int = 3) -> list[list[Person]]:
    """Rows of blocks of k people who answered A1 and some more; some factors are rare."""
    rows: list[list[Person]] = []
    shares = {f: rng.choice((0.05, 0.15, 0.4, 0.9, 1.0)) for f in CRITERIA}
    number = 0
    for row in range(months):
        people: list[Person] = []
        given = {code: rng.choice((0.15, 0.8, 0.95)) for code in EVERY}
        for block in range(rng.randint(1, 3)):
            for nth in range(k + rng.randint(0, k)):
                answered = {
                    code
                    for f, codes in CRITERIA.items()
                    if rng.random() < shares[f]
                    for code in codes
                    if rng.random() < given[code]
                }
                if nth < k or rng.random() < 0.8:
                    answered.add("A1")
                labels = (rng.choice("xxyz"), rng.choice("ppq"))
                people.append(Person(number, row, block, labels, frozenset(answered)))
                number += 1
        rows.append(people)
    return rows


@dataclass
class Shown:
    """Every figure of the rows: blocks, cells, factors, criteria, and what opens together.

    tables: the columns, each a factor's criteria that are pooled, with the rows they are shown for.
    """

    rows: Rows
    rule: Rule
    divisions: list[Division]
    tables: list[tuple[tuple[Column, ...], list[int]]]

    @classmethod
    def of(cls, rows: Rows, rule: Rule) -> "Shown":
        """What the rule shows of these rows once their quarter is closed."""
        counted = [surely(people) for people in rows]
        divisions = [rule.divide({f: n[f] for f in CRITERIA}, "A", rule.k) for n in counted]
        shown = cls(rows, rule, divisions, [])
        for f, codes in CRITERIA.items():
            columns = tuple((f, code) for code in codes)
            waiting = []
            for row, division in enumerate(divisions):
                if f in division.shown:
                    shown.tables.append((((f,),), [row]))
                    if shown._open(columns, [row]):
                        shown.tables.append((columns, [row]))
                    else:
                        waiting.append(row)
            if waiting and shown._open(columns, waiting):
                shown.tables.append((columns, waiting))
        for closed in {division.closed for division in divisions if division.closed}:
            shown._gather(closed, counted)
        return shown

    def _gather(self, closed: tuple[str, ...], counted: Sequence[Mapping[str, int]]) -> None:
        same = self.rule.same_closed
        together = [
            row
            for row, division in enumerate(self.divisions)
            if division.closed and (division.closed == closed or not same)
        ]
        codes = [f for f in CRITERIA if any(f in self.divisions[row].closed for row in together)]
        columns = self.rule.refined(
            [counted[row] for row in together], {f: CRITERIA[f] for f in codes}, self.rule.k
        )
        if columns is not None:
            self.tables.append((columns, together))

    def _open(self, columns: Sequence[Column], rows: Sequence[int]) -> bool:
        table = [[surely(self.rows[row])[column[-1]] for column in columns] for row in rows]
        return self.rule.opens(np.array(table), self.rule.k)

    def figures(self, left: Collection[int] = ()) -> Iterator[Figure]:
        """All of them; left: who has left since, by number. Blocks stay as they were shown."""
        rows = [[one for one in people if one.number not in left] for people in self.rows]
        for row, people in enumerate(rows):
            for cell in self.cells(row):
                yield _figure([one for one in people if one.labels in cell.members], EVERY)
            for block in set() if left else {one.block for one in people}:
                yield _figure([one for one in people if one.block == block], EVERY)
        for columns, together in self.tables:
            everybody = list(chain(*(rows[row] for row in together)))
            for column in columns:
                yield _figure(everybody, CRITERIA[column[0]])
                yield _figure(everybody, column[1:] or CRITERIA[column[0]])

    def cells(self, row: int) -> tuple[Cell, ...]:
        """The cells of the row's tables."""
        counted: dict[tuple[int, int, Labels], list[Person]] = defaultdict(list)
        for one in self.rows[row]:
            counted[one.block, 0, one.labels].append(one)
        return self.rule.partition(
            {
                key: (len(found), sum("A1" in one.answered for one in found))
                for key, found in counted.items()
            },
            self.rule.k,
        )

    def may_leave(self, leaving: Collection[int], before: Sequence[Collection[int]] = ()) -> bool:
        """Whether all figures may go on without these people, by number.

        before: who had left already, revision by revision; those are none of the leaving.
        """
        parts = [*before, leaving]
        part = {number: nth for nth, numbers in enumerate(parts, 1) for number in numbers}
        for row, people in enumerate(self.rows):
            if not any(one.number in leaving for one in people):
                continue
            found = {part.get(one.number, 0) for one in people}
            classes = [
                Class(
                    sums([one for one in people if part.get(one.number, 0) == nth]),
                    stays=nth == 0,
                    core=nth == 0,
                    moves=nth == len(parts),
                )
                for nth in sorted(found)
            ]
            shown = [
                self._beside(columns, together, row, part) for columns, together in self.tables
            ]
            closed = self.divisions[row].closed
            beside = list(filter(None, shown))
            if not (
                self.rule.may_move(classes, closed, beside, self.rule.k)
                and self._grid_fits(row, parts)
            ):
                return False
        return True

    def _beside(
        self,
        columns: tuple[Column, ...],
        together: Sequence[int],
        row: int,
        part: Mapping[int, int],
    ) -> Beside | None:
        """What a row shows by a table, with whoever stands in its other rows."""
        if row not in together:
            return None
        codes = {f"i:{column[1]}" if len(column) > 1 else f"f:{column[0]}" for column in columns}
        if len({column[0] for column in columns}) > 1:
            codes |= {f"f:{column[0]}" for column in columns}
        others = [
            sums([one for one in self.rows[other] if one.number not in part])
            for other in together
            if other != row
        ]
        return Beside(frozenset(codes), tuple(others))

    def _grid_fits(self, row: int, left: Sequence[Collection[int]]) -> bool:
        """left: revision by revision; each is a part of every cell, and who stays is one."""
        people = self.rows[row]
        blocks = sorted({one.block for one in people})
        part = {number: nth for nth, numbers in enumerate(left, 1) for number in numbers}
        columns = [(cell.members, nth) for cell in self.cells(row) for nth in range(len(left) + 1)]
        everybody = np.zeros((len(blocks), len(columns)), dtype=np.int64)
        anchored = np.zeros_like(everybody)
        for one in people:
            column = next(
                place
                for place, (members, nth) in enumerate(columns)
                if one.labels in members and part.get(one.number, 0) == nth
            )
            everybody[blocks.index(one.block), column] += 1
            anchored[blocks.index(one.block), column] += "A1" in one.answered
        return self.rule.fits(everybody, anchored, self.rule.k)


def _figure(people: Sequence[Person], criteria: Sequence[str]) -> Figure:
    return answers_of({one.number: one.answered for one in people}, criteria)
