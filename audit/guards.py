"""What guards the tables in the database itself: whether it is as our migrations made it.

Whoever owns the database can switch a trigger off, change what it does, or put one of their own
before it, and change a role or a number of which nothing is then noted. Each night looks. Whoever
switches one off and on again within a day is not seen by this.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

from django.db import connection

# One line a trigger: table, name, and the hash of what it is; `()` stands for no table. A test
# holds it to the migrations, and writes what it ought to be.
FILE = Path(__file__).with_name("guards.csv")

# Names of triggers that may be off: none. Tests empty tables.
LET_GO: frozenset[str] = frozenset()

# The schema in which a function looks for its like is of each installation.
STANDING: LiteralString = """
SELECT relation.relname, guard.tgname,
    left(encode(sha256(convert_to(concat_ws(E'\\x1f', guard.tgtype, guard.tgattr::text,
        guard.tgnargs, encode(guard.tgargs, 'hex'), guard.tgqual IS NULL, guard.tgoldtable,
        guard.tgnewtable, guard.tgdeferrable, called.proname, called.prosecdef,
        called.proconfig::text,
        replace(called.prosrc, quote_ident(current_schema()) || '.', '')
    ), 'UTF8')), 'hex'), 16),
    guard.tgenabled IN ('O', 'A')
FROM pg_trigger AS guard
JOIN pg_class AS relation ON relation.oid = guard.tgrelid
JOIN pg_proc AS called ON called.oid = guard.tgfoid
WHERE NOT guard.tgisinternal AND relation.relnamespace = current_schema()::regnamespace
UNION ALL  -- what these functions call
SELECT '()', called.proname,
    left(encode(sha256(convert_to(concat_ws(E'\\x1f', called.prosecdef, called.proconfig::text,
        replace(called.prosrc, quote_ident(current_schema()) || '.', '')
    ), 'UTF8')), 'hex'), 16),
    true
FROM pg_proc AS called
WHERE called.proname = 'audit_note' AND called.pronamespace = current_schema()::regnamespace
ORDER BY 1, 2
"""
# A rule does something else instead, and a policy of rows hides some of them.
INSTEAD: LiteralString = """
SELECT relation.relname, 'rule:' || rule.rulename
FROM pg_rewrite AS rule JOIN pg_class AS relation ON relation.oid = rule.ev_class
WHERE relation.relname = ANY(%(tables)s) AND relation.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT relation.relname, 'rows' FROM pg_class AS relation
WHERE relation.relname = ANY(%(tables)s) AND relation.relnamespace = current_schema()::regnamespace
    AND (relation.relrowsecurity OR relation.relkind <> 'r')
ORDER BY 1, 2
"""
ARE_OFF: LiteralString = "SELECT current_setting('session_replication_role') <> 'origin'"


def needed() -> dict[tuple[str, str], str]:
    """By table and name of each trigger that there has to be: the hash of what it is."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(table, name): made for table, name, made in csv.reader(file)}


def standing() -> dict[tuple[str, str], tuple[str, bool]]:
    """By table and name of each trigger that there is: the hash of what it is, whether it is on."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        return {(table, name): (made, is_on) for table, name, made, is_on in cursor.fetchall()}


def broken() -> Iterator[tuple[str, str]]:
    """What is not as it was made: `table.name` and, in a word, how; nothing where all is."""
    wanted, there = needed(), standing()
    for (table, name), made in wanted.items():
        found, is_on = there.get((table, name), ("", False))
        if not found:
            yield f"{table}.{name}", "missing"
        elif found != made:
            yield f"{table}.{name}", "changed"
        elif not is_on and name not in LET_GO:
            yield f"{table}.{name}", "off"
    tables = sorted({table for table, _name in wanted})
    for table, name in there.keys() - wanted.keys():
        if table in tables:
            yield f"{table}.{name}", "added"
    with connection.cursor() as cursor:
        cursor.execute(INSTEAD, {"tables": tables})
        for table, name in cursor.fetchall():
            yield f"{table}.{name}", "added"
        cursor.execute(ARE_OFF)
        if cursor.fetchone() == (True,):
            yield "session_replication_role", "off"
