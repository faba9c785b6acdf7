"""A launcher in small, stopped by signals that come at one line of it and at every line after.

For each line in turn a process is forked that starts a server, runs a command, waits and stops.
From that line on it gets a signal before every line that it runs. Prints one JSON object: the lines
tried and what went wrong.
"""

import ctypes
import json
import os
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from launch import failure, stopping
from launch.processes import Process, finished

if TYPE_CHECKING:
    from _typeshed import TraceFunction

PR_SET_CHILD_SUBREAPER = 36
RUN = ("/launch/", "/subprocess.py", "/contextlib.py")
SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
UNTOUCHED = 99  # the exit code when the launcher had ended before any signal came
PATIENCE = 30  # seconds until a launcher that does not end is killed


def launcher(folder: Path) -> None:
    """Starts, waits and stops as `make demo` does."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        server = Process("server", ["sleep", "1000"], place / "log")
        stack.callback(server.stop)
        server.start()
        finished(["true"])
        stopping.pause(0)


class Storm:
    """Sends a signal before the n-th line and before every line that follows."""

    def __init__(self, first: int) -> None:
        self.left = first
        self.number = SIGNALS[first % len(SIGNALS)]

    def trace(self, frame: FrameType, event: str, _: Any) -> "TraceFunction | None":
        """What `sys.settrace` takes."""
        if not any(part in frame.f_code.co_filename for part in RUN):
            return None
        if event == "line":
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), self.number)
        return self.trace

    def main(self, folder: Path) -> int:
        """0 when the launcher was stopped in order."""
        try:
            sys.settrace(self.trace)
            launcher(folder)
        except KeyboardInterrupt:
            return 0
        return 0 if self.left < 0 else UNTOUCHED


def attempt(folder: Path, first: int) -> tuple[int, str, int, int]:
    """The exit code, what was said, the processes and the folders that were left behind."""
    said = folder.parent / "said"
    launched = os.fork()
    if launched == 0:
        with said.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        signal.alarm(PATIENCE)
        failure.run(lambda: Storm(first).main(folder))
    _, status = os.waitpid(launched, 0)
    orphans = 0
    while True:
        try:
            os.wait()  # whoever has lost its parent is ours, as long as it lives
        except ChildProcessError:
            break
        orphans += 1
    left = list(folder.iterdir())
    for place in left:
        shutil.rmtree(place)
    return os.waitstatus_to_exitcode(status), said.read_text(), orphans, len(left)


def main() -> None:
    """Begins the signals one line later each time, until the launcher ends before they begin."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    folder = Path(sys.argv[1]) / "work"
    folder.mkdir()
    wrong = []
    for first in count():
        found = attempt(folder, first)
        if found[0] == UNTOUCHED:
            break
        if found != (0, "", 0, 0):
            wrong.append((first, *found))
    print(json.dumps({"lines": first, "wrong": wrong}))


if __name__ == "__main__":
    main()
