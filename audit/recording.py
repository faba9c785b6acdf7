"""Writing down what was done.

with transaction.atomic():
    office.save()
    record("office.changed", subject=office.slug, office_id=office.pk, details={...})
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from audit import chain
from audit.actors import Actor, current
from audit.models import Entry

Outcome = Entry.Outcome
LONGEST_SUBJECT = 200
LONGEST_ACCOUNT = 150
ZERO = "\x00"  # the one letter that the database does not store

# The same statement serves connections that Django's registry, and so its ORM, does not know.
INSERT = """
INSERT INTO audit_entry
    (action, outcome, account_id, account, source, subject, office_id, unit_id, details)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""


def record(
    action: str,
    *,
    subject: str = "",
    office_id: int | None = None,
    unit_id: int | None = None,
    details: Mapping[str, object] | None = None,
    outcome: Outcome = Outcome.DONE,
    by: Actor | None = None,
    apart: bool = False,
) -> None:
    """Writes one entry in the transaction of the act.

    action: `noun.verb`, such as `office.changed`. subject: what it was done to, in words that an
    auditor finds again (a short name, a number). details: small, JSON; old and new values under
    `was` and `now`, sizes under `size`; never an answer, a text of a citizen, a contact, a token.
    by: who; else whoever acts now. apart: in a transaction of its own, which stays when the
    caller's is rolled back: for refusals and failures.

    Once its transaction is committed the entry is linked into the chain; what fails in that holds
    up nobody and is done by the next tick.
    """
    actor = by or current()
    values = [
        action,
        outcome.value,
        actor.account_id,
        actor.name.replace(ZERO, "")[:LONGEST_ACCOUNT],
        actor.source,
        subject.replace(ZERO, "")[:LONGEST_SUBJECT],
        office_id,
        unit_id,
        json.dumps(dict(details or {})),
    ]
    if not apart:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, values)
        transaction.on_commit(chain.seal, robust=True)
        return
    with own_transaction() as cursor:
        cursor.execute(INSERT, values)


@contextmanager
def own_transaction() -> Iterator[CursorWrapper]:
    """A transaction that nobody else's takes along when it is rolled back.

    On the connection of this thread where nothing is under way on it, else on another one beside
    the pool: whoever waits for the pool while they hold a connection of it may wait for themselves.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(transaction.atomic(durable=True))
            cursor = stack.enter_context(connection.cursor())
            transaction.on_commit(chain.seal, robust=True)
        except RuntimeError:  # inside of a transaction; the one around a test does not count
            cursor = stack.enter_context(_beside())
        yield cursor


@contextmanager
def _beside() -> Iterator[CursorWrapper]:
    other: Any = connection.copy()  # Any: its types know no options
    other.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with other.cursor() as cursor:  # no transaction is begun: each statement is one
            yield cursor
    finally:
        other.close()
