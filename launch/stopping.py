"""Signals that ask us to stop are heeded where we wait, and nowhere else.

Ctrl-C, SIGTERM and a closed terminal come at any line, and often several of them. An exception at
any line would lose the child that is just being started, end the stopping half way, or be lost
itself where Python swallows it (in `__del__`). So a handler raises nothing: it notes the signal and
wakes the wait, which then raises KeyboardInterrupt. Only one wait ever does: what stops the servers
afterwards is not interrupted.
"""

import os
import select
import signal
import subprocess
from types import FrameType


class _Asked:
    """What the signals have said so far."""

    stopping: tuple[signal.Signals, ...] = ()
    bell: tuple[int, ...] = ()  # readable when a signal has come
    asked = False
    heeded = False


def listen() -> None:
    """Notes Ctrl-C, SIGTERM and a closed terminal from now on; under nohup not the latter."""
    wanted = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        wanted.append(signal.SIGHUP)
    hear, ring = os.pipe()
    for end in (hear, ring):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
    _Asked.stopping, _Asked.bell = tuple(wanted), (hear,)
    for each in wanted:
        signal.signal(each, _note)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # rings when a child has ended


def _note(_number: int, _frame: FrameType | None) -> None:
    _Asked.asked = True


def heed() -> None:
    """Raises KeyboardInterrupt when a signal has asked us to stop; once, then never again."""
    if _Asked.asked and not _Asked.heeded:
        _Asked.heeded = True
        raise KeyboardInterrupt


def pause(seconds: float) -> None:
    """Waits so long, less when a child ends. Raises KeyboardInterrupt when a signal asks to."""
    heed()
    for ringing in select.select(_Asked.bell, (), (), seconds)[0]:
        os.read(ringing, 1024)
    heed()


def wait_for(child: "subprocess.Popen[bytes]") -> int:
    """The child's exit code. Raises KeyboardInterrupt when a signal asks us to stop."""
    while (code := child.poll()) is None:
        pause(1)
    return code


def be_deaf() -> None:
    """The process is about to end with its own exit code: no signal changes that any more."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _Asked.stopping)
