"""What a shown figure must hide of its factors and criteria, because other figures show them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet

from offices.chain import lookups, within
from offices.models import AdministrativeUnit, Office
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.counting.stored import inflate
from reports.models import Period, Score, TerritoryMap
from reports.showing.summed import HEADLINE_ONLY
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding import details

Level = AdministrativeUnit.Level

# The shorter periods within a longer one that show factors and criteria, from the month on.
WITHIN: dict[Period, tuple[Period, ...]] = {
    Period.MONTH: (),
    Period.QUARTER: (Period.MONTH,),
    Period.YEAR: (Period.MONTH, Period.QUARTER),
}


Unit = tuple[str, str, int]  # a map, a level and a unit's key


class Siblings:
    """Offices whose figures of one period and instrument are shown beside each other's sums.

    units: by office, the units that its figures add up to on both maps, below the country.
    """

    def __init__(
        self, layout: Layout, parts: Mapping[int, Sums], units: Mapping[int, Collection[Unit]]
    ) -> None:
        self.layout = layout
        offices = [office for office, sums in parts.items() if _is_shown(sums)]
        self.place = {office: place for place, office in enumerate(offices)}
        rows = [details.answering(parts[office]) for office in offices]
        people = np.array(rows, dtype=np.int64).reshape(len(rows), len(details.codes(layout)))
        families: dict[Unit, list[int]] = defaultdict(list)
        for place, office in enumerate(offices):
            for unit in units.get(office, ()):
                families[unit].append(place)
        self.family = {unit: number for number, unit in enumerate(families)}
        members = [np.array(family, dtype=np.intp) for family in families.values()]
        provinces = {n for (_, level, _), n in self.family.items() if level == Level.PROVINCE}
        self.decided = details.decide(people, members, POLICY.minimum_people, provinces)

    def of_office(self, office: int) -> set[str]:
        """Codes that this office hides, for itself or for another."""
        if office not in self.place:
            return set()
        return details.named(self.layout, self.decided.hidden[self.place[office]])

    def of_unit(self, territory: str, key: int) -> set[str]:
        """Codes of which the sum of this unit's offices would give a hidden one away."""
        found = [n for (on, _, unit), n in self.family.items() if (on, unit) == (territory, key)]
        return details.named(self.layout, self.decided.unsafe[found[0]]) if found else set()


def _is_shown(sums: Sums) -> bool:
    return sums.people >= POLICY.minimum_people


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose page it is: one office, a unit with its offices, or the country with its provinces."""

    office: int | None = None
    offices: Sequence[int] = ()
    provinces: Sequence[int] = ()


def withheld(score: Score, subject: Subject) -> set[str]:
    """Codes of factors and criteria that the page of this score must hide.

    Of a day or week it shows none.
    """
    if score.period in HEADLINE_ONLY:
        return set()
    layout = layout_of(instrument_of(score.instrument_id))
    found = details.withheld(layout, _shorter(score, layout), POLICY.minimum_people)
    if subject.provinces:
        whole = _sums(score, layout, Q(unit__in=subject.provinces, map=score.map))
        return found | details.withheld(layout, [list(whole.values())], POLICY.minimum_people)
    shown = [subject.office] if subject.office is not None else subject.offices
    if not shown:
        return found
    units = _units(shown)
    siblings = Siblings(layout, _sums(score, layout, Q(office__in=units)), units)
    if subject.office is not None:
        return found | siblings.of_office(subject.office)
    return found | siblings.of_unit(score.map, score.unit_id or 0)


def _shorter(score: Score, layout: Layout) -> list[list[Sums]]:
    """The figures of the same subject for shorter periods within this one, by their length."""
    span = span_of(score.period, score.start)
    found: dict[str, list[Sums]] = defaultdict(list)
    same = Score.objects.filter(
        office=score.office_id, unit=score.unit_id, map=score.map, instrument=score.instrument_id
    )
    for period, start, stored in same.filter(
        period__in=WITHIN[span.kind], start__range=(span.first, span.last)
    ).values_list("period", "start", "sums"):
        if span_of(period, start).last in span:
            found[period].append(inflate(layout, stored))
    return list(found.values())


def _sums(score: Score, layout: Layout, whose: Q) -> dict[int, Sums]:
    """The sums of others for the same period and instrument, by office or unit."""
    found = Score.objects.filter(
        whose, instrument=score.instrument_id, period=score.period, start=score.start
    )
    return {
        office or unit or 0: inflate(layout, stored)
        for office, unit, stored in found.order_by("office", "unit").values_list(
            "office_id", "unit_id", "sums"
        )
    }


def _units(offices: Collection[int]) -> dict[int, list[Unit]]:
    """The units, on both maps, of all offices that share a province with one of these.

    Provinces are merged whole, so that today's province holds those of the past.
    """
    today = {
        unit
        for _, units in _chains(Office.objects.filter(pk__in=offices))
        for territory, _, unit in units
        if territory == TerritoryMap.TODAY
    }
    beside = within("today_unit", today)
    return dict(_chains(Office.objects.filter(Q(pk__in=offices) | beside)))


def _chains(offices: QuerySet[Office]) -> Iterator[tuple[int, list[Unit]]]:
    # the last step of a chain is the country, or nothing
    steps = [(on, path) for on in TerritoryMap for path in lookups(on.column)[:-1]]
    columns = [f"{path}__{what}" for _, path in steps for what in ("pk", "level")]
    for key, *row in offices.values_list("pk", *columns):
        yield (
            key,
            [
                (territory.value, level, unit)
                for (territory, _), unit, level in zip(steps, row[::2], row[1::2], strict=True)
                if level is not None and level != Level.COUNTRY
            ],
        )
