"""The people of rows told apart by field, quality and channel, for the tables of an office.

A month whose people can be told apart by field is divided when it is closed; the others wait for
the rows of their quarter, then of their year. The rule is `reports.sipas.hiding.partition`. Runs
inside the recount's transaction, under the office's lock.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db import connection
from django.db.models import Q

from offices.models import Procedure
from reports.counting.labels import FIELD, labels_of
from reports.counting.periods import shortest
from reports.counting.policy import POLICY
from reports.counting.shown import in_former_tables
from reports.models import BlockRow, Cell, Partition
from reports.scores.rows import StoredRow
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import moments_of
from reports.sipas.hiding.columns import ENOUGH
from reports.sipas.hiding.partition import Cell as Together
from reports.sipas.hiding.partition import Counted, Labels, class_of, partition, shared, told_apart
from surveys.labels import CHANNEL, FLAGS, PROCEDURE, opener

PEOPLE = f"""
SELECT batch, part, withdrawn, {FLAGS} <> 0, {PROCEDURE}, {CHANNEL}, count(*),
       string_agg(answers, ''::bytea)
FROM surveys_response r
WHERE office_id = %(office)s AND instrument_id = %(instrument)s AND batch = ANY(%(blocks)s)
  AND day BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - constants of ours


@dataclass(slots=True)
class Told:
    """People of one class and of the same labels: who they are by block, and their headline."""

    blocks: dict[int, tuple[int, int]] = field(default_factory=dict)
    people: int = 0
    moments: list[int] = field(default_factory=lambda: [0] * 5)


People = Mapping[tuple[bool, int, Labels], Told]


