"""Closed figures by field, channel and quality of the forms, for the page of an office or unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, Field, Office
from offices.names import in_order
from officials.checking import Checking, marked
from officials.figures.charts import Axis, Whisker, axis_of
from officials.figures.choice import Choice
from reports.models import Breakdown, BreakdownCell, Dimension, Period, Score, TerritoryMap
from reports.proof.standing import standing_tables
from reports.showing.breakdowns import CLEAN, FLAGGED, OTHER, Counts, Table, limits_of, tables
from reports.showing.figures import HIDDEN, Figure
from reports.showing.subjects import Subjects
from surveys.models import Channel


@dataclass(frozen=True)
class BreakdownLine:
    """One kind of people and their figure."""

    name: str
    figure: Figure


@dataclass(frozen=True)
class Section:
    """One dimension of a closed period; without lines it says why there are none.

    former: made once, by the method of then; later: whether more may be told at a quarter's or
    year's end.
    """

    dimension: str
    title: str
    lines: tuple[BreakdownLine, ...]
    former: bool = False
    later: bool = False

    @cached_property
    def axis(self) -> Axis:
        """The stretch on which its figures lie."""
        return axis_of(line.figure for line in self.lines)

    @property
    def drawn(self) -> list[tuple[BreakdownLine, Whisker | None]]:
        """Each line and where its figure lies."""
        return [(line, self.axis.whisker(line.figure)) for line in self.lines]


def sections(
    subject: Office | AdministrativeUnit,
    figure_of: Subjects,
    choice: Choice,
    proof: Checking,
    score: Score,
) -> list[Section]:
    """What the chosen period shows of this subject beside its own figure, if it is closed."""
    if not score.closed or choice.span.kind not in (Period.MONTH, Period.QUARTER, Period.YEAR):
        return []
    if isinstance(subject, AdministrativeUnit) and (
        subject.level == AdministrativeUnit.Level.COUNTRY
    ):
        return []
    former = _former(subject, figure_of, choice)
    made = [] if former else tables(figure_of, choice.instrument, choice.span, [score])
    if not (former or made):
        later = choice.span.kind != Period.YEAR
        title = _("By field, channel and quality of the forms")
        return [Section("none", title, (), later=later)]
    checked = bool(made and proof.summary.differences) and standing_tables(
        figure_of.members, choice.instrument.id, choice.span
    )
    names = {one.dimension: _names(one.dimension) for one in made}
    return former or [_section(one, names[one.dimension], choice, checked) for one in made]


def _section(table: Table, names: Mapping[str, str], choice: Choice, checked: bool) -> Section:
    lines = [
        _line(names.get(key, key), _figure(counts, choice), checked)
        for key, counts in table.kinds.items()
    ]
    lines.sort(key=lambda line: in_order(line.name))
    if table.rest.people:
        lines.append(_line(_REST[table.dimension](), _figure(table.rest, choice), checked))
    return Section(table.dimension, _title(table.dimension), tuple(lines))


def _line(name: str, figure: Figure, checked: bool) -> BreakdownLine:
    return BreakdownLine(name, marked(figure, checked))


def _title(dimension: Dimension) -> str:
    return {
        Dimension.FIELD: _("By field"),
        Dimension.CHANNEL: _("By channel"),
        Dimension.QUALITY: _("By quality of the forms"),
    }[dimension]


_REST = {
    Dimension.FIELD: lambda: _("Other fields, forms that name none, and who is not told apart"),
    Dimension.CHANNEL: lambda: _("Whose channel is not told apart"),
    Dimension.QUALITY: lambda: _("Whose quality is not told apart"),
}


def _names(dimension: Dimension) -> dict[str, str]:
    if dimension == Dimension.FIELD:
        fields = dict(Field.objects.values_list("slug", "name"))
        return fields | {OTHER: _("Other fields, and forms that name none")}
    if dimension == Dimension.CHANNEL:
        channels = {str(channel.value): str(channel.label).capitalize() for channel in Channel}
        return channels | {OTHER: _("Other channels")}
    return {FLAGGED: _("Forms with a mark of doubt"), CLEAN: _("Forms without a mark")}


def _figure(counts: Counts, choice: Choice) -> Figure:
    satisfied, answered, *_squares = counts.moments
    if counts.people < choice.policy.minimum_people or not answered:
        return HIDDEN
    limits = limits_of(counts, choice.instrument)
    low, high = (limits.low, limits.high) if limits else (None, None)
    return Figure(Fraction(satisfied, answered), low, high, counts.people, answered)


def _former(
    subject: Office | AdministrativeUnit, figure_of: Subjects, choice: Choice
) -> list[Section]:
    """Tables that were made once by the method of then, of offices and of provinces of then."""
    breakdowns = Breakdown.objects.filter(
        instrument=choice.instrument.id, period=choice.span.kind, start=choice.span.first
    )
    if isinstance(subject, Office):
        breakdowns = breakdowns.filter(unit=subject.unit.province, cells__office=subject)
        cells = BreakdownCell.objects.filter(office=subject)
    elif figure_of.territory == TerritoryMap.THEN:
        breakdowns = breakdowns.filter(unit=subject)
        cells = BreakdownCell.objects.filter(office=None)
    else:
        return []
    found = []
    for one in breakdowns.distinct().order_by("dimension"):
        dimension = Dimension(one.dimension)
        names = _names(dimension)
        of = {cell.key: cell for cell in cells.filter(breakdown=one)}
        lines = [
            _line(
                names.get(key, key),
                _former_figure(of[key], choice) if key in of else HIDDEN,
                checked=False,
            )
            for key in one.columns
        ]
        lines.sort(key=lambda line: in_order(line.name))
        if lines:
            found.append(Section(dimension, _title(dimension), tuple(lines), former=True))
    return found


def _former_figure(cell: BreakdownCell, choice: Choice) -> Figure:
    if cell.people < choice.policy.minimum_people or not cell.answered:
        return HIDDEN
    share = Fraction(cell.satisfied, cell.answered)
    return Figure(share, cell.low, cell.high, cell.people, cell.answered)
