"""Locks keep people off each other, under the numbers that older processes know."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DataError, OperationalError, connection, transaction

from offices.locks import Lock, holding, wait_for
from tests.test_house import ROOT, tracked

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(task: Callable[[], bool]) -> bool:
    """What the task says on a connection of its own."""

    def run() -> bool:
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def taken(lock: Lock, number: int) -> bool:
    """Whether somebody else holds the lock right now."""

    def waits() -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            try:
                wait_for(lock, number)
            except OperationalError:
                return True
            return False

    def is_refused() -> bool:
        with holding(lock, number) as alone:
            return not alone

    waiting, refused = elsewhere(waits), elsewhere(is_refused)
    assert waiting == refused
    return waiting


def test_numbers_are_those_of_processes_that_run_already() -> None:
    assert {lock.name: lock.value for lock in Lock} == {
        "OFFICE_COUNT": 7301,
        "UNIT_COUNT": 7302,
        "EXCLUSIONS": 7303,
        "DOSSIERS": 7304,
        "PUBLISHING": 7310,
        "PROOF": 7311,
        "ACCOUNTS": 7312,
    }


@pytest.mark.parametrize("lock", Lock)
def test_a_lock_of_the_transaction_ends_with_it(lock: Lock) -> None:
    with transaction.atomic():
        wait_for(lock, 5)
        assert taken(lock, 5)
        assert not taken(lock, 6)
        assert not any(taken(other, 5) for other in Lock if other is not lock)
    assert not taken(lock, 5)


def test_a_lock_of_the_session_is_let_go_at_the_end_and_after_an_error() -> None:
    with holding(Lock.PUBLISHING, 5) as alone:
        assert alone
        assert taken(Lock.PUBLISHING, 5)
    assert not taken(Lock.PUBLISHING, 5)
    with pytest.raises(ZeroDivisionError), holding(Lock.PUBLISHING, 5):
        _ = 1 / 0
    assert not taken(Lock.PUBLISHING, 5)


def test_a_lock_of_the_session_does_not_outlive_a_transaction_that_failed() -> None:
    with (
        pytest.raises(DataError),
        transaction.atomic(),
        holding(Lock.PUBLISHING, 5),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")
    assert not taken(Lock.PUBLISHING, 5)


def test_no_other_file_of_the_product_takes_advisory_locks() -> None:
    rooms = (
        "config",
        "audit",
        "offices",
        "accounts",
        "surveys",
        "reports",
        "officials",
        "demo",
        "launch",
    )
    others = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in tracked(f"{room}/*.py")
        if "advisory_" in path.read_text("utf-8")
    ]
    # the audit stands below; its number is held to ours in tests/audit/test_chain.py
    assert others == ["audit/chain.py", "offices/locks.py"]
