"""A database that is away for this process, while the server of the tests lives on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from config.postgresql.base import DatabaseWrapper


def ours() -> DatabaseWrapper:
    """This thread's connection, as our backend knows it."""
    wrapper = connection._connections["default"]  # type: ignore[attr-defined]
    assert isinstance(wrapper, DatabaseWrapper)
    return wrapper


def drop_connections() -> None:
    """What this process keeps of connections goes."""
    connection.close()
    pool = ours().pool
    if pool:
        pool.drain()


@contextmanager
def database_away(*, at_once: bool = True) -> Iterator[None]:
    """Every thread finds nobody at the database's address; at_once: no session lives on."""
    place = connection.settings_dict  # all threads' wrappers have this one
    host = place["HOST"]
    if at_once:
        drop_connections()
    place["HOST"] = "/nobody/is/here"
    try:
        yield
    finally:
        connection.close()
        place["HOST"] = host
