"""A database for one measure: made, migrated, given to a fresh process, dropped."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from launch import failure
from launch.processes import finished
from launch.servers import servers

ROOT = Path(__file__).parents[1]


def on_stage(module: str, arguments: Sequence[str]) -> None:
    """Runs a measure with these arguments and ends the process with its code."""
    failure.run(lambda: _run(module, arguments))


def _run(module: str, arguments: Sequence[str]) -> int:
    # Durable, unlike the servers of tests: what a commit costs is part of what is measured.
    with (
        tempfile.TemporaryDirectory(prefix="hl-") as folder,
        private_servers(Path(folder)) as found,
        database(found["DATABASE_URL"]) as address,
    ):
        environment = {
            **os.environ,
            **found,
            "DATABASE_URL": address,
            "DATABASE_POOL": "0",
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 50,
            "DEBUG": "0",
            "DEMO": "1",
            "SIMULATION": "1",
            "STATIC_ROOT": str(Path(folder) / "static"),
            # nights destroy keys and write heads: never those of this installation
            "INVITATION_KEYS": str(Path(folder) / "invitation-keys"),
            "AUDIT_HEADS": str(Path(folder) / "audit-heads"),
        }
        for command in ("migrate", "load_instruments"):
            code = finished([sys.executable, "manage.py", command, "-v0"], environment, ROOT)
            if code:
                return code
        return finished([sys.executable, "-m", module, *arguments], environment, ROOT)


@contextmanager
def private_servers(folder: Path) -> Iterator[dict[str, str]]:
    """Servers in a temporary folder, through which PostgreSQL's user must be able to walk."""
    if os.geteuid() == 0:
        folder.chmod(0o711)
    with servers(folder, durable=True) as found:
        yield found


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of an empty database on the server, dropped at the end."""
    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )
