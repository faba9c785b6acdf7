"""Closed figures by field, channel and quality: what may be shown beside the offices' own.

A breakdown is made once, of the people who stand in the office's figure of the same closed period,
and every cell passes `reports.sipas.hiding.protect`, so that none that is hidden can be found from
the rest.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from offices.locks import Lock, wait_for
from offices.models import AdministrativeUnit
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, span_of
from reports.counting.policy import POLICY
from reports.counting.shown import batches_within
from reports.counting.stored import headline_group
from reports.models import SEAL, Breakdown, BreakdownCell, Dimension, Period, Score, TerritoryMap
from reports.scores.units import places
from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.protect import protect
from reports.sipas.index import interval

OTHER = "other"  # what is too rare in the province to stand alone, and what nobody told
FLAGGED, CLEAN = "flagged", "clean"

# One length of period for each dimension. With two, a small part of the longer one could be found
# from the shorter ones.
PERIOD_OF = {
    Dimension.FIELD: Period.YEAR,
    Dimension.CHANNEL: Period.YEAR,
    Dimension.QUALITY: Period.MONTH,
}

# By what of a response its kind is known. Of a field it is the procedure: an administrator may put
# it into another field later.
KEYS = {
    Dimension.FIELD: "coalesce(r.procedure_id::text, '')",
    Dimension.CHANNEL: "r.channel::text",
    Dimension.QUALITY: f"CASE WHEN r.flags = 0 THEN '{CLEAN}' ELSE '{FLAGGED}' END",
}

# The people who stand in the shown figures of these offices, batch by batch, but for those who have
# left them.
READ = """
SELECT r.office_id, {key}, bool_or(r.simulated), string_agg(r.answers, ''::bytea)
FROM reports_breakdownmembership of CROSS JOIN LATERAL unnest(of.batches) AS shown (batch)
JOIN surveys_response r ON r.office_id = of.office_id AND r.batch = shown.batch
WHERE of.breakdown_id = %s AND r.instrument_id = %s AND NOT r.id = ANY(of.withdrawn)
  AND r.day BETWEEN %s AND %s
GROUP BY 1, 2
"""

# Whom a table is made of is kept with it: who leaves the figures later stays in the table.
REMEMBER = f"""
INSERT INTO reports_breakdownmembership
    (breakdown_id, office_id, batches, withdrawn, people, digest)
SELECT %(breakdown)s, office_id, array_agg(DISTINCT batch ORDER BY batch),
       coalesce(array_agg(id ORDER BY id) FILTER (WHERE withdrawn), '{{}}'),
       count(*) FILTER (WHERE NOT withdrawn),
       {SEAL.replace("ORDER BY r.id)", "ORDER BY r.id) FILTER (WHERE NOT r.withdrawn)")}
FROM surveys_response r JOIN unnest(%(offices)s::bigint[], %(batches)s::int[])
    AS shown (office_id, batch) USING (office_id, batch)
WHERE r.instrument_id = %(instrument)s AND r.day BETWEEN %(first)s AND %(last)s
GROUP BY office_id
"""  # noqa: S608 - constants of ours

FIELDS = """
SELECT DISTINCT p.id, f.slug
FROM reports_breakdownmembership of CROSS JOIN LATERAL unnest(of.batches) AS shown (batch)
JOIN surveys_response r ON r.office_id = of.office_id AND r.batch = shown.batch
JOIN offices_procedure p ON p.id = r.procedure_id
JOIN offices_field f ON f.id = p.field_id
WHERE of.breakdown_id = %s AND r.instrument_id = %s AND r.day BETWEEN %s AND %s
"""

Cells = dict[tuple[int, str], Sums]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table that is to be made."""

    unit_id: int
    instrument_id: int
    dimension: Dimension
    span: Span

    def is_made(self) -> bool:
        """Whether somebody has made it meanwhile."""
        return Breakdown.objects.filter(
            unit=self.unit_id,
            instrument=self.instrument_id,
            dimension=self.dimension,
            period=self.span.kind,
            start=self.span.first,
        ).exists()


def catch_up_breakdowns(
    skipped: Collection[int] = (), beat: Callable[[], None] = lambda: None
) -> int:
    """Makes the tables of all closed periods that have none; returns how many there were.

    skipped: provinces of which none is made now, by key; beat: called before each table.
    """
    wanted = [one for one in _wanted() if one.unit_id not in skipped]
    located = places(TerritoryMap.THEN) if wanted else {}
    offices: dict[int, list[int]] = defaultdict(list)
    for office, place in located.items():
        offices[place.province].append(office)
    for one in wanted:
        beat()
        with transaction.atomic():
            wait_for(Lock.UNIT_COUNT, one.unit_id)  # two nights at once make it once
            if not one.is_made():
                _make(one, offices[one.unit_id])
    return len(wanted)


