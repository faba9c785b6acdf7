"""One value of each column of each derived table, altered past the product.

Columns come from what each model declares (`proof`), so that a new one is altered by itself.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from reports.models import ROW, Part, ProofRule
from surveys.models import Response
from tests.reports.proof.world import BEFORE, LAST, World

if TYPE_CHECKING:
    Column = models.Field[object, object]
else:
    Column = models.Field

Values = tuple[str | int | bytes | None, ...]

NOBODY = 999_999_999  # a key that no row has: foreign keys are not looked at here


@dataclass(frozen=True)
class Alteration:
    """A statement that alters one value, and where the proof must find it."""

    table: str
    column: str
    how: str
    statement: str
    values: Values
    parts: frozenset[Part]
    found_at: str | None  # a column; None: wherever what was computed from it stands

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column} ({self.how})"


def derived() -> Iterator[tuple[type[models.Model], ProofRule]]:
    """Every table of `reports` with what it declares."""
    for model in apps.get_app_config("reports").get_models():
        yield model, model.proof  # type: ignore[attr-defined]  # a test demands it of each


@contextmanager
def behind_the_product() -> Iterator[None]:
    """As somebody who owns the database could work on it; all of it is taken back afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        transaction.set_rollback(True)


# Units that are not on today's map: there they have no score.
GONE = "SELECT unit_id FROM offices_office WHERE unit_id <> today_unit_id"

# Which row is altered; else the first.
ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "reports_score": (
        ("office", "office_id IS NOT NULL AND period = 'month' AND people > 0"),
        ("office's year", "office_id IS NOT NULL AND period = 'year' AND people > 0"),
        ("unit then", f"map = 'then' AND unit_id IN ({GONE})"),
        (
            "country",
            "unit_id = (SELECT id FROM offices_administrativeunit WHERE level = 'country')",
        ),
    ),
    "reports_release": (("revision", "revision = 2"),),
    "reports_releasefigure": (
        ("office", "NOT hidden AND low IS NOT NULL AND office_id IS NOT NULL"),
        ("unit", "NOT hidden AND low IS NOT NULL AND map = 'today'"),
    ),
    "reports_opening": (("first", "true"), ("with f:Z", "'f:Z' = ANY(columns)")),
    "reports_partition": (("fields", "procedures <> '{}'"),),
    "reports_blockrow": (("newest", "number = (SELECT max(number) FROM reports_blockrow)"),),
    "reports_batch": (
        ("somebody left", "withdrawn IS NOT NULL"),
        ("nobody left", "withdrawn IS NULL"),
    ),
}


def of_columns(world: World) -> Iterator[Alteration]:
    """Each declared column but those that are left with a reason."""
    for model, rule in derived():
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            name = field.name
            if name in rule.left:
                continue
            if name in rule.keys:
                found_at: str | None = ROW
            else:
                found_at = None if name in rule.inputs else str(name)
            for how, where in ROWS.get(table, (("first", "true"),)):
                if table == "reports_score" and name == "map" and how != "unit then":
                    continue  # an office has no map, and the country's other map has a row
                of_office = how.startswith("office")
                if table in OF_ONE and name == ("unit" if of_office else "office"):
                    continue  # it is of one of the two
                if table == "reports_releasefigure" and name == "map" and of_office:
                    continue
                value, values = _altered(field, table, where, world)
                yield Alteration(
                    table,
                    str(name),
                    how,
                    f"UPDATE {table} SET {value} WHERE id = {_row(table, where)}",
                    values,
                    frozenset(rule.proved),
                    found_at,
                )


OF_ONE = ("reports_score", "reports_releasefigure")

# By table, the columns in which a row differs from one that is there, so that it is one too many.
EXTRA = {
    "reports_batch": {"number": "number + 1000"},
    "reports_blockrow": {"number": "number + 1000"},
    "reports_opening": {"rows": "'{999999}'"},
    "reports_score": {"start": "start - interval '7 years'"},
    "reports_closedmonth": {"start": "start + interval '7 years'"},
    "reports_partition": {"number": "number + 1000"},
    "reports_cell": {"place": "place + 100"},
    "reports_release": {
        "slug": "slug || 'x'",
        "unit_id": "%s",
        "revision": "1",
        "revises_id": "NULL",
    },
    "reports_releasecut": {"instrument_id": "%s"},
    "reports_releasefigure": {"code": "'Z9'"},
}


def of_rows(world: World) -> Iterator[Alteration]:
    """A row that is missing, of each derived table, and one that is too many."""
    spare = {"reports_release": world.spare.pk, "reports_releasecut": world.forms[-1].pk}
    for model, rule in derived():
        table = model._meta.db_table
        if not rule.proved:
            continue
        found_at = ROW if rule.keys else None
        parts = frozenset(rule.proved)
        for how, where in ROWS.get(table, (("first", "true"),)):
            row = _row(table, where)
            gone = f"DELETE FROM {table} WHERE id = {row}"
            yield Alteration(table, ROW, f"{how}, deleted", gone, (), parts, found_at)
            other = EXTRA[table]
            columns = [str(f.column) for f in model._meta.concrete_fields if f.name != "id"]
            more = (
                f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) "
                f"SELECT {', '.join(other.get(column, quoted(column)) for column in columns)} "
                f"FROM {table} WHERE id = {row}"
            )
            values = (spare[table],) if table in spare else ()
            yield Alteration(table, ROW, f"{how}, one more", more, values, parts, found_at)


def quoted(column: str) -> str:
    return f'"{column}"'


