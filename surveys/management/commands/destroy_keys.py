"""Destroys the keys of invitations that have ended; the clock does the same every night."""

from typing import Any

from django.core.management.base import BaseCommand

from surveys.invitations.destroying import destroy_keys, destroy_years


class Command(BaseCommand):
    """Safe to run at any time: the second time nothing is left to destroy."""

    help = "Overwrites and deletes the keys of invitations whose links have ended."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the days whose keys were destroyed."""
        days = destroy_keys()
        for day in days:
            self.stdout.write(f"The key of {day:%d/%m/%Y} is destroyed.")
        years = destroy_years()
        for year in years:
            self.stdout.write(f"The key for dossiers of {year} is destroyed.")
        self.stdout.write(f"Keys destroyed: {len(days) + len(years)}.")
