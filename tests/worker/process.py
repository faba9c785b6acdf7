"""A real worker with its clock (`celery worker -B`), on the database of the running test."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.db import connection
from psycopg.conninfo import make_conninfo

from config.celery import app

ROOT = Path(__file__).parents[2]


class Worker:
    """A running worker process; `queue` is its own, so that nothing else takes its tasks."""

    def __init__(self, folder: Path, queue: str = "", **environment: str) -> None:
        self.queue = queue or f"test-{uuid4().hex[:12]}"
        self.name = f"{self.queue}-{uuid4().hex[:6]}@localhost"
        self.log = folder / "worker.log"
        self.folder = folder
        self.environment = environment
        self.process = self._start()

    def given(self) -> dict[str, str]:
        """What differs from the environment of the tests."""
        settings = connection.settings_dict
        address = {
            "dbname": settings["NAME"],
            "user": settings["USER"] or None,
            "password": settings["PASSWORD"] or None,
            "host": settings["HOST"] or None,
            "port": settings["PORT"] or None,
        }
        return {
            "DATABASE_URL": make_conninfo(**{k: v for k, v in address.items() if v}),
            "CELERY_QUEUE": self.queue,
            "DATABASE_POOL": "0",
            "AUDIT_HEADS": str(self.folder / "audit-heads"),
            **self.environment,
        }

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.given()}
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B"]
        command += ["--schedule", str(self.folder / "beat"), "--concurrency", "2"]
        command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*command, "--hostname", self.name],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        """Whether the worker answers a ping."""
        return bool(app.control.ping([self.name], timeout=0.5))

    def kill(self) -> None:
        """Ends the worker as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def restart(self) -> None:
        """Starts it again after `kill`."""
        self.process = self._start()
        wait_until(self.is_ready, self)

    def stop(self) -> None:
        """Ends the worker and waits for its end."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


def wait_until(condition: Callable[[], object], worker: Worker, seconds: float = 60) -> None:
    """Returns as soon as `condition` holds; fails with the worker's log when it never does."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline or worker.process.poll() not in (None, -9):
            raise AssertionError(f"it did not happen; the worker says:\n{worker.log.read_text()}")
        pause.wait(0.1)


@contextmanager
def running_worker(folder: Path, queue: str = "", **environment: str) -> Iterator[Worker]:
    """A worker that answers, stopped at the end. queue: one that another worker has, too."""
    worker = Worker(folder, queue, **environment)
    try:
        wait_until(worker.is_ready, worker)
        yield worker
    finally:
        worker.stop()
