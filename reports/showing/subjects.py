"""Whose figures a page asks for: one office, the offices of a list, a unit, all provinces."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models import Case, F, QuerySet, Value, When

from offices.chain import lookups
from offices.models import AdministrativeUnit, Office
from reports.models import Score, TerritoryMap

Level = AdministrativeUnit.Level


@dataclass(frozen=True)
class Subjects:
    """Offices, or units on one map, whose figures stand side by side.

    stored: their figures of months and longer; members: rows of an office and the subject that its
    batches are summed in, each by key. key: says which subject it is, as far as a page may ask for
    it twice; else None.
    """

    stored: QuerySet[Score]
    members: QuerySet[Office, tuple[int, int]]
    territory: TerritoryMap | None = None
    key: Hashable | None = None

    @property
    def column(self) -> str:
        """The column of a score that holds the subject's key."""
        return "office_id" if self.territory is None else "unit_id"

    @classmethod
    def of_offices(cls, offices: Iterable[int] | QuerySet[Office]) -> Self:
        """Each of these offices for itself."""
        known = None
        if isinstance(offices, QuerySet):
            stored = Score.objects.filter(office__in=offices)
        else:
            keys = list(offices)
            known = ("offices", *keys)
            stored = Score.objects.filter(office__in=keys)
            offices = Office.objects.filter(pk__in=keys)
        return cls(
            stored,
            offices.annotate(subject=F("pk")).order_by().values_list("pk", "subject"),
            key=known,
        )

    @classmethod
    def of_unit(cls, unit: AdministrativeUnit, territory: TerritoryMap) -> Self:
        """A unit whole, of whatever level."""
        offices = Office.objects.within(unit, territory.column)
        if territory == TerritoryMap.THEN:
            # as then: an office is counted in a country by way of its province
            offices = offices.exclude(unit__level=Level.COUNTRY)
        return cls(
            Score.objects.filter(unit=unit, map=territory),
            offices.annotate(subject=Value(unit.pk)).order_by().values_list("pk", "subject"),
            territory,
            key=("unit", unit.pk, territory),
        )

    @classmethod
    def of_level(cls, level: str, territory: TerritoryMap) -> Self:
        """All units of a level, such as the provinces of a country's list."""
        steps = lookups(territory.column)[:-1]
        unit = Case(*(When(**{f"{step}__level": level}, then=F(step)) for step in steps))
        members = Office.objects.annotate(subject=unit).filter(subject__isnull=False)
        return cls(
            Score.objects.filter(unit__level=level, map=territory),
            members.order_by().values_list("pk", "subject"),
            territory,
        )
