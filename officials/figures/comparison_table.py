"""The one table of a comparison: which rows, in which order, on which page; and its tiles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from offices.models import AdministrativeUnit, Office
from offices.search import is_called
from officials.figures.comparison_charts import DotRow, Scale, dot_rows
from officials.figures.group_choice import (
    FIGURE,
    GAP,
    NAME,
    PEOPLE,
    STANDARDISED,
    TIER,
    GroupChoice,
    Sort,
)
from reports.showing.comparison import ComparedPlace, Comparison, key_of, place_in_order
from reports.sipas.comparing.standardise import Standardised

PAGE = 50
Key = Callable[[ComparedPlace], Fraction | float | int | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; address: the query that sorts by it, or the other way round.

    sorted: as `aria-sort` says it, empty where the rows stand by another column.
    """

    key: str
    words: str
    address: str
    sorted: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One row: the place, its dot, the address of its page, and whether it is ticked."""

    line: ComparedPlace
    dot: DotRow
    address: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """What of the list is shown. found: rows that pass the filters; all: of the whole list.

    before, after: queries of the pages beside, empty without one; elsewhere: keys of ticked places
    that stand on no row of this page.
    """

    rows: tuple[ComparedRow, ...]
    columns: tuple[Column, ...]
    found: int
    all: int
    page: int
    pages: int
    before: str
    after: str
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A place on the tiles; tier: `high`, `open`, `low`, or `few` where nothing can be judged."""

    name: str
    address: str
    tier: str


def table_of(
    found: Comparison, choice: GroupChoice, scale: Scale, *, with_standardised: bool
) -> ComparedTable:
    """The rows that the choice asks for; a page behind the last is the last."""
    lines = [
        line
        for line in found.lines
        if is_called(line.name, choice.called) and (line.apart or not choice.apart_only)
    ]
    ordered = _ordered(lines, choice.sort)
    pages = max(-(-len(ordered) // PAGE), 1)
    page = min(choice.page, pages)
    shown = ordered[PAGE * (page - 1) : PAGE * page]
    keys = {line.key for line in shown}
    return ComparedTable(
        rows=tuple(
            ComparedRow(
                dot.line, dot, address_of(dot.line.place, choice), dot.line.key in choice.beside
            )
            for dot in dot_rows(shown, scale)
        ),
        columns=_columns(choice, with_standardised=with_standardised),
        found=len(ordered),
        all=len(found.lines),
        page=page,
        pages=pages,
        before=choice.query(trang=str(page - 1)) if page > 1 else "",
        after=choice.query(trang=str(page + 1)) if page < pages else "",
        elsewhere=tuple(key for key in choice.beside if key not in keys),
    )


def tiles_of(found: Comparison, choice: GroupChoice) -> list[Tile]:
    """All places of the list by name, those without a figure among them."""
    named = [(line.name, line.place, tier_of(line)) for line in found.lines]
    named += [(name, place, "few") for name, place in found.hidden]
    named.sort(key=lambda one: place_in_order(one[0], one[1]))
    return [Tile(name, address_of(place, choice), tier) for name, place, tier in named]


def tier_of(line: ComparedPlace) -> str:
    """The class of a place on the tiles, by the verdict of the table."""
    if line.standing is None:
        return "few"
    return "high" if line.high else "low" if line.low else "open"


def address_of(place: Office | AdministrativeUnit, choice: GroupChoice) -> str:
    """Where the results of a place stand, of the same period."""
    if isinstance(place, Office):
        return reverse("officials:office", args=[place.slug]) + choice.of_places
    return reverse("officials:unit", args=[place.pk]) + choice.of_places


def _ordered(lines: Sequence[ComparedPlace], sort: Sort) -> list[ComparedPlace]:
    """These lines, given by name; equal ones stay by name, those without a value come last."""
    if sort.column == NAME:
        return list(reversed(lines)) if sort.descending else list(lines)
    key = KEYS[sort.column]
    valued = [(value, line) for line in lines if (value := key(line)) is not None]
    valued.sort(key=lambda pair: pair[0], reverse=sort.descending)
    return [line for _, line in valued] + [line for line in lines if key(line) is None]


def _standardised(line: ComparedPlace) -> Fraction | None:
    found = line.standardised
    return found.share if isinstance(found, Standardised) else None


# High ones first; within a tier the order stays that of names, for chance makes any other.
TIERS = {"high": 0, "open": 1, "low": 2}

KEYS: Mapping[str, Key] = {
    TIER: lambda line: TIERS.get(tier_of(line)),
    FIGURE: lambda line: line.figure.share,
    PEOPLE: lambda line: line.figure.people,
    STANDARDISED: _standardised,
    GAP: lambda line: None if line.standing is None else line.standing.gap,
}


def _columns(choice: GroupChoice, *, with_standardised: bool) -> tuple[Column, ...]:
    words = {
        NAME: pgettext("compared", "Place"),
        FIGURE: _("Satisfied"),
        PEOPLE: _("Forms"),
        **({STANDARDISED: _("With the common mix of fields")} if with_standardised else {}),
        GAP: _("Difference, points"),
        TIER: _("Tier"),
    }
    first = replace(choice, page=1)
    return tuple(_column(key, text, first) for key, text in words.items())


def _column(key: str, words: str, choice: GroupChoice) -> Column:
    """Names and tiers begin at their top, numbers with the largest."""
    if choice.sort.column != key:
        sort = Sort(key, descending=key not in (NAME, TIER))
        return Column(key, words, choice.query(sap=sort.key), "")
    other = Sort(key, not choice.sort.descending)
    now = "descending" if choice.sort.descending else "ascending"
    return Column(key, words, choice.query(sap=other.key), now)


@dataclass(frozen=True, slots=True)
class BesideColumn:
    """A place that stands beside others; line: None where too few people answered.

    without: the query that takes it away.
    """

    name: str
    address: str
    line: ComparedPlace | None
    without: str


def beside_columns(found: Comparison, choice: GroupChoice) -> list[BesideColumn]:
    """The places that are to stand side by side, in the order in which they were asked for."""
    lines = {line.key: line for line in found.lines}
    hidden = {key_of(place): (name, place) for name, place in found.hidden}
    columns = []
    for key in choice.beside:
        line = lines.get(key)
        name, place = (line.name, line.place) if line else hidden[key]
        others = tuple(one for one in choice.beside if one != key)
        columns.append(
            BesideColumn(
                name, address_of(place, choice), line, replace(choice, beside=others).query()
            )
        )
    return columns
