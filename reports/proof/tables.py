"""Tables by field, channel and quality, computed again from the people they were made of.

A table is frozen: whoever leaves the figures later stays in it, so it keeps whom it was made of.
Tables from before that are believed once, if what stands now gives exactly their cells.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection, transaction

from offices.models import AdministrativeUnit
from reports.counting.policy import POLICY
from reports.models import (
    ROW,
    SEAL,
    Breakdown,
    BreakdownCell,
    Dimension,
    NightStep,
    Part,
    Period,
    Score,
)
from reports.proof.forms import Form
from reports.proof.found import Found, Ledger, Place
from reports.proof.interval import REVISIONS, pooled_limits
from reports.proof.offices import Night
from reports.proof.periods import Stretch, closing_day, period_of, stretch
from reports.proof.responses import HALF, mark
from reports.proof.scope import Days, Territory
from reports.proof.scores import near
from reports.showing.breakdowns import CLEAN, FLAGGED, OTHER, remember
from reports.sipas.hiding.protect import protect

TABLE, CELLS, MEMBERS = "reports_cut", "reports_cutcell", "reports_breakdownmembership"

# Whoever a table is made of, each answer of the headline taken by itself.
COUNT = """
SELECT office_id, kind, bool_or(simulated), count(*),
       sum(y), sum(m), sum(y * y), sum(m * m), sum(y * m)
FROM (
    SELECT office_id, kind, simulated, mark & {low} AS y, mark >> {half} AS m
    FROM (
        SELECT r.office_id, {kind} AS kind, r.simulated, {mark} AS mark
        FROM reports_breakdownmembership of CROSS JOIN LATERAL unnest(of.batches) AS shown (batch)
        JOIN surveys_response r ON r.office_id = of.office_id AND r.batch = shown.batch
        WHERE of.breakdown_id = %(table)s AND r.instrument_id = %(instrument)s
          AND r.day BETWEEN %(first)s AND %(last)s AND r.id <> ALL(of.withdrawn)
          AND length(r.answers) = %(size)s
        OFFSET 0
    ) said
) person
GROUP BY 1, 2
"""

KINDS = {
    Dimension.FIELD: "coalesce(%(fields)s::jsonb ->> r.procedure_id::text, 'other')",
    Dimension.CHANNEL: "r.channel::text",
    Dimension.QUALITY: "CASE r.flags WHEN 0 THEN 'clean' ELSE 'flagged' END",
}

STAYING = "r.id <> ALL(of.withdrawn)"

MEMBERSHIPS = f"""
SELECT of.office_id, of.people, of.digest, cardinality(of.batches), cardinality(of.withdrawn),
       count(*) FILTER (WHERE {STAYING}),
       {SEAL.replace("ORDER BY r.id)", f"ORDER BY r.id) FILTER (WHERE {STAYING})")},
       count(DISTINCT r.batch), count(*) FILTER (WHERE r.id = ANY(of.withdrawn))
FROM reports_breakdownmembership of LEFT JOIN surveys_response r
    ON r.office_id = of.office_id AND r.instrument_id = %s AND r.batch = ANY(of.batches)
    AND r.day BETWEEN %s AND %s
