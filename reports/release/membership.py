"""The membership: exactly which responses stand in a release, so that nothing later can change it.

A membership names whole batches and the responses of these batches that are left out. Two
memberships of one office, questionnaire and period are the same or at least k people apart:
otherwise who compares two releases would read the answers of the few people between them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from uuid import UUID

import numpy as np
from django.db import connection

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, span_of
from reports.models import Opening, ReleaseMembership
from reports.sipas.counts.cells import count_cells, total
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.columns import Opened, take
from surveys.labels import CHANNEL, RESPONDENT, STAGE, opener_or_none
from surveys.models.standing import STANDING

# What is shown beside the headline: by whom (batches), and which columns.
Openings = tuple[tuple[tuple[int, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class OfficeMembership:
    """Some batches of one office and questionnaire without some of their responses, by id."""

    office: int
    instrument: int
    batches: tuple[int, ...]
    withdrawn: tuple[UUID, ...]
    openings: Openings = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class MembershipSums:
    """What a membership holds: the sums of its people and the SHA-256 of their responses."""

    sums: Sums
    opened: Opened
    simulated: bool
    digest: str


def instrument_name(instrument_id: int) -> str:
    """How a release names a questionnaire: `slug.version`."""
    instrument = instrument_of(instrument_id)
    return f"{instrument.slug}.{instrument.version}"


def fingerprint(instrument_id: int) -> str:
    """Eight bytes in hexadecimal that change with what is counted of a questionnaire, and how."""
    return layout_of(instrument_of(instrument_id)).fingerprint.hex()


def head(office: str, instrument: str) -> bytes:
    """The first line of what a membership's digest is taken of; the others are its responses."""
    return f"{office} {instrument}\n".encode()


PLACE = "office_id = %s AND instrument_id = %s AND day BETWEEN %s AND %s"
Parameter = int | date | list[int] | list[UUID] | bytes | None
# Everybody of a membership, for statements that open labels.
NAMED = """
office_id = %(office)s AND instrument_id = %(instrument)s AND day BETWEEN %(first)s AND %(last)s
AND batch = ANY(%(batches)s) AND NOT id = ANY(%(withdrawn)s)
"""

LEFT_OUT = f"""
SELECT id FROM surveys_response
WHERE {PLACE} AND batch = ANY(%s) AND (withdrawn OR NOT ({STANDING}))
ORDER BY id
"""  # noqa: S608 - constants of this module

NEWEST_LINE = 2
# By `Release.line`, one line a response, fields apart by one blank; the answers in hexadecimal. The
# first told labels to whoever tries them until the digest fits.
LINES = {
    1: f"""
concat_ws(' ', r.id, to_char(day, 'YYYY-MM-DD'), {CHANNEL}, {STAGE}, {RESPONDENT}, simulated::int,
          encode(answers, 'hex')) || E'\\n'
""",
    NEWEST_LINE: """
concat_ws(' ', r.id, to_char(day, 'YYYY-MM-DD'), simulated::int, encode(answers, 'hex')) || E'\\n'
""",
}

READ = {
    number: f"""
SELECT string_agg({line}, '' ORDER BY id), string_agg(answers, ''::bytea ORDER BY id),
       coalesce(bool_or(simulated), false), array_agg(batch ORDER BY id)
FROM surveys_response r WHERE {NAMED}
"""  # noqa: S608 - constants of this module
    for number, line in LINES.items()
}

ROWS = """
SELECT row.number, row.blocks FROM reports_blockrow row
WHERE row.office_id = %s AND row.instrument_id = %s AND row.start BETWEEN %s AND %s
"""

DIFFERENCE = f"""
SELECT count(*) FILTER (WHERE is_in AND NOT was_in), count(*) FILTER (WHERE was_in AND NOT is_in)
FROM (
    SELECT batch = ANY(%s) AND NOT id = ANY(%s) AS was_in,
           batch = ANY(%s) AND NOT id = ANY(%s) AS is_in
    FROM surveys_response WHERE {PLACE} AND batch IS NOT NULL
) compared
"""  # noqa: S608 - constants of this module


