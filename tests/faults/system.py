"""The real processes, as the demo starts them, around a database that a test stops and starts."""

import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from launch.demo import ROOT, Demo
from launch.failure import Failure
from launch.postgres import Postgres
from launch.processes import Process, finished
from launch.redis import Redis


def wait_until(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Returns as soon as `condition` holds. Raises AssertionError when it never does."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen: {what}"
        pause.wait(0.05)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_alive(number: int) -> bool:
    """Whether the process runs; one that has ended and nobody has asked about does not."""
    try:
        status = Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


class System:
    """Web server and worker on a database of their own. `more`: settings beside the usual ones."""

    def __init__(self, folder: Path, postgres: Postgres, redis: Redis, **more: str) -> None:
        self.postgres = postgres
        self.log = folder / "log"
        self.environment = {
            **os.environ,
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "DEMO": "1",
            "SIMULATION": "1",
            "DEBUG": "0",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            # those of `make test` do as well
            "STATIC_ROOT": os.environ.get("STATIC_ROOT") or str(folder / "static"),
            "INVITATION_KEYS": str(folder / "keys"),
            "AUDIT_HEADS": str(folder / "audit-heads"),
            "PYTHONPATH": str(ROOT),
            **more,
        }
        self.demo = Demo(folder, free_port(), self.environment)
        self.url = self.demo.url

    def prepare(self) -> None:
        """Makes the tables and what stands in them."""
        self.demo.manage("migrate", "--verbosity", "0")
        if not Path(self.environment["STATIC_ROOT"]).exists():
            self.demo.manage("collectstatic", "--noinput", "--verbosity", "0")
        fill = [sys.executable, "-W", "ignore", "-m", "tests.faults.filling"]
        if finished(fill, self.environment, ROOT):
            raise Failure("The database of the fault tests could not be filled.")

    def sessions(self) -> int:
        """How many sessions the system has on its database."""
        with psycopg.connect(self.postgres.url) as own:
            row = own.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(row[0]) if row else 0

    def terminate_sessions(self) -> int:
        """Ends every session but the one that asks, as an administrator would; how many."""
        with psycopg.connect(self.postgres.url, autocommit=True) as own:
            row = own.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(row[0]) if row else 0

    def postmaster(self) -> int:
        """The process number of the database server."""
        return int((self.postgres.data / "postmaster.pid").read_text().split()[0])

    def stop_database(self, mode: str = "fast") -> None:
        """Stops it: `fast`, `immediate`, or `kill` for the kernel's own way."""
        if mode == "kill":
            number = self.postmaster()
            os.kill(number, signal.SIGKILL)
            wait_until(lambda: not is_alive(number), "the server is gone")
        else:
            self.postgres.stop(mode)

    def start_database(self) -> None:
        """Starts it again, after a kill as soon as its orphans have ended."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return self.postgres.start()
            except Failure:
                if time.monotonic() > deadline:
                    raise

    def restart_database(self, mode: str = "fast", away: float = 0) -> None:
        """Stops it, leaves it away for so many seconds, starts it."""
        self.stop_database(mode)
        threading.Event().wait(away)
        self.start_database()

    def said(self, name: str) -> str:
        """What a process has written to its log: `web`, `worker`."""
        return (self.log / f"{name}.log").read_text()

    def tasks(self, begin: int = 0) -> tuple[int, int]:
        """How many task runs succeeded and failed, of those received after `begin` of the log."""
        said = self.said("worker")[begin:]
        received = set(re.findall(r"\[([\w-]+)\] received", said))
        ended = re.findall(r"\[([\w-]+)\] (succeeded|raised)", said)
        known = [how for number, how in ended if number in received]
        return known.count("succeeded"), known.count("raised")


@contextmanager
def running_system(folder: Path, *, worker: bool = True, **more: str) -> Iterator[System]:
    """A system that answers, stopped in order at the end; `folder` must be open to everybody."""
    folder.chmod(0o711)
    with ExitStack() as stack:
        postgres = Postgres(folder / "postgres", durable=True)
        stack.callback(postgres.stop)
        postgres.start()
        redis = Redis(folder / "redis", folder / "log" / "redis.log")
        stack.callback(redis.stop)
        redis.start()
        system = System(folder, postgres, redis, **more)
        stack.callback(system.demo.stop)
        system.prepare()
        _start(system, worker=worker)
        yield system


def _start(system: System, *, worker: bool) -> None:
    commands = system.demo.commands()
    del commands["clock"]
    if worker:
        # its clock as well, and what became of each task
        commands["worker"] += ["-B", "--schedule", str(system.log / "beat"), "--loglevel", "INFO"]
    else:
        del commands["worker"]
    for name, command in commands.items():
        process = Process(name, command, system.log / f"{name}.log", system.environment, ROOT)
        system.demo.processes.append(process)
        process.start()
    wait_until(lambda: "Started worker" in system.said("web"), "the web server answers")
    if worker:
        wait_until(lambda: system.tasks()[0], "the worker runs a task")
