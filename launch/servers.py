"""PostgreSQL and Redis for whoever needs them: the ones that are named, else private ones."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from launch.failure import Failure
from launch.postgres import Postgres
from launch.redis import Redis


@contextmanager
def servers(folder: Path, *, durable: bool) -> Iterator[dict[str, str]]:
    """Gives DATABASE_URL and REDIS_URL; starts what the environment does not name.

    Private servers live in `folder` and are stopped at the end. Raises Failure.
    """
    with ExitStack() as stack:
        found = {}
        named = os.environ.get("DATABASE_URL")
        if named:
            _reach(named)
            found["DATABASE_URL"] = named
        else:
            postgres = Postgres(folder / "postgres", durable=durable)
            stack.callback(postgres.stop)
            postgres.start()
            found["DATABASE_URL"] = postgres.url
        if os.environ.get("REDIS_URL"):
            found["REDIS_URL"] = os.environ["REDIS_URL"]
        else:
            redis = Redis(folder / "redis", folder / "log" / "redis.log")
            stack.callback(redis.stop)
            redis.start()
            found["REDIS_URL"] = redis.url
        yield found


def _reach(url: str) -> None:
    """Raises Failure when the named database does not answer."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        first = str(error).strip().splitlines()[0]
        raise Failure(f"The database named in DATABASE_URL does not answer: {first}") from None
