"""Puts one question a screen in use on phones, for a questionnaire that is asked by page."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.models import Instrument
from surveys.questionnaires.live import ask_one_by_one


class Command(BaseCommand):
    """Another way of asking may bring other answers: it begins once, and lines bear its mark."""

    help = "From today on phones ask a questionnaire one question a screen; trends bear a mark."

    def add_arguments(self, parser: CommandParser) -> None:
        """The questionnaire with its version, as pages name it."""
        parser.add_argument("name", help="short name and version, such as sipas-2026-services.1")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Begins today, unless it has begun. Raises CommandError for an unknown questionnaire."""
        slug, _dot, version = options["name"].rpartition(".")
        known = version.isascii() and version.isdecimal()
        number = int(version) if known else 0
        found = Instrument.objects.filter(slug=slug, version=number).first()
        if found is None:
            names = [f"{one.slug}.{one.version}" for one in Instrument.objects.all()]
            raise CommandError("\n".join(["There is no such questionnaire. There are:", *names]))
        self.stdout.write(f"One question a screen since {ask_one_by_one(found)}.")
