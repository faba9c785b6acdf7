"""Child processes that end with us, write to their own log, and are stopped in order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from launch import stopping

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Run in a child before it starts: it ends when we do, even by kill -9 (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def finished(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    said: int | IO[str] | None = None,
    ending: signal.Signals = signal.SIGTERM,
) -> int:
    """Runs a command to its end; what it says goes to `said`. Returns its exit code.

    Raises KeyboardInterrupt when a signal asks us to stop; by then `ending` has ended the child.
    """
    with subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdout=said,
        stderr=said if said is None else subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent,
    ) as child:
        try:
            return stopping.wait_for(child)
        except KeyboardInterrupt:
            end(child, ending)
            raise


def end(
    child: "subprocess.Popen[bytes]",
    ending: signal.Signals = signal.SIGTERM,
    seconds: float = 20,
) -> None:
    """Asks a child that leads its own session to end; makes sure of it and of its children."""
    if child.poll() is None:
        child.send_signal(ending)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


class Process:
    """One child. Ctrl-C at the keyboard does not reach it; `stop` ends it and its children."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.environment = dict(environment) if environment is not None else None
        self.folder = folder
        self.child: subprocess.Popen[bytes] | None = None
        self.seen = 0  # bytes in the log from earlier runs

    def start(self) -> None:
        """Starts the child; it may not be ready yet."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.seen = log.tell()
            self.child = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def ended(self) -> int | None:
        """The exit code, or None while the child runs."""
        return self.child.poll() if self.child else None

    def stop(self) -> None:
        """Asks the child to end and makes sure of it."""
        if self.child is not None:
            end(self.child)

    def last_words(self) -> str:
        """The last line that this run has written to its log."""
        try:
            said = self.log.read_bytes()[self.seen :].decode(errors="replace")
        except OSError:
            return ""
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return lines[-1] if lines else ""
