"""Puts simulated responses into the database by COPY, marked for counting and as simulated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.errors import UniqueViolation

from demo.simulation.batching import Batching
from demo.simulation.draw import LANGUAGE_CODES, People, draw
from demo.simulation.flags import flag
from demo.simulation.plan import CannotSimulate, Plan
from demo.simulation.remarks import write_remark
from demo.simulation.rows import COPY_IN, HEADER, TRAILER, binary_rows
from surveys.models import Remark, Response


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written: rows of responses, remarks, and marked pairs of office and day."""

    responses: int
    remarks: int
    marks: int


RemarkRow = tuple[int, UUID, object, str]

COPY_REMARKS = """
COPY surveys_remark (office_id, response_id, day, text, state, simulated) FROM STDIN
"""
NEWEST_BATCHES = """
SELECT office_id, max(batch) FROM surveys_response
WHERE instrument_id = %s AND batch IS NOT NULL GROUP BY 1
"""
# Fewer than k people were left for the last batch: they wait, as they would have.
TAKE_BACK = """
UPDATE surveys_response r SET batch = NULL
FROM unnest(%s::bigint[], %s::int[]) AS last (office_id, batch)
WHERE r.office_id = last.office_id AND r.batch = last.batch AND r.instrument_id = %s
"""
# The numbers that are taken: whoever comes next gets a later one. The marked days are counted anew,
# and their sums with them.
TAKEN = """
INSERT INTO reports_batch (office_id, instrument_id, number, day, people, sums)
SELECT office_id, instrument_id, batch, day, count(*), ''
FROM surveys_response WHERE instrument_id = %s AND simulated AND batch IS NOT NULL
GROUP BY 1, 2, 3, 4 ON CONFLICT DO NOTHING
"""


def load(
    plan: Plan, responses: int, seed: int, batch: int = 10, beside_real_data: bool = False
) -> Loaded:
    """Draws and writes exactly `responses` responses; all or nothing.

    batch: the fewest people of a batch, as in reports.sipas.hiding.blocks: what a night would have
    batched long ago is written batched. Raises CannotSimulate when the database holds real
    responses and `beside_real_data` is not said, or when this seed is already there.
    """
    refuse_beside_real(beside_real_data)
    instrument_id = plan.form.instrument.id
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(NEWEST_BATCHES, [instrument_id])
            batching = Batching(plan, batch, dict(cursor.fetchall()))
            remarks: list[RemarkRow] = []
            marked: set[tuple[int, int]] = set()
            marking = np.random.default_rng([seed, 4])
            with cursor.copy(COPY_IN) as copy:
                copy.write(HEADER)
                for drawn in draw(plan, responses, seed):
                    people = flag(plan, drawn, marking)
                    people = replace(people, batch=batching.numbers(people))
                    for rows in binary_rows(people, plan.days, instrument_id):
                        copy.write(rows)
                    remarks += _remarks(plan, people, seed + len(remarks))
                    marked |= _cells(people)
                copy.write(TRAILER)
            cursor.execute(TAKE_BACK, [*batching.unfinished(), instrument_id])
            cursor.execute(TAKEN, [instrument_id])
            with cursor.copy(COPY_REMARKS) as copy:
                for row in remarks:
                    copy.write_row((*row, Remark.State.NEW.value, True))
            mark(
                cursor,
                [(plan.wishes[office].office.id, plan.days[day]) for office, day in sorted(marked)],
            )
    except UniqueViolation:
        # COPY is not Django's, so its errors are psycopg's.
        raise CannotSimulate(
            f"The responses of seed {seed} are already in this database. Choose another --seed."
        ) from None
    return Loaded(responses, len(remarks), len(marked))


def refuse_beside_real(allowed: bool) -> None:
    """Raises CannotSimulate when the database holds real responses and that is not allowed."""
    if not allowed and Response.objects.filter(simulated=False).exists():
        raise CannotSimulate(
            "This database holds real responses. Simulated ones would stand beside them in every "
            "figure. Use another database, or say --beside-real-data."
        )


def mark(cursor: CursorWrapper, cells: Iterable[tuple[int, date]]) -> None:
    """Asks for these offices (keys) and days to be counted."""
    with cursor.copy("COPY surveys_mark (office_id, day) FROM STDIN") as copy:
        for cell in cells:
            copy.write_row(cell)


def _cells(people: People) -> set[tuple[int, int]]:
    """The distinct pairs of office and day."""
    pairs = np.unique(np.stack([people.office, people.day]), axis=1)
    return {(int(office), int(day)) for office, day in pairs.T}


def _remarks(plan: Plan, people: People, seed: int) -> Iterator[RemarkRow]:
    rng = np.random.default_rng([seed, 3])
    for row in np.flatnonzero(people.remark):
        yield (
            int(people.office_id[row]),
            UUID(bytes=people.id[row].tobytes()),
            plan.days[people.day[row]],
            write_remark(people.remark[row] == 1, LANGUAGE_CODES[people.language[row]], rng),
        )
