"""`manage.py delete_contacts`: what Celery does every night, by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from surveys.remarks import contacts


class Command(BaseCommand):
    """Deletes contacts whose time has come, and says how many."""

    help = "Deletes contacts of people who asked for a personal reply, when their time has come."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Prints the number of deleted contacts."""
        self.stdout.write(f"{contacts.delete_every_ended()} contacts deleted")
