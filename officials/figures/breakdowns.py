"""Closed figures by field, channel and quality of the forms, for the page of an office or unit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, Field, Office
from offices.names import in_order
from officials.checking import Checking, marked
from officials.figures import charts
from officials.figures.charts import Whisker
from officials.figures.choice import Choice
from reports.models import Breakdown, BreakdownCell, Dimension
from reports.proof.standing import standing_tables
from reports.showing.breakdowns import CLEAN, FLAGGED, OTHER, PERIOD_OF
from reports.showing.figures import HIDDEN, Figure
from surveys.models import Channel


@dataclass(frozen=True)
class BreakdownLine:
    """One kind of people and their figure."""

    name: str
    figure: Figure
    whisker: Whisker | None


@dataclass(frozen=True)
class Section:
    """One dimension of a closed period."""

    dimension: str
    title: str
    simulated: bool
    lines: tuple[BreakdownLine, ...]


def sections(
    subject: Office | AdministrativeUnit, choice: Choice, proof: Checking
) -> list[Section]:
    """What the chosen period shows of this subject beside its own figure.

    Only of offices and of provinces of their time: publication stands on a fixed grid.
    """
    breakdowns = Breakdown.objects.filter(
        instrument=choice.instrument.id,
        period=choice.span.kind,
        start=choice.span.first,
        dimension__in=[d for d, kind in PERIOD_OF.items() if kind == choice.span.kind],
    )
    if isinstance(subject, Office):
        cells = BreakdownCell.objects.filter(office=subject)
        breakdowns = breakdowns.filter(unit=subject.unit.province)
    else:
        cells = BreakdownCell.objects.filter(office=None)
        breakdowns = breakdowns.filter(unit=subject)
    shown: dict[int, dict[str, BreakdownCell]] = {}
    for cell in cells.filter(breakdown__in=breakdowns, people__gte=choice.policy.minimum_people):
        shown.setdefault(cell.breakdown_id, {})[cell.key] = cell
    made = [breakdown for breakdown in breakdowns.order_by("dimension") if breakdown.columns]
    checked: Collection[str] = ()
    if made and proof.summary.differences:
        checked = standing_tables(made[0].unit_id, choice.instrument.id, choice.span)
    return [
        _section(breakdown, shown.get(breakdown.pk, {}), breakdown.dimension in checked)
        for breakdown in made
    ]


def _section(breakdown: Breakdown, cells: Mapping[str, BreakdownCell], checked: bool) -> Section:
    titles = {
        Dimension.FIELD: _("By field"),
        Dimension.CHANNEL: _("By channel"),
        Dimension.QUALITY: _("By quality of the forms"),
    }
    dimension = Dimension(breakdown.dimension)
    names = _names(dimension)
    lines = []
    for key in breakdown.columns:
        figure = marked(_figure(cells[key]), checked) if key in cells else HIDDEN
        lines.append(BreakdownLine(names.get(key, key), figure, charts.whisker(figure)))
    lines.sort(key=lambda line: in_order(line.name))
    return Section(breakdown.dimension, titles[dimension], breakdown.simulated, tuple(lines))


def _names(dimension: Dimension) -> dict[str, str]:
    if dimension == Dimension.FIELD:
        fields = dict(Field.objects.values_list("slug", "name"))
        return fields | {OTHER: _("Other fields, and forms that name none")}
    if dimension == Dimension.CHANNEL:
        channels = {str(channel.value): str(channel.label).capitalize() for channel in Channel}
        return channels | {OTHER: _("Other channels")}
    return {FLAGGED: _("Forms with a mark of doubt"), CLEAN: _("Forms without a mark")}


def _figure(cell: BreakdownCell) -> Figure:
    share = Fraction(cell.satisfied, cell.answered) if cell.answered else None
    return Figure(share, cell.low, cell.high, cell.people, cell.answered)
