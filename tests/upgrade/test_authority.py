"""Forms said once which office resolved the dossier: what was sealed then fits without it."""

from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from offices.models import Office
from reports.models import SEAL
from surveys.labels import (
    CHANNEL,
    EVIDENCE,
    FLAGS,
    NUMBER,
    PROCEDURE,
    RESOLVED_BY,
    RESPONDENT,
    STAGE,
    ensured,
    fold,
)
from surveys.models import Response
from tests.upgrade.conftest import database, set_clock
from tests.upgrade.old import NOW, Old, one, rows

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("that_day", "old")]
WITH, BETWEEN = "0033", "0034"

# As `surveys.labels.AUTHORITY` was in 0033, and so the seal.
ELSEWHERE = (
    "coalesce(nullif(r.authority_id, r.office_id), 0)"
    f" + coalesce(({NUMBER} >> 39 & {2**20 - 1}), 0)"
)
SEAL_THEN = SEAL.replace(RESOLVED_BY, f"coalesce(nullif({ELSEWHERE}, 0), r.office_id)")
SEALED_THEN = f"""
SELECT c.id, {SEAL_THEN} FROM reports_closedmonth c
LEFT JOIN surveys_response r
    ON r.office_id = c.office_id AND r.instrument_id = c.instrument_id AND r.batch <= c.newest
    AND r.day >= c.start AND r.day < c.start + interval '1 month'
GROUP BY c.id ORDER BY c.id
"""
# What only simulated forms said: that the dossiers of every third were resolved elsewhere.
SAY_ELSEWHERE = """
UPDATE surveys_response SET labels = labels # (%s::bigint << 39)
WHERE labels IS NOT NULL AND get_byte(uuid_send(id), 0) % 3 = 0
"""
SAID = f"""
SELECT r.office_id, r.id, {CHANNEL}, {STAGE}, {RESPONDENT}, {FLAGS}, {PROCEDURE}, {EVIDENCE}
FROM surveys_response r ORDER BY 1, 2
"""
OTHERS = ", ".join(
    field.column for field in Response._meta.concrete_fields if field.column and field.name != "id"
)
WRITE_THEN = f"""
INSERT INTO surveys_response (id, authority_id, {OTHERS})
SELECT gen_random_uuid(), office_id, {OTHERS} FROM surveys_response WHERE id = %s
"""
NOT_AT_HOME = "SELECT count(*) FROM surveys_response WHERE authority_id IS DISTINCT FROM office_id"


def opened(sql: str) -> list[tuple[Any, ...]]:  # Any: columns
    """What a statement gives that opens labels."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"opener": ensured()})
        return list(cursor.fetchall())


def digests() -> list[tuple[Any, ...]]:  # Any: columns
    """The seals that stand there."""
    return rows("SELECT id, digest FROM reports_closedmonth ORDER BY id")


def has_column() -> bool:
    """Whether responses have the column."""
    return bool(
        one(
            "SELECT count(*) FROM information_schema.columns"
            " WHERE table_name = 'surveys_response' AND column_name = 'authority_id'"
        )
    )


def test_seals_of_then_fit_and_labels_read_the_same(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database(f"{old.name}_sealed", template=old.name):
        call_command("migrate", "surveys", WITH, verbosity=0)
        assert one(NOT_AT_HOME) == 0
        fold(date(2026, 2, 28))
        plain, before = opened(SEALED_THEN), opened(SAID)
        with connection.cursor() as cursor:
            cursor.execute(SAY_ELSEWHERE.replace(" % ", " %% "), [Office.objects.latest("pk").pk])
            assert 0 < cursor.rowcount < len(before)
            elsewhere = opened(SEALED_THEN)
            assert elsewhere != plain
            assert opened(SAID) == before
            cursor.executemany(
                "UPDATE reports_closedmonth SET digest = %s, keyed = true WHERE id = %s",
                [(digest, month) for month, digest in elsewhere],
            )
        call_command("migrate", verbosity=0)
        assert not has_column()
        set_clock(monkeypatch, NOW + timedelta(hours=16))
        said = StringIO()
        call_command("nightly", stdout=said)
        assert " 0 differences" in said.getvalue()
        assert elsewhere == digests()[: len(elsewhere)]
        call_command("migrate", "surveys", WITH, verbosity=0)
        assert one(NOT_AT_HOME) == 0
        assert opened(SEALED_THEN) == digests()


def test_while_processes_are_replaced_those_of_before_and_of_now_write(old: Old) -> None:
    with database(f"{old.name}_between", template=old.name):
        call_command("migrate", "surveys", BETWEEN, verbosity=0)
        assert has_column()
        somebody = Response.objects.order_by("pk").first()
        assert somebody is not None
        somebody.id = uuid4()
        somebody.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute(WRITE_THEN, [somebody.id])
        assert one(NOT_AT_HOME) == one("SELECT count(*) FROM surveys_response") - 1
        call_command("migrate", "surveys", WITH, verbosity=0)
        assert one(NOT_AT_HOME) == 0
        assert one(
            "SELECT attnotnull FROM pg_attribute"
            " WHERE attrelid = 'surveys_response'::regclass AND attname = 'authority_id'"
        )
        assert "authority_id" in one(
            "SELECT string_agg(pg_get_constraintdef(oid), ';') FROM pg_constraint"
            " WHERE conrelid = 'surveys_response'::regclass AND contype = 'f'"
        )
        call_command("migrate", verbosity=0)
        assert not has_column()
