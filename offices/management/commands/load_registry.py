"""Loads the country's units, Kiên Giang's offices and the procedures."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from offices.registry.load import load, read_registry


class Command(BaseCommand):
    """Safe to run at every start: the second time nothing changes."""

    help = "Loads administrative units, successions, offices, fields and procedures."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was added or corrected."""
        try:
            registry = read_registry()
        except ValueError as error:
            raise CommandError(str(error)) from error
        changes = load(registry)
        self.stdout.write(f"Registry loaded; added or corrected: {changes}.")
