"""Forms that an auditor left out leave the figures they stand in, and come back, row by row.

Whoever is in no block that people see goes freely. Of an open month nobody goes: its blocks were
seen, and all who are to leave do so together when it closes. From a closed month people go only by
a revision of its whole row, tables included, if the rule of `reports.sipas.hiding.revision` and
that of the cells let them; else they wait for others. Runs inside the recount's transaction, under
the office's lock.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection

from reports.counting.batching import BatchStanding, standing_of
from reports.counting.closing import is_closed
from reports.counting.labels import labels_of
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.counting.rhythms import waiting_of
from reports.counting.shown import in_former_tables
from reports.models import BlockRow, Opening, Partition, Period
from reports.sipas.counts.cells import total
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.batches import Month, month_of
from reports.sipas.hiding.partition import Cell, Counted, Labels, class_of, stands
from reports.sipas.hiding.revision import Beside, Class, may_move
from surveys.labels import CHANNEL, FLAGS, PROCEDURE, opener

# excluded: what an auditor wants; withdrawn: what the shown figures know of it
CHANGING = """
SELECT instrument_id, array_agg(DISTINCT batch) FROM surveys_response
WHERE office_id = %s AND excluded <> withdrawn AND batch IS NOT NULL GROUP BY 1
"""

# A block that nobody has seen loses whom an auditor left out; with too few left all wait again.
UNSEEN = """
SELECT excluded, string_agg(answers, ''::bytea) FROM surveys_response
WHERE office_id = %s AND instrument_id = %s AND batch = %s AND day BETWEEN %s AND %s GROUP BY 1
"""
RELEASE = """
UPDATE surveys_response SET batch = NULL, withdrawn = false, part = 0
WHERE office_id = %s AND instrument_id = %s AND batch = %s AND day BETWEEN %s AND %s
  AND (excluded OR %s)
RETURNING day
"""

PEOPLE = f"""
SELECT batch, part, withdrawn, excluded, {FLAGS} <> 0, {PROCEDURE}, {CHANNEL}, count(*),
       string_agg(answers, ''::bytea)
FROM surveys_response r
WHERE office_id = %(office)s AND instrument_id = %(instrument)s AND batch = ANY(%(blocks)s)
  AND day BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 - constants of ours

MOVE = """
UPDATE surveys_response SET withdrawn = NOT withdrawn, part = %s
WHERE office_id = %s AND instrument_id = %s AND batch = ANY(%s) AND day BETWEEN %s AND %s
  AND part = %s AND excluded <> withdrawn
RETURNING day
"""


class Left(NamedTuple):
    """days: of whoever moved; dissolved: questionnaire and number of blocks that are none now."""

    days: set[date]
    dissolved: set[tuple[int, int]]


@dataclass(slots=True)
class Group:
    """People of a row who have block, class, wish and labels in common."""

    block: int
    part: int
    withdrawn: bool
    excluded: bool
    labels: Labels
    people: int
    anchored: int
    sums: Sums


@dataclass(slots=True)
class Moves:
    """What a row is to become. part_of: the class of whoever moves, by the one it is in now."""

    part_of: dict[int, int] = field(default_factory=dict)

    def after(self, group: Group) -> tuple[int, bool]:
        """The class of these people, and whether they stand in figures."""
        if group.part in self.part_of and group.excluded != group.withdrawn:
            return self.part_of[group.part], group.withdrawn
        return group.part, not group.withdrawn


