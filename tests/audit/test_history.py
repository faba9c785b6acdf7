"""Whoever changes a row of settings, by whatever way, leaves an entry; secrets are in none."""

from typing import Any

import pytest
from django.db import connection, transaction

from audit.history import watch
from audit.models import Entry
from audit.recording import record
from offices.models import Counter, Membership, Office, User
from surveys.invitations import integrations
from surveys.models import Instrument
from tests import factories

pytestmark = pytest.mark.django_db


def rows(table: str) -> list[Entry]:
    """The entries about rows of a table, oldest first."""
    return list(
        Entry.objects.filter(action__startswith="row.", details__table=table).order_by("pk")
    )


def by_hand(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_new_role_its_change_and_its_end_are_noted_with_their_place() -> None:
    office = factories.office()
    held = Membership.objects.create(user=factories.user(), office=office, role="clerk")
    Membership.objects.filter(pk=held.pk).update(role="office_head")
    by_hand("DELETE FROM offices_membership WHERE id = %s", held.pk)
    added, changed, removed = rows("offices_membership")
    assert [one.action for one in (added, changed, removed)] == [
        *("row.added", "row.changed", "row.removed")
    ]
    assert {one.office_id for one in (added, changed, removed)} == {office.pk}
    assert changed.details == {
        **{"table": "offices_membership", "row": held.pk, "application": "hailong"},
        **{"was": {"role": "clerk"}, "now": {"role": "office_head"}},
    }
    assert added.details["now"]["user_id"] == held.user_id
    assert "was" not in added.details
    assert removed.details["was"]["role"] == "office_head"


def test_a_password_is_noted_as_changed_and_never_which() -> None:
    user = factories.user()
    user.set_password("một mật khẩu rất dài")
    user.save()
    assert rows("offices_user")[-1].details["now"] == {"password": "…"}
    assert user.password not in str([entry.details for entry in Entry.objects.all()])
    count = len(rows("offices_user"))
    User.objects.filter(pk=user.pk).update(last_login="2026-11-28T10:00Z")
    assert len(rows("offices_user")) == count


def test_the_key_of_a_system_is_in_no_entry() -> None:
    made = integrations.make("Cổng dịch vụ công", factories.province())
    (added,) = rows("surveys_integration")
    assert (added.subject, added.unit_id) == ("Cổng dịch vụ công", made.integration.unit_id)
    assert added.details["now"]["key_hash"] == "…"
    assert bytes(made.integration.key_hash).hex() not in str(added.details)


def test_of_a_questionnaire_only_what_is_offered_is_watched() -> None:
    instrument = factories.instrument({"A": 2})
    count = len(rows("surveys_instrument"))
    Instrument.objects.filter(pk=instrument.pk).update(notes="x")
    assert len(rows("surveys_instrument")) == count
    Instrument.objects.filter(pk=instrument.pk).update(offered=False)
    assert rows("surveys_instrument")[-1].details["now"] == {"offered": False}


def test_what_stays_as_it_is_has_no_entry() -> None:
    office = factories.office()
    Office.objects.filter(pk=office.pk).update(name=office.name)
    assert [one.action for one in rows("offices_office")] == ["row.added"]
    counter = Counter.objects.create(office=office, number=1, name="Quầy 1")
    counter.save()
    assert [one.office_id for one in rows("offices_counter")] == [office.pk]


def test_a_row_and_its_act_bear_the_number_of_their_transaction() -> None:
    office = factories.office()
    record("office.changed")
    Office.objects.filter(pk=office.pk).update(name="Tên mới")
    act = Entry.objects.get(action="office.changed")
    assert (act.transaction, act.begun) == (
        rows("offices_office")[-1].transaction,
        rows("offices_office")[-1].begun,
    )


def test_psql_says_that_it_was_not_the_system() -> None:
    user = factories.user()
    by_hand("SET LOCAL application_name = 'psql'")
    by_hand("UPDATE offices_user SET is_superuser = true WHERE id = %s", user.pk)
    changed = rows("offices_user")[-1]
    assert (changed.details["application"], changed.account) == ("psql", "")
    assert changed.details["now"] == {"is_superuser": True}
    by_hand("SET LOCAL application_name = 'hailong'")


def test_a_table_that_is_emptied_is_noted() -> None:
    by_hand("ALTER TABLE offices_counter ENABLE TRIGGER audit_watches_table")
    by_hand("SET CONSTRAINTS ALL IMMEDIATE")
    by_hand("TRUNCATE offices_counter CASCADE")
    assert Entry.objects.get(action="table.emptied").subject == "offices_counter"


def test_a_role_that_may_not_read_the_audit_leaves_entries_all_the_same() -> None:
    Membership.objects.create(user=factories.user(), office=factories.office(), role="clerk")
    by_hand("CREATE ROLE audit_nobody")
    by_hand("GRANT SELECT, UPDATE ON offices_membership TO audit_nobody")
    by_hand("SET LOCAL ROLE audit_nobody")
    by_hand("CREATE TEMPORARY TABLE audit_entry (id int)")  # stands in for nothing
    by_hand("UPDATE offices_membership SET role = 'auditor'")
    by_hand("RESET ROLE")
    by_hand("DROP TABLE pg_temp.audit_entry")
    assert rows("offices_membership")[-1].details["now"] == {"role": "auditor"}


def test_any_table_is_watched_by_one_line_of_a_migration_and_let_go_again() -> None:
    operation = watch("plain", but=["secret"], office="place")
    by_hand("CREATE TABLE plain (id int PRIMARY KEY, secret text, seen text, place bigint)")
    with transaction.atomic(), connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("audit", editor, None, None)  # type: ignore[arg-type]
    by_hand("INSERT INTO plain VALUES (1, 'a', 'đúng', 5)")
    by_hand("UPDATE plain SET secret = 'b'")
    (added,) = rows("plain")
    assert (added.office_id, added.details["now"]) == (5, {"id": 1, "seen": "đúng", "place": 5})
    with transaction.atomic(), connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("audit", editor, None, None)  # type: ignore[arg-type]
    by_hand("DELETE FROM plain")
    assert len(rows("plain")) == 1
