"""Everything that was shown of some offices, as sets of answers, and that the rows say just that.

Figures are taken apart into what they are made of: batches, and openings of rows. Each score of an
office or unit, and each release, is compared with the sums of the answers that are taken to stand
in it; so whoever combines these sets combines what people see.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import combinations
from uuid import UUID

import numpy as np
from django.db import connection

from offices.models import AdministrativeUnit
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, shortest, span_of
from reports.counting.stored import deflate, deflate_opened
from reports.models import (
    BlockRow,
    Cell,
    ClosedMonth,
    Opening,
    Partition,
    Release,
    Score,
    TerritoryMap,
)
from reports.scores.units import places
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.columns import Opened, take
from surveys.labels import CHANNEL, FLAGS, opener_or_none
from surveys.models import Response
from tests.reports.events import Events
from tests.reports.lives import ASKED, BESIDE, DONT_KNOW, PARTS, POSITIONS
from tests.reports.printed import Printed
from tests.reports.sipas.hiding.combining import Figure

Place = tuple[int, int]  # office and questionnaire
LABELS = f"""
SELECT r.id, {FLAGS}, {CHANNEL} FROM surveys_response r
WHERE r.office_id = ANY(%(offices)s) AND r.batch IS NOT NULL
"""
FACTOR_OF = {code: part for part, codes in PARTS.items() for code in codes}


@dataclass(slots=True)
class SeenBlock:
    """People of a block: their answers by key, and who has left the figures of months since."""

    first: date
    last: date
    people: dict[str, bytes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    labels: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def staying(self) -> dict[str, bytes]:
        return {key: said for key, said in self.people.items() if key not in self.gone}


class Sight:
    """What is shown at one moment of one office and questionnaire."""

    def __init__(self, place: Place, blocks: dict[int, SeenBlock]) -> None:
        self.place = place
        self.layout = layout_of(instrument_of(place[1]))
        of = {"office": place[0], "instrument": place[1]}
        closed = set(ClosedMonth.objects.filter(**of).values_list("start", flat=True))
        held: dict[date, int] = {}
        for number, block in blocks.items():
            month = block.first.replace(day=1)
            if block.last.replace(day=1) == month and month not in closed:
                held[month] = max(number, held.get(month, number))
        self.blocks = {n: block for n, block in blocks.items() if n not in held.values()}
        self.sums = {n: self._count(block.staying) for n, block in self.blocks.items()}
        self.rows = rows = {row.number: row.blocks for row in BlockRow.objects.filter(**of)}
        opened = list(Opening.objects.filter(**of).order_by("pk"))
        self.openings = [
            (
                span_of(one.period, one.start),
                [n for row in one.rows for n in rows[row]],
                one.columns,
            )
            for one in opened
        ]
        self.together = {number for one in opened if len(one.rows) > 1 for number in one.rows}
        self.cells = [
            ([n for row in one.rows for n in rows[row]], cell)
            for one in Partition.objects.filter(**of).prefetch_related("cells")
            for cell in one.cells.all()
        ]

    def cell(self, numbers: Collection[int], cell: Cell) -> dict[str, bytes]:
        """Whoever stands in a cell of these blocks."""
        members = {tuple(labels) for labels in cell.members}
        return {
            key: said
            for n in numbers
            for key, said in self.blocks[n].staying.items()
            if self.blocks[n].labels[key] in members
        }

    def figures(self, kept: set[object]) -> Iterator[Figure]:
        """What all figures are made of. Days and weeks keep everybody, also who has left since.

        kept: marks of those that were kept before; they are not made again, and new ones added.
        """
        for number, block in self.blocks.items():
            if _is_new((self.place, number, len(block.people)), kept):
                yield from headlines_of(block.people)
        for _, numbers, columns in self.openings:
            gone = frozenset().union(*(self.blocks[n].gone for n in numbers))
            if _is_new((self.place, tuple(numbers), tuple(columns), gone), kept):
                for column in columns:
                    yield self._column(numbers, column)

        for numbers, cell in self.cells:
            people = self.cell(numbers, cell)
            if _is_new((self.place, cell.pk, frozenset(people)), kept):
                assert cell.people == len(people)
                told = self._count(people).moments
                assert cell.moments == told[self.layout.group_of(*self.layout.headline)].tolist()
                yield from headlines_of(people)

    def headline(self, span: Span) -> dict[str, bytes]:
        """Who stands in a month or longer: in its blocks, without who has left."""
        within = (self.blocks[n].staying for n in self._within(span))
        return {key: said for of in within for key, said in of.items()}

    def parted(self, span: Span) -> bool:
        """Whether somebody has left a figure: then it is no sum of what days show."""
        return any(self.blocks[number].gone for number in self._within(span))

    def columns(self, span: Span) -> Iterator[tuple[str, Figure]]:
        """What stands beside it."""
        for of, numbers, columns in self.openings:
            if _holds(span, of):
                for column in columns:
                    yield column, self._column(numbers, column)

    def summed(self, span: Span) -> tuple[Sums, Opened]:
        """What a score of this period has to say."""
        headline = sum((self.sums[n] for n in self._within(span)), Sums.zero(self.layout))
        beside = [
            take(sum((self.sums[n] for n in numbers), Sums.zero(self.layout)), columns)
            for of, numbers, columns in self.openings
            if _holds(span, of)
        ]
        return headline, Opened.total(self.layout, beside)

    def _within(self, span: Span) -> list[int]:
        return [
            number
            for number, block in self.blocks.items()
            if _holds(span, shortest(block.first, block.last))
        ]

    def _column(self, numbers: Iterable[int], column: str) -> Figure:
        staying = (self.blocks[n].staying.items() for n in numbers)
        return column_of({key: said for of in staying for key, said in of}, column)

    def _count(self, people: Mapping[str, bytes]) -> Sums:
        packed = np.frombuffer(b"".join(people.values()), np.uint8)
        return count(self.layout, packed.reshape(-1, self.layout.n_items))


def sights_of(offices: Collection[int]) -> list[Sight]:
    """What is shown now of each of these offices and each questionnaire."""
    found: dict[Place, dict[int, SeenBlock]] = defaultdict(dict)
    labels = _labels(offices)
    batched = Response.objects.filter(office__in=offices, batch__isnull=False)
    for office, instrument, number, key, day, said, gone in batched.values_list(
        "office_id",
        "instrument_id",
        "batch",
        "id",
        "day",
        "answers",
        "withdrawn",
    ):
        block = found[office, instrument].setdefault(number or 0, SeenBlock(day, day))
        block.first, block.last = min(block.first, day), max(block.last, day)
        block.people[str(key)] = bytes(said)
        block.labels[str(key)] = labels[key]
        if gone:
            block.gone.add(str(key))
    return [Sight(place, blocks) for place, blocks in found.items()]


def _labels(offices: Collection[int]) -> dict[UUID, tuple[str, str, str]]:
    """Whoever attacks knows these of everybody, also where rows say them no more."""
    with connection.cursor() as cursor:
        cursor.execute(LABELS, {"offices": list(offices), "opener": opener_or_none()})
        return {
            key: ("other", "flagged" if flags else "clean", str(channel))
            for key, flags, channel in cursor.fetchall()
        }


class Eyes:
    """Keeps every figure that was ever shown of these offices."""

    def __init__(self, offices: Collection[int]) -> None:
        self.offices = offices
        self.seen: set[Figure] = set()
        self.looks = self.scores = 0
        self.events = Events()
        self._known: dict[tuple[object, ...], tuple[int, bytes, bytes]] = {}
        self._kept: set[object] = set()
        self.sights: list[Sight] = []

    def look(self, *, last: bool = False) -> None:
        """Keeps what is shown now, and compares each score that is not as it was before.

        The last look compares all, and keeps what scores say although it is a sum of what is kept.
        """
        self.looks += 1
        self.sights = sights_of(self.offices)
        self.events.look(self.sights)
        for sight in self.sights:
            self.seen.update(sight.figures(self._kept))
        members = self._members()
        if last:
            self._known.clear()
        summed: dict[tuple[Place, Span], tuple[Sums, Opened]] = {}
        for score in Score.objects.all():
            place = (score.office_id, score.unit_id, score.map, score.instrument_id)
            said = (score.people, bytes(score.sums), bytes(score.opened))
            key = (*place, score.period, score.start)
            if self._known.get(key) == said:
                continue
            self._known[key] = said
            self.scores += 1
            span = span_of(score.period, score.start)
            of = {score.office_id} if score.office_id else members[score.map, score.unit_id or 0]
            behind = [
                sight
                for sight in self.sights
                if sight.place[0] in of and sight.place[1] == score.instrument_id
            ]
            for sight in behind:
                if (sight.place, span) not in summed:
                    summed[sight.place, span] = sight.summed(span)
            self._compare(score, [summed[sight.place, span] for sight in behind])
            if last or any(sight.parted(span) for sight in behind):
                people = (sight.headline(span).items() for sight in behind)
                self.seen.update(headlines_of({key: said for of in people for key, said in of}))
            if last and (score.unit_id is None or len(behind) > 1):
                self._keep_columns(behind, span)

    def _compare(self, score: Score, parts: list[tuple[Sums, Opened]]) -> None:
        if not parts:
            assert (score.people, bytes(score.opened)) == (0, b""), score
            return
        layout = parts[0][0].layout
        whole = sum((headline for headline, _ in parts), Sums.zero(layout))
        beside = Opened.total(layout, [opened for _, opened in parts])
        assert score.people == whole.people, score
        assert bytes(score.sums) == deflate(whole), score
        assert bytes(score.opened) == deflate_opened(beside), score

    def _keep_columns(self, behind: list[Sight], span: Span) -> None:
        together: dict[str, set[Figure]] = defaultdict(set)
        for sight in behind:
            for column, figure in sight.columns(span):
                together[column].add(figure)
        self.seen.update(frozenset().union(*parts) for parts in together.values())

    def _members(self) -> dict[tuple[str, int], set[int]]:
        """By map and unit: the offices of these that count in it."""
        country = AdministrativeUnit.objects.get(level=AdministrativeUnit.Level.COUNTRY).pk
        found: dict[tuple[str, int], set[int]] = defaultdict(set)
        for territory in TerritoryMap:
            for office, place in places(territory).items():
                for unit in (*place.units, country):
                    found[territory.value, unit].add(office)
        return found

    def read(self, release: Release) -> None:
        """Keeps what a release prints, having compared it with the answers it is taken for."""
        self.events.release(release)
        printed = Printed(release, self.sights)
        printed.compare()
        self.seen.update(printed.figures())


def told(said: bytes, code: str) -> bool:
    """Whether this person answered the criterion or question; an empty box is an answer."""
    return (0 if BESIDE.get(code) == "box" else 1) <= said[ASKED.index(code)] < DONT_KNOW


def column_of(people: Mapping[str, bytes], column: str) -> Figure:
    """What a column shows of these people."""
    kind, code = column.split(":")
    if kind in "123":
        return frozenset((key, column) for key, said in people.items() if told(said, code))
    return figure_of(people, PARTS[code] if kind in "fp" else [code], pairs=kind == "p")


def headlines_of(people: Mapping[str, bytes]) -> Iterator[Figure]:
    """What a headline shows: how many answers there are, and its interval, which is of moments."""
    yield figure_of(people, POSITIONS, pairs=False)
    yield figure_of(people, POSITIONS)


def figure_of(people: Mapping[str, bytes], codes: list[str], *, pairs: bool = True) -> Figure:
    """Answers of these people, and two of one person where moments tell of both together.

    Two answers to different factors stand together in headlines only, all that a person gave.
    """
    wanted = tuple(codes)
    return frozenset(
        (key, said) for key, form in people.items() for said in _said(form, wanted, pairs=pairs)
    )


@cache
def _said(form: bytes, codes: tuple[str, ...], *, pairs: bool) -> tuple[str, ...]:
    """What a form adds to a figure: forms that say the same are many."""
    answered = [code for code in codes if told(form, code)]
    if not pairs:
        return tuple(answered)
    of_one = [(a, b) for a, b in combinations(answered, 2) if FACTOR_OF[a] == FACTOR_OF[b]]
    several = len({FACTOR_OF[code] for code in answered}) > 1
    return (*answered, *(f"{a} {b}" for a, b in of_one), *(["of several factors"] * several))


def _is_new(mark: object, kept: set[object]) -> bool:
    new = mark not in kept
    kept.add(mark)
    return new


def _holds(span: Span, other: Span) -> bool:
    return span.first <= other.first and other.last <= span.last
