"""What the proof doubts of one place: its periods, and the parts that a list of it shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from offices.chain import within
from offices.models import AdministrativeUnit, Office
from reports.counting.periods import Span
from reports.models import Difference, Part, TerritoryMap
from reports.proof.standing import being_checked
from reports.showing.parts import Viewed, groups_of, offices_of
from reports.showing.subjects import Subjects

Level = AdministrativeUnit.Level


@dataclass(frozen=True, slots=True)
class Doubted:
    """What a difference concerns: one period, or without its kind all that its days lie in."""

    kind: str
    first: date
    last: date

    def concerns(self, span: Span) -> bool:
        """Whether a figure of this period is made of it."""
        if self.kind:
            return (self.kind, self.first) == (span.kind, span.first)
        return self.first <= span.last and self.last >= span.first


def of_office(office: int, instrument: int) -> Collection[Doubted]:
    """What stands of one office, of whatever period."""
    return _doubted(Q(office=office), instrument)


def of_unit(
    unit: int, subject: Subjects, territory: TerritoryMap, instrument: int
) -> Collection[Doubted]:
    """What stands of a unit on a map: of its offices, of itself, of units within it."""
    whose = Q(office__in=subject.members.values("pk"), unit=None)
    whose |= within("unit", [unit]) & Q(map=territory)
    return _doubted(whose, instrument)


def of_parts(
    keys: Sequence[int | None], unit: AdministrativeUnit, view: Viewed
) -> Collection[int | None]:
    """Of the lines of a unit's list, by key, those of which the proof found another number."""
    place = (view.span, view.instrument.id, view.territory)
    if unit.level == Level.COUNTRY:
        left = Office.objects.filter(today_unit__level=Level.COUNTRY).values_list("pk", flat=True)
        units = [key for key in keys if key is not None]
        found = being_checked(*place, units=units, offices=list(left))
        return {*found.units, *([None] if found.offices else [])}
    offices = offices_of(unit, view.territory)
    group_of = groups_of(offices, view.territory)
    return {group_of[key] for key in being_checked(*place, offices=list(offices)).offices}


def _doubted(whose: Q, instrument: int) -> Collection[Doubted]:
    found = Difference.objects.filter(
        whose, Q(instrument=instrument) | Q(instrument=None), ended_at=None
    ).exclude(part__in=[Part.TABLES, Part.RELEASES])
    return [Doubted(*row) for row in found.values_list("period", "first", "last").distinct()]
