"""Every advisory lock of the product: its number, and what it guards.

    with transaction.atomic():
        wait_for(Lock.OFFICE_COUNT, office_id)          # until the transaction ends

    with holding(Lock.PUBLISHING, number) as alone:     # of the session; False: somebody has it
        ...

A lock is a number of ours and the number of what it is held for. The numbers outlive releases of
the software: while a server is brought up to date, old and new processes run side by side and have
to keep off each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import IntEnum

from django.db import connection, transaction


class Lock(IntEnum):
    """What only one of us does at a time."""

    # One office's marks become batches and scores. For: the office.
    OFFICE_COUNT = 7301
    # Offices' scores become those of a province or the country. For: the unit.
    UNIT_COUNT = 7302
    # Rules that leave responses of one office out are made, lifted and applied. For: the office.
    EXCLUSIONS = 7303
    # Counts of finished dossiers are compared and replaced. For: 0, as files hold many offices.
    DOSSIERS = 7304
    # A period is published, of whatever unit. For: the ordinal of its first day.
    PUBLISHING = 7310
    # What a proof found is written down. For: 0, as there is one list of it.
    PROOF = 7311
    # Roles are given and taken, accounts closed. For: 0, as the last one who manages must be seen.
    ACCOUNTS = 7312
    # 7320 is `audit.chain`'s, which stands on a floor below.


def wait_for(lock: Lock, number: int, *, also: Lock | None = None) -> None:
    """Waits until nobody else holds the lock, and holds it until this transaction ends.

    number: what the lock is for, see there; 32 bits with a sign. also: a second lock for the same
    number, taken after the first in the same statement.
    """
    numbers = [lock.value] if also is None else [lock.value, also.value]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(wanted, %s) FROM unnest(%s::int[]) AS wanted",
            [number, numbers],
        )


@contextmanager
def holding(lock: Lock, number: int) -> Iterator[bool]:
    """Holds the lock for the block, inside a transaction or not; False if somebody else has it.

    The lock is the session's: one of the transaction would be taken after its snapshot.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock.value, number])
        held = cursor.fetchone() == (True,)
        try:
            # in a transaction that has failed it could not be let go of, and outlives it
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                yield held
        finally:
            if held:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock.value, number])
