"""The scores of units: the sum of what their offices show, as of then and on today's map.

A unit's open figure so moves by whole batches of its offices. Districts and communes are summed
from their offices, provinces too, the country from its provinces.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from offices.chain import upward
from offices.locks import Lock, wait_for
from offices.models import AdministrativeUnit, Office
from reports.counting.closing import is_closed
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, span_of
from reports.counting.stored import ScorePart, inflate, score_of
from reports.models import NightlyRun, Score, Stale, TerritoryMap
from reports.scores.offices import mark_stale, write
from reports.sipas.counts.cells import total

Level = AdministrativeUnit.Level


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """Where an office counts on one map: its units from the lowest up to the province."""

    province: int
    units: tuple[int, ...]


def places(territory: TerritoryMap) -> dict[int, UnitPlace]:
    """The place of every office on this map, by the office's key.

    Offices that count in the country alone have none: what is left of a divided province.
    """
    parents: dict[int, int | None] = {}
    countries = set()
    for key, parent, level in AdministrativeUnit.objects.values_list("pk", "parent", "level"):
        parents[key] = parent
        if level == Level.COUNTRY:
            countries.add(key)
    found = {}
    for office, unit in Office.objects.values_list("pk", territory.column):
        steps = upward(unit, parents.__getitem__)
        chain = tuple(takewhile(lambda step: step not in countries, steps))
        if chain:
            found[office] = UnitPlace(chain[-1], chain)
    return found


@dataclass(frozen=True, slots=True)
class Behind:
    """What must be summed again: by office (None: the country) its periods, and their rows."""

    spans: Mapping[int | None, frozenset[Span]]
    keys: tuple[int, ...]


def _behind(stale: QuerySet[Stale], through: date | None) -> Behind:
    """Reads what is stale, but not what a night that is running will close.

    The night writes a closed period of a unit once all its offices are closed: a sum of some of
    them in between would show what the others add.
    """
    rows = list(stale.values_list("pk", "office", "period", "start"))
    nights = NightlyRun.objects.filter(finished_at=None)
    if through is not None:
        nights = nights.filter(day__gt=through)
    closing = nights.aggregate(day=Max("day"))["day"]
    spans: dict[int | None, set[Span]] = defaultdict(set)
    keys = []
    for key, office, period, start in rows:
        span = span_of(period, start)
        if is_closed(span, closing) and not is_closed(span, through):
            continue
        spans[office].add(span)
        keys.append(key)
    return Behind({office: frozenset(found) for office, found in spans.items()}, tuple(keys))


def _done(behind: Behind) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_stale WHERE id = ANY(%s)", [list(behind.keys)])


def catch_up_provinces(through: date | None, offices: Iterable[int] | None = None) -> None:
    """Writes the scores of all units up to provinces that are behind their offices.

    offices: only what these offices changed; all by default.
    """
    stale = Stale.objects.filter(office__isnull=False)
    if offices is not None:
        stale = stale.filter(office__in=offices)
    behind = _behind(stale, through)
    if not behind.keys:
        return
    changed = {office: spans for office, spans in behind.spans.items() if office is not None}
    rescore_provinces(changed, through)
    with transaction.atomic():
        mark_stale(None, {span for spans in changed.values() for span in spans})
        _done(behind)


def catch_up_country(through: date | None) -> None:
    """Writes the scores of the country that are behind its provinces."""
    behind = _behind(Stale.objects.filter(office=None), through)
    if behind.keys:
        rescore_country(behind.spans[None], through)
        _done(behind)


def rescore_provinces(changed: Mapping[int, Iterable[Span]], through: date | None) -> None:
    """Writes the scores of the units of the offices in `changed`, from the lowest to provinces.

    Each province is written in a transaction of its own, under its lock. Units that none of these
    offices counts in are left alone.
    """
    for territory in TerritoryMap:
        located = places(territory)
        by_province: dict[int, dict[Span, set[int]]] = defaultdict(lambda: defaultdict(set))
        for office, spans in changed.items():
            if office in located:
                place = located[office]
                for span in spans:
                    by_province[place.province][span].update(place.units)
        for province, units in sorted(by_province.items()):
            members = {o: place for o, place in located.items() if place.province == province}
            with transaction.atomic():
                wait_for(Lock.UNIT_COUNT, province)
                _rescore_province(territory, members, units, through)


def rescore_country(spans: Iterable[Span], through: date | None) -> None:
    """Writes the scores of the country for these periods, from its provinces' scores."""
    spans = sorted(spans)
    if spans:
        for territory in TerritoryMap:
            _rescore_country(territory, spans, through)


def provinces_today() -> dict[int, int]:
    """The province of today's map that each office counts in, by the office's key."""
    return {office: place.province for office, place in places(TerritoryMap.TODAY).items()}


def _rescore_province(
    territory: TerritoryMap,
    members: Mapping[int, UnitPlace],
    changed: Mapping[Span, set[int]],
    through: date | None,
) -> None:
    for span, units in sorted(changed.items()):
        parts: dict[tuple[int, int], list[ScorePart]] = defaultdict(list)
        for score in Score.objects.filter(
            office_id__in=members, period=span.kind, start=span.first
        ):
            part = _part(score)
            for unit in units.intersection(members[score.office_id or 0].units):
                parts[unit, score.instrument_id].append(part)
        _replace(territory, units, span, parts, through)


def _rescore_country(territory: TerritoryMap, spans: Iterable[Span], through: date | None) -> None:
    country = AdministrativeUnit.objects.filter(level=Level.COUNTRY).first()
    if country is None:
        return
    with transaction.atomic():
        wait_for(Lock.UNIT_COUNT, country.pk)
        for span in sorted(spans):
            parts: dict[tuple[int, int], list[ScorePart]] = defaultdict(list)
            counted = Q(unit__level=Level.PROVINCE, map=territory)
            if territory == TerritoryMap.TODAY:
                # what a divided province left without an heir is in no province of today
                counted |= Q(office__today_unit=country)
            for score in Score.objects.filter(counted, period=span.kind, start=span.first):
                parts[country.pk, score.instrument_id].append(_part(score))
            _replace(territory, {country.pk}, span, parts, through)


def _part(score: Score) -> ScorePart:
    layout = layout_of(instrument_of(score.instrument_id))
    return ScorePart(inflate(layout, score.sums), score.simulated)


def _replace(
    territory: TerritoryMap,
    units: Iterable[int],
    span: Span,
    parts: Mapping[tuple[int, int], list[ScorePart]],
    through: date | None,
) -> None:
    """Writes the sums of `parts` in the place of all scores of `units` for the period."""
    standing = dict(
        Score.objects.filter(
            unit_id__in=units, map=territory, period=span.kind, start=span.first
        ).values_list("pk", "closed")
    )
    closed = is_closed(span, through) or any(standing.values())
    rows = []
    for (unit, instrument_id), members in parts.items():
        layout = layout_of(instrument_of(instrument_id))
        whole = ScorePart(
            total(layout, [part.sums for part in members]),
            any(part.simulated for part in members),
        )
        row = score_of(whole, instrument_id, span, closed)
        row.unit_id, row.map = unit, territory
        rows.append(row)
    write(rows, list(standing))
