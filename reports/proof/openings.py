"""What is shown beside headlines: who stays together, what has opened of them, and its sums.

The rule is put together here anew, apart from `reports.sipas.hiding`: whatever has opened must be
allowed to by the numbers as they are, what a row shows by itself must be all that it may, and
nothing may still wait that could have opened when its period was closed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from reports.models import ROW, BlockRow, Opening, Part, Period
from reports.proof.forms import Form
from reports.proof.found import Found, in_period
from reports.proof.numbers import Vector, nobody, read_opened
from reports.proof.opened import columns_of, should_show
from reports.proof.periods import Stretch, period_of, shortest
from reports.proof.rules import may_show, unfolded
from reports.proof.scope import Days

ROWS, OPENINGS = "reports_blockrow", "reports_opening"
Of = tuple[int, int]  # office, instrument
MONTHS = (Period.MONTH, Period.QUARTER, Period.YEAR)


@dataclass(slots=True)
class StoredOpenings:
    """The rows and openings of one office and questionnaire in a year, as stored."""

    rows: list[BlockRow] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)


def stored_openings(offices: Collection[int], window: Days) -> Mapping[Of, StoredOpenings]:
    """By office and questionnaire."""
    found: dict[Of, StoredOpenings] = defaultdict(StoredOpenings)
    within = {"office__in": offices, "start__range": (window.first, window.last)}
    for row in BlockRow.objects.filter(**within).order_by("number"):
        found[row.office_id, row.instrument_id].rows.append(row)
    for one in Opening.objects.filter(**within).order_by("pk"):
        found[one.office_id, one.instrument_id].openings.append(one)
    return found


@dataclass(frozen=True, slots=True)
class Block:
    """A block that people see: its days, its people without those who left, whether any did."""

    first: date
    last: date
    people: Vector
    left: bool


class OpeningProof:
    """The proof of what one office shows beside its headlines in a year."""

    def __init__(
        self,
        form: Form,
        of: Of,
        stored: StoredOpenings,
        blocks: Mapping[int, Block],
        closed: Collection[date],
    ) -> None:
        """closed: first days of the months that are closed."""
        self.form, self.of, self.stored, self.blocks = form, of, stored, blocks
        self.closed = closed
        self.sums: dict[int, Vector] = {}
        self.opened: Counter[tuple[int, str]] = Counter()  # how often a row shows a column
        self.right: list[tuple[Stretch, Vector]] = []

    def found(self, ended: Collection[Stretch]) -> Iterator[Found]:
        """What differs. ended: closed quarters and years."""
        yield from self._rows()
        shown: dict[int, set[str]] = defaultdict(set)
        self.opened = Counter(
            (number, column)
            for one in self.stored.openings
            for number in one.rows
            for column in one.columns
        )
        for one in self.stored.openings:
            yield from self._opening(one)
            for number in one.rows:
                shown[number] |= set(one.columns)
        for row in self.stored.rows:
            yield from self._by_itself(row)
        for span in ended:
            yield from self._waiting(span, shown)

    def of_period(self, of: Stretch) -> Vector:
        """What a figure of the period should show beside its headline."""
        vectors = [vector for span, vector in self.right if of.holds(span.first, span.last)]
        whole = should_show(self.form, nobody(self.form), ())
        for vector in vectors:
            whole = whole + vector
        return whole

    def _rows(self) -> Iterator[Found]:
        seen: dict[int, int] = {}
        for row in self.stored.rows:
            of = period_of(row.period, row.start)
            known = [self.blocks[number] for number in row.blocks if number in self.blocks]
            self.sums[row.number] = sum((b.people for b in known), nobody(self.form))
            if len(known) < len(row.blocks) or not known:
                yield self._found(ROWS, "blocks", of, f"row {row.number}", "named", "not there")
                continue
            right = shortest(min(b.first for b in known), max(b.last for b in known))
            if right.period != row.period:
                yield self._found(ROWS, "period", of, f"row {row.number}", row.period, right.period)
            elif row.start != right.first or max(row.blocks) != row.number:
                yield self._found(ROWS, ROW, of, f"row {row.number}", "1", "0")
            if any(number in seen for number in row.blocks):
                yield self._found(ROWS, "blocks", of, f"row {row.number}", str(row.blocks), "")
            seen |= dict.fromkeys(row.blocks, row.number)
        for number, block in self.blocks.items():
            span = shortest(block.first, block.last)
            if number not in seen and (span.period != Period.MONTH or span.first in self.closed):
                yield self._found(ROWS, ROW, span, f"block {number}", "0", "1")

    def _opening(self, one: Opening) -> Iterator[Found]:
        of = period_of(one.period, one.start)
        key = f"rows {one.rows}"
        rows = [self.sums[number] for number in one.rows if number in self.sums]
        spans = [period_of(r.period, r.start) for r in self.stored.rows if r.number in one.rows]
        if len(rows) < len(one.rows) or not rows:
            yield self._found(OPENINGS, ROW, of, key, "1", "0")
            return
        right = shortest(min(s.first for s in spans), max(s.last for s in spans))
        if right.period != one.period:
            yield self._found(OPENINGS, "period", of, key, one.period, right.period)
        elif one.start != right.first:
            yield self._found(OPENINGS, ROW, of, key, "1", "0")
        unknown = set(one.columns) - set(columns_of(self.form))
        # by another opening, or by a row that stands twice: figures would count it twice
        repeated = {c for c in one.columns if any(self.opened[n, c] > 1 for n in one.rows)}
        left = any(
            self.blocks[block].left
            for row in self.stored.rows
            if row.number in one.rows
            for block in row.blocks
            if block in self.blocks
        )
        together = [column[2:] for column in one.columns if column.startswith("f:")]
        forbidden = {
            column
            for column in set(one.columns) - unknown
            if (not left or column[0] in "fp")
            and not may_show(self.form, rows, column, together if len(rows) > 1 else ())
        } | self._without_base(one)
        if wrong := unknown | repeated | forbidden:
            named = ", ".join(sorted(wrong))
            yield self._found(OPENINGS, ROW, of, f"{key}: {named}", "1", "0")
        vector = should_show(self.form, sum(rows, nobody(self.form)), set(one.columns) - unknown)
        self.right.append((right, vector))
        stored = read_opened(self.form, one.sums)
        if stored is None or (stored != vector).any():
            differ = len(vector) if stored is None else int((stored != vector).sum())
            told = f"{differ} of {len(vector)} numbers differ"
            yield self._found(OPENINGS, "sums", of, key, told, "0")

    def _without_base(self, one: Opening) -> set[str]:
        """Reasons that opened for other rows than some groups whose low answers are told apart."""
        found = set()
        for item in self.form.items:
            column = f"i:{item.code}"
            if item.scale != "reason" or column not in one.columns:
                continue
            known = [set(o.rows) for o in self.stored.openings if f"2:{item.group}" in o.columns]
            inside = set().union(*(rows for rows in known if rows <= set(one.rows)))
            if inside != set(one.rows):
                found.add(column)
        return found

    def _by_itself(self, row: BlockRow) -> Iterator[Found]:
        """What a row shows by itself: exactly what it may, as long as nobody has left it.

        Later its closed factors are still those that it does not show by itself.
        """
        of = period_of(row.period, row.start)
        alone = [one for one in self.stored.openings if one.rows == [row.number]]
        told = {column for one in alone for column in one.columns}
        if row.moved or any(self.blocks[n].left for n in row.blocks if n in self.blocks):
            shown = [part.code for part in self.form.parts if f"f:{part.code}" in told]
            columns = set[str]()
            closed = tuple(p.code for p in self.form.parts if shown and p.code not in shown)
        else:
            columns, closed = unfolded(self.form, self.sums[row.number])
        if sorted(row.closed) != sorted(closed):
            yield self._found(
                ROWS, "closed", of, f"row {row.number}", str(row.closed), str(list(closed))
            )
        if columns - told:
            missing = ", ".join(sorted(columns - told))
            yield self._found(OPENINGS, ROW, of, f"rows [{row.number}]", "0", missing)

    def _waiting(self, span: Stretch, shown: Mapping[int, Collection[str]]) -> Iterator[Found]:
        """Closed factors that could have opened together and have not."""
        waiting: dict[tuple[str, ...], list[BlockRow]] = defaultdict(list)
        for row in self.stored.rows:
            of = period_of(row.period, row.start)
            left = row.moved or any(self.blocks[n].left for n in row.blocks if n in self.blocks)
            if (
                row.closed
                and not left
                and span.holds(of.first, of.last)
                and f"f:{row.closed[0]}" not in shown[row.number]
            ):
                waiting[tuple(row.closed)].append(row)
        for closed, rows in waiting.items():
            sums = [self.sums[row.number] for row in rows]
            if all(may_show(self.form, sums, f"f:{code}", closed) for code in closed):
                numbers = [row.number for row in rows]
                yield self._found(OPENINGS, ROW, span, f"rows {numbers}", "0", "1")

    def _found(
        self, table: str, column: str, of: Stretch, key: str, shown: str, proved: str
    ) -> Found:
        return in_period(Part.OPENINGS, self.of, table, column, of, key, shown, proved)
