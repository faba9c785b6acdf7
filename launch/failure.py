"""What went wrong, in one sentence for the person at the keyboard."""

import sys
from collections.abc import Callable


class Failure(Exception):
    """Something that the person can mend; its text says what and how."""


def run(main: Callable[[], int]) -> None:
    """Ends the process with what `main` returns; a Failure becomes one sentence and exit code 1."""
    try:
        code = main()
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        code = 1
    except OSError as error:
        if error.errno != 28:  # no space left on the device
            raise
        print(f"\nThe disk is full: {error.filename or 'no room left'}.", file=sys.stderr)
        code = 1
    sys.exit(code)
