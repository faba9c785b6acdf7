"""Where a Unix socket may lie."""

import re
from pathlib import Path

LONGEST = 100  # bytes; the whole address of a Unix socket has room for 107, on macOS for 103


def address_fits(socket: Path) -> bool:
    """Whether the path is short and plain enough for an option, a list of folders and a URL.

    PostgreSQL reads a comma as the end of a folder, Celery a # as the end of the address.
    """
    return (
        len(bytes(socket)) <= LONGEST
        and re.fullmatch(r"[A-Za-z0-9/._+-]+", str(socket)) is not None
    )
