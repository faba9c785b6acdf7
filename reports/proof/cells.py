"""The cells of which tables are sums, computed again from the people that stand in their rows.

Who belongs to which cell follows from the labels of their forms; whether the cells may stand beside
the blocks is found by looking at every set of them, apart from `reports.sipas.hiding.grid`.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from django.db import connection

from reports.counting.policy import POLICY
from reports.models import ROW, BlockRow, Cell, Part, Partition
from reports.proof.forms import Form
from reports.proof.found import Found, in_period
from reports.proof.periods import Stretch, period_of, shortest
from reports.proof.responses import HALF, mark
from surveys.labels import CHANNEL, FLAGS, PROCEDURE, opener_or_none

ROWS, PARTITIONS, CELLS = "reports_blockrow", "reports_partition", "reports_cell"
Labels = tuple[str, str, str]
Column = tuple[int, tuple[object, ...]]  # a cell, and the class of its people
MOST_COLUMNS = 16

PEOPLE = """
SELECT batch, part, withdrawn, quality, field, channel, count(*),
       sum(y), sum(m), sum(y * y), sum(m * m), sum(y * m), count(*) FILTER (WHERE anchored)
FROM (
    SELECT batch, part, withdrawn, quality, field, channel, mark & {low} AS y, mark >> {half} AS m,
           ({first}) >> {half} > 0 AND {others} AS anchored
    FROM (
        SELECT r.batch, r.part, r.withdrawn,
               CASE {flags} WHEN 0 THEN 'clean' ELSE 'flagged' END AS quality,
               coalesce(%(fields)s::jsonb ->> ({procedure})::text, 'other') AS field,
               ({channel})::text AS channel, r.answers, {mark} AS mark
        FROM surveys_response r
        WHERE r.office_id = %(office)s AND r.instrument_id = %(instrument)s
          AND r.batch = ANY(%(batches)s) AND r.day BETWEEN %(first)s AND %(last)s
          AND length(r.answers) = %(size)s
        OFFSET 0
    ) said
) person
GROUP BY 1, 2, 3, 4, 5, 6
"""


class CellProof:
    """The proof of the cells of one office and questionnaire."""

    def __init__(self, form: Form, of: tuple[int, int], rows: Collection[BlockRow]) -> None:
        self.form, self.of = form, of
        self.rows = {row.number: row for row in rows}
        self.looked_at = 0

    def found(self, partitions: Collection[Partition]) -> Iterator[Found]:
        """What differs. partitions: those stored that begin in the year of the rows."""
        named: dict[int, int] = {}
        for one in partitions:
            if any(number in named for number in one.rows):
                yield self._of(PARTITIONS, ROW, one, "1", "0")
                continue
            if any(number not in self.rows for number in one.rows):
                yield self._of(PARTITIONS, "rows", one, str(one.rows), "rows that are there")
                continue
            named |= dict.fromkeys(one.rows, one.number)
            yield from self._partition(one)
        for row in self.rows.values():
            right = named.get(row.number)
            if row.partition == right:
                continue
            place = period_of(row.period, row.start), f"row {row.number}"
            if right is None:
                yield self._found(PARTITIONS, ROW, *place, "0", "1")
            else:
                yield self._found(ROWS, "partition", *place, str(row.partition), str(right))

    def _partition(self, one: Partition) -> Iterator[Found]:
        rows = [self.rows[number] for number in one.rows]
        spans = [period_of(row.period, row.start) for row in rows]
        first, last = min(s.first for s in spans), max(s.last for s in spans)
        right = shortest(first, last)
        if one.period != right.period:
            yield self._of(PARTITIONS, "period", one, one.period, right.period)
        elif one.start != right.first or one.number != max(one.rows):
            yield self._of(PARTITIONS, ROW, one, "1", "0")
        cells = sorted(one.cells.all(), key=lambda cell: cell.place)
        self.looked_at += len(cells)
        if [cell.place for cell in cells] != list(range(len(cells))) or not cells:
            yield self._of(CELLS, ROW, one, str([cell.place for cell in cells]), "0, 1, 2 …")
            return
        place_of = {
            tuple(labels): place for place, cell in enumerate(cells) for labels in cell.members
        }
        if len(place_of) != sum(len(cell.members) for cell in cells):
            yield self._of(CELLS, "members", one, "labels in two cells", "in one")
        people: dict[int, Counter[Column]] = defaultdict(Counter)
        anchored: dict[int, Counter[Column]] = defaultdict(Counter)
        sums: dict[int, list[int]] = defaultdict(lambda: [0] * 6)
        seen: dict[int, set[Labels]] = defaultdict(set)
        row_of = {block: row for row in rows for block in row.blocks}
        for batch, (part, gone), labels, numbers in self._people(one, rows, first, last):
            place = place_of.get(labels)
            if place is None:
                yield self._of(CELLS, "members", one, f"nowhere: {labels}", "in one cell")
                continue
            seen[place].add(labels)
            row = row_of[batch]
            apart = row.moved or part or gone  # known with their row alone
            column = (place, (row.number, part, gone) if apart else ())
            people[batch][column] += numbers[0]
            anchored[batch][column] += numbers[6]
            if not gone:
                sums[place] = [a + b for a, b in zip(sums[place], numbers[:6], strict=True)]
        for place, cell in enumerate(cells):
            yield from self._cell(one, cell, sums[place], seen[place])
        if len(cells) > 1 and not _may_stand(list(people.values()), list(anchored.values())):
            yield self._of(CELLS, ROW, one, "cells that tell of few people", "")

    def _cell(
        self, one: Partition, cell: Cell, sums: list[int], seen: Collection[Labels]
    ) -> Iterator[Found]:
        members = [tuple(labels) for labels in cell.members]
        labels = [
            values[0] if len(set(values)) == 1 else "*" for values in zip(*members, strict=True)
        ]
        for column, shown, proved in (
            ("people", cell.people, sums[0]),
            ("moments", list(cell.moments), sums[1:]),
            ("labels", list(cell.labels), labels),
            ("members", sorted(members), sorted(set(members) & set(seen))),
        ):
            if shown != proved:
                told = str(shown), str(proved)
                yield self._of(CELLS, column, one, *told, f": cell {cell.place}")

    def _people(
        self, one: Partition, rows: Collection[BlockRow], first: date, last: date
    ) -> Iterator[tuple[int, tuple[int, bool], Labels, list[int]]]:
        form = self.form
        anchor = form.groups[form.headline][0]
        part = next(part for part in form.parts if anchor in part.positions)
        others = [p for p in form.groups[form.headline] if p not in part.positions]
        with connection.cursor() as cursor:
            cursor.execute(
                PEOPLE.format(
                    low=(1 << HALF) - 1,
                    half=HALF,
                    mark=mark(form, form.groups[form.headline], "r.answers"),
                    first=mark(form, [anchor]),
                    flags=FLAGS,
                    procedure=PROCEDURE,
                    channel=CHANNEL,
                    others=f"({mark(form, others)}) >> {HALF} > 0" if others else "true",
                ),
                {
                    "fields": json.dumps(one.procedures),
                    "office": one.office_id,
                    "instrument": one.instrument_id,
                    "batches": [block for row in rows for block in row.blocks],
                    "first": first,
                    "last": last,
                    "size": form.size,
                    "opener": opener_or_none(),
                },
            )
            found = cursor.fetchall()
        for batch, part, withdrawn, quality, of, channel, *numbers in found:
            yield (
                batch,
                (part, withdrawn),
                (of, quality, channel),
                [int(number) for number in numbers],
            )

    def _of(
        self, table: str, column: str, one: Partition, shown: str, proved: str, more: str = ""
    ) -> Found:
        of = period_of(one.period, one.start)
        return self._found(table, column, of, f"partition {one.number}{more}", shown, proved)

    def _found(
        self, table: str, column: str, of: Stretch, key: str, shown: str, proved: str
    ) -> Found:
        return in_period(Part.TABLES, self.of, table, column, of, key, shown, proved)


def stored_partitions(
    offices: Collection[int], first: date, last: date
) -> Mapping[tuple[int, int], list[Partition]]:
    """By office and questionnaire, those that begin on these days."""
    found: dict[tuple[int, int], list[Partition]] = defaultdict(list)
    of = Partition.objects.filter(office__in=offices, start__range=(first, last))
    for one in of.order_by("number").prefetch_related("cells"):
        found[one.office_id, one.instrument_id].append(one)
    return found


def _may_stand(people: Sequence[Counter[Column]], anchored: Sequence[Counter[Column]]) -> bool:
    """Whether no set of columns cuts few people off from blocks, by trying every set.

    people, anchored: by block. Of more columns than can be tried, as after many revisions, only
    each alone is looked at.
    """
    k = POLICY.batch
    columns = sorted({column for block in people for column in block}, key=str)
    if not columns:
        return True
    told = np.array([[block[column] for column in columns] for block in anchored])
    every = np.array([[block[column] for column in columns] for block in people])
    if ((every > 0) & (told == 0)).any():
        return False
    if any(((side > 0) & (side < k)).any() for side in (told.sum(axis=0), told.sum(axis=1))):
        return False
    if len(columns) > MOST_COLUMNS:
        sets = np.eye(len(columns), dtype=np.int64)
    else:
        sets = np.arange(2 ** len(columns))[:, None] >> np.arange(len(columns)) & 1
    inside = sets @ told.T
    cut = np.minimum(inside, told.sum(axis=1) - inside).sum(axis=1)
    return bool(((cut == 0) | (cut >= k)).all())
