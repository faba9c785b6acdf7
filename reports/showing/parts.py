"""The list below a figure: the units or offices it is made of, on one of the two maps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from offices import directory
from offices.models import AdministrativeUnit, Office
from offices.names import province_in_order, told_apart
from offices.reading import once
from offices.validity import Days
from reports.counting.layouts import layout_of
from reports.counting.periods import Span
from reports.counting.stored import inflate
from reports.models import Score, TerritoryMap
from reports.showing.figures import HIDDEN, Figure, headline_of, headlines
from reports.showing.lifetime import lived_briefly
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY, scores_in, together
from reports.sipas.counts.cells import total
from reports.sipas.hiding.suppression import Policy
from surveys.questionnaires.catalogue import InstrumentEntry

Level = AdministrativeUnit.Level


class Viewed(Protocol):
    """Of which period and questionnaire, on which map, for a reader with which policy."""

    @property
    def span(self) -> Span: ...
    @property
    def instrument(self) -> InstrumentEntry: ...
    @property
    def territory(self) -> TerritoryMap: ...
    @property
    def policy(self) -> Policy: ...


@dataclass(frozen=True, slots=True)
class PartFigure:
    """One line of the list: an office or a unit; neither where it cannot be traced to one.

    lived: which part of the period it lived through, in words; empty where all of it, and on
    today's map, where the past counts with its heir.
    """

    office: Office | None
    unit: AdministrativeUnit | None
    name: str
    figure: Figure
    simulated: bool
    lived: str = ""

    @property
    def key(self) -> int | None:
        """Of the office or the unit; None for what cannot be traced to one."""
        place = self.office or self.unit
        return None if place is None else place.pk


def parts_of(unit: AdministrativeUnit, view: Viewed) -> list[Score]:
    """What the list below a unit's figure is made of: figures of its offices.

    Of the country those of its provinces, and on today's map of the offices that are in none.
    """
    return scores_in(view.instrument, [view.span], *_parts(unit, view))


def whole_and_parts(unit: AdministrativeUnit, view: Viewed) -> tuple[Score | None, list[Score]]:
    """The unit's own figure, and what it is made of; of a month or longer by one statement.

    A day or week of a unit is the sum of its parts.
    """
    parts = _parts(unit, view)
    if view.span.kind in HEADLINE_ONLY:
        found = scores_in(view.instrument, [view.span], *parts)
        return together(found, view.instrument), found
    whole = Subjects.of_unit(unit, view.territory)
    found = scores_in(view.instrument, [view.span], whole, *parts)
    own = next((score for score in found if score.unit_id == unit.pk), None)
    return own, [score for score in found if score is not own]


def _parts(unit: AdministrativeUnit, view: Viewed) -> list[Subjects]:
    if unit.level != Level.COUNTRY:
        return [Subjects.of_offices(Office.objects.within(unit, view.territory.column))]
    provinces = Subjects.of_level(Level.PROVINCE, view.territory)
    if view.territory == TerritoryMap.THEN:
        return [provinces]
    left = Office.objects.filter(today_unit__level=Level.COUNTRY)
    return [provinces, Subjects.of_offices(left)]


def parts_of_country(view: Viewed, parts: Sequence[Score]) -> list[PartFigure]:
    """The provinces of the chosen map that have a score in the chosen period.

    On today's map, what a divided province left without an heir stands in one line of its own.
    parts: see `parts_of`.
    """
    scores = [score for score in parts if score.unit_id is not None]
    shown = headlines(scores, view.policy)
    listed = directory.provinces(score.unit_id for score in scores if score.unit_id)
    names = unit_names(listed.values(), view.span)
    lines = [
        PartFigure(
            None,
            listed[key],
            names[key],
            figure,
            score.simulated,
            _lived(listed[key].days, view),
        )
        for score, figure in zip(scores, shown, strict=True)
        if (key := score.unit_id) is not None
    ]
    left = [score for score in parts if score.unit_id is None]
    lines += [_part(None, dissolved(), left, view)] if left else []
    return _sorted(lines)


def parts_of_unit(
    unit: AdministrativeUnit, view: Viewed, parts: Sequence[Score]
) -> list[PartFigure]:
    """The offices of a unit. On today's map the past counts with its heir.

    What has no single heir stands in one line of its own and is never shared out. An office stands
    there whether anybody answered or not: a missing line would tell that nobody did.
    """
    by_key = offices_of(unit, view.territory)
    groups = groups_of(by_key, view.territory)
    grouped: dict[int | None, list[Score]] = defaultdict(list)
    for key, office in by_key.items():
        if office.days.touch(view.span):
            grouped[groups[key]] = []
    for score in parts:
        grouped[groups[score.office_id or 0]].append(score)
    listed = {key: by_key[key] for key in grouped if key is not None}
    names = office_names(listed.values())
    return _sorted(
        _part(None, dissolved(), scores, view)
        if key is None
        else _part(by_key[key], names[key], scores, view)
        for key, scores in grouped.items()
    )


def office_names(offices: Iterable[Office]) -> dict[int, str]:
    """By key the names of offices that stand in one list."""
    listed = list(offices)
    names = told_apart([office.named for office in listed])
    return {office.pk: name for office, name in zip(listed, names, strict=True)}


def unit_names(units: Iterable[AdministrativeUnit], span: Span) -> dict[int, str]:
    """By key the names of units that stand in one list, as they were called when `span` ended."""
    listed = list(units)
    names = told_apart([unit.named_on(span.last) for unit in listed])
    return {unit.pk: name for unit, name in zip(listed, names, strict=True)}


def offices_of(unit: AdministrativeUnit, territory: TerritoryMap) -> Mapping[int, Office]:
    """The offices that count in `unit` on this map, by their keys."""

    def read() -> dict[int, Office]:
        offices = Office.objects.within(unit, territory.column).with_places()
        return {office.pk: office for office in offices}

    return once(("offices", unit.pk, territory), read)


def groups_of(offices: Mapping[int, Office], territory: TerritoryMap) -> dict[int, int | None]:
    """The office in whose line each office counts: itself, or today its heir; None without one."""
    if territory == TerritoryMap.THEN:
        return {key: key for key in offices}
    return {key: _heir(office, offices) for key, office in offices.items()}


def dissolved() -> str:
    """What the line of those is called that have no single heir."""
    return _("Dissolved, cannot be traced to a single unit")


def _heir(office: Office, offices: Mapping[int, Office]) -> int | None:
    """The office of today that this one's figures count with; None if there is no single one."""
    seen = {office.pk}
    while office.valid_to is not None:
        if office.heir_id is None or office.heir_id in seen or office.heir_id not in offices:
            return None
        office = offices[office.heir_id]
        seen.add(office.pk)
    return office.pk


def _part(office: Office | None, name: str, scores: Sequence[Score], view: Viewed) -> PartFigure:
    simulated = any(score.simulated for score in scores)
    if view.span.kind in HEADLINE_ONLY:
        whole = together(scores, view.instrument)
        figure = headlines([whole], view.policy)[0] if whole else HIDDEN
    else:
        layout = layout_of(view.instrument)
        sums = total(layout, [inflate(layout, score.sums) for score in scores])
        figure = headline_of(sums, view.policy)
    lived = _lived(office.days, view) if office else ""
    return PartFigure(office, None, name, figure, simulated, lived)


def _lived(days: Days, view: Viewed) -> str:
    return "" if view.territory == TerritoryMap.TODAY else lived_briefly(days, view.span)


def _sorted(lines: Iterable[PartFigure]) -> list[PartFigure]:
    """By name, lines without a place last: no order by figures, which would read as a ranking."""
    return sorted(lines, key=lambda line: (line.key is None, province_in_order(line.name)))
