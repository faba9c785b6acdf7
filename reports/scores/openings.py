"""What offices show beside their headlines: rows of blocks are formed, and columns open for them.

When a month is closed its blocks become a row and what it may show by itself opens; when a quarter
or year is closed, what waits in its rows opens together or waits on. The rule is
`reports.sipas.hiding.rows`. Runs inside the recount's transaction, under the office's lock.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db import connection

from reports.counting.periods import Span, shortest, span_of
from reports.counting.policy import POLICY
from reports.counting.stored import deflate_opened, inflate_opened, inflate_total
from reports.models import BlockRow, Opening, Period
from reports.scores.cells import OfficeCells
from reports.scores.rows import StoredRow
from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.columns import Opened, take
from reports.sipas.hiding.reasons import open_reasons
from reports.sipas.hiding.rows import Row, open_together, unfold

BLOCKS = """
SELECT number, day, sums, withdrawn FROM reports_batch
WHERE office_id = %s AND instrument_id = %s AND number = ANY(%s)
"""


@dataclass(slots=True)
class BlockMaterial:
    """A block: its first and last day, the sums of its people, and of those who left; as stored."""

    first: date
    last: date
    people: list[bytes] = field(default_factory=list)
    gone: list[bytes] = field(default_factory=list)

    def take(self, day: date, people: bytes, gone: bytes | None) -> None:
        """Takes the share of one day in."""
        self.first, self.last = min(self.first, day), max(self.last, day)
        self.people.append(bytes(people))
        if gone is not None:
            self.gone.append(bytes(gone))

    def within(self, span: Span) -> bool:
        return self.first in span and self.last in span

    def sums(self, layout: Layout) -> Sums:
        """Of its people without those who left."""
        sums = inflate_total(layout, self.people)
        return sums - inflate_total(layout, self.gone) if self.gone else sums


@dataclass(frozen=True, slots=True)
class Found:
    """What a recount found. months: those that are closed, of those whose blocks were read.

    ended, newly: quarters and years that are closed, and of them those that were open before;
    days: on which somebody may have left or come back.
    """

    months: Collection[Span]
    ended: Collection[Span]
    newly: Collection[Span]
    days: Collection[date]


class OfficeOpenings:
    """The rows and openings of one office and questionnaire in the years of a recount."""

    def __init__(
        self,
        place: tuple[int, int],
        layout: Layout,
        rows: Iterable[StoredRow],
        blocks: Mapping[int, BlockMaterial],
        years: Collection[Span],
    ) -> None:
        """place: office and questionnaire; blocks: those that were read and that people see."""
        self.place, self.layout, self.blocks = place, layout, dict(blocks)
        self.rows = {row.number: row for row in rows}
        self.years = years
        self.cells = OfficeCells(place, layout)

    def catch_up(self, found: Found, now: datetime, *, anew: bool) -> bool:
        """Forms rows, opens what may be opened, counts again what stands; False if nothing did."""
        fresh = self._new_rows(found.months)
        changed = {row.number for row in self.rows.values() if self._touches(row, found.days)}
        whole = {
            span
            for span in found.ended
            if span in found.newly or any(row.span.last in span for row in fresh)
        }
        if not (fresh or changed or whole or anew):
            return False
        self._form(fresh, now)
        for row in fresh:
            self._tell_apart([self.rows[row.number]], now, last=False)
        for span in sorted(whole, key=lambda span: (span.last - span.first, span.first)):
            ends = span_of(Period.YEAR, span.last)
            year = ends if ends in whole and ends.last == span.last else span
            self._open_within(span, now, year)
            waiting = [row for row in self._rows_within(span) if not row.told]
            self._tell_apart(waiting, now, last=span.kind == Period.YEAR)
        self._count(changed, anew=anew)
        return True

    def of(self, span: Span) -> bytes:
        """What the figure of a period shows beside its headline: the openings within it."""
        if not any(
            row.span.first >= span.first and row.span.last <= span.last
            for row in self.rows.values()
        ):
            return b""
        within = [one for one in self.openings if _within(one, span)]
        return deflate_opened(
            Opened.total(self.layout, [inflate_opened(self.layout, one.sums) for one in within])
        )

    @cached_property
    def openings(self) -> list[Opening]:
        """The openings of these years."""
        office, instrument = self.place
        return list(
            Opening.objects.filter(
                office=office,
                instrument=instrument,
                start__range=(min(self.years).first, max(self.years).last),
            ).order_by("pk")
        )

    def _touches(self, row: StoredRow, days: Collection[date]) -> bool:
        known = [self.blocks[number] for number in row.blocks if number in self.blocks]
        return any(block.first <= day <= block.last for block in known for day in days)

    def _new_rows(self, months: Collection[Span]) -> list[StoredRow]:
        """The rows that are to be formed: blocks of closed months that have none."""
        known = {number for row in self.rows.values() for number in row.blocks}
        standing = {row.span for row in self.rows.values()}
        formed: dict[Span, list[int]] = defaultdict(list)
        alone = []
        for number, block in sorted(self.blocks.items()):
            span = shortest(block.first, block.last)
            if number in known or (span.kind == Period.MONTH and span not in months):
                continue
            if span.kind == Period.MONTH and span not in standing:
                formed[span].append(number)
            else:
                alone.append(StoredRow(number, span, (number,)))
        together = [StoredRow(max(of), month, tuple(of)) for month, of in formed.items()]
        return sorted(alone + together, key=lambda row: row.number)

    def _form(self, fresh: Sequence[StoredRow], now: datetime) -> None:
        """Writes new rows down, and what each shows by itself."""
        office, instrument = self.place
        rows, openings = [], []
        for row in fresh:
            sums = self._sums([row])[row.number]
            unfolded = unfold(sums, POLICY.batch)
            self.rows[row.number] = row._replace(closed=unfolded.closed)
            rows.append(
                BlockRow(
                    office_id=office,
                    instrument_id=instrument,
                    number=row.number,
                    period=row.span.kind,
                    start=row.span.first,
                    blocks=list(row.blocks),
                    closed=list(unfolded.closed),
                    formed_at=now,
                )
            )
            if unfolded.columns:
                openings.append(self._opening([row], unfolded.columns, sums, now))
        BlockRow.objects.bulk_create(rows)
        self._add(openings)

    def _open_within(self, span: Span, now: datetime, year: Span) -> None:
        """Opens what may be opened together for the rows of a quarter or year that is closed.

        year: the year, if it is closed with its last quarter; else the same as `span`.
        """
        of_year = [row for row in self._rows_within(year) if not row.moved]
        within = [row for row in of_year if row.span.first >= span.first]
        earlier = [row for row in of_year if row.span.first < span.first]
        sums = self._sums(of_year)
        shown: dict[int, set[str]] = defaultdict(set)
        for one in self.openings:
            for number in one.rows:
                shown[number] |= set(one.columns)

        def known(rows: Sequence[StoredRow]) -> list[Row]:
            return [
                Row(row.number, sums[row.number], frozenset(shown[row.number]), row.closed)
                for row in rows
            ]

        found = open_together(known(within), POLICY.batch, known(earlier))
        openings = []
        for numbers, columns in found:
            of = total(self.layout, [sums[number] for number in numbers])
            openings.append(self._opening([self.rows[n] for n in numbers], columns, of, now))
        self._add(openings)
        self._open_reasons({row.number: sums[row.number] for row in within}, now)

    def _open_reasons(self, within: Mapping[int, Sums], now: datetime) -> None:
        """Opens what may be told of why people gave low answers, for rows of a closed period."""
        shown = [(frozenset(one.rows), frozenset(one.columns)) for one in self.openings]
        openings = []
        for numbers, columns in open_reasons(within, shown, POLICY.batch):
            of = total(self.layout, [within[number] for number in numbers])
            openings.append(self._opening([self.rows[n] for n in numbers], columns, of, now))
        self._add(openings)

    def _rows_within(self, span: Span) -> list[StoredRow]:
        rows = (row for row in self.rows.values() if row.span.first >= span.first)
        return sorted((row for row in rows if row.span.last <= span.last), key=lambda r: r.number)

    def _tell_apart(self, rows: Sequence[StoredRow], now: datetime, *, last: bool) -> None:
        """Divides the people of these rows for tables, or lets them wait for others."""
        if rows and self.cells.form(rows, now, last=last):
            self.rows |= {row.number: row._replace(told=True) for row in rows}

    def _count(self, changed: Collection[int], *, anew: bool) -> None:
        """Counts the openings of changed rows again; all of them anew."""
        again = [
            one for one in self.openings if anew or any(number in changed for number in one.rows)
        ]
        needed = {number for one in again for number in one.rows}
        sums = self._sums([self.rows[number] for number in sorted(needed)])
        written = []
        for one in again:
            of = total(self.layout, [sums[number] for number in one.rows])
            counted = deflate_opened(take(of, one.columns))
            if bytes(one.sums) != counted:
                one.sums = counted
                written.append(one)
        Opening.objects.bulk_update(written, ["sums"])
        moved = [row for row in self.rows.values() if row.told and (anew or row.number in changed)]
        if moved:
            self.cells.count(moved)

    def _opening(
        self, rows: Sequence[StoredRow], columns: Collection[str], sums: Sums, now: datetime
    ) -> Opening:
        office, instrument = self.place
        span = shortest(min(row.span.first for row in rows), max(row.span.last for row in rows))
        return Opening(
            office_id=office,
            instrument_id=instrument,
            rows=[row.number for row in rows],
            columns=sorted(columns),
            period=span.kind,
            start=span.first,
            sums=deflate_opened(take(sums, columns)),
            opened_at=now,
        )

    def _add(self, openings: Sequence[Opening]) -> None:
        self.openings.extend(Opening.objects.bulk_create(openings))

    def _sums(self, rows: Sequence[StoredRow]) -> dict[int, Sums]:
        """By row, the sums of its people; blocks that were not read yet are read now."""
        missing = [n for row in rows for n in row.blocks if n not in self.blocks]
        if missing:
            with connection.cursor() as cursor:
                cursor.execute(BLOCKS, [*self.place, missing])
                for number, day, people, gone in cursor.fetchall():
                    block = self.blocks.setdefault(number, BlockMaterial(day, day))
                    block.take(day, people, gone)
        return {
            row.number: total(
                self.layout,
                [self.blocks[n].sums(self.layout) for n in row.blocks if n in self.blocks],
            )
            for row in rows
        }


def _within(opening: Opening, span: Span) -> bool:
    of = span_of(opening.period, opening.start)
    return of.first >= span.first and of.last <= span.last
