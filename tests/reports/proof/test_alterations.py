"""Whatever a page, a release or the proof reads is altered, one value at a time, and found.

`python -m launch.test tests/reports/proof/test_alterations.py -s` prints the table.
"""

import sys
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from pytest_django import Settings

from reports.models import Difference, Proof
from reports.proof.run import prove
from tests.reports.proof.alterations import (
    Alteration,
    behind_the_product,
    derived,
    of_columns,
    of_responses,
    of_rows,
)
from tests.reports.proof.proved import differences
from tests.reports.proof.world import World, made

pytestmark = pytest.mark.django_db


def test_every_table_declares_by_what_each_column_is_proved() -> None:
    tables = list(apps.get_app_config("reports").get_models())
    assert len(tables) > 10
    for model in tables:
        assert hasattr(model, "proof"), f"{model.__name__} says nothing of its proof"
    for model, rule in derived():
        columns = sorted(field.name for field in model._meta.concrete_fields)
        assert rule.columns == columns, model.__name__
        assert all(reason.strip() for reason in rule.left.values())


def found(alteration: Alteration) -> set[tuple[str, str]]:
    """Tables and columns in which a proof finds something after the alteration."""
    with behind_the_product():
        with connection.cursor() as cursor:
            cursor.execute(alteration.statement, alteration.values)
            assert cursor.rowcount == 1, alteration.name
        prove()
        unproved = Proof.objects.latest("pk").unproved
        assert not unproved, f"{alteration.name}: {unproved} could not be proved"
        standing = Difference.objects.filter(ended_at=None)
        known = set(standing.values_list("table", "column", "part"))
    if alteration.found_at is None:
        return {(table, column) for table, column, part in known if part in alteration.parts}
    return {
        (table, column)
        for table, column, part in known
        if (table, column) == (alteration.table, alteration.found_at)
    }


def test_every_alteration_is_found_and_nothing_else(settings: Settings) -> None:
    world = made()
    settings.DIRECTORY_CHECK_SECONDS = 60  # nothing changes any more, and releases ask often
    assert differences() == []
    assert Proof.objects.latest("pk").unproved == 0
    rows: list[tuple[str, str]] = []
    for alteration in _all(world):
        at = found(alteration)
        rows.append((alteration.name, ", ".join(f"{t}.{c}" for t, c in sorted(at)) or "NOT FOUND"))
        sys.stdout.write(f"{rows[-1][0]:60} {rows[-1][1]}\n")
    assert [name for name, at in rows if at == "NOT FOUND"] == []
    assert len(rows) > 150
    assert differences() == []


def _all(world: World) -> Iterator[Alteration]:
    yield from of_columns(world)
    yield from of_rows(world)
    yield from of_responses()
