"""The figures of units on both maps: each is the sum of what the offices that count in it show.

The country is the sum of its provinces, and on today's map of the offices that count in it alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from offices.models import AdministrativeUnit
from reports.models import Part, Score
from reports.proof.forms import Form
from reports.proof.found import Ledger, Place
from reports.proof.numbers import Vector, nobody, read, read_opened
from reports.proof.offices import Night
from reports.proof.opened import should_show
from reports.proof.periods import MONTHS, Stretch, stretch
from reports.proof.scope import MAPS, Behind, Days, Territory
from reports.proof.scores import (
    Right,
    StoredScore,
    closed_through_leniently,
    compare,
    extra,
    missing,
    stored_scores,
)

Of = tuple[int, str, int]  # unit, map, instrument
UnitOnMap = tuple[int, str]
Level = AdministrativeUnit.Level


@dataclass(slots=True)
class Sum:
    """What a unit should show."""

    people: Vector
    simulated: bool
    opened: Vector


@dataclass(slots=True)
class Heap:
    """What adds up in one period: by unit, map and instrument."""

    sums: dict[Of, Sum] = field(default_factory=dict)

    def add(self, forms: Mapping[int, Form], unit: UnitOnMap, score: StoredScore) -> None:
        """Puts a score of a part into the sum of the unit."""
        form = forms[score.instrument]
        people = read(form, score.sums)
        if people is None:  # its own difference; whoever it holds is unknown
            people = nobody(form)
        opened = read_opened(form, score.opened)
        if opened is None:
            opened = should_show(form, nobody(form), ())
        of = (*unit, score.instrument)
        if of in self.sums:
            self.sums[of].people = self.sums[of].people + people
            self.sums[of].opened = self.sums[of].opened + opened
            self.sums[of].simulated |= score.simulated
        else:
            self.sums[of] = Sum(people, score.simulated, opened)


class UnitProof:
    """The proof of some units, each on one map; the country is summed from its provinces."""

    def __init__(
        self,
        forms: Mapping[int, Form],
        territory: Territory,
        units: Iterable[UnitOnMap],
        behind: Behind,
        night: Night,
    ) -> None:
        self.forms, self.territory, self.behind, self.night = forms, territory, behind, night
        self.units = frozenset(units)
        self.countries = {unit for unit, _ in self.units if unit in territory.countries}
        self.places = dict(self._places())

    def _places(self) -> Iterator[tuple[int, list[UnitOnMap]]]:
        """By office, in which of the units it counts, the country where it counts there alone."""
        for office in self.territory.offices:
            counted = [
                (unit, of)
                for of in MAPS
                for unit in self.territory.chains.get((office, of), ())
                if (unit, of) in self.units
            ]
            if (office, "today") not in self.territory.chains:
                counted += [(unit, "today") for unit in self.countries]
            if counted:
                yield office, counted

    def prove(self, days: Days, ledger: Ledger) -> None:
        """Compares every score of these units in the periods that the days meet."""
        starts = Score.objects.filter(period__in=[str(period) for period in MONTHS])
        for january in starts.dates("start", "year"):
            window = Days(january, date(january.year, 12, 31))
            if window.first <= days.last and days.first <= window.last:
                self._prove_year(window, days, ledger)

    def _prove_year(self, window: Days, days: Days, ledger: Ledger) -> None:
        during = {"start__range": (window.first, window.last)}
        heaps: dict[Stretch, Heap] = defaultdict(Heap)
        for score in stored_scores(office__in=list(self.places), **during):
            of = stretch(score.period, score.start)
            if days.meet(of):
                for unit in self.places[score.office_id or 0]:
                    heaps[of].add(self.forms, unit, score)
        if self.countries:
            for score in stored_scores(unit__level=Level.PROVINCE, **during):
                for country in self.countries:
                    heaps[stretch(score.period, score.start)].add(
                        self.forms, (country, score.map), score
                    )
        standing: dict[Stretch, dict[Of, StoredScore]] = defaultdict(dict)
        for score in stored_scores(unit__in={unit for unit, _ in self.units}, **during):
            place = (score.unit_id or 0, score.map)
            of = stretch(score.period, score.start)
            if place in self.units and of.first == score.start:
                standing[of][*place, score.instrument] = score
            elif place in self.units:
                ledger.note(extra(Part.UNITS, score))
        for of in heaps.keys() | standing.keys():
            if days.meet(of):
                self._prove_period(of, standing[of], heaps[of].sums, ledger)

    def _prove_period(
        self,
        of: Stretch,
        standing: Mapping[Of, StoredScore],
        sums: Mapping[Of, Sum],
        ledger: Ledger,
    ) -> None:
        waiting = self._waiting(of)
        for unit, on, instrument in sorted(standing.keys() | sums.keys()):
            if (unit, on) in waiting:
                ledger.behind += 1
                continue
            ledger.figures[Part.UNITS] += 1
            score, right = standing.get((unit, on, instrument)), sums.get((unit, on, instrument))
            if score is None:
                ledger.note(missing(Part.UNITS, Place(unit=unit, map=on), instrument, of))
            elif right is None:
                ledger.note(extra(Part.UNITS, score))
            else:
                closed = closed_through_leniently(of, self.night.through, self.night.today)
                wanted = Right(right.people, right.simulated, closed, right.opened)
                for found in compare(Part.UNITS, self.forms[instrument], score, wanted):
                    ledger.note(found)

    def _waiting(self, of: Stretch) -> set[UnitOnMap]:
        """The units that are known to be behind their offices in this period."""
        offices = self.behind.offices(of)
        found = {
            (unit, on)
            for office in offices
            for on in MAPS
            for unit in self.territory.chains.get((office or 0, on), ())
        }
        return found | {(unit, on) for unit in self.countries if offices for on in MAPS}
