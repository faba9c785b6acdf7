"""The proof: everything that is shown, province by province of today's map, then the country.

Each province is read in one snapshot, a few offices and a year at a time. The periods that are not
closed are proved every night; all days of a province once a week, and whenever a difference stands.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from reports.counting.closing import closed_through
from reports.models import Difference, Part, Proof
from reports.proof.forms import forms
from reports.proof.found import Ledger
from reports.proof.notes import write_down
from reports.proof.offices import Night, prove_offices
from reports.proof.periods import Stretch
from reports.proof.releases import due, prove_none_is_missing, prove_release, standing_orphans
from reports.proof.scope import MAPS, Behind, Days, Territory, behind, in_groups, territory
from reports.proof.units import UnitProof

AT_ONCE = 10  # offices whose sums of a year are held in memory together
A_WEEK = timedelta(days=6)
NIGHTS_A_WEEK = 6

Beat = Callable[[], None]


def no_beat() -> None:
    """Nobody waits for a sign of life."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be proved.

    offices: only these and the units above them; all where empty. days: which ones. releases: all
    of them, else those that are due.
    """

    offices: frozenset[int] = frozenset()
    days: Days = field(default_factory=Days)
    how: str = Difference.End.PROVED

    @property
    def everything(self) -> bool:
        return not self.offices and self.days.whole


def prove(chosen: Chosen | None = None, *, beat: Beat = no_beat) -> list[Proof]:
    """Proves what was chosen, everything by default, now; returns a row for each province.

    Also what lies in no province, and the country, in the last row, which has no province.
    """
    wanted = chosen or Chosen()
    found = []
    for province in _provinces(wanted):
        found.append(_prove(province, wanted, _night(None), beat))
    return found


def prove_night(day: date, beat: Beat = no_beat) -> list[Proof]:
    """What the night of a day proves: open periods, and the provinces whose turn it is wholly.

    A province that cannot be proved keeps back no other; its error is raised at the end.
    """
    provinces = territory().provinces()
    wholly = turns(provinces)
    night = _night(day)
    since = Days.of(night.through, None)
    found, failures = [], []
    for province in provinces:
        days = Days() if province in wholly else since
        try:
            found.append(_prove(province, Chosen(days=days), night, beat))
        except Exception as failure:  # whatever it is, the other provinces are proved
            failure.add_note(f"while proving province {province}")
            failures.append(failure)
    if failures:
        raise ExceptionGroup("provinces that could not be proved", failures)
    return found


def turns(provinces: Collection[int | None]) -> set[int | None]:
    """The provinces that are proved on all days this night.

    Those that were not for six days, in any case a sixth of all, the longest ago first; and where
    a difference stands.
    """
    # A row of the future, made up or left by a clock that was wrong, takes no turn away.
    wholes = Proof.objects.filter(
        whole=True, offices=[], ended_at__isnull=False, began_at__lte=timezone.now()
    )
    last: dict[int | None, datetime] = dict(
        wholes.order_by().values_list("province").annotate(Max("began_at"))
    )
    never = datetime.min.replace(tzinfo=timezone.get_current_timezone())
    by_age = sorted(provinces, key=lambda province: (last.get(province, never), province or 0))
    share = ceil(len(by_age) / NIGHTS_A_WEEK)
    before = timezone.now() - A_WEEK
    found = {p for n, p in enumerate(by_age) if n < share or last.get(p, never) < before}
    where = territory()
    proved_with = where.proved_with()
    for standing in Difference.objects.filter(ended_at=None):
        if standing.unit_id is not None:
            found.add(proved_with.get((standing.unit_id, standing.map)))
        elif standing.office_id is not None:
            found.add(where.province(standing.office_id))
    return found & set(provinces)


def _night(day: date | None) -> Night:
    known = [each for each in (day, closed_through()) if each is not None]
    return Night(max(known, default=None), timezone.localdate())


def _provinces(chosen: Chosen) -> list[int | None]:
    """The provinces that have to do with these offices on either map, the country last."""
    where = territory()
    if not chosen.offices:
        return where.provinces()
    proved_with = where.proved_with()
    found = {where.province(office) for office in chosen.offices} | {
        proved_with.get((unit, of))
        for (office, of), chain in where.chains.items()
        if office in chosen.offices
        for unit in chain
    }
    return [*sorted(key for key in found if key is not None), None]


def _prove(province: int | None, chosen: Chosen, night: Night, beat: Beat) -> Proof:
    beat()
    began = timezone.now()
    ledger = Ledger()
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            # All sides must be seen at one moment, while citizens go on answering.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        province_proof = _ProvinceProof(province, chosen, night)
        province_proof.run(ledger, beat)
    checked: set[str] = set()  # keys of differences of releases that were looked for
    if province is None and not chosen.offices:
        prove_none_is_missing(ledger)
        checked.update(standing_orphans())
        for release in due(everything=chosen.days.whole):
            beat()
            prove_release(release, ledger)
            checked.add(release.slug)

    def proved(standing: Difference) -> bool:
        if standing.part == Part.RELEASES:
            return standing.key.split(":")[0] in checked
        return province_proof.proves(standing)

    differences = write_down(ledger, proved, Difference.End(chosen.how))
    return Proof.objects.create(
        province_id=province,
        whole=chosen.days.whole,
        offices=sorted(chosen.offices),
        began_at=began,
        ended_at=timezone.now(),
        responses=ledger.responses,
        figures=sum(ledger.figures.values()),
        differences=differences,
        unproved=ledger.unproved,
        behind=ledger.behind,
        parts={part.value: ledger.figures[part] for part in Part},
    )


class _ProvinceProof:
    """One province in one snapshot; without a province, whatever lies in none, and the country."""

    def __init__(self, province: int | None, chosen: Chosen, night: Night) -> None:
        self.chosen, self.night = chosen, night
        self.territory: Territory = territory()
        self.behind: Behind = behind()
        self.offices = {
            office
            for office in self.territory.offices
            if self.territory.province(office) == province
            and (not chosen.offices or office in chosen.offices)
        }
        self.units = set(self._units(province))

    def _units(self, province: int | None) -> Iterator[tuple[int, str]]:
        above = {
            (unit, of)
            for (office, of), chain in self.territory.chains.items()
            if office in self.chosen.offices
            for unit in chain
        }
        for place, with_province in self.territory.proved_with().items():
            if with_province == province and (not self.chosen.offices or place in above):
                yield place
        if province is None:
            yield from ((country, of) for country in self.territory.countries for of in MAPS)

    def run(self, ledger: Ledger, beat: Beat) -> None:
        """Everything of offices; then units."""
        known = forms()
        for group in in_groups(self.offices, AT_ONCE):
            beat()
            prove_offices(known, group, self.chosen.days, self.behind, self.night, ledger)
        beat()
        days = self.chosen.days
        UnitProof(known, self.territory, self.units, self.behind, self.night).prove(days, ledger)

    def proves(self, standing: Difference) -> bool:
        """Whether this would have found a difference that stands, if it still were one."""
        days = self.chosen.days
        if standing.part == Part.BATCHES:
            looked_at = days.first <= standing.first and standing.last <= days.last
        else:
            looked_at = days.meet(Stretch(standing.period, standing.first, standing.last))
        if standing.unit_id is not None:
            stale = any(self.behind.stale.values())
            return looked_at and not stale and (standing.unit_id, standing.map) in self.units
        marked = standing.office_id in self.behind.marked
        return looked_at and not marked and standing.office_id in self.offices
