"""Makes a key with which a province's portal may ask for invitations."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from offices.models import AdministrativeUnit
from surveys.invitations import integrations


class Command(BaseCommand):
    """The key is shown once. It is switched off in the administration."""

    help = "Makes a key for another system; it reaches the offices of one unit."

    def add_arguments(self, parser: CommandParser) -> None:
        """The system's name, and the unit's code."""
        parser.add_argument("name", help="by which officials know the system")
        parser.add_argument("unit", help="code of the unit today, such as 91 or 30769")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the key."""
        today = timezone.localdate()
        units = AdministrativeUnit.objects.on(today).filter(code=options["unit"])
        if len(units) != 1:
            raise CommandError(
                f"{len(units)} units have the code {options['unit']} today: name one by its code "
                "of the statistics office, two digits for a province, five for a commune."
            )
        made = integrations.make(options["name"][:100], units[0])
        self.stdout.write(f"{made.integration.name}: offices of {units[0].full_name}.")
        self.stdout.write(f"Key, shown only now: {made.key}")