WHERE of.breakdown_id = %s GROUP BY of.id
"""  # noqa: S608 - constants of ours

Cell = tuple[int | None, str]  # office or None for the province, kind
PERIOD_OF: Mapping[str, str] = {
    Dimension.FIELD: Period.YEAR,
    Dimension.CHANNEL: Period.YEAR,
    Dimension.QUALITY: Period.MONTH,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """People and Σy, Σm, Σy², Σm², Σym of a cell."""

    people: int
    moments: tuple[int, ...]

    def __add__(self, other: "Counted") -> "Counted":
        pairs = zip(self.moments, other.moments, strict=True)
        return Counted(self.people + other.people, tuple(a + b for a, b in pairs))


@dataclass(frozen=True, slots=True)
class Again:
    """A table as it should be: its kinds in order, the cells that are shown."""

    columns: list[str]
    simulated: bool
    cells: Mapping[Cell, Counted]


def prove_tables(
    forms: Mapping[int, Form],
    territory: Territory,
    units: Collection[int],
    days: Days,
    night: Night,
    ledger: Ledger,
) -> None:
    """Compares all tables of these provinces, as of then, whose periods the days meet."""
    for row in Breakdown.objects.filter(unit__in=units).order_by("start", "pk"):
        of = period_of(row.period, row.start)
        if not days.meet(of):
            continue
        ledger.figures[Part.TABLES] += 1
        if not _belongs(row, of, night):
            ledger.note(_found(row, TABLE, ROW, "1", "0"))
        elif row.procedures is None and not _adopted(
            forms[row.instrument_id], row, of, territory.counting_in(row.unit_id)
        ):
            ledger.unproved += 1
        else:
            for found in _compare(forms[row.instrument_id], row, of):
                ledger.note(found)
            ledger.figures[Part.TABLES] += row.cells.count()
    for found in _missing(units, days, night):
        ledger.note(found)


def _belongs(row: Breakdown, of: Stretch, night: Night) -> bool:
    """Whether there may be such a table: of a closed period in which the province has a figure."""
    return (
        PERIOD_OF.get(row.dimension) == row.period
        and row.start == of.first
        and of.last < night.today
        and Score.objects.filter(
            unit=row.unit_id,
            map="then",
            instrument=row.instrument_id,
            period=row.period,
            start=row.start,
        ).exists()
    )


def _missing(units: Collection[int], days: Days, night: Night) -> Iterator[Found]:
    """Closed figures of provinces without their tables, although a night has made tables since.

    A figure that changed after the last night has its table in the next one.
    """
    steps = NightStep.objects.filter(
        name=NightStep.Name.TABLES, state=NightStep.State.DONE, result__provinces_left=0
    )
    began = steps.order_by().values_list("result__began", flat=True)
    made = max((datetime.fromisoformat(at) for at in began if at), default=None)
    if night.through is None or made is None:
        return
    known = set(
        Breakdown.objects.filter(unit__in=units).values_list(
            "unit", "instrument", "dimension", "start"
        )
    )
    for unit, instrument, period, start in Score.objects.filter(
        unit__in=units,
        unit__level=AdministrativeUnit.Level.PROVINCE,
        map="then",
        closed=True,
        people__gte=POLICY.minimum_people,
        computed_at__lt=made,
    ).values_list("unit", "instrument", "period", "start"):
        for dimension, kind in PERIOD_OF.items():
            if kind != period:
                continue
            of = stretch(period, start)
            wanted = days.meet(of) and closing_day(of) <= night.through
            if wanted and (unit, instrument, dimension, start) not in known:
                row = Breakdown(
                    unit_id=unit, instrument_id=instrument, dimension=dimension, period=period,
                    start=start,
                )  # fmt: skip
                yield _found(row, TABLE, ROW, "0", "1")


def again(form: Form, row: Breakdown, of: Stretch) -> Again:
    """The table computed again from the people that its memberships name."""
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT.format(
                kind=KINDS[Dimension(row.dimension)],
                mark=mark(form, form.groups[form.headline], "r.answers"),
                half=HALF,
                low=(1 << HALF) - 1,
            ),
            {
                "table": row.pk,
                "instrument": row.instrument_id,
                "first": of.first,
                "last": of.last,
                "size": form.size,
                "fields": json.dumps(row.procedures or {}),
            },
        )
        rows = cursor.fetchall()
    cells: dict[tuple[int, str], Counted] = {}
    for office, kind, _, people, *sums in rows:
        cells[office, kind] = Counted(people, tuple(int(number) for number in sums))
    simulated = any(any_simulated for _, _, any_simulated, *_ in rows)
    if row.dimension == Dimension.QUALITY:
        columns = [CLEAN, FLAGGED]
    else:
        cells = _with_rare_together(cells)
        columns = sorted({kind for _, kind in cells})
    return Again(columns, simulated, _shown(cells, columns))


def _with_rare_together(cells: Mapping[tuple[int, str], Counted]) -> dict[tuple[int, str], Counted]:
    """Kinds of too few people in the province are one, with the next rarest until it is enough."""
    k = POLICY.minimum_people
    people: dict[str, int] = defaultdict(int)
    for (_, kind), cell in cells.items():
        people[kind] += cell.people
    together = people.pop(OTHER, 0)
    rare = {OTHER}
    for alone, kind in sorted((number, kind) for kind, number in people.items()):
        if min(alone, together) < k:
            rare.add(kind)
            together += alone
    merged: dict[tuple[int, str], Counted] = {}
    for (office, kind), cell in cells.items():
        place = (office, OTHER if kind in rare else kind)
        merged[place] = merged[place] + cell if place in merged else cell
    return merged


def _shown(cells: Mapping[tuple[int, str], Counted], columns: list[str]) -> dict[Cell, Counted]:
    """The cells that may be shown, and the province's where these may."""
    if len(columns) < 2:
        return {}
    offices = sorted({office for office, _ in cells})
    nobody = Counted(0, (0, 0, 0, 0, 0))
    rows = [[cells.get((office, kind), nobody) for kind in columns] for office in offices]
    people = np.array([[cell.people for cell in row] for row in rows], dtype=np.int64)
    decided = protect(people.reshape(len(offices), len(columns)), POLICY.minimum_people)
    found: dict[Cell, Counted] = {
        (office, kind): rows[r][c]
        for r, office in enumerate(offices)
        for c, kind in enumerate(columns)
        if decided.shown[r, c]
    }
    if decided.columns_shown:
        for c, kind in enumerate(columns):
            found[None, kind] = sum((row[c] for row in rows), nobody)
    return found


