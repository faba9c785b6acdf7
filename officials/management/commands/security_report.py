"""`manage.py security_report`: the yearly report on the system's security, in Vietnamese."""

from argparse import ArgumentTypeError
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from officials.security_report import NoResult, Year, report


def day(text: str) -> date:
    """A day such as 2026-12-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day: write it as 2026-12-31.") from None


class Command(BaseCommand):
    """Prints it as Markdown."""

    help = "The yearly report on security: accounts, second factors, audit, figures, software."

    def add_arguments(self, parser: CommandParser) -> None:
        """The days, the file of known holes, the language."""
        parser.add_argument("--from", dest="first", type=day, help="first day; a year ago")
        parser.add_argument("--to", dest="last", type=day, help="last day; today")
        parser.add_argument("--holes", type=Path, help="what `pip-audit -f json` wrote")
        parser.add_argument("--language", default="vi", choices=("vi", "en"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for days in the wrong order and for a file that is no result."""
        last = options["last"] or timezone.localdate()
        first = options["first"] or last - timedelta(days=364)
        if first > last:
            raise CommandError(f"The first day, {first}, comes after the last, {last}.")
        try:
            with translation.override(options["language"]):
                self.stdout.write(report(Year(first, last), options["holes"]))
        except NoResult as wrong:
            raise CommandError(str(wrong)) from None
