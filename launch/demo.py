"""`make demo`: everything on this machine until Ctrl-C."""

import contextlib
import errno
import fcntl
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from launch import failure, stopping
from launch.failure import Failure
from launch.processes import Process, finished
from launch.servers import servers

ROOT = Path(__file__).resolve().parents[1]
MOST_PROCESSES = 4
PATIENCE = 120.0  # seconds until the web server and the worker must answer


def data_folder() -> Path:
    """DATA_DIR, else var/demo."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var" / "demo").resolve()


def free_port(wanted: int) -> int:
    """`wanted` if nobody listens there. Raises Failure."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except (OSError, OverflowError):
            raise Failure(
                f"Port {wanted} is busy or cannot be used: choose another, such as "
                f"`make demo PORT={wanted + 1 if 0 < wanted < 65535 else 8001}`."
            ) from None
    return wanted


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the data folder for this demo. Raises Failure where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a")
    except OSError as error:
        raise Failure(
            f"The data folder {folder} cannot be used ({error.strerror}): name another in DATA_DIR."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Failure(
                f"A demo is running on {folder} already: stop it, or name another in DATA_DIR."
            ) from None
        yield


def secret_key(folder: Path) -> str:
    """The key of this data folder, made once."""
    path = folder / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


def processes() -> int:
    """How many count at once: one a core that is ours, and no more than the database takes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(MOST_PROCESSES, cores or 1)


class Demo:
    """A running demo: `environment` for more commands, `url` of its web server."""

    def __init__(self, folder: Path, port: int, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        # for people: browsers know no passkeys for an address
        self.shown = f"http://localhost:{port}"
        self.environment = dict(environment)
        self.processes: list[Process] = []

    def manage(self, *arguments: str, quietly: bool = True) -> None:
        """Runs a management command to its end. Raises Failure with its last words."""
        command = [sys.executable, "manage.py", *arguments]
        with tempfile.TemporaryFile("w+") as file:
            code = finished(command, self.environment, ROOT, file if quietly else None)
            file.seek(0)
            said = file.read().strip().splitlines()
        if code:
            raise Failure(f"`manage.py {arguments[0]}` failed: {said[-1] if said else code}")

    def prepare(self, data: Sequence[str] = ()) -> None:
        """Brings tables, registry, instruments, demo data and static files up to date.

        data: what else `load_demo` is told.
        """
        for words, *command in (
            ("tables", "migrate", "--verbosity", "0"),
            ("provinces, communes and offices", "load_registry"),
            ("questionnaires", "load_instruments"),
            ("styles and fonts", "collectstatic", "--noinput", "--verbosity", "0"),
            ("demo data", "load_demo", "--processes", str(processes()), *data),
        ):
            say(f"  {words} …")
            self.manage(*command)

    def commands(self) -> dict[str, list[str]]:
        """How web, worker and clock are started, in this order."""
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
        web = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
        web += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "2"]
        worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"]
        worker += ["--hostname", "demo@localhost", "--without-gossip", "--without-mingle"]
        clock = [*celery, "beat", "--schedule", str(self.folder / "clock"), "--loglevel", "WARNING"]
        return {"web": web, "worker": worker, "clock": clock}

    def start(self) -> None:
        """Starts web, worker and clock, and waits until they answer. Raises Failure."""
        log = self.folder / "log"
        for name, command in self.commands().items():
            process = Process(name, command, log / f"{name}.log", self.environment, ROOT)
            self.processes.append(process)
            process.start()
        self._wait(self._web_answers, "The web server")
        self._wait(self._worker_answers, "The worker")

    def _wait(self, ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise Failure(f"{what} does not answer; see {self.folder / 'log'}.")
            stopping.pause(0.05)

    def _web_answers(self) -> bool:
        with contextlib.suppress(urllib.error.URLError, OSError):
            return bool(urllib.request.urlopen(f"{self.url}/healthz", timeout=2).status == 200)
        return False

    def _worker_answers(self) -> bool:
        ping = ["-m", "celery", "-A", "config", "inspect", "ping", "--timeout", "2"]
        return finished([sys.executable, *ping], self.environment, ROOT, subprocess.DEVNULL) == 0

    def check(self) -> None:
        """Raises Failure when a process has ended by itself, with its last words."""
        for process in self.processes:
            code = process.ended()
            if code is not None:
                if code < 0:
                    raise Failure(
                        f"The {process.name} process was killed by signal {-code}; "
                        f"its log is {process.log}."
                    )
                raise Failure(
                    f"The {process.name} process ended with code {code}; {process.log} says: "
                    f"{process.last_words() or 'nothing'}"
                )

    def stop(self) -> None:
        """Stops clock, worker and web, in that order."""
        for process in reversed(self.processes):
            process.stop()


@contextmanager
def running(folder: Path, port: int, data: Sequence[str] = ()) -> Iterator[Demo]:
    """A demo that answers, stopped in order at the end; `data` as for `prepare`. Raises Failure."""
    with ExitStack() as stack:
        stack.enter_context(only_one(folder))
        free_port(port)
        say("Starting the database and the queue …")
        found = stack.enter_context(servers(folder, durable=True))
        environment = {
            **os.environ,
            **found,
            "SECRET_KEY": secret_key(folder),
            "DEMO": "1",
            "SIMULATION": "1",
            "DEBUG": "0",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "PUBLIC_ADDRESS": f"http://localhost:{port}",
            "STATIC_ROOT": str(folder / "static"),
            "DEMO_ACCOUNTS_FILE": str(folder / "accounts.txt"),
            "INVITATION_KEYS": str(folder / "invitation-keys"),
            "AUDIT_HEADS": str(folder / "audit-heads"),
            "PORT": str(port),
        }
        demo = Demo(folder, port, environment)
        stack.callback(demo.stop)
        say("Preparing:")
        demo.prepare(data)
        say("Starting web, worker and clock …")
        demo.start()
        yield demo


def say(sentence: str) -> None:
    """A line for the person at the keyboard; nothing where the terminal is closed."""
    try:
        print(sentence, flush=True)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        # its signal stops us at the next wait; what is left to say goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def main() -> int:
    """Runs until Ctrl-C; 0 when it was stopped on purpose."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal():
        raise Failure(f"PORT={port} is no number: choose one, such as PORT=8000.")
    begun = time.monotonic()
    try:
        with running(data_folder(), int(port)) as demo:
            accounts = demo.folder / "accounts.txt"
            say(f"\nReady after {time.monotonic() - begun:.0f} s.\n")
            say(f"  Citizens answer:   {demo.shown}/ks/phuong-ha-tien/")
            say(f"  Counter tablet:    {demo.shown}/ks/may-tinh-bang/")
            say(f"  Officials look:    {demo.shown}/bao-cao/")
            say(f"  Administration:    {demo.shown}/quan-tri/\n")
            if accounts.exists():
                say(accounts.read_text())
            say("Ctrl-C stops everything; the data stay.")
            while True:
                demo.check()
                stopping.pause(0.5)
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):  # the terminal may be closed
            say("\nStopped; the data are kept.")
        return 0


if __name__ == "__main__":
    failure.run(main)
