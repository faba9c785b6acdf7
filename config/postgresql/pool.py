"""Connections of one process, each looked at before it is given out, without asking the server.

There is no thread behind it: who needs a connection and finds none idle makes one, and learns at
once that the server is away. So nothing has to back off, and the first request after the server is
back is served like any other.
"""

import select
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any

from psycopg import Connection
from psycopg.pq import TransactionStatus

from config.postgresql.lost import NoConnection

Session = Connection[Any]  # Any: rows of every shape


class PoolIsBusy(NoConnection):
    """All connections were in use for too long."""


def has_ended(session: Session) -> bool:
    """Whether the server has closed an idle session, or was killed.

    An idle session has nothing to say. What can be read is its end, or a word about a setting that
    was changed; either way a new one is better.
    """
    if session.closed:
        return True
    looking = select.poll()
    looking.register(session.fileno(), select.POLLIN)
    return bool(looking.poll(0))


class Pool:
    """At most `size` sessions; a process that needs fewer has fewer.

    timeout: how many seconds somebody waits while all are in use; lifetime: after how many a
    session is replaced; idle: after how many an unused one is closed.
    """

    def __init__(
        self,
        connect: Callable[[], Session],
        size: int = 8,
        timeout: float = 10,
        lifetime: float = 3600,
        idle: float = 600,
    ) -> None:
        self.connect = connect
        self.size, self.timeout, self.lifetime, self.idle = size, timeout, lifetime, idle
        self.closed = False
        self._free = BoundedSemaphore(size)
        # with the moment at which it was made, and put back; the one used last comes out first
        self._resting: deque[tuple[Session, float, float]] = deque()
        self._made: dict[int, float] = {}  # of those in use, by id()

    def open(self) -> None:
        """Nothing is made before it is needed."""

    def getconn(self) -> Session:
        """A session that has not ended. Raises PoolIsBusy, or what connecting raises."""
        if not self._free.acquire(timeout=self.timeout):
            raise PoolIsBusy(f"all {self.size} connections were in use for {self.timeout} s")
        try:
            while self._resting:
                try:
                    session, made, _ = self._resting.pop()
                except IndexError:  # another thread was faster
                    break
                if not has_ended(session):
                    return self._give(session, made)
                session.close()
            return self._give(self.connect(), time.monotonic())
        except BaseException:
            self._free.release()
            raise

    def _give(self, session: Session, made: float) -> Session:
        self._made[id(session)] = made
        session._pool = self  # where Django looks when it is done
        return session

    def putconn(self, session: Session) -> None:
        """Takes a session back, whatever state it is in."""
        made = self._made.pop(id(session))
        session._pool = None
        try:
            now = time.monotonic()
            if self.closed or now - made > self.lifetime or not _is_clean(session):
                session.close()
            else:
                self._resting.append((session, made, now))
            self._close_unused(now)
        finally:
            self._free.release()

    def renew(self, session: Session) -> Session:
        """A new session in the place of one that proved dead; all that rest are suspect and go.

        Raises what connecting raises; then the dead one still has to be put back.
        """
        self.drain()
        session.close()
        fresh = self.connect()
        self._made.pop(id(session))
        session._pool = None
        return self._give(fresh, time.monotonic())

    def drain(self) -> None:
        """Closes what rests."""
        while self._resting:
            try:
                self._resting.pop()[0].close()
            except IndexError:
                break

    def _close_unused(self, now: float) -> None:
        with suppress(IndexError):  # nothing rests, or another thread was faster
            while now - self._resting[0][2] > self.idle:
                self._resting.popleft()[0].close()

    def close(self) -> None:
        """Closes what rests now and what is in use when it comes back."""
        self.closed = True
        self.drain()


def _is_clean(session: Session) -> bool:
    """Whether the next user finds nothing of this one's; an open transaction is rolled back."""
    if session.pgconn.transaction_status != TransactionStatus.IDLE and not session.closed:
        try:
            session.rollback()
        except Exception:
            return False
    return not session.closed and session.pgconn.transaction_status == TransactionStatus.IDLE
