"""`manage.py load_instruments`: the questionnaires' files into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.questionnaires.entry import BadFile
from surveys.questionnaires.load import LoadRefused, load_instruments
from surveys.questionnaires.reader import FOLDER


class Command(BaseCommand):
    """Safe to run at every start: a second run changes nothing."""

    help = "Loads the questionnaires; refuses to change one that people have answered."

    def add_arguments(self, parser: CommandParser) -> None:
        """Another folder of files, for trying out a new form."""
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Prints one line per questionnaire. Raises CommandError with one clear sentence."""
        try:
            loaded = load_instruments(options["folder"])
        except (BadFile, LoadRefused) as error:
            raise CommandError(str(error)) from None
        for done in ("added", "replaced", "corrected", "unchanged"):
            for name in getattr(loaded, done):
                self.stdout.write(f"{name}: {done}")
        for name in loaded.kept:
            self.stdout.write(f"{name}: people here have one of their own; left as it is")
