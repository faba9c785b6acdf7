"""Makes a key with which a province's portal may ask for invitations."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from offices.models import AdministrativeUnit
from surveys.invitations import integrations


class Command(BaseCommand):
    """The key is shown once. It is stopped in the administration or by `stop_integration`."""

    help = "Makes a key for another system; it reaches the offices of one unit."

    def add_arguments(self, parser: CommandParser) -> None:
        """The system's name, and the unit's code."""
        parser.add_argument("name", help="by which officials know the system")
        parser.add_argument("unit", help="code of the unit today, such as 91 or 30769")
        parser.add_argument(
            "--ends-on",
            type=date.fromisoformat,
            help="the last day of the key, such as 2027-12-31; by default in a year",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the key."""
        today = timezone.localdate()
        units = AdministrativeUnit.objects.on(today).filter(code=options["unit"])
        if len(units) != 1:
            raise CommandError(
                f"{len(units)} units have the code {options['unit']} today: name one by its code "
                "of the statistics office, two digits for a province, five for a commune."
            )
        ends_on = options["ends_on"]
        if ends_on is not None and ends_on < today:
            raise CommandError(f"{ends_on} is over: name a day to come.")
        made = integrations.make(options["name"][:100], units[0], ends_on=ends_on)
        self.stdout.write(f"{made.integration.name}: offices of {units[0].full_name}.")
        self.stdout.write(f"It serves until {made.integration.ends_on:%d/%m/%Y}.")
        self.stdout.write(f"Key, shown only now: {made.key}")