class OfficeCells:
    """The partitions of one office and questionnaire."""

    def __init__(self, place: tuple[int, int], layout: Layout) -> None:
        self.place, self.layout = place, layout

    def form(self, rows: Sequence[StoredRow], now: datetime, *, last: bool) -> bool:
        """Tells the people of these rows apart together; False where they rather wait.

        last: they are divided now or never. A row of which a table of the former kind was made
        is never divided, beside that table it would tell.
        """
        office, instrument = self.place
        former = in_former_tables(office, instrument, [n for row in rows for n in row.blocks])
        before = self._restored(rows)
        rows = [r for r in rows if r.number not in before and former.isdisjoint(r.blocks)]
        if not rows:
            return False
        procedures: dict[str, str] = {}
        people = self._people(rows, procedures)
        counted = _known_together(people, rows)
        if all(withdrawn for withdrawn, _, _ in people):
            return False
        cells = partition(counted, POLICY.batch)
        named, everybody = told_apart(counted, cells, FIELD)
        if not last and (len(cells) < 2 or 100 * named < ENOUGH * everybody):
            return False
        span = shortest(min(row.span.first for row in rows), max(row.span.last for row in rows))
        number = max(row.number for row in rows)
        made = Partition.objects.create(
            office_id=office,
            instrument_id=instrument,
            number=number,
            rows=sorted(row.number for row in rows),
            period=span.kind,
            start=span.first,
            procedures=procedures,
            formed_at=now,
        )
        Cell.objects.bulk_create(
            Cell(
                partition=made,
                place=place,
                labels=list(cell.labels),
                members=sorted(map(list, cell.members)),
                people=counts.people,
                moments=counts.moments,
            )
            for place, cell in enumerate(cells)
            for counts in [_within(people, cell)]
        )
        BlockRow.objects.filter(
            office=office, instrument=instrument, number__in=[row.number for row in rows]
        ).update(partition=number)
        return True

    def count(self, rows: Collection[StoredRow]) -> None:
        """Counts the cells of the partitions that hold these rows again, as their people are."""
        office, instrument = self.place
        blocks = {row.number: row for row in rows}
        made = Partition.objects.filter(
            office=office, instrument=instrument, rows__overlap=list(blocks)
        ).prefetch_related("cells")
        for one in made:
            known = [blocks[number] for number in one.rows if number in blocks]
            missing = BlockRow.objects.filter(
                office=office,
                instrument=instrument,
                number__in=[number for number in one.rows if number not in blocks],
            )
            known += [StoredRow.of(row) for row in missing]
            people = self._people(known, dict(one.procedures), fixed=True)
            cells = list(one.cells.order_by("place"))
            if not cells:
                continue  # lost: the proof says so
            changed = []
            for cell, together in zip(cells, _with_newcomers(cells, people), strict=True):
                counts = _within(people, together)
                labels, members = list(together.labels), sorted(map(list, together.members))
                now = (labels, members, counts.people, counts.moments)
                if (cell.labels, cell.members, cell.people, cell.moments) != now:
                    cell.labels, cell.members = labels, members
                    cell.people, cell.moments = counts.people, counts.moments
                    changed.append(cell)
            Cell.objects.bulk_update(changed, ["labels", "members", "people", "moments"])

    def _restored(self, rows: Sequence[StoredRow]) -> set[int]:
        """Rows that have a partition though they do not name it, as after a repair."""
        office, instrument = self.place
        numbers = [row.number for row in rows]
        made = Partition.objects.filter(
            Q(rows__overlap=numbers) | Q(number__in=numbers), office=office, instrument=instrument
        ).values_list("number", "rows")
        for number, told in made:
            BlockRow.objects.filter(office=office, instrument=instrument, number__in=told).update(
                partition=number
            )
        return {row for number, told in made for row in (number, *told)}

    def _people(
        self, rows: Sequence[StoredRow], procedures: dict[str, str], *, fixed: bool = False
    ) -> People:
        """By class and labels; fields as `procedures` says, which is filled unless it is fixed."""
        with connection.cursor() as cursor:
            cursor.execute(
                PEOPLE,
                {
                    "office": self.place[0],
                    "instrument": self.place[1],
                    "blocks": [block for row in rows for block in row.blocks],
                    "first": min(row.span.first for row in rows),
                    "last": max(row.span.last for row in rows),
                    "opener": opener(self.place[0]),
                },
            )
            found = cursor.fetchall()
        if not fixed:
            keys = {procedure for _, _, _, _, procedure, *_ in found if procedure is not None}
            fields = Procedure.objects.filter(pk__in=keys).values_list("pk", "field__slug")
            procedures |= {str(key): slug for key, slug in fields}
        people: dict[tuple[bool, int, Labels], Told] = defaultdict(Told)
        sums, anchored = self._counted([(n, answers) for *_, n, answers in found])
        for (block, part, withdrawn, flagged, procedure, channel, n, _), more, counted in zip(
            found, sums, anchored, strict=True
        ):
            labels = labels_of(flagged, procedure, channel, procedures)
            told = people[withdrawn, part, labels]
            before = told.blocks.get(block, (0, 0))
            told.blocks[block] = (before[0] + n, before[1] + counted)
            told.people += n
            told.moments = [a + b for a, b in zip(told.moments, more, strict=True)]
        return people

    def _counted(self, lots: Sequence[tuple[int, bytes]]) -> tuple[list[list[int]], list[int]]:
        """Of each lot of people, with their packed answers, the headline's sums; who counts."""
        if not lots:
            return [], []
        packed = b"".join(answers for _, answers in lots)
        answers = np.frombuffer(packed, np.uint8).reshape(-1, self.layout.n_items)
        starts = np.cumsum([0, *(n for n, _ in lots)])[:-1]
        headline = self.layout.group_of(*self.layout.headline)
        sums = moments_of(self.layout, headline, answers, starts)
        counted = np.add.reduceat(self.layout.anchored(answers).astype(np.int64), starts)
        return sums.tolist(), counted.tolist()


def _known_together(people: People, rows: Sequence[StoredRow]) -> Counted:
    """People by block, class and labels."""
    row_of = {block: row for row in rows for block in row.blocks}
    counted: dict[tuple[int, Hashable, Labels], tuple[int, int]] = {}
    for (withdrawn, part, labels), told in people.items():
        for block, numbers in told.blocks.items():
            row = row_of[block]
            each = class_of(row.number, part, withdrawn=withdrawn, moved=row.moved)
            counted[block, each, labels] = numbers
    return counted


def _with_newcomers(cells: Sequence[Cell], people: People) -> list[Together]:
    """The cells as they stand now; labels that no one has any more are nobody's.

    Forms change their labels only where an operator accepts altered ones; they then stand with the
    most people, who are told apart least.
    """
    now = {labels for _, _, labels in people}
    members = [{tuple(labels) for labels in cell.members} & now for cell in cells]
    known = set().union(*members)
    largest = max(range(len(cells)), key=lambda place: cells[place].people)
    members[largest] |= now - known
    return [
        Together(shared(of) if of else tuple(cell.labels), frozenset(of))
        for cell, of in zip(cells, members, strict=True)
    ]


def _within(people: People, cell: Together) -> Told:
    """Everybody of a cell who has not left."""
    whole = Told()
    for (withdrawn, _, labels), told in people.items():
        if not withdrawn and labels in cell.members:
            whole.people += told.people
            whole.moments = [a + b for a, b in zip(whole.moments, told.moments, strict=True)]
    return whole
