"""The list below a figure: the units or offices it is made of, on one of the two maps."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, Office
from offices.names import province_in_order, told_apart
from offices.validity import Days
from officials.checking import Checking, marked
from officials.figures.choice import Choice
from reports.counting.layouts import layout_of
from reports.counting.periods import Span
from reports.counting.stored import inflate
from reports.models import Score, TerritoryMap
from reports.showing.figures import HIDDEN, Figure, headline_of, headlines
from reports.showing.lifetime import lived_briefly
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY, together
from reports.sipas.counts.cells import total

Level = AdministrativeUnit.Level


@dataclass(frozen=True)
class FigureRow:
    """One line of the list; `address` is empty for a row that has no page.

    key: of the province or office; None for what cannot be traced to one. lived: which part of the
    period it lived through, in words; empty where all of it, and on today's map, where the past
    counts with its heir.
    """

    key: int | None
    name: str
    kind: str
    address: str
    figure: Figure
    simulated: bool
    lived: str = ""


def parts_of(unit: AdministrativeUnit, choice: Choice) -> list[Score]:
    """What the list below a unit's figure is made of: figures of its offices.

    Of the country those of its provinces, and on today's map of the offices that are in none.
    """
    if unit.level != Level.COUNTRY:
        return choice.among(
            Subjects.of_offices(Office.objects.within(unit, choice.territory.column))
        )
    provinces = Subjects.of_level(Level.PROVINCE, choice.territory)
    if choice.territory == TerritoryMap.THEN:
        return choice.among(provinces)
    left = Office.objects.filter(today_unit__level=Level.COUNTRY)
    return choice.among(provinces, Subjects.of_offices(left))


def whole_of(subject: Subjects, choice: Choice, parts: Sequence[Score]) -> Score | None:
    """The unit's own figure; of a day or week the sum of its parts, which are read already."""
    if choice.span.kind in HEADLINE_ONLY:
        return together(parts, choice.instrument)
    return choice.of(subject)


def rows_of_country(choice: Choice, parts: Sequence[Score]) -> list[FigureRow]:
    """The provinces of the chosen map that have a score in the chosen period.

    On today's map, what a divided province left without an heir stands in one row of its own.
    parts: see `parts_of`.
    """
    scores = [score for score in parts if score.unit_id is not None]
    shown = headlines(scores, choice.policy)
    provinces = AdministrativeUnit.objects.filter(pk__in=[score.unit_id for score in scores])
    listed = provinces.select_related("parent").prefetch_related("designations")
    names = unit_names(listed, choice.span)
    lived = {unit.pk: _lived(unit.days, choice) for unit in listed}
    rows = [
        FigureRow(
            key,
            names[key],
            "",
            reverse("officials:unit", args=[key]) + choice.query(),
            figure,
            score.simulated,
            lived[key],
        )
        for score, figure in zip(scores, shown, strict=True)
        if (key := score.unit_id) is not None
    ]
    left = [score for score in parts if score.unit_id is None]
    rows += [_row(None, dissolved(), left, choice)] if left else []
    return _sorted(rows)


def rows_of_unit(
    unit: AdministrativeUnit, choice: Choice, parts: Sequence[Score]
) -> list[FigureRow]:
    """The offices of a unit. On today's map the past counts with its heir.

    What has no single heir stands in one row of its own and is never shared out. An office stands
    there whether anybody answered or not: a missing row would tell that nobody did.
    """
    by_key = offices_of(unit, choice.territory)
    groups = groups_of(by_key, choice.territory)
    grouped: dict[int | None, list[Score]] = defaultdict(list)
    for key, office in by_key.items():
        if office.days.touch(choice.span):
            grouped[groups[key]] = []
    for score in parts:
        grouped[groups[score.office_id or 0]].append(score)
    listed = {key: by_key[key] for key in grouped if key is not None}
    names = office_names(listed.values())
    return _sorted(
        _row(None, dissolved(), scores, choice)
        if key is None
        else _row(by_key[key], names[key], scores, choice)
        for key, scores in grouped.items()
    )


def checked_rows(
    rows: Sequence[FigureRow], unit: AdministrativeUnit, choice: Choice, proof: Checking
) -> list[FigureRow]:
    """The rows of a unit's list; those of which the proof found another number bear the mark."""
    if not proof.summary.differences:
        return list(rows)
    place = (choice.span, choice.instrument.id, choice.territory)
    if unit.level == Level.COUNTRY:
        left = Office.objects.filter(today_unit__level=Level.COUNTRY).values_list("pk", flat=True)
        units = [row.key for row in rows if row.key is not None]
        found = proof.listed(*place, units=units, offices=left)
        groups: set[int | None] = {*found.units, *([None] if found.offices else [])}
    else:
        offices = offices_of(unit, choice.territory)
        group_of = groups_of(offices, choice.territory)
        groups = {group_of[key] for key in proof.listed(*place, offices=offices).offices}
    return [replace(row, figure=marked(row.figure, row.key in groups)) for row in rows]


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


def offices_of(unit: AdministrativeUnit, territory: TerritoryMap) -> dict[int, Office]:
    """The offices that count in `unit` on this map, by their keys."""
    offices = Office.objects.within(unit, territory.column).with_places()
    return {office.pk: office for office in offices}


def groups_of(offices: dict[int, Office], territory: TerritoryMap) -> dict[int, int | None]:
    """The office in whose row each office counts: itself, or today its heir; None without one."""
    if territory == TerritoryMap.THEN:
        return {key: key for key in offices}
    return {key: _heir(office, offices) for key, office in offices.items()}


def dissolved() -> str:
    """What the row of those is called that have no single heir."""
    return _("Dissolved, cannot be traced to a single unit")


def _heir(office: Office, offices: dict[int, Office]) -> int | None:
    """The office of today that this one's figures count with; None if there is no single one."""
    seen = {office.pk}
    while office.valid_to is not None:
        if office.heir_id is None or office.heir_id in seen or office.heir_id not in offices:
            return None
        office = offices[office.heir_id]
        seen.add(office.pk)
    return office.pk


def _row(office: Office | None, name: str, scores: Sequence[Score], choice: Choice) -> FigureRow:
    simulated = any(score.simulated for score in scores)
    if choice.span.kind in HEADLINE_ONLY:
        whole = together(scores, choice.instrument)
        figure = headlines([whole], choice.policy)[0] if whole else HIDDEN
    else:
        layout = layout_of(choice.instrument)
        sums = total(layout, [inflate(layout, score.sums) for score in scores])
        figure = headline_of(sums, choice.policy)
    if office is None:
        return FigureRow(None, name, "", "", figure, simulated)
    address = reverse("officials:office", args=[office.slug]) + choice.query()
    kind = office.get_kind_display()
    lived = _lived(office.days, choice)
    return FigureRow(office.pk, name, kind, address, figure, simulated, lived)


def _lived(days: Days, choice: Choice) -> str:
    return "" if choice.territory == TerritoryMap.TODAY else lived_briefly(days, choice.span)


def _sorted(rows: Iterable[FigureRow]) -> list[FigureRow]:
    """By name, rows without a page last: no order by figures, which would read as a ranking."""
    return sorted(rows, key=lambda row: (not row.address, province_in_order(row.name)))
