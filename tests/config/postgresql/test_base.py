"""The first statement of a session that died unseen is executed once more, if that is safe."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import errors

from config.postgresql.lost import could_not_connect, is_lost
from offices.models import Field
from tests.away import database_away, drop_connections, ours

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """No session is left over, before and after."""
    drop_connections()
    yield
    drop_connections()


def cut() -> None:
    """The network of this thread's session is cut, so that only a statement will tell."""
    found = ours().connection
    assert found is not None
    with socket.socket(fileno=found.fileno()) as line:
        line.shutdown(socket.SHUT_RDWR)
        line.detach()


@contextmanager
def taken_and_cut() -> Iterator[None]:
    """A session was just taken from the pool, and is dead."""
    connection.ensure_connection()
    cut()
    yield


def pid() -> int:
    """The server's number of this session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_reading_notices_nothing() -> None:
    with taken_and_cut():
        assert pid() > 0
        assert not Field.objects.exists()


def test_a_transaction_begins_again_with_its_savepoints() -> None:
    with taken_and_cut(), transaction.atomic():
        Field.objects.create(slug="mot", name="Một")
        with transaction.atomic():
            Field.objects.create(slug="hai", name="Hai")
    drop_connections()
    assert set(Field.objects.values_list("slug", flat=True)) == {"mot", "hai"}


def test_what_failed_after_its_savepoint_is_rolled_back_alone() -> None:
    with taken_and_cut(), transaction.atomic():
        Field.objects.create(slug="mot", name="Một")
        with transaction.atomic():
            Field.objects.create(slug="hai", name="Hai")
            transaction.set_rollback(True)
    assert [*Field.objects.values_list("slug", flat=True)] == ["mot"]


def test_a_write_that_commits_by_itself_is_not_done_twice() -> None:
    with taken_and_cut(), connection.cursor() as cursor, pytest.raises(OperationalError) as told:
        cursor.execute("INSERT INTO offices_field (slug, name) VALUES ('mot', 'Một')")
    assert is_lost(told.value)
    connection.close()
    assert not Field.objects.exists()


def test_a_later_statement_of_a_session_is_not_repeated() -> None:
    """Its transaction may hold more than this statement."""
    with transaction.atomic():
        Field.objects.create(slug="mot", name="Một")
        cut()
        with pytest.raises(OperationalError) as told:
            Field.objects.create(slug="hai", name="Hai")
    assert is_lost(told.value)
    connection.close()
    assert not Field.objects.exists()


def test_what_was_copied_before_it_is_not_lost_unseen() -> None:
    def copied_then_inserted() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            with cursor.copy("COPY offices_field (slug, name) FROM STDIN") as copy:
                copy.write_row(("mot", "Một"))
            cut()
            cursor.execute("INSERT INTO offices_field (slug, name) VALUES ('hai', 'Hai')")

    with pytest.raises(OperationalError) as told:
        copied_then_inserted()
    assert is_lost(told.value)
    connection.close()
    assert not Field.objects.exists()


def test_a_second_try_is_the_last() -> None:
    with database_away(), pytest.raises(OperationalError) as told:
        Field.objects.exists()
    assert is_lost(told.value)
    assert could_not_connect(told.value)
    with taken_and_cut(), database_away(at_once=False), pytest.raises(OperationalError) as told:
        Field.objects.exists()
    assert is_lost(told.value)
    connection.close()
    assert Field.objects.count() == 0


def test_without_a_pool_it_is_the_same() -> None:
    options = connection.settings_dict["OPTIONS"]
    pool = options.pop("pool")
    try:
        with taken_and_cut(), transaction.atomic():
            Field.objects.create(slug="mot", name="Một")
        first = pid()
        connection.close()
        assert pid() != first
        assert Field.objects.count() == 1
    finally:
        connection.close()
        options["pool"] = pool


def test_rows_still_come_in_portions() -> None:
    with taken_and_cut(), connection.chunked_cursor() as cursor:
        name = cursor.name
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
        assert cursor.name == name


def test_a_first_statement_that_the_server_ended_is_not_repeated() -> None:
    connection.ensure_connection()
    before = ours().connection
    with connection.cursor() as cursor, pytest.raises(OperationalError, match="cancel"):
        cursor.execute("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(60)")
    assert ours().connection is before


def test_what_libpq_calls_a_lost_connection_is_one() -> None:
    assert is_lost(errors.ConnectionFailure())
    assert is_lost(errors.TooManyConnections())
    assert not is_lost(errors.LockNotAvailable())
    assert not is_lost(errors.UniqueViolation())


def test_a_statement_that_the_server_ended_is_no_lost_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")
        with pytest.raises(OperationalError) as told:
            cursor.execute("SELECT pg_sleep(1)")
        cursor.execute("RESET statement_timeout")
    assert not is_lost(told.value)
    assert not is_lost(ValueError())


def test_taking_a_session_costs_no_statement() -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as captured:
        connection.close()
        assert not Field.objects.exists()
    assert len(captured.captured_queries) == 1
