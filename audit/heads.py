"""The file of heads: one line a day says where the chain ended, kept where no database reaches.

    {"day": "2026-11-28", "seq": 4711, "hash": "9f…", "at": "2026-11-29T01:34:05+07:00"}

Whoever owns the database can make the whole chain anew, but not a line of yesterday's copy of this
file. It holds nothing that is secret; copy it away every day.
"""

import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

NAME = "heads.jsonl"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link when a day was closed. day, at: ISO 8601; hash: 64 hexadecimal digits."""

    day: str
    seq: int
    hash: str
    at: str


class Unreadable(ValueError):
    """A line is no head; says which."""


def read(path: Path) -> list[Head]:
    """The heads of a file, oldest first; none where there is no file. Raises Unreadable."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise Unreadable(f"{path} is no text") from None
    return [_head(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _head(path: Path, number: int, line: str) -> Head:
    try:
        said = json.loads(line)
        head = Head(said["day"], said["seq"], said["hash"], said["at"])
        date.fromisoformat(head.day)
        if not isinstance(head.seq, int) or len(bytes.fromhex(head.hash)) != 32:
            raise ValueError(line)
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"{path}, line {number}: no head of the chain") from None
    return head


def append(folder: Path, head: Head) -> None:
    """Adds a line that lasts: it is on the disk when this returns. Makes folder and file.

    A line that a crash left unfinished is ended first, so that it spoils no other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(json.dumps(asdict(head)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    listing = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(listing)  # the file's name
    finally:
        os.close(listing)


def is_written(heads: Sequence[Head], day: date) -> bool:
    """Whether there is a head of this day."""
    return any(head.day == day.isoformat() for head in heads)
