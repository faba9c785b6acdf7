"""`manage.py nightly`: the night's work in this process, for an operator."""

from argparse import ArgumentParser
from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.night.steps import close


class Command(BaseCommand):
    """Closes a day and says whether what is shown equals the responses."""

    help = "Counts what is left, closes a day (default: yesterday) and proves what is shown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="the day to close, YYYY-MM-DD")

    def handle(self, *args: object, day: date | None = None, **options: object) -> None:
        try:
            run = close(day or timezone.localdate() - timedelta(days=1))
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{run.day}: {run.responses} responses proved, {run.differences} differences"
        )
        if run.differences:
            raise CommandError("what is shown is not what the responses give: manage.py prove")
