"""From responses to the sums of each batch and day, in SQL, byte by byte.

PostgreSQL takes each byte apart (`get_byte`) and adds up numbers that hold several counts side by
side: one answer more is one more in its own twelve bits. numpy, which made what is stored, has no
part in the counting; here it only takes the sums apart again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from reports.proof.forms import ANSWERS, Form
from reports.proof.numbers import Vector, nobody
from surveys.models.standing import STANDING

Key = tuple[int, int, date]  # office, batch, day

# By answer, one in the bits of this answer: 0 to 4 in one number, 5 to 9 in another. A byte that is
# no answer finds nothing there, so the counts no longer add up to the people, and that differs.
BITS = 12
ONES = [1 << BITS * place for place in range(5)]
ZEROS = [0] * 5
MOST_PEOPLE = (1 << BITS) - 1
SQUARES = 21  # bits of Σy², Σm² and Σym: three of them fit into 63
HALF = 10  # bits of y, the satisfied answers of one person; the valid ones stand above them

READ = """
SELECT office_id, batch, day, withdrawn, slice, count(*), {sums}
FROM (
    SELECT office_id, batch, day, withdrawn, {slice} AS slice, a, {people}
    FROM (
        SELECT office_id, batch, day, withdrawn, id, answers AS a, {marks}
        FROM surveys_response
        WHERE instrument_id = %(instrument)s AND office_id = ANY(%(offices)s)
          AND day BETWEEN %(first)s AND %(last)s AND batch IS NOT NULL AND {standing}
          AND length(answers) = {size}
        OFFSET 0
    ) said
    OFFSET 0
) person
GROUP BY 1, 2, 3, 4, 5
"""

# More people than the bits hold are counted in slices.
SLICE = """
(row_number() OVER (PARTITION BY office_id, batch, day, withdrawn ORDER BY id) - 1) / {people}
"""


@dataclass(slots=True)
class Said:
    """What the responses of one batch and day add up to; `gone`: of those who are withdrawn."""

    people: Vector
    gone: Vector | None = None


def said(form: Form, offices: Collection[int], first: date, last: date) -> dict[Key, Said]:
    """The sums of all responses of these offices that stand in a batch on these days."""
    rows = _rows(form, offices, first, last, "0")
    most = _most_people(form)
    if any(row.people > most for row in rows):
        rows = _rows(form, offices, first, last, SLICE.format(people=most))
    found: dict[Key, Said] = {}
    for row, vector in zip(rows, _vectors(form, rows), strict=True):
        key = (row.office, row.batch, row.day)
        of = found.setdefault(key, Said(nobody(form)))
        of.people = of.people + vector
        if row.withdrawn:
            of.gone = vector if of.gone is None else of.gone + vector
    return found


class SaidRow(NamedTuple):
    """A row of the statement: whose, how many people, and their sums as they are packed."""

    office: int
    batch: int
    day: date
    withdrawn: bool
    slice: int
    people: int
    packed: tuple[int, ...]


def _rows(
    form: Form, offices: Collection[int], first: date, last: date, slices: str
) -> list[SaidRow]:
    if not form.items:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            statement(form, slices),
            {"instrument": form.key, "offices": list(offices), "first": first, "last": last},
        )
        return [SaidRow._make((*row[:6], row[6:])) for row in cursor.fetchall()]


def statement(form: Form, slices: str = "0") -> str:
    """The statement that counts the responses to one questionnaire."""
    low, high = _array(ONES + ZEROS), _array(ZEROS + ONES)
    leaves = _leaves(form)
    marks = [
        f"{mark(form, positions)} AS mark{number}" for number, (positions, _) in enumerate(leaves)
    ]
    people, sums = [], []
    for item in form.items:
        for counts in (low, high):
            sums.append(f"coalesce(sum(({counts})[get_byte(a, {item.position}) + 1]), 0)::bigint")
    for group in range(len(form.groups)):
        parts = [f"mark{n}" for n, (_, groups) in enumerate(leaves) if group in groups]
        whole = f"({' + '.join(parts) or '0'})"
        people += [f"({whole} & {(1 << HALF) - 1})::bigint AS y{group}"]
        people += [f"({whole} >> {HALF})::bigint AS m{group}"]
        y, m = f"y{group}", f"m{group}"
        sums.append(
            f"coalesce(sum({y} * {y} + ({m} * {m} << {SQUARES}) + ({y} * {m} << {2 * SQUARES})), 0)"
            "::bigint"
        )
    return READ.format(
        sums=", ".join(sums),
        slice=slices,
        people=", ".join(people),
        marks=", ".join(marks) or "0 AS mark",
        standing=STANDING,
        size=form.size,
    )


def mark(form: Form, positions: Iterable[int], answers: str = "answers") -> str:
    """How one person answered these items: the satisfied answers, and above HALF the valid ones."""
    worth = _array(
        (int(answer in form.valid) << HALF) + int(answer in form.satisfied)
        for answer in range(ANSWERS)
    )
    return " + ".join(f"({worth})[get_byte({answers}, {position}) + 1]" for position in positions)


def _array(numbers: Iterable[int]) -> str:
    return "'{" + ",".join(map(str, numbers)) + "}'::bigint[]"


def _leaves(form: Form) -> list[tuple[tuple[int, ...], frozenset[int]]]:
    """Positions that lie in just the same groups, and these groups: each byte is read once."""
    found: dict[frozenset[int], list[int]] = {}
    for position in form.criteria:
        groups = frozenset(n for n, group in enumerate(form.groups) if position in group)
        found.setdefault(groups, []).append(position)
    return [(tuple(positions), groups) for groups, positions in found.items()]


def _most_people(form: Form) -> int:
    """How many people a slice may hold so that no count runs into the next."""
    widest = max((len(group) for group in form.groups), default=1)
    return int(min(MOST_PEOPLE, ((1 << SQUARES) - 1) // max(widest * widest, 1)))


def _vectors(form: Form, rows: Sequence[SaidRow]) -> NDArray[np.int64]:
    """The sums of each row taken apart: int64[rows, 1 + numbers]."""
    found = np.zeros((len(rows), 1 + form.numbers), dtype=np.int64)
    if not rows:
        return found
    packed = np.array([row.packed for row in rows], dtype=np.int64)
    found[:, 0] = [row.people for row in rows]
    counted = packed[:, : 2 * form.size].reshape(len(rows), form.size, 2)
    shifts = np.arange(5) * BITS
    counts = (counted[..., None] >> shifts) & MOST_PEOPLE
    counts = counts.reshape(len(rows), form.size, ANSWERS)
    found[:, 1 : 1 + form.size * ANSWERS] = counts.reshape(len(rows), -1)
    for number, group in enumerate(form.groups):
        of = packed[:, 2 * form.size + number]
        by_answer = counts[:, list(group), :].sum(axis=1)
        start = 1 + form.size * ANSWERS + number * 5
        found[:, start] = by_answer[:, list(form.satisfied)].sum(axis=1)
        found[:, start + 1] = by_answer[:, list(form.valid)].sum(axis=1)
        for place in range(3):
            squares = of >> place * SQUARES
            found[:, start + 2 + place] = squares & ((1 << SQUARES) - 1)
    return found