def _wanted() -> Iterable[Wanted]:
    """Closed figures of provinces, as of then, that have not been broken down."""
    standing = set(
        Breakdown.objects.values_list("unit_id", "instrument_id", "dimension", "period", "start")
    )
    for unit, instrument, period, start in Score.objects.filter(
        unit__level=AdministrativeUnit.Level.PROVINCE,
        map=TerritoryMap.THEN,
        closed=True,
        period__in=set(PERIOD_OF.values()),
        people__gte=POLICY.minimum_people,
    ).values_list("unit_id", "instrument_id", "period", "start"):
        for dimension, kind in PERIOD_OF.items():
            key = (unit, instrument, dimension.value, period, start)
            if kind == period and key not in standing:
                yield Wanted(unit or 0, instrument, dimension, span_of(period, start))


def _make(wanted: Wanted, offices: Sequence[int]) -> None:
    breakdown = Breakdown.objects.create(
        unit_id=wanted.unit_id,
        instrument_id=wanted.instrument_id,
        dimension=wanted.dimension,
        period=wanted.span.kind,
        start=wanted.span.first,
        columns=[],
        computed_at=timezone.now(),
    )
    remember(breakdown, offices)
    layout = layout_of(instrument_of(wanted.instrument_id))
    cells = _read(breakdown, wanted.span, layout)
    keys = (
        [CLEAN, FLAGGED]
        if wanted.dimension == Dimension.QUALITY
        else _rare_ones_together(cells, POLICY.minimum_people)
    )
    breakdown.columns = keys
    breakdown.save()
    if len(keys) < 2:
        return  # one kind only: nothing that the offices' own figures do not say
    rows = sorted({office for office, _ in cells})
    people = np.array(
        [[cells[row, key].people if (row, key) in cells else 0 for key in keys] for row in rows],
        dtype=np.int64,
    ).reshape(len(rows), len(keys))
    protected = protect(people, POLICY.minimum_people)
    shown = [
        _cell(breakdown, row, key, cells[row, key])
        for r, row in enumerate(rows)
        for c, key in enumerate(keys)
        if protected.shown[r, c]
    ]
    if protected.columns_shown:
        shown += [
            _cell(
                breakdown, None, key, total(layout, [s for (_, k), s in cells.items() if k == key])
            )
            for key in keys
        ]
    BreakdownCell.objects.bulk_create(shown)


def remember(breakdown: Breakdown, offices: Sequence[int]) -> None:
    """Keeps whom the table is made of, and in which field each procedure is now."""
    span = span_of(breakdown.period, breakdown.start)
    batches = [
        (office, number)
        for (office, instrument), numbers in batches_within(offices, span).items()
        if instrument == breakdown.instrument_id
        for number in numbers
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            REMEMBER,
            {
                "breakdown": breakdown.pk,
                "offices": [office for office, _ in batches],
                "batches": [number for _, number in batches],
                "instrument": breakdown.instrument_id,
                "first": span.first,
                "last": span.last,
            },
        )
        cursor.execute(FIELDS, [breakdown.pk, breakdown.instrument_id, span.first, span.last])
        fields = {str(procedure): field for procedure, field in cursor.fetchall()}
    breakdown.procedures = fields if breakdown.dimension == Dimension.FIELD else {}
    breakdown.save()


def _read(breakdown: Breakdown, span: Span, layout: Layout) -> Cells:
    """The sums of each office and kind; notes whether any of it is simulated."""
    with connection.cursor() as cursor:
        cursor.execute(
            READ.format(key=KEYS[Dimension(breakdown.dimension)]),
            [breakdown.pk, breakdown.instrument_id, span.first, span.last],
        )
        found = cursor.fetchall()
    cells: Cells = {}
    for office, key, _, answers in found:
        kind = (breakdown.procedures or {}).get(key, OTHER)
        place = (office, kind if breakdown.dimension == Dimension.FIELD else key)
        sums = count(layout, answers)
        cells[place] = cells[place] + sums if place in cells else sums
    breakdown.simulated = any(simulated for _, _, simulated, _ in found)
    return cells


def _rare_ones_together(cells: Cells, k: int) -> list[str]:
    """Puts kinds of fewer than k people in the province into one; returns the kinds in order.

    Changes `cells`. There is always such a one, for it also holds the kinds that nobody was of:
    that nobody was is a figure too. Where it is too small, the next rarest joins it.
    """
    people: dict[str, int] = defaultdict(int)
    for (_, key), sums in cells.items():
        people[key] += sums.people
    together = people.pop(OTHER, 0)
    rare = set()
    for key, alone in sorted(people.items(), key=lambda kind: (kind[1], kind[0])):
        if alone < k or together < k:
            rare.add(key)
            together += alone
    _merge(cells, rare)
    return sorted({key for _, key in cells})


def _merge(cells: Cells, rare: set[str]) -> None:
    for office, key in list(cells):
        if key in rare:
            sums = cells.pop((office, key))
            place = (office, OTHER)
            cells[place] = cells[place] + sums if place in cells else sums


def _cell(breakdown: Breakdown, office: int | None, key: str, sums: Sums) -> BreakdownCell:
    kind, code = headline_group(sums.layout)
    moments = sums.moments[sums.layout.group_of(kind, code)]
    limits = interval.group(sums, kind, code)
    return BreakdownCell(
        breakdown=breakdown,
        office_id=office,
        key=key,
        people=sums.people,
        satisfied=int(moments[0]),
        answered=int(moments[1]),
        low=limits.low if limits else None,
        high=limits.high if limits else None,
        moments=moments.tolist(),
    )
