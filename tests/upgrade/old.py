"""What tests of the old database share: what is known of it, and how they look at it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

HERE = Path(__file__).parent
FACTS: dict[str, Any] = json.loads((HERE / "facts.json").read_text("utf-8"))  # Any: JSON
NOW = datetime.fromisoformat(FACTS["now"])
HA_TIEN = "phuong-ha-tien"
OFFICE = f"/bao-cao/co-quan/{HA_TIEN}/"
HEAD, OFFICER, AUDITOR = "truong-ha-tien", "so-noi-vu", "kiem-toan"
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Old:
    """The database as it was loaded: its name, its rows by table, its migrations by app."""

    name: str
    counts: Counts
    migrations: dict[str, set[str]]


def rows(sql: str, *values: str) -> list[tuple[Any, ...]]:  # Any: what the database holds
    """What a statement gives. Names of tables outlive those of modules."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())


def one(sql: str, *values: str) -> Any:  # Any: as above
    """The only value that a statement gives."""
    ((value,),) = rows(sql, *values)
    return value


def counts() -> Counts:
    """How many rows every table has."""
    names = rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return {name: one(f'SELECT count(*) FROM "{name}"') for (name,) in names}


def migrations() -> dict[str, set[str]]:
    """The migrations that have been applied, by app."""
    found: dict[str, set[str]] = {}
    for app, name in rows("SELECT app, name FROM django_migrations"):
        found.setdefault(app, set()).add(name)
    return found


def signed_in(name: str) -> Client:
    """The browser in which an official signed in then."""
    client = Client()
    client.cookies["sessionid"] = FACTS["sessions"][name]
    return client


def page(client: Client, address: str) -> str:
    """What stands at an address."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode(errors="replace")


def responses(where: str = "true", *values: str) -> list[tuple[Any, ...]]:  # Any: columns
    """Id, state, channel, flags and answers of responses."""
    return rows(
        "SELECT id::text, state, channel, flags, answers FROM surveys_response"
        f" WHERE {where} ORDER BY id",
        *values,
    )
