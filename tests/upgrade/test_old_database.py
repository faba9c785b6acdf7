"""A database of 0.1.0 after all migrations since: no row, no figure and no release has changed."""

import gzip
import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from tests.upgrade.conftest import database, set_clock
from tests.upgrade.old import (
    FACTS,
    HERE,
    NOW,
    OFFICER,
    Counts,
    Old,
    counts,
    migrations,
    one,
    page,
    rows,
    signed_in,
)

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("that_day", "old")]
OURS = re.compile(r"(offices|surveys|reports)_")
# Sums that nothing reads, and those of days and weeks: they are made when they are read, and made
# again for whoever goes back, which everything is marked for.
DERIVED = {"reports_tally", "reports_score"}
# What is to be counted again: closed months are marked, so that they get what stands beside their
# headlines.
DERIVED |= {"surveys_mark"}
# Django's own, which nobody used.
UNUSED = {"offices_user_groups", "offices_user_user_permissions"}


def ours(found: Counts, like: Counts) -> Counts:
    """The rows of our tables that are among those of `like`."""
    known = like.keys() - DERIVED
    return {name: number for name, number in found.items() if OURS.match(name) and name in known}


def scores() -> list[tuple[Any, ...]]:  # Any: columns
    """What months, quarters and years show, in order."""
    return rows(
        "SELECT office_id, unit_id, map, instrument_id, period, start, people, satisfied, answered,"
        " low, high, sums FROM reports_score WHERE period IN ('month', 'quarter', 'year')"
        " ORDER BY 1, 2, 3, 4, 5, 6"
    )


def test_every_table_of_then_has_a_row_to_be_lost(old: Old) -> None:
    then = ours(old.counts, old.counts)
    assert len(then) == 37
    assert {name for name, number in then.items() if not number} == UNUSED


def test_no_table_and_no_row_is_lost(old: Old) -> None:
    assert ours(counts(), old.counts) == ours(old.counts, old.counts)


def test_the_migrations_lead_back_to_then_and_forth_again(old: Old) -> None:
    with database(f"{old.name}_back", template=old.name):
        executor = MigrationExecutor(connection)
        targets: list[tuple[str, str | None]] = []
        for app in sorted(executor.loader.migrated_apps):
            known = {node for node in executor.loader.graph.nodes if node[0] == app}
            then = {node for node in known if node[1] in old.migrations.get(app, ())}
            above = {
                parent for node in then for parent in executor.loader.graph.node_map[node].parents
            }
            targets += sorted(then - {node.key for node in above}) or [(app, None)]
        kept = scores()
        executor.migrate(targets)
        assert migrations() == old.migrations
        days = one("SELECT count(*) FROM (SELECT DISTINCT office_id, day FROM surveys_response) d")
        marked = {**old.counts, "surveys_mark": old.counts["surveys_mark"] + days}
        assert ours(counts(), marked) == ours(marked, marked)
        call_command("migrate", verbosity=0)
        assert ours(counts(), marked) == ours(marked, marked)
        assert scores() == kept
        assert {row[4] for row in kept} == {"month", "quarter", "year"}


def test_citizens_wait_for_no_migration_that_waits_for_a_backup(old: Old) -> None:
    with database(f"{old.name}_read", template=old.name):
        before = migrations()
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '20s'")
        given: Any = connection.get_connection_params()  # Any: Django's, and a pool's
        names = ("host", "port", "user", "password", "dbname")
        given = {name: given[name] for name in names if given.get(name)}
        with psycopg.connect(**given) as backup:
            backup.execute("SELECT count(*) FROM offices_office")
            with pytest.raises(OperationalError, match="lock timeout"):
                call_command("migrate", "offices", "0003", verbosity=0)
        assert migrations()["offices"] == before["offices"]
        call_command("migrate", "offices", "0003", verbosity=0)
        with psycopg.connect(**given) as backup:
            backup.execute("SELECT count(*) FROM offices_office")
            with pytest.raises(OperationalError, match="lock timeout"):
                call_command("migrate", verbosity=0)
        call_command("migrate", verbosity=0)
        assert migrations() == before


# Releases


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("slug", FACTS["releases"])
def test_a_release_is_computed_again_without_a_difference(slug: str) -> None:
    said = StringIO()
    call_command("reproduce", slug, "--json", stdout=said)
    again = json.loads(said.getvalue())
    assert again["differences"] == []
    assert again["figures"] == one(
        "SELECT count(*) FROM reports_releasefigure f JOIN reports_release r"
        " ON r.id = f.release_id WHERE r.slug = %s",
        slug,
    )


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("slug", FACTS["releases"])
def test_a_release_is_read_and_downloaded_as_it_was(slug: str) -> None:
    client = signed_in(OFFICER)
    page(client, f"/bao-cao/cong-bo/{slug}/")
    answer = client.get(f"/bao-cao/cong-bo/{slug}/so-lieu.csv", follow=True)
    was = gzip.decompress((HERE / "releases" / f"{slug}.csv.gz").read_bytes())
    assert b"".join(answer) == was


@pytest.mark.usefixtures("unchanged")
def test_the_night_finds_no_difference_and_keeps_who_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_clock(monkeypatch, NOW + timedelta(hours=16))
    said = StringIO()
    call_command("nightly", stdout=said)
    assert " 0 differences" in said.getvalue()
    assert one("SELECT count(*) FROM surveys_exclusion WHERE lifted_at IS NULL") == 1
    left_out = "SELECT count(*) FROM surveys_response WHERE {}"
    assert one(left_out.format("excluded AND hold IS NULL")) == FACTS["excluded"]
    # what this version looks at twice leaves what is open, as a rule of exclusion would
    assert one(left_out.format("hold IS NOT NULL AND NOT excluded")) == 0
    assert one(left_out.format("withdrawn")) == FACTS["withdrawn"]
    # what waited then is counted now
    assert one("SELECT count(*) FROM surveys_mark") == 0
    assert one("SELECT count(*) FROM reports_stale") == 0
