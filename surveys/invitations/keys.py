"""The keys of days and years: a folder each outside the database, destroyed when their time ends.

With a day's key anyone who knows dossier codes could work out which response came from which
dossier. So it stands in no table and no backup, is read from its file whenever it is needed and
kept in no process; when it is gone, nobody can work anything out any more. With a year's key anyone
could work out which dossiers we were told of (`surveys.invitations.told`), never which answered.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32
FOLDER_MODE = 0o700
FILE_MODE = 0o600
KEY = "key"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEAR = re.compile(r"\d{4}", re.ASCII)
# Whose key it is: of a day, or of a year as 2026.
Span = date | int


class Exposed(Exception):
    """Others than the system's own user may look into the folder; the message says what to do."""


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """The folder in which each day has a folder with its key and what was issued under it.

    Each year has one with its key, too.
    """

    path: Path

    def of_day(self, day: date) -> Path:
        """Where the day's key and ledgers stand, whether or not they are there."""
        return self.path / day.isoformat()

    def of(self, span: Span) -> Path:
        """The same for a day or a year."""
        return self.path / f"{span:04}" if isinstance(span, int) else self.of_day(span)

    def key(self, span: Span) -> bytes | None:
        """The key of a day or a year, KEY_BYTES long; None if there is none, or none any more."""
        try:
            key = (self.of(span) / KEY).read_bytes()
        except FileNotFoundError:
            return None
        return key if len(key) == KEY_BYTES else None

    def ensured(self, span: Span) -> bytes:
        """The key of a day or a year, made now where there is none.

        Of two that make it at once, one wins.

        Raises Exposed where others may look into the folder, and OSError where it cannot be used.
        """
        found = self.key(span)
        if found is not None:
            return found
        folder = self.of(span)
        self.path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        if self.path.stat().st_mode & 0o077:
            raise Exposed(f"Others may look into {self.path}: run chmod 700 on it.")
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        # Written aside and linked: a key is there whole or not at all, and never replaced.
        aside = folder / f".{secrets.token_hex(8)}"
        try:
            _write_new(aside, secrets.token_bytes(KEY_BYTES))
            with contextlib.suppress(FileExistsError):
                os.link(aside, folder / KEY)
        finally:
            aside.unlink(missing_ok=True)
        for made in (folder, self.path):
            _to_disk(made)
        key = self.key(span)
        if key is None:
            raise OSError(f"The key in {folder} cannot be read.")
        return key

    def days(self) -> Iterator[date]:
        """The days that have a folder, in order."""
        for name in self._names():
            if DAY.fullmatch(name):
                with contextlib.suppress(ValueError):
                    yield date.fromisoformat(name)

    def years(self) -> list[int]:
        """The years that have a folder, in order."""
        return [int(name) for name in self._names() if YEAR.fullmatch(name)]

    def _names(self) -> list[str]:
        return sorted(os.listdir(self.path)) if self.path.is_dir() else []

    def empty(self, span: Span) -> None:
        """Overwrites and deletes all files of a day or a year; the folder is to be removed last."""
        folder = self.of(span)
        for name in os.listdir(folder):
            _overwrite(folder / name)
            (folder / name).unlink(missing_ok=True)
        _to_disk(folder)

    def remove(self, span: Span) -> None:
        """Removes the empty folder of a day or a year; nothing where it is gone."""
        with contextlib.suppress(FileNotFoundError):
            self.of(span).rmdir()


def key_folder() -> KeyFolder:
    """The folder that the setting INVITATION_KEYS names."""
    return KeyFolder(Path(settings.INVITATION_KEYS))


def _write_new(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _overwrite(path: Path) -> None:
    """Puts chance in the place of what stands in the file, on the disk."""
    with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
        file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
