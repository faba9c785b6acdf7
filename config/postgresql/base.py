"""Django's database backend, with our pool and a second try for the first statement.

Where a session died without a word to us (the machine of the server was switched off), only the
first statement on it tells. If that can have changed nothing, it is executed once more on a new
session, and whoever asked notices nothing.
"""

from contextlib import suppress
from typing import Any

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from django.db.utils import OperationalError
from psycopg.pq import TransactionStatus

from config.postgresql.lost import NoConnection, is_lost
from config.postgresql.pool import Pool, Session

Parameters = Any  # whatever Django hands to the driver


class SecondTry(CursorWrapper):
    """A cursor whose statement, as the first of its session, survives the session's death."""

    db: "DatabaseWrapper"

    def execute(self, sql: Any, params: Parameters = None) -> Any:
        """Executes it; once more where the session proves dead and nothing can have changed."""
        if not self.db.is_fresh:
            return super().execute(sql, params)
        self.db.is_fresh = False
        is_first = self.db.is_idle()
        try:
            return super().execute(sql, params)
        except OperationalError as error:
            if not (is_first and is_lost(error) and self.db.has_changed_nothing(sql)):
                raise
            self.db.renew()
            dead = self.cursor
            self.cursor = self.db.create_cursor(getattr(dead, "name", None))
            with suppress(psycopg.Error):
                dead.close()
            return super().execute(sql, params)


class SecondTryDebug(SecondTry, base.CursorDebugWrapper):
    """The same where statements are noted."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A thread's connection."""

    connection: Session | None
    _connection_pools: dict[str, Pool] = {}
    is_fresh = False  # no statement has been executed since the session was taken from the pool

    @property
    def pool(self) -> Pool | None:
        """The pool of this process; None where the settings want none."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options or self.alias == NO_DB_ALIAS:
            return None
        found = self._connection_pools.get(self.alias)
        return found or self._connection_pools.setdefault(self.alias, Pool(self._new, **options))

    def _new(self) -> Session:
        """A session as Django wants it, in autocommit mode."""
        params = {**self.get_connection_params(), "autocommit": True}
        try:
            made: Session = self.Database.connect(**params)
        except psycopg.OperationalError as error:
            raise NoConnection(str(error)) from error
        try:
            self._configure_connection(made)  # type: ignore[attr-defined]  # Django's own
        except BaseException:
            made.close()
            raise
        return made

    def get_new_connection(self, conn_params: dict[str, Any]) -> Session:
        """A session that nobody has used since it was looked at."""
        made: Session = super().get_new_connection(conn_params)
        self.is_fresh = True
        return made

    def is_idle(self) -> bool:
        """Whether no transaction is open on the session, not even by a COPY."""
        session = self.connection
        return session is not None and session.pgconn.transaction_status == TransactionStatus.IDLE

    def has_changed_nothing(self, sql: object) -> bool:
        """Whether `sql`, which failed as the first statement of a session, left no trace.

        In a transaction nothing lasts without its COMMIT; otherwise only what reads is safe.
        """
        return not self.autocommit or str(sql).lstrip().upper().startswith("SELECT")

    def renew(self) -> None:
        """Puts a new session in the place of a dead one; transaction and savepoints go on."""
        dead = self.connection
        if dead is None:
            return
        with self.wrap_database_errors:
            if self.pool:
                self.connection = self.pool.renew(dead)
            else:
                dead.close()
                self.connection = self._new()
            self.connection.autocommit = self.autocommit

    def make_cursor(self, cursor: Any) -> SecondTry:
        """For statements as they come."""
        return SecondTry(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> SecondTryDebug:
        """For statements that are noted."""
        return SecondTryDebug(cursor, self)
