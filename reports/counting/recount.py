"""Recounting what is marked, from the responses themselves.

In one transaction, under a lock for the office: the marks that are seen are deleted, withdrawn
answers leave what is shown, in a night answers that wait are put into a batch, and in later
statements the batches of the marked days are counted from nothing. A response that commits late
keeps its own mark. Doing it twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from django.db import connection

from offices.locks import Lock, wait_for
from reports.counting.batching import closed_months, form_batches
from reports.counting.closing import is_closed, last_closed_month
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.leaving import leave
from reports.counting.periods import span_of
from reports.counting.stored import deflate, headline_group
from reports.models import Period
from reports.sipas.counts.cells import count_cells
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from surveys.exclusions.steps import apply_exclusions
from surveys.intake.shuffling import shuffle
from surveys.labels import opener
from surveys.models import Mark
from surveys.models.standing import ENOUGH, IN_SCORES


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount touched: the days of one office, and who stands on them.

    standing: by questionnaire, the days on which somebody's answers stand in figures or would if
    no auditor had left them out; and whether any of them are simulated.
    """

    office_id: int
    days: frozenset[date]
    standing: Mapping[int, Mapping[date, bool]] = field(default_factory=dict)


def marked_offices() -> list[int]:
    """The offices with marks, by key."""
    return list(Mark.objects.order_by("office_id").values_list("office_id", flat=True).distinct())


def recount(
    office_id: int,
    through: date | None,
    days: Iterable[date] = (),
    *,
    nights: Collection[date] = (),
    before: Callable[[], object] = lambda: None,
) -> Recount:
    """Counts the marked days of an office again, and `days` whether marked or not.

    through: the last day that is closed, or is being closed with this recount; nights: the days
    that it closes, after which batches may be formed; before: done first, once the office is
    locked. Must run inside a transaction, which it locks the office for.
    """
    wait_for(Lock.OFFICE_COUNT, office_id, also=Lock.EXCLUSIONS)
    before()
    if asked := sorted(days):
        _count(office_id, asked)  # new batches are formed beside what stands there
    touched = set(asked) | _take_marks(office_id)
    apply_exclusions(office_id, touched, _opener(office_id, touched, through))
    left = leave(office_id, through)  # before new batches: see there
    touched |= left.days
    if nights or _closes(office_id, touched, through):
        formed = form_batches(office_id, touched, through, nights, left.dissolved)
        if formed:
            shuffle(office_id, formed)  # a batch and the order of its rows would tell who came when
            touched |= formed
    standing = _count(office_id, sorted(touched)) if touched else {}
    return Recount(office_id, frozenset(touched), standing)


def _opener(office: int, days: Collection[date], through: date | None) -> bytes | None:
    """The key of folded labels, asked for only where days of closed months are counted again."""
    if not days or through is None or min(days) > last_closed_month(through).last:
        return None
    return opener(office)


def _closes(office_id: int, days: Iterable[date], through: date | None) -> bool:
    """Whether a month of these days closes with this recount, because its night failed here.

    Then whoever waits in it belongs to it, by day as well. Days of open months ask no database.
    """
    months = {span_of(Period.MONTH, day) for day in days}
    ended = {month.first for month in months if is_closed(month, through)}
    if not ended:
        return False
    return bool(
        ended - {date(*month, 1) for of in closed_months(office_id).values() for month in of}
    )


def _take_marks(office_id: int) -> set[date]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_mark WHERE office_id = %s RETURNING day", [office_id])
        return {day for (day,) in cursor.fetchall()}


