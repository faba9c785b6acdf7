"""What somebody does who owns the database's server: past every trigger."""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, transaction

Found = TypeVar("Found")


def on_its_own(task: Callable[[], Found]) -> Found:
    """What the task returns on a connection of its own."""

    def run() -> Found:
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def past_the_triggers(*statements: str) -> None:
    """Executes them as a superuser who has switched all triggers off, foreign keys as well."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(
            "SET LOCAL session_replication_role = origin"
        )  # for a test's own transaction


# What an outsider needs to compute a link again; nothing of ours is used, see docs/operations.md.
FIELDS = """
SELECT l.seq::text, to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.id::text,
    to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.action, e.outcome,
    e.account_id::text, e.account, abbrev(e.source), e.subject, e.office_id::text, e.unit_id::text,
    e.details::text, e.transaction::text,
    to_char(e.begun AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.role
FROM audit_link l JOIN audit_entry e ON e.id = l.entry_id ORDER BY l.seq
"""


def hashed(previous: bytes, fields: Sequence[str | None]) -> bytes:
    """The hash of a link, written a second time."""
    made = previous
    for text in fields:
        if text is None:
            made += b"\xff" * 4
        else:
            made += len(text.encode()).to_bytes(4, "big") + text.encode()
    return hashlib.sha256(made).digest()


def recomputed() -> list[bytes]:
    """The hashes of the whole chain as the entries stand now, in order."""
    with connection.cursor() as cursor:
        cursor.execute(FIELDS)
        rows = cursor.fetchall()
    made, previous = [], bytes(32)
    for row in rows:
        previous = hashed(previous, row)
        made.append(previous)
    return made


def make_the_chain_anew() -> None:
    """What the best of attackers does: every link fits again."""
    made = recomputed()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT seq FROM audit_link ORDER BY seq")
        seqs = [seq for (seq,) in cursor.fetchall()]
        # from the end, for no two links have the same one before them
        for seq, before, now in reversed(list(zip(seqs, [bytes(32), *made], made, strict=False))):
            cursor.execute(
                "UPDATE audit_link SET previous = %s, hash = %s WHERE seq = %s", [before, now, seq]
            )
        cursor.execute("SET LOCAL session_replication_role = origin")
