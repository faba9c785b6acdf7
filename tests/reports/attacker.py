"""Somebody who keeps every figure that was ever shown and solves for those that were not.

More is given away to the attacker than anybody could know: which batches there are and which days
they cover. What remains unknown is how many people each batch has of each day, field and
withdrawal; linear programming finds the range that all figures together leave.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

import numpy as np
from scipy.optimize import linprog

from offices.models import AdministrativeUnit, Office
from reports.counting.layouts import instrument_of
from reports.counting.periods import Span, span_of, spans_of
from reports.models import (
    ClosedMonth,
    Period,
    Score,
    TerritoryMap,
)
from reports.scores.units import places
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY, scores_in
from surveys.models import Response

Batch = tuple[int, int]  # office, number
# office, batch, day, field, and after which looks the person had left the longer figures
Atom = tuple[int, int, date, str, tuple[bool, ...]]
Long = (Period.MONTH, Period.QUARTER, Period.YEAR)


@dataclass(frozen=True)
class Person:
    """What is true of one person after a look."""

    office: int
    day: date
    field: str
    batch: int | None
    withdrawn: bool


@dataclass(frozen=True)
class Seen:
    """A figure: its batches, its fields if it is broken down, and the people it shows."""

    look: int
    batches: frozenset[Batch]
    longer: bool
    fields: frozenset[str] | None
    people: int


@dataclass
class Attacker:
    """Looks after every step; `seen` holds all different figures."""

    k: int
    looks: list[dict[UUID, Person]] = field(default_factory=list)
    seen: set[Seen] = field(default_factory=set)
    told: list[tuple[int, date]] = field(default_factory=list)

    def look(self) -> None:
        """Writes down every figure of offices and units, checked against people."""
        people = {
            row[0]: Person(*row[1:4], row[4], row[5])
            for row in Response.objects.values_list(
                "id", "office_id", "day", "procedure__field__slug", "batch", "withdrawn"
            )
        }
        self.looks.append(people)
        look = len(self.looks) - 1
        shown = _shown_batches(people.values())
        offices_of = offices_by_subject()
        for score in _figures({person.day for person in people.values()}):
            span = span_of(score.period, score.start)
            subject = (score.office_id, score.unit_id, score.map)
            self._note(look, offices_of[subject], span, shown, None, score.people)

    def _note(
        self,
        look: int,
        offices: Iterable[int | None],
        span: Span,
        shown: dict[Batch, Span],
        slugs: frozenset[str] | None,
        people: int,
    ) -> None:
        offices = set(offices)
        batches = frozenset(
            batch
            for batch, extent in shown.items()
            if batch[0] in offices and extent.first in span and extent.last in span
        )
        longer = span.kind in Long
        truly = sum(
            1
            for person in self.looks[look].values()
            if (person.office, person.batch) in batches
            and not (longer and person.withdrawn)
            and (slugs is None or person.field in slugs)
        )
        assert people == truly, (span, slugs)
        assert people >= self.k
        known = Seen(look, batches, longer, slugs, people)
        if not any(
            (s.batches, s.longer, s.fields, s.people) == (batches, longer, slugs, people)
            and self._unchanged(s.look, look, batches)
            for s in self.seen
        ):
            self.seen.add(known)

    def _unchanged(self, before: int, after: int, batches: frozenset[Batch]) -> bool:
        old, new = self.looks[before], self.looks[after]
        return all(
            one == old.get(key) for key, one in new.items() if (one.office, one.batch) in batches
        )

    @cached_property
    def atoms(self) -> list[Atom]:
        """Every way a person of a batch could be: also those that nobody is."""
        last = self.looks[-1]
        histories: dict[Batch, set[tuple[bool, ...]]] = defaultdict(set)
        days: dict[Batch, set[date]] = defaultdict(set)
        slugs = {person.field for person in last.values()}
        for key, person in last.items():
            if person.batch is not None:
                batch = (person.office, person.batch)
                days[batch].add(person.day)
                histories[batch].add(self._history(key))
        return [
            (*batch, day, slug, history)
            for batch in days
            for day in days[batch]
            for slug in slugs
            for history in histories[batch]
        ]

    def _history(self, key: UUID) -> tuple[bool, ...]:
        return tuple(look[key].withdrawn if key in look else False for look in self.looks)

    def _members(self, figure: Seen) -> list[bool]:
        return [
            (office, batch) in figure.batches
            and (figure.fields is None or slug in figure.fields)
            and not (figure.longer and history[figure.look])
            for office, batch, _, slug, history in self.atoms
        ]

    def give_away(self, office: int, day: date) -> None:
        """Adds a figure that was not shown: everybody of an office's day, batch or not."""
        self.told.append((office, day))

    def widths(self) -> Iterator[tuple[str, float]]:
        """Every figure of the grid of fewer than k people, and the width of its range.

        A larger one that is not shown may well follow from others: then it hides nobody.
        """
        equations = np.array([self._members(figure) for figure in self.seen], dtype=float)
        known = [figure.people for figure in self.seen]
        for office, day in self.told:
            told = [[(atom[0], atom[2]) == (office, day) for atom in self.atoms]]
            equations = np.vstack([equations, np.array(told, dtype=float)])
            known.append(sum((p.office, p.day) == (office, day) for p in self.looks[-1].values()))
        truth = Counter(
            (person.office, person.batch, person.day, person.field, self._history(key))
            for key, person in self.looks[-1].items()
        )
        people = np.array([truth[atom] for atom in self.atoms])
        for name, members in self._grid():
            aim = np.array(members, dtype=float)
            if aim.any() and aim @ people < self.k:
                yield name, _width(aim, equations, known)

    def _grid(self) -> Iterator[tuple[str, list[bool]]]:
        """The people of every office and period, and of every office and field in a year."""
        offices = sorted({atom[0] for atom in self.atoms})
        for office in offices:
            spans = sorted(
                {s for atom in self.atoms if atom[0] == office for s in spans_of(atom[2])}
            )
            slugs = sorted({atom[3] for atom in self.atoms})
            for span in spans:
                yield (
                    f"{office} {span.kind} {span.first}",
                    [atom[0] == office and atom[2] in span for atom in self.atoms],
                )
                for slug in slugs if span.kind == Period.YEAR else ():
                    yield (
                        f"{office} {slug} {span.first}",
                        [
                            atom[0] == office and atom[2] in span and atom[3] == slug
                            for atom in self.atoms
                        ],
                    )


