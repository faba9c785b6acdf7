"""Closed figures by field, channel and quality of the forms, for the page of an office or unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, Field, Office
from offices.names import in_order
from officials.figures import charts
from officials.figures.charts import Whisker
from officials.figures.choice import Choice
from reports.models import Cut, CutCell, Dimension
from reports.showing.breakdowns import CLEAN, FLAGGED, OTHER, PERIOD_OF
from reports.showing.figures import HIDDEN, Figure
from surveys.models import Channel


@dataclass(frozen=True)
class Line:
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
    lines: tuple[Line, ...]


def sections(subject: Office | AdministrativeUnit, choice: Choice) -> list[Section]:
    """What the chosen period shows of this subject beside its own figure.

    Only of offices and of provinces of their time: publication stands on a fixed grid.
    """
    cuts = Cut.objects.filter(
        instrument=choice.instrument.id,
        period=choice.span.kind,
        start=choice.span.first,
        dimension__in=[d for d, kind in PERIOD_OF.items() if kind == choice.span.kind],
    )
    if isinstance(subject, Office):
        cells = CutCell.objects.filter(office=subject)
        cuts = cuts.filter(unit=subject.unit.province)
    else:
        cells = CutCell.objects.filter(office=None)
        cuts = cuts.filter(unit=subject)
    shown: dict[int, dict[str, CutCell]] = {}
    for cell in cells.filter(cut__in=cuts, people__gte=choice.policy.minimum_people):
        shown.setdefault(cell.cut_id, {})[cell.key] = cell
    return [
        _section(cut, shown.get(cut.pk, {})) for cut in cuts.order_by("dimension") if cut.columns
    ]


def _section(cut: Cut, cells: Mapping[str, CutCell]) -> Section:
    titles = {
        Dimension.FIELD: _("By field"),
        Dimension.CHANNEL: _("By channel"),
        Dimension.QUALITY: _("By quality of the forms"),
    }
    dimension = Dimension(cut.dimension)
    names = _names(dimension)
    lines = []
    for key in cut.columns:
        figure = _figure(cells[key]) if key in cells else HIDDEN
        lines.append(Line(names.get(key, key), figure, charts.whisker(figure)))
    lines.sort(key=lambda line: in_order(line.name))
    return Section(cut.dimension, titles[dimension], cut.simulated, tuple(lines))


def _names(dimension: Dimension) -> dict[str, str]:
    if dimension == Dimension.FIELD:
        fields = dict(Field.objects.values_list("slug", "name"))
        return fields | {OTHER: _("Other fields, and forms that name none")}
    if dimension == Dimension.CHANNEL:
        channels = {str(channel.value): str(channel.label).capitalize() for channel in Channel}
        return channels | {OTHER: _("Other channels")}
    return {FLAGGED: _("Forms with a mark of doubt"), CLEAN: _("Forms without a mark")}


def _figure(cell: CutCell) -> Figure:
    share = Fraction(cell.satisfied, cell.answered) if cell.answered else None
    return Figure(share, cell.low, cell.high, cell.people, cell.answered)
