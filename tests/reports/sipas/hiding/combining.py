"""Somebody who combines every figure that was ever shown, over exact numbers.

A figure is a sum over answers of people. A combination of figures gives every answer a weight. It
tells of somebody if fewer than k people gave the answers that weigh anything.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from fractions import Fraction

Person = Hashable
Answer = tuple[Person, str]  # of one person to one criterion
Figure = frozenset[Answer]
Row = list[Fraction]


def fewest(figures: Collection[Figure], k: int) -> frozenset[Person] | None:
    """Fewer than k people whom some combination of the figures rests on; None if there are none."""
    people, rows = _merged(figures)
    big = [column for column, known in enumerate(people) if len(known) >= k]
    small = [column for column, known in enumerate(people) if len(known) < k]
    small.sort(key=lambda column: -len(people[column]))
    reduced = _reduced(rows, [*big, *small])
    left = [row for row in reduced if not any(row[column] for column in big)]
    return _search(left, small, people, frozenset(), k)


def _merged(figures: Collection[Figure]) -> tuple[list[frozenset[Person]], list[Row]]:
    """Answers that stand in the same figures are one column: who gave them, and the figures."""
    shown = sorted(set(figures), key=len)
    stands_in: dict[Answer, list[int]] = defaultdict(list)
    for number, figure in enumerate(shown):
        for answer in figure:
            stands_in[answer].append(number)
    columns: dict[tuple[int, ...], set[Person]] = defaultdict(set)
    for (person, _), numbers in stands_in.items():
        columns[tuple(numbers)].add(person)
    rows = [[Fraction(number in column) for column in columns] for number in range(len(shown))]
    return [frozenset(found) for found in columns.values()], rows


def _reduced(rows: Sequence[Row], order: Sequence[int]) -> list[Row]:
    """The same combinations in echelon form, by columns in this order."""
    left, done = [row for row in rows if any(row)], []
    for column in order:
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        done.append(pivot)
        left = [reduced for row in left if any(reduced := _without(row, pivot, column))]
    return done


def _without(row: Row, pivot: Row, column: int) -> Row:
    if not row[column]:
        return row
    times = row[column] / pivot[column]
    return [mine - times * its for mine, its in zip(row, pivot, strict=True)]


def _search(
    rows: list[Row],
    undecided: Sequence[int],
    people: Sequence[frozenset[Person]],
    known: frozenset[Person],
    k: int,
) -> frozenset[Person] | None:
    """Each column in turn weighs nothing, or the people behind it are among those found."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return None
    open_columns = [
        column
        for column in undecided
        if not people[column] <= known and any(row[column] for row in rows)
    ]
    if not open_columns:
        return known
    column, *rest = open_columns
    pivot = next(row for row in rows if row[column])
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
