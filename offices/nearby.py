"""The offices that serve today, each with the middle of its commune.

Where somebody is never comes here: the whole list goes to everybody, and the device looks.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from offices import directory
from offices.directory import OfficeEntry
from offices.models import AdministrativeUnit, Office
from offices.names import in_order
from offices.registry.points import PointRow, points


@dataclass(frozen=True, slots=True)
class OfficeAtPoint:
    """An office that serves, what to call it, and the middle of its commune."""

    office: OfficeEntry
    name: str
    point: PointRow


def _read() -> Mapping[int, str]:
    """The code of the commune of today in which each office stands."""
    standing = Office.objects.filter(
        today_unit__level=AdministrativeUnit.Level.COMMUNE, today_unit__valid_to=None
    )
    return dict(standing.values_list("pk", "today_unit__code"))


_communes = directory.Remembered(_read)


def offices_at_points(day: date) -> list[OfficeAtPoint]:
    """Those that serve on `day`, by province and name; not those of a place without a point.

    Each is called as its commune is, or by its own name where several stand in one. No statement on
    a warm process but the revision check.
    """
    known, communes, where = directory.current(), _communes.current(), points()
    serving = [
        (office, where[communes[office.id]])
        for office in known.offices.values()
        if office.is_open_on(day) and communes.get(office.id) in where
    ]
    beside = Counter(point.code for _, point in serving)
    found = [
        OfficeAtPoint(office, office.unit_name if beside[point.code] == 1 else office.name, point)
        for office, point in serving
    ]
    return sorted(found, key=lambda one: (in_order(one.office.province_name), one.point.code))
