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

    def prepare(self) -> None:
        """Brings tables, registry, questionnaires and static files up to date. Raises Failure."""
        with self.beside("styles", "collectstatic", "--noinput", "--verbosity", "0"):
            say("  tables …")
            self.manage("migrate", "--verbosity", "0")
            say("  styles and fonts …")
        with self.beside("questionnaires", "load_instruments"):
            say("  provinces, communes and offices …")
            self.manage("load_registry")
            say("  questionnaires …")

    @contextmanager
    def beside(self, name: str, *arguments: str) -> Iterator[None]:
        """A management command on another core meanwhile; at the end it is done. Raises Failure."""
        command = [sys.executable, "manage.py", *arguments]
        log = self.folder / "log" / f"{name}.log"
        process = Process(name, command, log, self.environment, ROOT)
        process.start()
        try:
            yield
            while (code := process.ended()) is None:
                stopping.pause(0.05)
        finally:
            process.stop()
        if code:
            said = process.last_words() or code
            raise Failure(f"`manage.py {arguments[0]}` failed: {said}")

    def fill(self, data: Sequence[str] = ()) -> None:
        """Loads the demonstration's data, once; data: what else `load_demo` is told."""
        say("  demo data …")
        self.manage("load_demo", "--processes", str(processes()), *data)

    def commands(self) -> dict[str, list[str]]:
        """How web, worker and clock are started."""
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
        web = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
        web += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "2"]
        worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"]
        worker += ["--hostname", "demo@localhost", "--without-gossip", "--without-mingle"]
        clock = [*celery, "beat", "--schedule", str(self.folder / "clock"), "--loglevel", "WARNING"]
        return {"web": web, "worker": worker, "clock": clock}

    def start(self, *names: str) -> None:
        """Starts these of web, worker and clock."""
        log = self.folder / "log"
        for name in names:
            command = self.commands()[name]
            process = Process(name, command, log / f"{name}.log", self.environment, ROOT)
            self.processes.append(process)
            process.start()

    def wait(self) -> None:
        """Waits until web and worker answer. Raises Failure."""
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
    """A demo that answers, stopped in order at the end; `data` as for `fill`. Raises Failure."""
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
        demo.prepare()
        demo.start("web", "worker")  # they come up while data are loaded
        demo.fill(data)
        say("Starting the clock …")
        demo.start("clock")  # only now: its tasks would count what is half loaded
        demo.wait()
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
