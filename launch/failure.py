"""What went wrong, in one sentence for the person at the keyboard."""

import errno
import signal
import sys
from collections.abc import Callable

DISK = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "Your share of the disk is full",
    errno.EROFS: "The disk can only be read",
    errno.EACCES: "You may not use a file that is needed",
    errno.EPERM: "You may not use a file that is needed",
    errno.EIO: "The disk has an error",
}


class Failure(Exception):
    """Something that the person can mend; its text says what and how."""


def stop_on_signals() -> None:
    """Ctrl-C, SIGTERM and a closed terminal end what is being done, once and in order.

    The first raises KeyboardInterrupt, so that everything started is stopped; the following ones
    must not interrupt that.
    """
    wanted = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # not under nohup
        wanted.append(signal.SIGHUP)

    def stop(*_: object) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in wanted:
        signal.signal(each, stop)


def run(main: Callable[[], int]) -> None:
    """Ends the process with what `main` returns; a Failure becomes one sentence and exit code 1."""
    stop_on_signals()
    try:
        code = main()
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        code = 130
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        code = 1
    except OSError as error:
        if error.errno not in DISK:
            raise
        print(f"\n{DISK[error.errno]}: {error.filename or error.strerror}.", file=sys.stderr)
        code = 1
    sys.exit(code)
