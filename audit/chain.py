"""The chain: every entry's hash is made of what PostgreSQL returns for it and of the one before.

An entry is inserted with its act, without any lock. Once that is committed, `seal` links whatever
waits, in a short transaction of its own, under one lock that is thereby taken last: an act of
minutes holds up nobody, whatever it reads. The format, which anybody can compute again, is that of
`hash_of`.
"""

import hashlib
from collections.abc import Sequence
from typing import LiteralString

from django.db import connection, transaction

# One advisory lock, beside those of `offices.locks`, which stand on a floor above. For: 0.
LOCK = 7320
# At once in one transaction; what is left is linked by the next round.
MOST_AT_ONCE = 5000
FIRST = bytes(32)  # what stands before the first link

# The fields of an entry as texts, in the order in which they are hashed. Whatever is not the same
# gives another text: a year before Christ, and a network's mask behind an address.
MOMENT: LiteralString = (
    "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    " || CASE WHEN {0} < '0001-01-01 00:00:00+00' THEN ' BC' ELSE '' END"
)
FIELDS: LiteralString = ", ".join(
    (
        "entry.id::text",
        MOMENT.format("entry.at"),
        *("entry.action", "entry.outcome", "entry.account_id::text", "entry.account"),
        *("abbrev(entry.source)", "entry.subject", "entry.office_id::text", "entry.unit_id::text"),
        *("entry.details::text", "entry.transaction::text", MOMENT.format("entry.begun")),
        "entry.role",
    )
)

# Statements of their own, in this order: what is read is read after the lock was taken. Whoever
# waits for the lock for longer leaves it to the next tick.
TAKE_LOCK: LiteralString = f"""
SET LOCAL lock_timeout = '2s';
SELECT pg_advisory_xact_lock({LOCK}, 0);
"""
IS_ANY_WAITING: LiteralString = "SELECT EXISTS (SELECT FROM audit_waiting)"
NEWEST: LiteralString = "SELECT seq, hash FROM audit_link ORDER BY seq DESC LIMIT 1"
# Two statements: nobody knows how many wait, and a join would be planned for reading all entries.
WAITING: LiteralString = f"""
SELECT entry_id FROM audit_waiting ORDER BY entry_id LIMIT {MOST_AT_ONCE}
"""  # noqa: S608 - constants of ours
ENTRIES: LiteralString = f"""
SELECT entry.id, {MOMENT.format("clock_timestamp()")}, {FIELDS}
FROM audit_entry AS entry LEFT JOIN audit_link AS link ON link.entry_id = entry.id
WHERE entry.id = ANY(%s) AND link.seq IS NULL ORDER BY entry.id
"""  # noqa: S608 - constants of ours
# The ORM would send a statement for each of thousands.
LINK: LiteralString = """
WITH taken AS (DELETE FROM audit_waiting WHERE entry_id = ANY(%(entries)s::bigint[]))
INSERT INTO audit_link (seq, entry_id, at, previous, hash)
SELECT * FROM unnest(
    %(seqs)s::bigint[], %(entries)s::bigint[], %(moments)s::timestamptz[],
    %(before)s::bytea[], %(hashes)s::bytea[]
)
"""


def hash_of(previous: bytes, seq: int, linked_at: str, fields: Sequence[str | None]) -> bytes:
    """The hash of a link: SHA-256, 32 bytes.

    Over `previous`, 32 bytes, and then over each of the texts `seq`, `linked_at` and the entry's
    FIELDS: its length in bytes as four bytes, the highest first, and the text in UTF-8; the length
    of what is NULL is 2³²−1. Moments are in UTC, as `2026-11-29T03:04:05.000006Z`; `details` is as
    PostgreSQL writes jsonb, `source` as it writes an address.
    """
    made = hashlib.sha256(previous)
    for text in (str(seq), linked_at, *fields):
        if text is None:
            made.update(b"\xff\xff\xff\xff")
            continue
        plain = text.encode()
        made.update(len(plain).to_bytes(4) + plain)
    return made.digest()


def seal() -> int:
    """Links all entries that wait, however many processes do so at once; how many this one linked.

    Raises what the database raises, also where somebody holds the lock for two seconds.
    """
    sealed = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(IS_ANY_WAITING)
            if cursor.fetchone() != (True,):
                return sealed
        linked = _link()
        sealed += linked
        if linked < MOST_AT_ONCE:
            return sealed


@transaction.atomic
def _link() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_LOCK)
        cursor.execute(NEWEST)
        seq, previous = cursor.fetchone() or (0, FIRST)
        cursor.execute(WAITING)
        cursor.execute(ENTRIES, [[entry for (entry,) in cursor.fetchall()]])
        found = cursor.fetchall()
        before, hashes = [], []
        for nth, (_entry, now, *fields) in enumerate(found, start=seq + 1):
            before.append(bytes(previous))
            previous = hash_of(previous, nth, now, fields)
            hashes.append(previous)
        if found:
            entries, moments = zip(*((row[0], row[1]) for row in found), strict=True)
            cursor.execute(
                LINK,
                {
                    "seqs": list(range(seq + 1, seq + 1 + len(found))),
                    "entries": list(entries),
                    "moments": list(moments),
                    "before": before,
                    "hashes": hashes,
                },
            )
    return len(found)
