"""Workers with a clock that hurries, on a Redis that may be another than that of the tests."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.worker.process import ROOT, Worker, wait_until

LEASE = 3  # seconds
HURRY = {"NIGHT_LEASE_SECONDS": str(LEASE), "NIGHT_TICK_SECONDS": "1"}


class NightWorker(Worker):
    """A worker that says in its log when it is ready: Redis may be away."""

    seen = 0

    def is_ready(self) -> bool:
        """Whether this run of it has said so."""
        return b" ready." in self.log.read_bytes()[self.seen :]

    def restart(self) -> None:
        """Starts it again after `kill`."""
        self.seen = self.log.stat().st_size
        super().restart()


@contextmanager
def night_worker(folder: Path, queue: str = "", **environment: str) -> Iterator[NightWorker]:
    """A running worker with its clock, stopped at the end."""
    folder.mkdir(exist_ok=True)
    worker = NightWorker(folder, queue, **HURRY, **environment)
    try:
        wait_until(worker.is_ready, worker)
        yield worker
    finally:
        worker.stop()


def by_hand(worker: Worker) -> "subprocess.Popen[str]":
    """`manage.py nightly` on the database of the worker."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "nightly"],
        cwd=ROOT,
        env={**os.environ, **worker.given(), **HURRY},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def let_pass(seconds: float) -> None:
    """Waits while something must not happen."""
    threading.Event().wait(seconds)
