"""Answers a second through `intake.submit`, one connection, and bare inserts of the same rows."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.measures import province
from demo.simulation.draw import draw
from offices import directory
from surveys.intake.submit import Submission, submit
from surveys.models import Channel, Mark, Response

# What one answer costs at least: its row and its mark, in one transaction.
INSERT = """
INSERT INTO surveys_response (
    office_id, id, procedure_id, instrument_id, channel, stage, respondent, state, step, answers,
    valid, day, received_on, hour, language, flags, simulated
) VALUES (%s, %s, %s, %s, 1, 0, 0, 1, 1, %s, true, %s, %s, 9, 'vi', 0, false)
"""
MARK = "INSERT INTO surveys_mark (office_id, day) VALUES (%s, %s)"
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def submissions(responses: int) -> list[Submission]:
    """Finished forms of simulated people at all offices."""
    plan = province.plan()
    known = directory.current()
    codes = plan.form.codes
    made = []
    for people in draw(plan, responses, seed=1):
        for office_id, row in zip(people.office_id.tolist(), people.answers.tolist(), strict=True):
            office = known.offices_by_id[office_id]
            made.append(
                Submission(
                    id=uuid4(),
                    office=office,
                    instrument=plan.form.instrument,
                    answers=dict(zip(codes, row, strict=True)),
                    step=1,
                    finished=True,
                    channel=Channel.PHONE,
                    language="vi",
                    procedure=known.procedures(office)[0],
                )
            )
    return made


def statements(submission: Submission) -> int:
    """How many statements one submission takes besides those of the transaction."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        submit(submission)
    return sum(not query["sql"].startswith(NOT_COUNTED) for query in captured.captured_queries)


def insert_bare(rows: Sequence[tuple[object, ...]], now: datetime) -> None:
    """Each row with its mark in a transaction of its own, on a connection of psycopg's."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as bare:
        for row in rows:
            with bare.transaction():
                bare.execute(INSERT, (*row, now.date(), now.date()))
                bare.execute(MARK, (row[0], now.date()))


def measure(responses: int) -> dict[str, float]:
    """Submits, then inserts the same answers under other ids."""
    province.build()
    now = timezone.localtime()
    warm, *rest = submissions(responses + 1)
    per_response = statements(warm)
    with province.Stopwatch() as submitting:
        for submission in rest:
            submit(submission)
    rows = [_row(submission) for submission in rest]
    with province.Stopwatch() as floor:
        insert_bare(rows, now)
    if Response.objects.count() != 2 * responses + 1 or Mark.objects.count() != 2 * responses + 1:
        raise AssertionError("not everything that was sent is there")
    return {
        "responses": responses,
        "statements_per_response": per_response,
        "submit_s": round(submitting.seconds, 2),
        "responses_per_s": round(responses / submitting.seconds),
        "floor_s": round(floor.seconds, 2),
        "floor_responses_per_s": round(responses / floor.seconds),
        "ratio_to_floor": round(submitting.seconds / floor.seconds, 2),
    }


def _row(submission: Submission) -> tuple[int, UUID, int | None, int, bytes]:
    office, procedure = submission.office.id, submission.procedure
    packed = bytes(submission.answers.values())
    return (
        office,
        uuid4(),
        procedure.id if procedure else None,
        submission.instrument.id,
        packed,
    )


if __name__ == "__main__":
    print(json.dumps({"benchmark": "intake", **measure(province.how_many(5_000))}))
