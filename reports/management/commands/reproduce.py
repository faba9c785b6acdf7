"""`manage.py reproduce RELEASE`: computes a release again and says what differs."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from reports.models import Release
from reports.release import CannotReproduce, reproduce


class Command(BaseCommand):
    """Ends with 1 where anything differs."""

    help = "Computes every figure of a release again from the responses and compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("release", metavar="RELEASE", help="its name, such as 91-…-2026-05-1")
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="one JSON object instead of text"
        )

    def handle(self, *args: object, release: str, as_json: bool = False, **options: object) -> None:
        """Raises CommandError where the release is unknown, cannot be computed, or differs."""
        found = Release.objects.filter(slug=release).first()
        if found is None:
            raise CommandError(f"there is no release {release}")
        try:
            again = reproduce(found)
        except CannotReproduce as error:
            raise CommandError(str(error)) from None
        if as_json:
            said = {
                "release": found.slug,
                "people": found.people,
                "figures": again.figures,
                "data_hash": found.data_hash,
                "differences": again.differences,
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            for difference in again.differences:
                self.stdout.write(difference)
            count = len(again.differences)
            self.stdout.write(
                f"{found.slug}: {again.figures} figures of {found.people} people computed again, "
                f"{count} {'difference' if count == 1 else 'differences'}"
            )
        if again.differences:
            raise CommandError("the release cannot be reproduced")