def _width(aim: np.ndarray, equations: np.ndarray, known: list[int]) -> float:
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(sign * aim, A_eq=equations, b_eq=known, bounds=(0, None))
        if found.status == 3:  # unbounded
            return float("inf")
        assert found.success, found.message
        ends.append(found.fun)
    return float(-ends[1] - ends[0])


def _figures(days: set[date]) -> Iterator[Score]:
    """What pages show with anybody in it: stored figures, and the days and weeks of these days."""
    yield from Score.objects.filter(period__in=Long).exclude(people=0)
    spans = {span_of(kind, day) for kind in HEADLINE_ONLY for day in days}
    asked = list(everybody())
    for instrument in Score.objects.order_by().values_list("instrument_id", flat=True).distinct():
        found = scores_in(instrument_of(instrument), spans, *asked)
        yield from (score for score in found if score.people)


def everybody() -> Iterator[Subjects]:
    """What asks for the figures of all offices, and of each unit on both maps."""
    yield Subjects.of_offices(Office.objects.all())
    for territory in TerritoryMap:
        for unit in AdministrativeUnit.objects.all():
            yield Subjects.of_unit(unit, territory)


def _shown_batches(people: Iterable[Person]) -> dict[Batch, Span]:
    """The days of every batch but the newest of each month that an office shows as open."""
    days: dict[Batch, list[date]] = defaultdict(list)
    for person in people:
        if person.batch is not None:
            days[person.office, person.batch].append(person.day)
    extents = {batch: Span(Period.DAY, min(found), max(found)) for batch, found in days.items()}
    closed = set(ClosedMonth.objects.values_list("office_id", "start"))
    newest: Counter[tuple[int, date]] = Counter()
    for (office, number), extent in extents.items():
        month = span_of(Period.MONTH, extent.first)
        if extent.last in month and (office, month.first) not in closed:
            newest[office, month.first] = max(newest[office, month.first], number)
    held = {(office, number) for (office, _), number in newest.items()}
    return {batch: extent for batch, extent in extents.items() if batch not in held}


def offices_by_subject() -> dict[tuple[int | None, int | None, str], set[int | None]]:
    found: dict[tuple[int | None, int | None, str], set[int | None]] = defaultdict(set)
    country = AdministrativeUnit.objects.get(level=AdministrativeUnit.Level.COUNTRY)
    for office in Office.objects.all():
        found[office.pk, None, ""].add(office.pk)
    for territory in TerritoryMap:
        for office_id, place in places(territory).items():
            for unit in (*place.units, country.pk):
                found[None, unit, territory.value].add(office_id)
    for office in Office.objects.filter(today_unit=country):
        found[None, country.pk, TerritoryMap.TODAY.value].add(office.pk)
    return found
