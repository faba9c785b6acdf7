"""`manage.py import_dossiers FILE`: finished dossiers from a CSV file."""

from getpass import getuser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from offices.dossiers.entering import by_machine
from offices.dossiers.file import SHAPE
from offices.dossiers.store import import_dossiers
from offices.models import Office
from offices.tables import FileRefused


class Command(BaseCommand):
    """Stores the whole file or nothing; a second run with the same file changes nothing."""

    help = (
        "Imports finished dossiers from a CSV file (UTF-8; comma, semicolon or tab) with the "
        "columns office, day, field, finished: short name of the office, 2025-12-31 or "
        "31/12/2025, short name or name of the field (may be empty), a whole number."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE: the CSV file."""
        parser.add_argument("file", type=Path, help="the CSV file")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Prints what was stored. Raises CommandError with every mistake and its line."""
        file: Path = options["file"]
        try:
            with file.open("rb") as opened:
                content = opened.read(SHAPE.most_bytes + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        try:
            stored = import_dossiers(
                content,
                Office.objects.all(),
                timezone.localdate(),
                by_machine(getuser(), content),
            )
        except FileRefused as refused:
            raise CommandError(_report(file, refused)) from None
        self.stdout.write(
            f"{stored.new} new, {stored.changed} changed, {stored.unchanged} unchanged."
        )
        if stored.beside:
            self.stdout.write(
                f"On {stored.beside} days of offices there are counts under other fields as well; "
                "they add up. Import 0 for those that are counted twice."
            )


def _report(file: Path, refused: FileRefused) -> str:
    """Every listed mistake on a line of its own."""
    lines = [f"{file}: nothing was stored, {refused.count}{'+' * refused.more} mistakes."]
    for mistake in refused.mistakes:
        place = f"{mistake.line}, {mistake.column}" if mistake.column else str(mistake.line)
        lines.append(f"  {place}: {mistake.text}")
    if refused.count > len(refused.mistakes):
        lines.append(f"  … {refused.count - len(refused.mistakes)} more")
    return "\n".join(lines)
