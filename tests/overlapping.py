"""Two transactions that really overlap: one is held before a statement while others commit."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")
Execute = Callable[[str, Any, bool, dict[str, Any]], Any]  # as Django's execute_wrapper has it
# A test that is wrong ends after so many seconds instead of never.
PATIENCE = 30


class Held:
    """A task in a thread, on a connection of its own, before its first statement of a kind."""

    def __init__(self, before: str) -> None:
        self.before = before
        self.reached = Event()
        self.released = Event()

    def __call__(
        self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Waits here, once."""
        if self.before in sql and not self.reached.is_set():
            self.reached.set()
            assert self.released.wait(PATIENCE)
        return execute(sql, params, many, context)


@contextmanager
def held(task: Callable[[], T], before: str) -> Iterator[Future[T]]:
    """Runs `task` up to its first statement that contains `before`, then the block, then the rest.

    What is yielded has the task's result after the block.
    """
    halt = Held(before)

    def run() -> T:
        with connection.execute_wrapper(halt):
            return task()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(on_own_connection, run)
        try:
            assert halt.reached.wait(PATIENCE), f"no statement contains {before!r}"
            yield running
        finally:
            halt.released.set()
        running.result(PATIENCE)


def on_own_connection(task: Callable[[], T]) -> T:
    """The task's result; its thread's connection is closed."""
    try:
        return task()
    finally:
        connection.close()


def wait_until_blocked_or_done(running: Future[Any], pid: int) -> bool:
    """Whether the server process `pid`, in which `running` works, waits for somebody's lock.

    False once the task is done instead. Must run outside of transactions.
    """
    while not running.done():
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
            (is_blocked,) = cursor.fetchone()
        if is_blocked:
            return True
    return False
