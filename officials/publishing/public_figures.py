"""What of a release everybody may read, in the shape that templates show: as stored, nothing new.

A hidden figure is a row without any number; only releases that were made public are looked at.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from offices.models import AdministrativeUnit, Office
from offices.names import province_in_order, short
from officials.publishing.released import Published, Titled, published, sheet_figures
from reports.counting.layouts import instrument_of
from reports.counting.periods import Span, span_of
from reports.models import Release, ReleaseFigure, ReleaseMembership, TerritoryMap
from reports.proof.standing import standing_releases
from reports.release.public import public_releases, still_said
from surveys.questionnaires.catalogue import InstrumentEntry

Kind = ReleaseFigure.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """A release in a list."""

    release: Release
    name: str  # of its unit, as it was called then
    span: Span


@dataclass(frozen=True, slots=True)
class Later:
    """What took the place of a release that was public: the newest public revision."""

    release: Release
    on: date  # the day on which it became public


@dataclass(frozen=True, slots=True)
class OfficeSheet:
    """An office's figures for one questionnaire, and the headline of its commune, if that is in."""

    instrument: InstrumentEntry
    headline: Published
    factors: tuple[Titled, ...]
    criteria: tuple[Titled, ...]
    commune: Published | None
    commune_name: str


@dataclass(frozen=True, slots=True)
class OverTime:
    """An office's headline in one public release. checked: whether the proof doubts that."""

    line: Line
    instrument: InstrumentEntry
    figure: Published
    checked: bool


@dataclass(frozen=True, slots=True)
class Silent:
    """An office of which a release holds no figure at all."""

    slug: str
    name: str


def line_of(release: Release) -> Line:
    """The release under the name that its unit had on the last day."""
    span = span_of(release.period, release.start)
    return Line(release, release.unit.full_name_on(span.last), span)


def revisions_of(release: Release) -> list[Release]:
    """Every public revision of the same unit and period, the first one first."""
    same = public_releases().filter(
        unit=release.unit_id, period=release.period, start=release.start
    )
    return list(same.order_by("revision"))


def later_than(release: Release, revisions: list[Release]) -> Later | None:
    """What took its place; None for the newest. revisions: as `revisions_of` gives them."""
    newest = revisions[-1]
    if newest.pk == release.pk:
        return None
    return Later(newest, timezone.localdate(newest.public.made_at))


def silent_in(release: Release, line: Line) -> list[Silent]:
    """The unit's offices in the period of which the release holds nothing: too few answered.

    None for the country, whose offices are not listed.
    """
    unit = release.unit
    if unit.level == AdministrativeUnit.Level.COUNTRY:
        return []
    there = Office.objects.within(unit) | Office.objects.within(unit, "today_unit")
    held = release.figures.filter(office__isnull=False).values("office")
    without = there.exclude(pk__in=held).distinct()
    found = [Silent(one.slug, short(one.name)) for one in without if one.days.touch(line.span)]
    return sorted(found, key=lambda one: province_in_order(one.name))


def sheets_of_office(release: Release, office: Office) -> list[OfficeSheet]:
    """Its figures by questionnaire; none where the release does not hold the office."""
    rows: dict[int, dict[tuple[str, str], Published]] = defaultdict(dict)
    for row in release.figures.filter(office=office):
        rows[row.instrument_id][row.kind, row.code] = published(row)
    communes = _communes(release, office) if rows else {}
    sheets = []
    for instrument in sorted(rows):
        factors, criteria = sheet_figures(instrument, rows[instrument])
        commune, name = communes.get(instrument, (None, ""))
        headline = rows[instrument][Kind.HEADLINE, ""]
        entry = instrument_of(instrument)
        sheets.append(OfficeSheet(entry, headline, factors, criteria, commune, name))
    return sheets


def _communes(release: Release, office: Office) -> dict[int, tuple[Published, str]]:
    """By questionnaire the headline of the commune in which the office counted, today's map."""
    counted = ReleaseMembership.objects.filter(release=release, office=office)
    lowest = {row.today[0] for row in counted if row.today}
    found = release.figures.filter(
        unit__in=lowest, unit__level="commune", map=TerritoryMap.TODAY, kind=Kind.HEADLINE
    )
    return {
        row.instrument_id: (published(row), row.unit.full_name)
        for row in found.select_related("unit")
        if row.unit is not None
    }


def over_time(office: Office) -> list[OverTime]:
    """The office's headlines in the releases that still stand, the newest period first."""
    rows = (
        ReleaseFigure.objects.filter(
            office=office, kind=Kind.HEADLINE, release__in=still_said().values("pk")
        )
        .select_related("release__unit", "release__public")
        .prefetch_related("release__unit__designations")
        .order_by("-release__start", "-release__period", "release__slug", "instrument")
    )
    found = list(rows)
    checked = standing_releases({row.release.slug for row in found})
    return [
        OverTime(
            line_of(row.release),
            instrument_of(row.instrument_id),
            published(row),
            row.release.slug in checked,
        )
        for row in found
    ]


def short_name(office: Office) -> str:
    """The office's name without what it is."""
    return short(office.name)
