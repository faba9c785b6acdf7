"""Puts one question a screen in use on phones, for a questionnaire that is asked by page."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.questionnaires.live import ask_one_by_one, named


class Command(BaseCommand):
    """Another way of asking may bring other answers: it begins once, and lines bear its mark."""

    help = "From today on phones ask a questionnaire one question a screen; trends bear a mark."

    def add_arguments(self, parser: CommandParser) -> None:
        """The questionnaire with its version, as pages name it."""
        parser.add_argument("name", help="short name and version, such as sipas-2026-services.1")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Begins today, unless it has begun. Raises CommandError for an unknown questionnaire."""
        try:
            found = named(options["name"])
        except LookupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"One question a screen since {ask_one_by_one(found)}.")
