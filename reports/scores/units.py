"""The scores of units: the sum of what their offices show, as of then and on today's map.

A unit's open figure so moves by whole batches of its offices. Districts and communes are summed
from their offices, provinces too, the country from its provinces.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from offices.chain import upward
from offices.locks import Lock, wait_for
from offices.models import AdministrativeUnit, Office
from reports.counting.closing import is_closed
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, span_of
from reports.counting.stored import (
    Measures,
    ScorePart,
    ScoreRow,
    deflate_opened,
    inflate,
    inflate_opened,
    measures_of,
)
from reports.models import Night, Score, Stale, TerritoryMap
from reports.scores.offices import mark_stale
from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding import columns

Level = AdministrativeUnit.Level
KEPT_OPEN = 20_000  # inflated sums at once, about 2.5 kB each


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
    nights = Night.objects.filter(closed_at=None)
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
    opened = Opened()
    for territory in TerritoryMap:
        located = places(territory)
        members: dict[int, dict[int, UnitPlace]] = defaultdict(dict)
        for office, place in located.items():
            members[place.province][office] = place
        by_province: dict[int, dict[Span, set[int]]] = defaultdict(lambda: defaultdict(set))
        for office, spans in changed.items():
            if office in located:
                place = located[office]
                for span in spans:
                    by_province[place.province][span].update(place.units)
        for province, units in sorted(by_province.items()):
            with transaction.atomic():
                wait_for(Lock.UNIT_COUNT, province)
                ended = _ended(territory, units.values())
                for span, of in sorted(units.items()):
                    of -= ended
                    _rescore_province(territory, members[province], of, span, through, opened)


def _ended(territory: TerritoryMap, units: Iterable[set[int]]) -> set[int]:
    """Units of today's map that went over since their offices were located (`reports.mergers`).

    Asked under the province's lock, which a merger holds: no figure of them is written again.
    """
    if territory is TerritoryMap.THEN:
        return set()
    known = set[int]().union(*units)
    gone = AdministrativeUnit.objects.filter(pk__in=known, valid_to__isnull=False)
    return set(gone.values_list("pk", flat=True))


def rescore_country(spans: Iterable[Span], through: date | None) -> None:
    """Writes the scores of the country for these periods, from its provinces' scores."""
    spans = sorted(spans)
    country = AdministrativeUnit.objects.filter(level=Level.COUNTRY).first()
    if country is None or not spans:
        return
    for territory in TerritoryMap:
        with transaction.atomic():
            wait_for(Lock.UNIT_COUNT, country.pk)
            for span in spans:
                parts: dict[tuple[int, int], list[UnitPart]] = defaultdict(list)
                counted = Q(unit__level=Level.PROVINCE, map=territory)
                if territory == TerritoryMap.TODAY:
                    # what a divided province left without an heir is in no province of today
                    counted |= Q(office__today_unit=country)
                for part in _parts(counted, span):
                    parts[country.pk, part.instrument].append(part)
                _replace(territory, {country.pk}, span, parts, through, Opened())


def provinces_today() -> dict[int, int]:
    """The province of today's map that each office counts in, by the office's key."""
    return {office: place.province for office, place in places(TerritoryMap.TODAY).items()}


class UnitPart(NamedTuple):
    """A score that a unit's is the sum of."""

    office: int | None
    instrument: int
    measures: Measures


class Opened:
    """Stored sums, inflated once: the same office counts in four or five units on two maps."""

    def __init__(self) -> None:
        self._known: dict[bytes, Sums] = {}

    def __call__(self, layout: Layout, stored: bytes) -> Sums:
        if stored not in self._known:
            if len(self._known) >= KEPT_OPEN:
                self._known.clear()
            self._known[stored] = inflate(layout, stored)
        return self._known[stored]


def _parts(whose: Q, span: Span) -> Iterator[UnitPart]:
    for office, instrument, *plain, sums, opened, method in Score.objects.filter(
        whose, period=span.kind, start=span.first
    ).values_list("office_id", "instrument_id", *Measures._fields):
        people, answered, satisfied, low, high, simulated = plain
        of = (people, answered, satisfied, low, high, simulated, bytes(sums), bytes(opened), method)
        yield UnitPart(office, instrument, Measures(*of))


def _rescore_province(
    territory: TerritoryMap,
    members: Mapping[int, UnitPlace],
    units: set[int],
    span: Span,
    through: date | None,
    opened: Opened,
) -> None:
    parts: dict[tuple[int, int], list[UnitPart]] = defaultdict(list)
    for part in _parts(Q(office_id__in=list(members)), span):
        for unit in units.intersection(members[part.office or 0].units):
            parts[unit, part.instrument].append(part)
    _replace(territory, units, span, parts, through, opened)


def _replace(
    territory: TerritoryMap,
    units: Iterable[int],
    span: Span,
    parts: Mapping[tuple[int, int], list[UnitPart]],
    through: date | None,
    opened: Opened,
) -> None:
    """Writes the sums of `parts` in the place of all scores of `units` for the period."""
    standing = dict(
        Score.objects.filter(
            unit_id__in=units, map=territory, period=span.kind, start=span.first
        ).values_list("pk", "closed")
    )
    closed = is_closed(span, through) or any(standing.values())
    now = timezone.now()
    place = (span.kind.value, span.first, closed)
    write(
        [
            ScoreRow(None, unit, territory.value, instrument, *place, _sum(of, opened), now)
            for (unit, instrument), of in parts.items()
        ],
        list(standing),
    )


def _sum(parts: Sequence[UnitPart], opened: Opened) -> Measures:
    """What the parts are together; most communes have one office, whose figure is theirs."""
    if len(parts) == 1:
        return parts[0].measures
    layout = layout_of(instrument_of(parts[0].instrument))
    whole = total(layout, [opened(layout, part.measures.sums) for part in parts])
    beside = [inflate_opened(layout, p.measures.opened) for p in parts if p.measures.opened]
    return measures_of(
        ScorePart(whole, any(part.measures.simulated for part in parts)),
        opened=deflate_opened(columns.Opened.total(layout, beside)),
    )


COLUMNS = ("office_id", "unit_id", "map", "instrument_id", "period", "start", "closed")


def write(rows: Sequence[ScoreRow], replaced: Sequence[int]) -> None:
    """Puts `rows` in the place of the scores with the keys `replaced`, by COPY."""
    if replaced:
        Score.objects.filter(pk__in=replaced).delete()
    if not rows:
        return
    columns = ", ".join((*COLUMNS, *Measures._fields, "computed_at"))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY reports_score ({columns}) FROM STDIN") as copy,
    ):
        for *place, measures, computed_at in rows:
            copy.write_row((*place, *measures, computed_at))
