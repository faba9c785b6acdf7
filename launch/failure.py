"""What went wrong, in one sentence for the person at the keyboard."""

import contextlib
import errno
import sys
from collections.abc import Callable

from launch import stopping

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


def run(main: Callable[[], int]) -> None:
    """Ends the process with what `main` returns; a Failure becomes one sentence and exit code 1.

    A signal that asks to stop ends `main` where it waits, in order and once: see `launch.stopping`.
    """
    try:
        stopping.listen()
        code = main()
    except KeyboardInterrupt:
        _tell("Stopped.")
        code = 130
    except Failure as failure:
        _tell(str(failure))
        code = 1
    except OSError as error:
        if error.errno not in DISK:
            raise
        _tell(f"{DISK[error.errno]}: {error.filename or error.strerror}.")
        code = 1
    stopping.be_deaf()
    sys.exit(code)


def _tell(sentence: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be closed
        print(f"\n{sentence}", file=sys.stderr, flush=True)
