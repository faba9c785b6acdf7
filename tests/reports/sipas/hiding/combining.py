"""Somebody who combines every figure that was ever shown, over exact numbers.

A figure is a sum over answers of people. A combination of figures gives every answer a weight. It
tells of somebody if fewer than k people gave the answers that weigh anything.

Everything is exact: weights are whole numbers, a combination is kept with its common divisor taken
out. What makes it fast loses nothing either:

- Answers that stand in the same figures are one column (`_merged`).
- A column of k people or more that stands in ONE figure only would weigh something wherever that
  figure is used, so the figure is in no combination that tells; it is left out, then whatever is
  alone without it (`_entangled`).
- Figures that share no answers are searched apart (`_parts`): a combination of both tells no less
  of somebody than its half.
- Rows are sparse, and of the rows that could be taken away from others the shortest is taken.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from math import gcd

Person = Hashable
Answer = tuple[Person, str]  # of one person to one criterion
Figure = frozenset[Answer]
Row = dict[int, int]  # weight by column, without zeros


def fewest(figures: Collection[Figure], k: int) -> frozenset[Person] | None:
    """Fewer than k people whom some combination of the figures rests on; None if there are none."""
    people, rows = _merged(figures)
    big = {column for column, known in enumerate(people) if len(known) >= k}
    for part in _parts(_entangled(rows, big)):
        columns = {column for row in part for column in row}
        left = _reduced(part, columns & big)
        small = sorted(columns - big, key=lambda column: (-len(people[column]), column))
        found = _search(left, small, people, frozenset(), k)
        if found is not None:
            return found
    return None


def _merged(figures: Collection[Figure]) -> tuple[list[frozenset[Person]], list[Row]]:
    """Answers that stand in the same figures are one column: who gave them, and the figures."""
    shown = sorted(set(figures) - {frozenset()}, key=len)
    stands_in: dict[Answer, list[int]] = defaultdict(list)
    for number, figure in enumerate(shown):
        for answer in figure:
            stands_in[answer].append(number)
    columns: dict[tuple[int, ...], set[Person]] = defaultdict(set)
    for (person, _), numbers in stands_in.items():
        columns[tuple(numbers)].add(person)
    rows: list[Row] = [{} for _ in shown]
    for column, where in enumerate(columns):
        for number in where:
            rows[number][column] = 1
    return [frozenset(found) for found in columns.values()], rows


def _entangled(rows: Sequence[Row], big: Collection[int]) -> list[Row]:
    """Without the rows that have a big column to themselves, again and again."""
    left = dict(enumerate(rows))
    stands_in: dict[int, set[int]] = defaultdict(set)
    for number, row in left.items():
        for column in row:
            if column in big:
                stands_in[column].add(number)
    alone = [column for column, numbers in stands_in.items() if len(numbers) == 1]
    while alone:
        for number in list(stands_in[alone.pop()]):
            for column in left.pop(number):
                if column in big:
                    stands_in[column].discard(number)
                    if len(stands_in[column]) == 1:
                        alone.append(column)
    return list(left.values())


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in groups that have no column in common."""
    stands_in: dict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for column in row:
            stands_in[column].append(number)
    waiting = set(range(len(rows)))
    while waiting:
        reached = {waiting.pop()}
        todo = list(reached)
        while todo:
            near = {n for column in rows[todo.pop()] for n in stands_in.pop(column, ())}
            todo += near - reached
            reached |= near
        waiting -= reached
        yield [rows[number] for number in sorted(reached)]


def _reduced(rows: Sequence[Row], big: Collection[int]) -> list[Row]:
    """Combinations that weigh nothing in the big columns: of them all others are made."""
    left = dict(enumerate(rows))
    stands_in: dict[int, set[int]] = defaultdict(set)
    for number, row in left.items():
        for column in row:
            if column in big:
                stands_in[column].add(number)
    while stands_in:
        column = min(stands_in, key=lambda column: len(stands_in[column]))
        numbers = stands_in.pop(column)
        if not numbers:
            continue
        pivot = min(numbers, key=lambda number: len(left[number]))
        row = left.pop(pivot)
        for number in numbers - {pivot}:
            before = left.pop(number)
            after = _without(before, row, column)
            for touched in row:
                if touched in stands_in:
                    (stands_in[touched].add if touched in after else stands_in[touched].discard)(
                        number
                    )
            if after:
                left[number] = after
        for touched in row:
            if touched in stands_in:
                stands_in[touched].discard(pivot)
    return list(left.values())


def _without(row: Row, pivot: Row, column: int) -> Row:
    """The row less as much of the other as makes its column zero; a multiple, in whole numbers."""
    mine = row.get(column, 0)
    if not mine:
        return row
    common = gcd(mine, pivot[column])
    its, mine = pivot[column] // common, mine // common
    found = {place: its * weight for place, weight in row.items()} if its != 1 else dict(row)
    for place, weight in pivot.items():
        now = found.get(place, 0) - mine * weight
        if now:
            found[place] = now
        else:
            del found[place]
    divisor = gcd(*found.values())
    return {place: w // divisor for place, w in found.items()} if divisor > 1 else found


def _search(
    rows: Sequence[Row],
    undecided: Sequence[int],
    people: Sequence[frozenset[Person]],
    known: frozenset[Person],
    k: int,
) -> frozenset[Person] | None:
    """Each column in turn weighs nothing, or the people behind it are among those found."""
    rows = [row for row in rows if row]
    if not rows:
        return None
    open_columns = [
        column
        for column in undecided
        if not people[column] <= known and any(column in row for row in rows)
    ]
    if not open_columns:
        return known
    column, *rest = open_columns
    pivot = min((row for row in rows if column in row), key=len)
    nothing = [_without(row, pivot, column) for row in rows if row is not pivot]
    found = _search(nothing, rest, people, known, k)
    if found is not None or len(known | people[column]) >= k:
        return found
    return _search(rows, rest, people, known | people[column], k)


def answers_of(given: Mapping[Person, Collection[str]], criteria: Collection[str]) -> Figure:
    """The figure of these people over these criteria."""
    wanted = set(criteria)
    return frozenset(
        (person, code) for person, codes in given.items() for code in codes if code in wanted
    )
