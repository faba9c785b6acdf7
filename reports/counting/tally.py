"""Recounting what is marked, from the responses themselves.

In one transaction, under a lock for the office: the marks that are seen are deleted, withdrawn
answers leave what is shown, answers that wait to be shown are put into a batch, and in later
statements the marked days are counted from nothing. A response that commits late keeps its own
mark. Doing it twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

import numpy as np
from django.db import connection

from offices.locks import Lock, wait_for
from reports.counting.batching import form_batches, withdraw
from reports.counting.closing import closed_through
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import deflate
from reports.models import Batch, Tally
from reports.sipas.counts.cells import count_cells
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from surveys.exclusions.steps import apply_exclusions
from surveys.models import Mark
from surveys.models.standing import ENOUGH


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount touched: the days of one office, and the instruments seen on them."""

    office_id: int
    days: frozenset[date]


def marked_offices() -> list[int]:
    """The offices with marks, by key."""
    return list(Mark.objects.order_by("office_id").values_list("office_id", flat=True).distinct())


def recount(office_id: int, days: Iterable[date] = (), closing: date | None = None) -> Recount:
    """Counts the marked days of an office again, and `days` whether marked or not.

    closing: the day that the night is closing, with everything before it. Must run inside a
    transaction, which it locks the office for.
    """
    wait_for(Lock.OFFICE_COUNT, office_id)
    through = max(filter(None, (closing, closed_through())), default=None)
    touched = set(days) | _take_marks(office_id)
    apply_exclusions(office_id, touched)
    touched |= withdraw(office_id)  # before new batches: see there
    touched |= form_batches(office_id, through)
    if touched:
        _count(office_id, sorted(touched))
    return Recount(office_id, frozenset(touched))


def _take_marks(office_id: int) -> set[date]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_mark WHERE office_id = %s RETURNING day", [office_id])
        return {day for (day,) in cursor.fetchall()}


READ = f"""
SELECT r.instrument_id, r.day, r.authority_id, r.channel, r.stage, p.field_id, r.simulated,
       r.batch, r.excluded, r.withdrawn, string_agg(r.answers, ''::bytea), count(*)::int
FROM surveys_response r LEFT JOIN offices_procedure p ON p.id = r.procedure_id
WHERE r.office_id = %s AND r.day = ANY(%s) AND {ENOUGH}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""  # noqa: S608 - constants of ours


def _count(office_id: int, days: Sequence[date]) -> None:
    """Replaces the tallies and batch rows of the days by what the responses say now."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [office_id, list(days)])
        rows = cursor.fetchall()
    by_instrument: dict[int, list[TallyGroup]] = defaultdict(list)
    for instrument_id, *row in rows:
        by_instrument[instrument_id].append(TallyGroup(*row))
    Tally.objects.filter(office_id=office_id, day__in=days).delete()
    Batch.objects.filter(office_id=office_id, day__in=days).delete()
    for instrument_id, groups in by_instrument.items():
        _count_instrument(office_id, instrument_id, groups)


class TallyGroup(NamedTuple):
    """People of one office and instrument with all of this in common, their answers in a row."""

    day: date
    authority: int
    channel: int
    stage: int
    field: int | None
    simulated: bool
    batch: int | None
    excluded: bool
    withdrawn: bool
    answers: bytes
    people: int


Key = TypeVar("Key", bound=Hashable)


def _count_instrument(office_id: int, instrument_id: int, groups: Sequence[TallyGroup]) -> None:
    layout = layout_of(instrument_of(instrument_id))
    counted = [(group[:6], group) for group in groups if not group.excluded]
    _copy(
        "reports_tally (office_id, instrument_id, day, authority_id, channel, stage, field_id,"
        " simulated, people, sums)",
        [
            (office_id, instrument_id, *cell, sums.people, deflate(sums))
            for cell, sums in _sums(layout, counted)
        ],
    )
    batched = [((group.batch, group.day), group) for group in groups if group.batch is not None]
    gone = dict(_sums(layout, [(share, group) for share, group in batched if group.withdrawn]))
    _copy(
        "reports_batch (office_id, instrument_id, number, day, people, sums, withdrawn)",
        [
            (
                office_id,
                instrument_id,
                *share,
                sums.people,
                deflate(sums),
                deflate(gone[share]) if share in gone else None,
            )
            for share, sums in _sums(layout, batched)
        ],
    )


def _sums(layout: Layout, groups: Sequence[tuple[Key, TallyGroup]]) -> list[tuple[Key, Sums]]:
    """The sums of each key, from the answers of all groups that have it."""
    cells = {key: index for index, key in enumerate(dict.fromkeys(key for key, _ in groups))}
    answers = np.frombuffer(b"".join(group.answers for _, group in groups), np.uint8)
    cell = np.repeat(
        np.array([cells[key] for key, _ in groups], dtype=np.intp),
        [group.people for _, group in groups],
    )
    counted = count_cells(layout, answers.reshape(-1, layout.n_items), cell, len(cells))
    return list(zip(cells, counted, strict=True))


def _copy(target: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Writes rows by COPY: the night writes tens of thousands at once."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