def membership_now(
    office: int, instrument: int, batches: Sequence[int], span: Span
) -> OfficeMembership:
    """The membership that holds all people of these batches whom figures count today."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_OUT, [office, instrument, span.first, span.last, list(batches)])
        left_out = tuple(response for (response,) in cursor.fetchall())
    return OfficeMembership(
        office, instrument, tuple(sorted(batches)), left_out, _openings(office, instrument, span)
    )


def _openings(office: int, instrument: int, span: Span) -> Openings:
    """What has opened for rows that lie wholly in the period, by the batches of the rows."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [office, instrument, span.first, span.last])
        blocks: dict[int, list[int]] = dict(cursor.fetchall())
    found = Opening.objects.filter(
        office=office, instrument=instrument, start__range=(span.first, span.last)
    )
    return tuple(
        (
            tuple(sorted(block for number in one.rows for block in blocks[number])),
            tuple(one.columns),
        )
        for one in found.order_by("pk")
        if span_of(one.period, one.start).last in span
    )


def membership_of(row: ReleaseMembership) -> OfficeMembership:
    """The membership of a release as it was stored."""
    return OfficeMembership(
        row.office_id,
        row.instrument_id,
        tuple(row.batches),
        tuple(row.withdrawn),
        tuple((tuple(blocks), tuple(columns)) for blocks, columns in row.openings or ()),
    )


def named(membership: OfficeMembership, span: Span) -> Mapping[str, Parameter]:
    """The parameters of a statement with NAMED and labels."""
    return {
        "office": membership.office,
        "instrument": membership.instrument,
        "first": span.first,
        "last": span.last,
        "batches": list(membership.batches),
        "withdrawn": list(membership.withdrawn),
        "opener": opener_or_none(),
    }


def read(
    membership: OfficeMembership, office: str, span: Span, line: int = NEWEST_LINE
) -> MembershipSums:
    """The sums and the digest of a membership's people; `office` is the office's short name.

    line: of the release, what the digest is taken of. PostgreSQL packs the answers together and
    numpy counts them.
    """
    with connection.cursor() as cursor:
        cursor.execute(READ[line], named(membership, span))
        lines, answers, simulated, numbers = cursor.fetchone()
    digest = sha256(head(office, instrument_name(membership.instrument)))
    digest.update((lines or "").encode())
    layout = layout_of(instrument_of(membership.instrument))
    if not answers:
        return MembershipSums(Sums.zero(layout), Opened.zero(layout), simulated, digest.hexdigest())
    by_batch = sums_by_batch(layout, answers, numbers)
    sums = total(layout, list(by_batch.values()))
    beside = opened(layout, by_batch, membership.openings)
    return MembershipSums(sums, beside, simulated, digest.hexdigest())


def sums_by_batch(layout: Layout, answers: bytes, numbers: Sequence[int]) -> dict[int, Sums]:
    """The sums of each batch; numbers: the batch of every response, in the order of the answers."""
    batches, cell = np.unique(np.array(numbers), return_inverse=True)
    packed = np.frombuffer(answers, np.uint8).reshape(-1, layout.n_items)
    cells = count_cells(layout, packed, cell.astype(np.intp), len(batches))
    return dict(zip(batches.tolist(), cells, strict=True))


def opened(layout: Layout, by_batch: Mapping[int, Sums], openings: Openings) -> Opened:
    """What the openings show of these batches."""
    return Opened.total(
        layout,
        [
            take(total(layout, [by_batch[block] for block in of if block in by_batch]), columns)
            for of, columns in openings
        ],
    )


def difference(before: OfficeMembership, after: OfficeMembership, span: Span) -> tuple[int, int]:
    """How many people `after` holds that `before` does not, and the other way round."""
    if before == after:
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            DIFFERENCE,
            [
                *(list(before.batches), list(before.withdrawn)),
                *(list(after.batches), list(after.withdrawn)),
                *(after.office, after.instrument, span.first, span.last),
            ],
        )
        added, removed = cursor.fetchone()
    return added, removed


def told_apart(
    wanted: OfficeMembership, earlier: Sequence[OfficeMembership], span: Span, k: int
) -> OfficeMembership:
    """`wanted`, or the newest of the `earlier` that differs from it by fewer than k people.

    earlier: all published memberships of the same office, questionnaire and period, newest first.
    The empty membership stands behind them: an office that shows nothing is a figure too.
    """
    nobody = OfficeMembership(wanted.office, wanted.instrument, (), ())
    for before in (*earlier, nobody):
        if 0 < sum(difference(before, wanted, span)) < k:
            return before
    return wanted
