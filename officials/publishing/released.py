"""Published figures in the shape that the templates show: as stored, nothing computed anew."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from offices.models import AdministrativeUnit
from offices.names import Named, province_in_order, short, told_apart
from reports.counting.layouts import instrument_of
from reports.models import Release, ReleaseFigure, TerritoryMap
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.questionnaires.questionnaire import Texts

Kind = ReleaseFigure.Kind
Level = AdministrativeUnit.Level


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure; limits in percent. All is None if it is hidden."""

    hidden: bool
    value: Decimal | None
    low: float | None
    high: float | None
    people: int | None
    answers: int | None


@dataclass(frozen=True, slots=True)
class Titled:
    """A factor's or a criterion's figure under its code and text."""

    code: str
    text: Texts
    figure: Published


@dataclass(frozen=True, slots=True)
class RootSheet:
    """The figures of the release's own unit, for one questionnaire on one map.

    `territory` is None if both maps have the same figures.
    """

    instrument: InstrumentEntry
    territory: TerritoryMap | None
    headline: Published
    factors: tuple[Titled, ...]
    criteria: tuple[Titled, ...]


@dataclass(frozen=True, slots=True)
class PartRow:
    """The headline of a province, or of an office, below the release's own unit.

    office: its short name in addresses; empty for a province.
    """

    name: str
    office: str
    short_name: str
    instrument: InstrumentEntry
    figure: Published


def sheets_of(release: Release) -> list[RootSheet]:
    """The unit's own figures by questionnaire, today's map first; once where the maps agree."""
    rows: dict[tuple[str, int], dict[tuple[str, str], Published]] = defaultdict(dict)
    for row in release.figures.filter(unit=release.unit_id):
        rows[row.map, row.instrument_id][row.kind, row.code] = published(row)
    sheets = []
    for instrument in sorted({instrument for _, instrument in rows}):
        today = rows.get((TerritoryMap.TODAY, instrument))
        then = rows.get((TerritoryMap.THEN, instrument))
        if today is not None and today == then:
            sheets.append(_sheet(instrument, None, today))
            continue
        for territory, found in ((TerritoryMap.TODAY, today), (TerritoryMap.THEN, then)):
            if found is not None:
                sheets.append(_sheet(instrument, territory, found))
    return sheets


def _sheet(
    instrument_id: int,
    territory: TerritoryMap | None,
    found: Mapping[tuple[str, str], Published],
) -> RootSheet:
    factors, criteria = sheet_figures(instrument_id, found)
    headline = found[Kind.HEADLINE, ""]
    return RootSheet(instrument_of(instrument_id), territory, headline, factors, criteria)


def sheet_figures(
    instrument_id: int, found: Mapping[tuple[str, str], Published]
) -> tuple[tuple[Titled, ...], tuple[Titled, ...]]:
    """The factors and the criteria of a questionnaire, in its order. found: by kind and code."""
    instrument = instrument_of(instrument_id)
    factors = tuple(
        Titled(factor.code, factor.title, found[Kind.FACTOR, factor.code])
        for factor in instrument.factors
        if (Kind.FACTOR, factor.code) in found
    )
    criteria = tuple(
        Titled(item.code, item.text, found[Kind.CRITERION, item.code])
        for item in instrument.items
        if (Kind.CRITERION, item.code) in found
    )
    return factors, criteria


def parts_of(release: Release) -> list[PartRow]:
    """The headlines below: provinces of the country, on today's map, else offices; by name."""
    heads = release.figures.filter(kind=Kind.HEADLINE)
    if release.unit.level == Level.COUNTRY:
        heads = heads.filter(unit__level=Level.PROVINCE, map=TerritoryMap.TODAY)
    else:
        heads = heads.filter(office__isnull=False)
    places = ("unit__parent", "office__unit__parent__parent__parent")
    found = list(heads.select_related(*places))
    names = told_apart([_named(row) for row in found])
    rows = [
        PartRow(
            name,
            row.office.slug if row.office else "",
            short(name),
            instrument_of(row.instrument_id),
            published(row),
        )
        for name, row in zip(names, found, strict=True)
    ]
    return sorted(rows, key=lambda row: (province_in_order(row.name), row.instrument.slug))


def _named(row: ReleaseFigure) -> Named:
    if row.office is not None:
        return row.office.named
    assert row.unit is not None  # noqa: S101 - the database says so
    unit = row.unit
    return Named(unit.full_name, unit.chain_names()[1:], unit.valid_from, unit.valid_to)


def published(row: ReleaseFigure) -> Published:
    """A stored figure; a hidden one has no number."""
    return Published(
        row.hidden,
        row.percent,
        None if row.low is None else float(row.low),
        None if row.high is None else float(row.high),
        row.people,
        row.answered,
    )
