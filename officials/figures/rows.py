"""The list below a figure: the units or offices it is made of, on one of the two maps."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, Office
from offices.names import province_in_order, told_apart
from officials.figures.choice import Choice
from reports.counting.layouts import layout_of
from reports.counting.periods import Span
from reports.counting.stored import inflate
from reports.models import Score, TerritoryMap
from reports.showing.figures import Figure, headline_of, headlines
from reports.sipas.counts.cells import total

Level = AdministrativeUnit.Level


@dataclass(frozen=True)
class FigureRow:
    """One line of the list; `address` is empty for a row that has no page.

    key: of the province or office; None for what cannot be traced to one.
    """

    key: int | None
    name: str
    kind: str
    address: str
    figure: Figure
    simulated: bool


def rows_of_country(choice: Choice) -> list[FigureRow]:
    """The provinces of the chosen map that have a score in the chosen period.

    On today's map, what a divided province left without an heir stands in one row of its own.
    """
    scores = list(
        choice.among(Score.objects.filter(unit__level=Level.PROVINCE, map=choice.territory))
        .select_related("unit__parent")
        .prefetch_related("unit__designations")
    )
    shown = headlines(scores, choice.policy)
    names = unit_names([score.unit for score in scores if score.unit is not None], choice.span)
    rows = [
        FigureRow(
            score.unit.pk,
            names[score.unit.pk],
            "",
            reverse("officials:unit", args=[score.unit.pk]) + choice.query(),
            shown[score.pk],
            score.simulated,
        )
        for score in scores
        if score.unit is not None
    ]
    if choice.territory == TerritoryMap.TODAY:
        left = list(choice.among(Score.objects.filter(office__today_unit__level=Level.COUNTRY)))
        rows += [_row(None, dissolved(), left, choice)] if left else []
    return _sorted(rows)


def rows_of_unit(unit: AdministrativeUnit, choice: Choice) -> list[FigureRow]:
    """The offices of a unit. On today's map the past counts with its heir.

    What has no single heir stands in one row of its own and is never shared out. An office stands
    there whether anybody answered or not: a missing row would tell that nobody did.
    """
    by_key = offices_of(unit, choice.territory)
    groups = groups_of(by_key, choice.territory)
    parts: dict[int | None, list[Score]] = defaultdict(list)
    for key, office in by_key.items():
        if office.days.touch(choice.span):
            parts[groups[key]] = []
    for score in choice.among(Score.objects.filter(office__in=by_key)):
        parts[groups[score.office_id or 0]].append(score)
    listed = {key: by_key[key] for key in parts if key is not None}
    names = office_names(listed.values())
    return _sorted(
        _row(None, dissolved(), scores, choice)
        if key is None
        else _row(by_key[key], names[key], scores, choice)
        for key, scores in parts.items()
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
    layout = layout_of(choice.instrument)
    whole = total(layout, [inflate(layout, score.sums) for score in scores])
    simulated = any(score.simulated for score in scores)
    figure = headline_of(whole, choice.policy)
    if office is None:
        return FigureRow(None, name, "", "", figure, simulated)
    address = reverse("officials:office", args=[office.slug]) + choice.query()
    return FigureRow(office.pk, name, office.get_kind_display(), address, figure, simulated)


def _sorted(rows: Iterable[FigureRow]) -> list[FigureRow]:
    """By name, rows without a page last: no order by figures, which would read as a ranking."""
    return sorted(rows, key=lambda row: (not row.address, province_in_order(row.name)))
