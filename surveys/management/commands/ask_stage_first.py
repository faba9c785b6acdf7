"""Has a questionnaire ask first how far the dossier is, and nothing about a result of who waits."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.questionnaires.live import NothingAboutResults, ask_stage_first, named


class Command(BaseCommand):
    """Others are asked about the result from then on: it begins once, and lines bear its mark."""

    help = (
        "From today on a questionnaire asks first how far the dossier is; whoever waits is not "
        "asked about its result; trends bear a mark."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The questionnaire with its version, as pages name it."""
        parser.add_argument("name", help="short name and version, such as sipas-2026-services.1")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Begins today, unless it has begun. Raises CommandError where it cannot."""
        try:
            since = ask_stage_first(named(options["name"]))
        except LookupError as error:
            raise CommandError(str(error)) from None
        except NothingAboutResults:
            raise CommandError(
                "This version does not say which of its questions are about the result "
                "(`about_result: true` in its file), or its first factor is."
            ) from None
        self.stdout.write(f"The stage is asked first since {since}.")
