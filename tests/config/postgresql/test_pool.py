"""Connections are looked at before they are given out; nobody waits for what is dead."""

import select
from collections import deque
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from config.postgresql.pool import Pool, PoolIsBusy, Session
from tests.away import ours

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pool() -> Iterator[Pool]:
    """A pool of two on the tests' database, which gives up after a moment."""
    made = Pool(ours()._new, size=2, timeout=0.05)
    yield made
    made.close()


def end(session: Session) -> None:
    """The server ends a session; returns when its end has arrived here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [session.info.backend_pid])
        assert cursor.fetchone() == (True,)
    assert select.select([session], [], [], 5)[0] == [session]


def test_a_session_is_used_again(pool: Pool) -> None:
    first = pool.getconn()
    pool.putconn(first)
    assert pool.getconn() is first
    pool.putconn(first)


def test_a_session_that_ended_while_it_rested_is_given_to_nobody(pool: Pool) -> None:
    one, other = pool.getconn(), pool.getconn()
    pool.putconn(one)
    pool.putconn(other)
    end(one)
    end(other)
    fresh = pool.getconn()
    assert fresh not in (one, other)
    assert fresh.execute("SELECT 1").fetchone() == (1,)
    assert one.closed
    assert other.closed
    pool.putconn(fresh)


def test_a_session_that_ended_in_use_is_not_kept(pool: Pool) -> None:
    used = pool.getconn()
    end(used)
    with pytest.raises(psycopg.OperationalError):
        used.execute("SELECT 1")
    pool.putconn(used)
    assert pool.getconn() is not used


def test_what_somebody_left_open_is_rolled_back(pool: Pool) -> None:
    left = pool.getconn()
    left.execute("BEGIN")
    left.execute("CREATE TABLE half (x int)")
    pool.putconn(left)
    again = pool.getconn()
    assert again is left
    assert again.execute("SELECT to_regclass('half')").fetchone() == (None,)
    pool.putconn(again)


def test_no_more_sessions_than_allowed_and_a_dead_server_takes_up_no_place(pool: Pool) -> None:
    one, other = pool.getconn(), pool.getconn()
    with pytest.raises(PoolIsBusy, match="all 2 connections"):
        pool.getconn()
    for session in (one, other):
        end(session)
        pool.putconn(session)

    def refuse() -> Session:
        raise psycopg.OperationalError("connection refused")

    pool.connect, real = refuse, pool.connect
    for _ in range(5):  # more than there are places
        with pytest.raises(psycopg.OperationalError, match="refused"):
            pool.getconn()
    pool.connect = real
    assert pool.getconn().execute("SELECT 1").fetchone() == (1,)


def test_old_sessions_and_unused_ones_are_closed(pool: Pool) -> None:
    pool.lifetime = 0
    old = pool.getconn()
    pool.putconn(old)
    assert old.closed
    pool.lifetime = 3600
    unused, used = pool.getconn(), pool.getconn()
    pool.putconn(unused)
    pool.idle = 0
    pool.putconn(used)
    assert unused.closed
    assert pool.getconn() is not unused


def test_a_closed_pool_keeps_nothing(pool: Pool) -> None:
    resting, used = pool.getconn(), pool.getconn()
    pool.putconn(resting)
    pool.close()
    pool.putconn(used)
    assert resting.closed
    assert used.closed


def test_with_one_that_proved_dead_all_that_rest_go(pool: Pool) -> None:
    dead, resting = pool.getconn(), pool.getconn()
    pool.putconn(resting)
    fresh = pool.renew(dead)
    assert dead.closed
    assert resting.closed
    assert fresh.execute("SELECT 1").fetchone() == (1,)
    pool.putconn(fresh)
    # the places of both are free again
    assert {pool.getconn().closed for _ in range(2)} == {False}


class TakenMeanwhile(deque[tuple[Session, float, float]]):
    """Holds something whenever it is asked; another thread is always faster."""

    def __bool__(self) -> bool:
        return True


def test_what_another_thread_takes_first_is_no_error(pool: Pool) -> None:
    pool._resting = TakenMeanwhile()
    session = pool.getconn()
    pool.lifetime = 0  # so that it does not rest itself
    pool.putconn(session)
    pool.drain()
    assert session.closed