# Who is in no batch stands in no figure yet; of them it only matters that they are there.
READ = f"""
SELECT r.instrument_id, r.day, r.batch, r.withdrawn, bool_or({IN_SCORES}) AS stands,
       bool_or({IN_SCORES} AND r.simulated) AS simulated, count(*)::int,
       string_agg(r.answers, ''::bytea) FILTER (WHERE r.batch IS NOT NULL)
FROM surveys_response r
WHERE r.office_id = %s AND r.day = ANY(%s) AND {ENOUGH}
GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - constants of ours

# One statement, so that the rows of a day are never seen half replaced.
REPLACE = """
WITH made AS (
    SELECT instrument_id, number, day, people, sums, ARRAY[y, m, yy, mm, ym] AS moments, withdrawn
    FROM unnest(
        %(instruments)s::bigint[], %(numbers)s::int[], %(days)s::date[], %(people)s::int[],
        %(sums)s::bytea[], %(y)s::bigint[], %(m)s::bigint[], %(yy)s::bigint[], %(mm)s::bigint[],
        %(ym)s::bigint[], %(withdrawn)s::bytea[]
    ) AS row (instrument_id, number, day, people, sums, y, m, yy, mm, ym, withdrawn)
), gone AS (
    DELETE FROM reports_batch b
    WHERE b.office_id = %(office)s AND b.day = ANY(%(touched)s) AND NOT EXISTS (
        SELECT 1 FROM made
        WHERE (made.instrument_id, made.number, made.day) = (b.instrument_id, b.number, b.day)
    )
)
INSERT INTO reports_batch
    (office_id, instrument_id, number, day, people, sums, moments, withdrawn)
SELECT %(office)s, instrument_id, number, day, people, sums, moments, withdrawn FROM made
ON CONFLICT (office_id, instrument_id, number, day) DO UPDATE SET
    people = excluded.people, sums = excluded.sums, moments = excluded.moments,
    withdrawn = excluded.withdrawn
"""


class CountedGroup(NamedTuple):
    """People of one office and questionnaire with all of this in common, their answers in a row.

    stands: whether any of them stand in figures, or would if no auditor had left them out;
    simulated: whether any of those are simulated.
    """

    instrument: int
    day: date
    batch: int | None
    withdrawn: bool
    stands: bool
    simulated: bool
    people: int
    answers: bytes | None


class BatchRow(NamedTuple):
    """A row of reports_batch: one day's share of a batch."""

    instrument: int
    number: int
    day: date
    people: Sums
    withdrawn: Sums | None


def _count(office_id: int, days: Sequence[date]) -> dict[int, dict[date, bool]]:
    """Replaces the batch rows of the days by what the responses say now; says who stands."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [office_id, list(days)])
        groups = [CountedGroup(*row) for row in cursor.fetchall()]
    standing: dict[int, dict[date, bool]] = defaultdict(dict)
    batched: dict[int, list[CountedGroup]] = defaultdict(list)
    for group in groups:
        if group.stands:
            of = standing[group.instrument]
            of[group.day] = of.get(group.day, False) or group.simulated
        if group.batch is not None:
            batched[group.instrument].append(group)
    _replace(office_id, days, [row for of in batched.values() for row in _rows(of)])
    return standing


def _rows(groups: Sequence[CountedGroup]) -> Iterable[BatchRow]:
    """The batch rows of groups of one questionnaire, counted in one pass."""
    layout = layout_of(instrument_of(groups[0].instrument))
    shares: dict[tuple[int, date], dict[bool, Sums]] = defaultdict(dict)
    for group, sums in zip(groups, _sums(layout, groups), strict=True):
        shares[group.batch or 0, group.day][group.withdrawn] = sums
    for (number, day), parts in shares.items():
        gone = parts.get(True)
        stay = parts.get(False)
        people = stay + gone if stay and gone else stay or gone
        if people is not None:
            yield BatchRow(groups[0].instrument, number, day, people, gone)


def _sums(layout: Layout, groups: Collection[CountedGroup]) -> list[Sums]:
    """The sums of each group."""
    answers = np.frombuffer(b"".join(group.answers or b"" for group in groups), np.uint8)
    cell = np.repeat(np.arange(len(groups), dtype=np.intp), [group.people for group in groups])
    return count_cells(layout, answers.reshape(-1, layout.n_items), cell, len(groups))


def _replace(office_id: int, days: Sequence[date], rows: Sequence[BatchRow]) -> None:
    moments = [
        row.people.moments[row.people.layout.group_of(*headline_group(row.people.layout))].tolist()
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            REPLACE,
            {
                "office": office_id,
                "touched": list(days),
                "instruments": [row.instrument for row in rows],
                "numbers": [row.number for row in rows],
                "days": [row.day for row in rows],
                "people": [row.people.people for row in rows],
                "sums": [deflate(row.people) for row in rows],
                "withdrawn": [deflate(row.withdrawn) if row.withdrawn else None for row in rows],
                **{
                    name: [of[place] for of in moments]
                    for place, name in enumerate(("y", "m", "yy", "mm", "ym"))
                },
            },
        )