def leave(office_id: int, through: date | None) -> Left:
    """Moves whoever may leave figures or come back.

    through: the last day that is closed, or is being closed now. Must come before blocks are
    formed, and whatever is counted of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHANGING, [office_id])
        changing = {instrument: set(numbers) for instrument, numbers in cursor.fetchall()}
    left = Left(set(), set())
    standing = standing_of(office_id) if changing else {}
    for instrument, numbers in changing.items():
        leaving = _Leaving(office_id, instrument, standing[instrument], through)
        left.days.update(leaving.leave(numbers))
        left.dissolved.update(leaving.dissolved)
    return left


class _Leaving:
    """Who leaves the figures of one office and questionnaire."""

    def __init__(
        self, office: int, instrument: int, standing: BatchStanding, through: date | None
    ) -> None:
        self.place = (office, instrument)
        self.layout = layout_of(instrument_of(instrument))
        self.standing, self.through = standing, through
        self.dissolved: set[tuple[int, int]] = set()
        self.opener = opener(office)
        self.extents = {block.number: block for block in standing.made}
        self.read: dict[tuple[tuple[int, ...], int | None], list[Group]] = {}
        rows = BlockRow.objects.filter(office=office, instrument=instrument)
        self.rows = {row.number: row for row in rows}

    def leave(self, numbers: Collection[int]) -> set[date]:
        touched: set[date] = set()
        row_of = {block: row for row in self.rows.values() for block in row.blocks}
        for month, held in self.standing.held.items():
            if held.number in numbers and held.number not in row_of:
                touched |= self._release(held.number, closes=self._ends(month))
        for row in {row_of[n].number: row_of[n] for n in numbers if n in row_of}.values():
            moved = self._move(row.blocks, row)
            if moved:
                row.moved = True
                row.save(update_fields=["moved"])
            touched |= moved
        for month in self._closing(set(numbers) - row_of.keys()):
            touched |= self._move(self._blocks_of(month), None)
        return touched

    def _closing(self, numbers: Collection[int]) -> Iterable[Month]:
        """The months of these blocks that close now, and have no row yet."""
        months = {month_of(b.first_day) for b in self.standing.made if b.number in numbers}
        return sorted(month for month in months if self._ends(month))

    def _ends(self, month: Month) -> bool:
        return is_closed(span_of(Period.MONTH, date(*month, 1)), self.through)

    def _blocks_of(self, month: Month) -> list[int]:
        return [
            block.number
            for block in self.standing.made
            if month_of(block.first_day) == month_of(block.last_day) == month
        ]

    def _release(self, number: int, *, closes: bool) -> set[date]:
        """Lets go of whom an auditor left out of a block that nobody has seen.

        With too few left there is no block; but as long as the month is open one before it, which
        was seen, would be held back in its place: they stay together until it closes.
        """
        with connection.cursor() as cursor:
            cursor.execute(UNSEEN, [*self.place, number, *self._days([number])])
            staying = [answers for excluded, answers in cursor.fetchall() if not excluded]
            too_few = sum(waiting_of(self.place[1], one).anchored for one in staying) < POLICY.batch
            if too_few and not closes:
                return set()
            cursor.execute(RELEASE, [*self.place, number, *self._days([number]), too_few])
            days = {day for (day,) in cursor.fetchall()}
        if too_few:
            self.dissolved.add((self.place[1], number))
        return days

    def _days(self, blocks: Collection[int]) -> tuple[date, date]:
        """The first and last day of blocks."""
        known = [self.extents[number] for number in blocks if number in self.extents]
        first = min((block.first_day for block in known), default=date.min)
        return first, max((block.last_day for block in known), default=date.max)

    def _move(self, blocks: Sequence[int], row: BlockRow | None) -> set[date]:
        """Moves who is to move in a row, all of them or nobody."""
        told = self._partition(row)
        if told is not None and not told.cells.all():
            return set()  # lost: the proof says so
        groups = self._groups(blocks, told)
        moves = _moves(groups)
        if not moves.part_of or not self._may(groups, moves, row, told):
            return set()
        touched: set[date] = set()
        with connection.cursor() as cursor:
            for part, becomes in sorted(moves.part_of.items()):
                cursor.execute(
                    MOVE, [becomes, *self.place, list(blocks), *self._days(blocks), part]
                )
                touched |= {day for (day,) in cursor.fetchall()}
        self.read.clear()
        return touched

    def _may(
        self,
        groups: Sequence[Group],
        moves: Moves,
        row: BlockRow | None,
        told: Partition | None,
    ) -> bool:
        if in_former_tables(*self.place, {group.block for group in groups}):
            return False
        others = [n for n in told.rows if row and n != row.number] if told else []
        if not all(number in self.rows for number in others):
            return False  # lost: the proof says so
        found: list[tuple[Group, Hashable]] = [(one, (0, *moves.after(one))) for one in groups]
        for number in others:
            row_beside = self.rows[number]
            of = self._groups(row_beside.blocks, told)
            found += [
                (
                    group,
                    class_of(number, group.part, withdrawn=group.withdrawn, moved=row_beside.moved),
                )
                for group in of
            ]
        counted: dict[tuple[int, Hashable, Labels], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for group, each in found:
            key = group.block, each, group.labels
            before = counted[key]
            counted[key] = before[0] + group.people, before[1] + group.anchored
        if not stands(counted, _cells(counted, told), POLICY.batch):
            return False
        if row is None:
            return True
        shown = self._shown(row)
        classes = self._classes(groups, moves)
        return shown is not None and may_move(classes, row.closed, shown, POLICY.batch)

    def _classes(self, groups: Sequence[Group], moves: Moves) -> list[Class]:
        found: dict[tuple[int, bool], list[Group]] = defaultdict(list)
        for group in groups:
            found[moves.after(group)].append(group)
        return [
            Class(
                total(self.layout, [group.sums for group in of]),
                stays,
                core=part == 0,
                moves=stays == of[0].withdrawn,
            )
            for (part, stays), of in found.items()
        ]

    def _shown(self, row: BlockRow) -> list[Beside] | None:
        """What a row shows; None where a row is lost with which it shows something."""
        office, instrument = self.place
        openings = Opening.objects.filter(
            office=office, instrument=instrument, rows__contains=[row.number]
        )
        if any(number not in self.rows for one in openings for number in one.rows):
            return None
        return [Beside(frozenset(one.columns), self._others(one, row)) for one in openings]

    def _others(self, one: Opening, row: BlockRow) -> tuple[Sums, ...]:
        """Of the other rows of an opening whoever never left."""
        found = []
        for number in one.rows:
            of = self._groups(self.rows[number].blocks, None) if number != row.number else []
            core = [group.sums for group in of if not group.part and not group.withdrawn]
            if core:
                found.append(total(self.layout, core))
        return tuple(found)

    def _partition(self, row: BlockRow | None) -> Partition | None:
        office, instrument = self.place
        if row is None or row.partition is None:
            return None
        made = Partition.objects.filter(
            office=office, instrument=instrument, number=row.partition
        ).prefetch_related("cells")
        return made.first()

    def _groups(self, blocks: Sequence[int], told: Partition | None) -> list[Group]:
        key = tuple(blocks), told.pk if told else None
        if key not in self.read:
            self.read[key] = self._read_groups(blocks, told)
        return self.read[key]

    def _read_groups(self, blocks: Sequence[int], told: Partition | None) -> list[Group]:
        with connection.cursor() as cursor:
            first, last = self._days(blocks)
            cursor.execute(
                PEOPLE,
                {
                    "office": self.place[0],
                    "instrument": self.place[1],
                    "blocks": list(blocks),
                    "first": first,
                    "last": last,
                    "opener": self.opener,
                },
            )
            rows = cursor.fetchall()
        fields: Mapping[str, str] = told.procedures if told else {}
        found = []
        for block, part, gone, excluded, flagged, procedure, channel, people, answers in rows:
            labels = labels_of(flagged, procedure, channel, fields) if told else ()
            anchored = waiting_of(self.place[1], answers).anchored
            sums = count(self.layout, answers)
            found.append(Group(block, part, gone, excluded, labels, people, anchored, sums))
        return found


def _moves(groups: Sequence[Group]) -> Moves:
    """Who is to move, by class: whoever of one leaves becomes another; one comes back whole.

    Class 0 are those who never left: all of them that leave are another from then on.
    """
    sizes, moving, out = Counter[int](), Counter[int](), set[int]()
    for group in groups:
        sizes[group.part] += group.people
        if group.excluded != group.withdrawn:
            moving[group.part] += group.people
        if group.withdrawn:
            out.add(group.part)
    moves, newest = Moves(), max(sizes, default=0)
    for part, people in sorted(moving.items()):
        if part and people == sizes[part]:
            moves.part_of[part] = part
        elif part not in out:
            newest += 1
            moves.part_of[part] = newest
    return moves


def _cells(counted: Counted, told: Partition | None) -> list[Cell]:
    """The cells of a row; who was in none when they were made stands with the most people."""
    every = {labels for _, _, labels in counted}
    if told is None:
        return [Cell((), frozenset(every))]
    cells = sorted(told.cells.all(), key=lambda cell: (-cell.people, cell.place))
    members = [frozenset(tuple(labels) for labels in cell.members) for cell in cells]
    members[0] |= every - frozenset().union(*members)
    return [Cell(tuple(c.labels), of) for c, of in zip(cells, members, strict=True)]
