"""The registry as one picture: units by key, their heirs, and what follows for offices."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, cast

from offices.registry.heirs import Relation, district_links, place_on_todays_map, single_heir
from offices.registry.rows import OfficeRow, SuccessionRow, UnitRow


class UnitKey(NamedTuple):
    """A code means one unit only together with its first day: 91 was Kiên Giang."""

    code: str
    valid_from: date


class Unknown(ValueError):
    """A file of the registry names a unit that does not exist on that day."""


@dataclass(frozen=True)
class Territory:
    """All units and successions of the registry."""

    units: Mapping[UnitKey, UnitRow]
    successions: Sequence[SuccessionRow]

    @classmethod
    def of(cls, units: Sequence[UnitRow], successions: Sequence[SuccessionRow]) -> "Territory":
        """Raises Unknown if a unit occurs twice."""
        by_key = {UnitKey(unit.code, unit.valid_from): unit for unit in units}
        if len(by_key) != len(units):
            raise Unknown("units.csv: a unit is listed twice.")
        return cls(by_key, successions)

    @cached_property
    def _by_code(self) -> dict[str, list[UnitKey]]:
        found: dict[str, list[UnitKey]] = defaultdict(list)
        for key in self.units:
            found[key.code].append(key)
        return found

    def on(self, code: str, day: date) -> UnitKey:
        """The unit with this code on `day`. Raises Unknown."""
        for key in self._by_code.get(code, ()):
            if self.units[key].days.hold(day):
                return key
        raise Unknown(f"No unit has the code {code} on {day}.")

    def parent(self, key: UnitKey) -> UnitKey | None:
        """The unit that `key` is part of."""
        code = self.units[key].parent
        return self.on(code, key.valid_from) if code else None

    def ends(self, row: SuccessionRow) -> tuple[UnitKey, UnitKey]:
        """The two units of a succession. Raises Unknown."""
        before = row.effective_on - timedelta(days=1)
        return self.on(row.predecessor, before), self.on(row.successor, row.effective_on)

    @cached_property
    def links(self) -> dict[UnitKey, list[tuple[UnitKey, Relation]]]:
        """What became of each unit."""
        found: dict[UnitKey, list[tuple[UnitKey, Relation]]] = defaultdict(list)
        for row in self.successions:
            old, new = self.ends(row)
            found[old].append((new, cast(Relation, row.relation)))
        return dict(found)

    def place(self, key: UnitKey) -> UnitKey:
        """Where figures of `key` are counted on today's map. Raises heirs.NoPlace."""
        return place_on_todays_map(
            key, self.links, self.parent, lambda unit: self.units[unit].valid_to is None
        )


@dataclass(frozen=True, slots=True)
class OfficeSuccession:
    """What follows for an office from what became of its unit. Slugs but for `today_unit`."""

    unit: UnitKey
    predecessors: frozenset[str]
    heir: str | None
    today_unit: UnitKey


def follow_offices(
    territory: Territory, offices: Sequence[OfficeRow]
) -> dict[str, OfficeSuccession]:
    """Predecessors, single heir and place on today's map of every office, by slug.

    An office follows another of its own tier where its unit took over (part of) the other's. A
    district's desk is followed by the centres of the communes that came of it. Raises Unknown.
    """
    standing = {office.slug: territory.on(office.unit, office.valid_from) for office in offices}
    at = {unit: slug for slug, unit in standing.items()}
    if len(at) != len(standing):
        raise Unknown("offices.csv: two offices stand in one unit.")
    children: dict[UnitKey, list[UnitKey]] = defaultdict(list)
    for key in territory.units:
        above = territory.parent(key)
        if above is not None and above in at and territory.units[above].level == "district":
            children[above].append(key)
    predecessors: dict[str, set[str]] = defaultdict(set)
    heirs: dict[str, str | None] = {}
    for slug, unit in standing.items():
        links = territory.links.get(unit) or district_links(children.get(unit, []), territory.links)
        for successor, _ in links:
            if successor in at:
                predecessors[at[successor]].add(slug)
        heir = single_heir(links)
        heirs[slug] = at.get(heir) if heir else None
    return {
        slug: OfficeSuccession(
            unit, frozenset(predecessors[slug]), heirs[slug], territory.place(unit)
        )
        for slug, unit in standing.items()
    }
