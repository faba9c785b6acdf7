"""Loads the country's units, Kiên Giang's offices and the procedures."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from offices.registry.load import load, read_registry
from offices.registry.rows import FOLDER


class Command(BaseCommand):
    """Safe to run at every start: the second time nothing changes."""

    help = "Loads administrative units, successions, offices, fields and procedures."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--folder`: another set of files than the shipped one."""
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where the CSV files are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was added or corrected."""
        try:
            registry = read_registry(options["folder"])
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        changes = load(registry)
        self.stdout.write(f"Registry loaded; added or corrected: {changes}.")
