"""What one proof looks at: the offices and units of a province of today's map, and which days.

Who counts where is found here by a recursive statement of its own, apart from
`reports.scores.units`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from reports.models import Period
from reports.proof.periods import Stretch, stretch

CHAINS = """
WITH RECURSIVE up AS (
    SELECT o.id AS office, m.map, u.id, u.parent_id, u.level, 0 AS steps
    FROM offices_office o
    CROSS JOIN LATERAL (VALUES ('then', o.unit_id), ('today', o.today_unit_id)) m (map, unit)
    JOIN offices_administrativeunit u ON u.id = m.unit
    UNION ALL
    SELECT up.office, up.map, u.id, u.parent_id, u.level, up.steps + 1
    FROM up JOIN offices_administrativeunit u ON u.id = up.parent_id
)
SELECT office, map, array_agg(id ORDER BY steps) FROM up WHERE level <> 'country' GROUP BY 1, 2
"""

ROOTS = """
WITH RECURSIVE down AS (
    SELECT id, id AS root FROM offices_administrativeunit
    WHERE level <> 'country' AND (parent_id IS NULL OR parent_id IN (
        SELECT id FROM offices_administrativeunit WHERE level = 'country'
    ))
    UNION ALL
    SELECT u.id, down.root FROM down JOIN offices_administrativeunit u ON u.parent_id = down.id
)
SELECT id, root FROM down
"""

MAPS = ("then", "today")


@dataclass(frozen=True, slots=True)
class Territory:
    """Who counts where.

    chains: by office and map, its units from the lowest up; empty where it counts in the country
    alone. roots: by unit, the topmost one below the country.
    """

    offices: frozenset[int]
    chains: Mapping[tuple[int, str], tuple[int, ...]]
    roots: Mapping[int, int]
    countries: frozenset[int]

    def province(self, office: int) -> int | None:
        """The province of today's map in which the office counts."""
        chain = self.chains.get((office, "today"), ())
        return chain[-1] if chain else None

    def counting_in(self, unit: int) -> list[int]:
        """The offices that count in a unit as of then."""
        return [office for (office, of), up in self.chains.items() if of == "then" and unit in up]

    def provinces(self) -> list[int | None]:
        """The provinces of today's map with offices; None, for all else, comes last."""
        found = {self.province(office) for office in self.offices}
        return [*sorted(key for key in found if key is not None), None]

    def proved_with(self) -> dict[tuple[int, str], int | None]:
        """With which province's proof each unit is proved on each map.

        On the map of then a province goes with that of today in which its offices count, with the
        first of several.
        """
        heirs: dict[int, set[int]] = defaultdict(set)
        for (office, territory), chain in self.chains.items():
            province = self.province(office)
            if territory == "then" and province is not None:
                heirs[chain[-1]].add(province)
        today = {chain[-1] for (_, territory), chain in self.chains.items() if territory == "today"}
        found: dict[tuple[int, str], int | None] = {}
        for unit, root in self.roots.items():
            found[unit, "today"] = root if root in today else None
            found[unit, "then"] = min(heirs[root]) if heirs[root] else None
        return found


def territory() -> Territory:
    """Who counts where, now."""
    with connection.cursor() as cursor:
        cursor.execute(CHAINS)
        chains = {(office, of): tuple(units) for office, of, units in cursor.fetchall()}
        cursor.execute(ROOTS)
        roots = dict(cursor.fetchall())
        cursor.execute("SELECT id FROM offices_administrativeunit WHERE level = 'country'")
        countries = frozenset(key for (key,) in cursor.fetchall())
        cursor.execute("SELECT id FROM offices_office")
        offices = frozenset(key for (key,) in cursor.fetchall())
    return Territory(offices, chains, roots, countries)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a proof looks at, whole months."""

    first: date = date.min
    last: date = date.max

    @classmethod
    def of(cls, first: date | None, last: date | None) -> "Days":
        """The months that hold these days; None for no limit."""
        return cls(
            stretch(Period.MONTH, first).first if first else date.min,
            stretch(Period.MONTH, last).last if last else date.max,
        )

    @property
    def whole(self) -> bool:
        return (self.first, self.last) == (date.min, date.max)

    def hold(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meet(self, of: Stretch) -> bool:
        return of.meets(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Behind:
    """What is known to be behind, and is left out: days of offices, periods of units."""

    marked: Mapping[int, frozenset[date]]
    stale: Mapping[tuple[str, date], frozenset[int | None]]

    def day(self, office: int, day: date) -> bool:
        return day in self.marked.get(office, ())

    def office(self, office: int, of: Stretch) -> bool:
        """Whether a day of this period of the office waits to be counted."""
        return any(of.holds(day, day) for day in self.marked.get(office, ()))

    def offices(self, of: Stretch) -> frozenset[int | None]:
        """The offices whose units wait to be summed for this period; None: the country."""
        return self.stale.get((of.period, of.first), frozenset())


def behind() -> Behind:
    """What waits to be counted or summed, now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT office_id, array_agg(DISTINCT day) FROM surveys_mark GROUP BY 1")
        marked = {office: frozenset(days) for office, days in cursor.fetchall()}
        cursor.execute(
            "SELECT period, start, array_agg(DISTINCT office_id) FROM reports_stale GROUP BY 1, 2"
        )
        stale = {(period, start): frozenset(of) for period, start, of in cursor.fetchall()}
    return Behind(marked, stale)


def in_groups(offices: Iterable[int], size: int) -> Iterable[list[int]]:
    """The offices in groups of so many: what one group needs is held in memory at once."""
    of = sorted(offices)
    for start in range(0, len(of), size):
        yield of[start : start + size]
