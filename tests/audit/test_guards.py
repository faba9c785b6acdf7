"""The night sees whether the database still notes and refuses what it is to note and refuse."""

import csv
from pathlib import Path

import pytest
from django.db import connection

from audit import guards
from audit.verification import verify
from tests.conftest import LET_GO_BY_TESTS
from tests.officials.two import emptied

pytestmark = pytest.mark.django_db

CHANGES = {
    "ALTER TABLE offices_membership DISABLE TRIGGER audit_watches_rows": (
        "offices_membership.audit_watches_rows:off"
    ),
    "ALTER TABLE offices_membership ENABLE REPLICA TRIGGER audit_watches_rows": (
        "offices_membership.audit_watches_rows:off"
    ),
    "DROP TRIGGER proposal_is_decided_once ON offices_proposal": (
        "offices_proposal.proposal_is_decided_once:missing"
    ),
    "CREATE OR REPLACE FUNCTION offices_refuse_other_proposal() RETURNS trigger"
    " LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'": (
        "offices_proposal.proposal_is_decided_once:changed"
    ),
    "CREATE OR REPLACE FUNCTION audit_note(place_schema text, action text, subject text,"
    " office bigint, unit bigint, details jsonb) RETURNS void"
    " LANGUAGE plpgsql AS 'BEGIN RETURN; END'": "().audit_note:changed",
    "DROP TRIGGER audit_watches_rows ON offices_counter;"
    " CREATE TRIGGER audit_watches_rows AFTER DELETE ON offices_counter"
    " FOR EACH ROW EXECUTE FUNCTION audit_note_row('{}')": (
        "offices_counter.audit_watches_rows:changed"
    ),
    "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
    " CREATE TRIGGER aaa BEFORE INSERT ON audit_entry"
    " FOR EACH ROW EXECUTE FUNCTION nothing()": "audit_entry.aaa:added",
    "CREATE RULE nothing AS ON INSERT TO offices_dossierchange DO INSTEAD NOTHING": (
        "offices_dossierchange.rule:nothing:added"
    ),
    "ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY": "audit_entry.rows:added",
    "SET LOCAL session_replication_role = replica": "session_replication_role:off",
}


def test_the_file_says_what_the_migrations_make(tmp_path: Path) -> None:
    """What there ought to be is written: copy it to audit/guards.csv after a new migration."""
    wanted = {key: made for key, (made, _is_on) in guards.standing().items()}
    written = tmp_path / guards.FILE.name
    with written.open("w", encoding="utf-8", newline="") as file:
        lines = ((*key, made) for key, made in wanted.items())
        csv.writer(file, lineterminator="\n").writerows(lines)
    assert guards.FILE.read_text("utf-8") == written.read_text("utf-8"), f"copy {written}"
    assert {name for _table, name in wanted} >= LET_GO_BY_TESTS


def test_nothing_is_broken_that_nobody_touched(tmp_path: Path) -> None:
    assert list(guards.broken()) == []
    assert verify(tmp_path / "none").holds


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_keeps_the_database_from_noting_is_told(change: str, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(change)
    found = verify(tmp_path / "none")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert [broken.code for broken in found.breaks] == [f"guard:{CHANGES[change]}"]


@pytest.mark.parametrize("table", ["offices_proposal", "offices_dossierchange", "reports_release"])
def test_emptying_a_table_for_tests_leaves_its_triggers_as_they_were(table: str) -> None:
    stood = "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(stood, [table])
        before = cursor.fetchall()
        emptied(table)
        cursor.execute(stood, [table])
        assert cursor.fetchall() == before
    assert before
