"""Stops the keys of another system, from the next request on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.invitations import integrations
from surveys.models import Integration


class Command(BaseCommand):
    """For whoever is at the machine when a key leaked; the page of keys does the same."""

    help = "Stops the keys of another system by its name or number."

    def add_arguments(self, parser: CommandParser) -> None:
        """The system's name, or its number where several have one name."""
        parser.add_argument("name", help="by which officials know the system, or its number")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stops them and says so."""
        called = options["name"]
        found = list(Integration.objects.filter(name=called, active=True).select_related("unit"))
        if not found and called.isascii() and called.isdecimal():
            found = list(Integration.objects.filter(pk=int(called), active=True))
        if len(found) != 1:
            listed = [
                f"{one.pk}: {one.name} ({one.unit.full_name})"
                for one in Integration.objects.filter(active=True).select_related("unit")
            ]
            raise CommandError(
                "\n".join([f"{len(found)} systems in use are called so. In use are:", *listed])
            )
        integrations.stop(found[0])
        self.stdout.write(f"Stopped: {found[0].name} ({found[0].pk}).")
