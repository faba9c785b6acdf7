"""`manage.py mix_forms`: takes the order out of what came, right before a backup is made."""

from typing import Any

from django.core.management.base import BaseCommand

from surveys.intake import shuffling


class Command(BaseCommand):
    """Writes anew what came since the last time, and says in how many offices."""

    help = "Writes forms, remarks and contacts anew in no order: right before every backup."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Prints the number of offices."""
        self.stdout.write(f"mixed in {shuffling.mix()} offices")