def _row(table: str, where: str) -> str:
    return f"(SELECT id FROM {table} WHERE {where} ORDER BY id LIMIT 1)"


def _altered(field: Column, table: str, where: str, world: World) -> tuple[str, Values]:
    """What is set, and the values of its parameters."""
    column = str(field.column)
    special = {
        ("reports_releasefigure", "hidden"): "hidden = true, people = NULL, satisfied = NULL, "
        "answered = NULL, percent = NULL, low = NULL, high = NULL",
        ("reports_release", "method"): "method = 'arithmetic-1'",
        ("reports_release", "policy"): "policy = policy || '{\"batch\": 11}'",
        ("reports_release", "revises_id"): "revises_id = id",
        ("reports_release", "period"): "period = 'quarter'",
        ("reports_score", "period"): "period = 'week'",
        ("reports_score", "method"): "method = reverse(method)",
        ("reports_partition", "number"): "number = number + 1000",
        ("reports_cell", "place"): "place = place + 100",
    }.get((table, column))
    if special:
        return special, ()
    name, column = column, f'"{column}"'
    if isinstance(field, models.ForeignKey):
        spares = {
            "instrument_id": world.forms[-1].pk,
            "unit_id": world.spare.pk if table == "reports_release" else NOBODY,
        }
        return f"{column} = %s", (spares.get(name, NOBODY),)
    if isinstance(field, ArrayField):
        if field.size:
            return f"{column} = ({column}[1] + 1) || {column}[2:]", ()
        if isinstance(field.base_field, models.CharField):
            return f"{column} = array_append({column}, 'f:Z')", ()
        more = "gen_random_uuid()" if isinstance(field.base_field, models.UUIDField) else "%s"
        values = () if more.startswith("gen") else (world.spare.pk,)
        return f"{column} = array_append({column}, {more})", values
    if isinstance(field, models.BinaryField):
        return f"{column} = %s", (_one_more(table, column, where),)
    if isinstance(field, models.JSONField):
        return f"{column} = '{{}}'", ()
    if isinstance(field, models.BooleanField):
        return f"{column} = NOT {column}", ()
    if isinstance(field, models.DateField):
        return f"{column} = {column} + interval '7 years'", ()
    if isinstance(field, models.FloatField):
        return f"{column} = coalesce({column}, 0) + 1e-6", ()
    if isinstance(field, models.CharField):
        other = f"left(reverse({column}) || 'x', greatest(length({column}), 1))"
        known = "WHEN 'then' THEN 'today' WHEN 'headline' THEN 'factor'"
        return f"{column} = CASE {column} {known} ELSE {other} END", ()
    return f"{column} = coalesce({column}, 0) + 1", ()


def _one_more(table: str, column: str, where: str) -> bytes | None:
    """Stored sums with one answer more in their last number; somebody where nobody was."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}, sums FROM {table} WHERE {where} ORDER BY id LIMIT 1")
        stored, sums = cursor.fetchone()
    plain = bytearray(zlib.decompress(stored or sums))
    (last,) = struct.unpack_from("<i", plain, len(plain) - 4)
    struct.pack_into("<i", plain, len(plain) - 4, last + 1)
    return zlib.compress(bytes(plain))


RESPONSE = "UPDATE surveys_response SET {what} WHERE (office_id, id) = ({which})"
WHICH = """
SELECT office_id, id FROM surveys_response
WHERE batch IS NOT NULL AND day {day} ORDER BY id LIMIT 1
"""
EVER = {
    "an answer": "answers = set_byte(answers, 0, 1 + mod(get_byte(answers, 0), 5))",
    "no answer at all": "answers = set_byte(answers, 1, 200)",
    "an answer less": "answers = substr(answers, 1, 2)",
    "day": "day = day - 1",
    "batch": "batch = batch + 1",
    "withdrawn": "withdrawn = NOT withdrawn",
    "valid": "valid = false",
    "state": "state = 0",
    "stage": "stage = 3",
}
# Of an open month nothing is made of these, until it closes.
CLOSED = {
    "channel": "channel = 4",
    "simulated": "simulated = NOT simulated",
    "procedure": "procedure_id = coalesce(procedure_id, 0) + 1",
    "flags": "flags = flags + 1",
    "evidence": "evidence = evidence + 1",
}


def of_responses() -> Iterator[Alteration]:
    """One response of long ago, of a month just closed and of an open one, each in every way."""
    for age, day in (
        ("old", f"= '{BEFORE}'"),
        ("closed", f"= '{LAST}'"),
        ("open", f"> '{LAST}'"),
    ):
        which = WHICH.format(day=day)
        ways = EVER if age == "open" else {**EVER, **CLOSED}
        statements = {how: RESPONSE.format(what=what, which=which) for how, what in ways.items()}
        statements["deleted"] = f"DELETE FROM surveys_response WHERE (office_id, id) = ({which})"
        columns = [
            "gen_random_uuid()" if field.name == "id" else str(field.column)
            for field in Response._meta.concrete_fields
            if field.concrete and field.column
        ]
        names = [str(field.column) for field in Response._meta.concrete_fields if field.column]
        statements["one more"] = (
            f"INSERT INTO surveys_response ({', '.join(names)}) SELECT {', '.join(columns)} "
            f"FROM surveys_response WHERE (office_id, id) = ({which})"
        )
        for how, statement in statements.items():
            yield Alteration(
                "surveys_response",
                how,
                age,
                statement,
                (),
                frozenset({Part.BATCHES, Part.CLOSED_MONTHS}),
                None,
            )
