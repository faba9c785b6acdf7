"""What is written in the audit stays, and the database says by itself when and by whom."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from audit import chain
from audit.models import Entry, Link
from audit.recording import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Entry:
    record("office.changed", subject="phuong-ha-tien")
    chain.seal()
    return Entry.objects.get()


@pytest.mark.parametrize("table", ["audit_entry", "audit_link"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
def test_not_even_the_owner_changes_it(written: Entry, table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_table_stays")
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            cursor.execute(statement.format(table))
    assert Link.objects.get().entry == written


def test_the_database_says_when_and_by_whom() -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    made = Entry.objects.create(
        action="office.changed", outcome="done", at=long_ago, begun=long_ago, role="somebody"
    )
    made.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, transaction_timestamp(), clock_timestamp()")
        role, begun, now = cursor.fetchone()
    assert (made.role, made.begun) == (role, begun)
    assert begun <= made.at <= now


@pytest.fixture
def writer(written: Entry) -> Iterator[str]:
    """A role that was given what `audit_role` gives, acting in this session."""
    call_command("audit_role", "audit-writer", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute('SET ROLE "audit-writer"')
        yield "audit-writer"
        cursor.execute("RESET ROLE")


def test_the_role_inserts_reads_and_seals(writer: str) -> None:
    record("session.began")
    assert chain.seal() == 1
    assert Link.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        *(
            f"{what} {table}"
            for table in ("audit_entry", "audit_link")
            for what in ("DELETE FROM", "TRUNCATE", "DROP TABLE", "LOCK TABLE")
        ),
        "UPDATE audit_entry SET account = 'somebody'",
        "UPDATE audit_link SET hash = ''",
        "UPDATE audit_waiting SET entry_id = 0",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "SET LOCAL session_replication_role = replica",
        "SELECT * FROM offices_user",
    ],
)
def test_the_role_is_refused_everything_else(writer: str, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_no_role_is_made_of_a_superuser(written: Entry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (name,) = cursor.fetchone()
    with pytest.raises(CommandError, match="superuser"):
        call_command("audit_role", name)
    with pytest.raises((CommandError, DatabaseError)):
        call_command("audit_role", "pg_new")  # a name that PostgreSQL keeps for itself


SPY = """
CREATE TEMPORARY TABLE acted_as (name text);
CREATE TEMPORARY TABLE audit_waiting (entry_id bigint);
CREATE TEMPORARY TABLE audit_entry (id bigint);
GRANT ALL ON pg_temp.acted_as, pg_temp.audit_waiting, pg_temp.audit_entry TO PUBLIC;
CREATE FUNCTION pg_temp.look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO pg_temp.acted_as VALUES (current_user);
    RETURN NULL;
END
$$;
CREATE TRIGGER look BEFORE INSERT ON pg_temp.audit_waiting
FOR EACH ROW EXECUTE FUNCTION pg_temp.look();
CREATE TRIGGER look BEFORE INSERT ON pg_temp.audit_entry
FOR EACH ROW EXECUTE FUNCTION pg_temp.look();
"""
BORROWED = {
    "audit_wait()": "FOR EACH ROW",
    "audit_note_row('{}')": "FOR EACH ROW",
    "audit_note_truncate()": "FOR EACH STATEMENT",
}


@pytest.mark.parametrize("function", BORROWED)
def test_no_function_of_the_owner_is_borrowed_for_a_table_of_ones_own(
    writer: str, function: str
) -> None:
    """Whoever makes such a trigger would act as the owner of the audit, and so take its own away.

    Its table stands beside tables of one's own that are called as ours, whose triggers would run
    as the owner.
    """
    event = "TRUNCATE" if "truncate" in function else "INSERT"
    with connection.cursor() as cursor:
        cursor.execute(SPY)
        with pytest.raises(ProgrammingError, match="permission"), transaction.atomic():
            cursor.execute(
                "CREATE TEMPORARY TABLE bait (id bigint);"
                f" CREATE TRIGGER borrowed AFTER {event} ON pg_temp.bait"
                f" {BORROWED[function]} EXECUTE FUNCTION {function};"
                " INSERT INTO pg_temp.bait VALUES (1); TRUNCATE pg_temp.bait"
            )
        cursor.execute("SELECT name FROM pg_temp.acted_as")
        assert {name for (name,) in cursor.fetchall()} <= {writer}