def _compare(form: Form, row: Breakdown, of: Stretch) -> Iterator[Found]:
    yield from _memberships(row, of)
    right = again(form, row, of)
    for column, shown, proved in (
        ("columns", row.columns, right.columns),
        ("simulated", row.simulated, right.simulated),
    ):
        if shown != proved:
            yield _found(row, TABLE, column, str(shown), str(proved))
    stored = {(cell.office_id, cell.key): cell for cell in row.cells.all()}
    revision = _revision(stored.values())
    for place in sorted(right.cells.keys() - stored.keys(), key=str):
        yield _found(row, CELLS, ROW, "0", "1", place)
    for place, cell in sorted(stored.items(), key=str):
        if place in right.cells:
            yield from _compare_cell(row, place, cell, right.cells[place], revision)
        else:
            yield _found(row, CELLS, ROW, "1", "0", place)


def _compare_cell(
    row: Breakdown, place: Cell, cell: BreakdownCell, right: Counted, revision: int
) -> Iterator[Found]:
    y, m = right.moments[:2]
    for column, shown, proved in (
        ("people", cell.people, right.people),
        ("satisfied", cell.satisfied, y),
        ("answered", cell.answered, m),
        ("moments", list(cell.moments), list(right.moments)),
    ):
        if shown != proved:
            yield _found(row, CELLS, column, str(shown), str(proved), place)
    low, high = pooled_limits(right.people, right.moments, revision) or (None, None)
    for name, limit, computed in (("low", cell.low, low), ("high", cell.high, high)):
        if not near(limit, computed):
            yield _found(row, CELLS, name, str(limit), str(computed), place)


def _revision(cells: Collection[BreakdownCell]) -> int:
    """The revision of the arithmetic by which a table's limits were made, as far as one fits all.

    A table is written once and does not say it.
    """

    def fits(revision: int) -> bool:
        made = [pooled_limits(one.people, one.moments, revision) or (None, None) for one in cells]
        pairs = zip(cells, made, strict=True)
        return all(near(one.low, low) and near(one.high, high) for one, (low, high) in pairs)

    return next((revision for revision in REVISIONS[::-1] if fits(revision)), REVISIONS[-1])


def _memberships(row: Breakdown, of: Stretch) -> Iterator[Found]:
    """Whether those whom the table was made of are still who and what they were."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERSHIPS, [row.instrument_id, of.first, of.last, row.pk])
        rows = cursor.fetchall()
    for office, people, digest, batches, withdrawn, *now in rows:
        for column, shown, proved in zip(
            ("people", "digest", "batches", "withdrawn"),
            (people, digest, batches, withdrawn),
            now,
            strict=True,
        ):
            if shown != proved:
                yield _found(row, MEMBERS, column, str(shown), str(proved), (office, ""))


def _adopted(form: Form, row: Breakdown, of: Stretch, offices: Collection[int]) -> bool:
    """Believes an old table if what stands now gives exactly it; says whether it did."""
    with transaction.atomic():
        remember(row, sorted(offices))
        if not any(_compare(form, row, of)):
            return True
        transaction.set_rollback(True)
    return False


def _found(
    row: Breakdown, table: str, column: str, shown: str, proved: str, place: Cell = (None, "")
) -> Found:
    office, kind = place
    key = f"{row.dimension}: {kind}" if kind else f"{row.dimension}:"
    return Found(
        part=Part.TABLES,
        table=table,
        column=column,
        place=Place(office, row.unit_id, "then"),
        instrument=row.instrument_id,
        period=row.period,
        first=row.start,
        last=period_of(row.period, row.start).last,
        key=key,
        shown=shown[:200],
        proved=proved[:200],
    )
