"""`manage.py release UNIT_CODE PERIOD START`: publishes a closed period of a unit."""

import logging
from argparse import ArgumentParser
from datetime import date
from getpass import getuser

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from audit.actors import Actor
from audit.recording import record
from offices.models import AdministrativeUnit
from reports.counting.periods import span_of
from reports.models import Release
from reports.release import CannotPublish, publish
from reports.release.members import ROOTS
from reports.release.publish import PERIODS

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Prints the release's name, or why there is none."""

    help = "Publishes the figures of a province or the country for a closed period, for ever."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit", metavar="UNIT_CODE", help="code of the province, or VN")
        parser.add_argument("period", choices=[period.value for period in PERIODS])
        parser.add_argument("start", type=date.fromisoformat, help="any day of it, YYYY-MM-DD")
        parser.add_argument("--reason", default="", help="why a revision is published")
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            help="a day on which the code meant this unit (default: the last of the period)",
        )

    def handle(
        self,
        *args: object,
        unit: str,
        period: str,
        start: date,
        reason: str,
        on: date | None = None,
        **options: object,
    ) -> None:
        """Raises CommandError with one sentence where nothing was published."""
        span = span_of(period, start)
        day = on or span.last
        found = AdministrativeUnit.objects.on(day).filter(level__in=ROOTS, code__iexact=unit)
        root = found.first()
        if root is None:
            raise CommandError(f"no province has the code {unit} on {day}; choose a day with --on")
        with translation.override("en"):
            try:
                release = publish(root, span, reason=reason)
            except CannotPublish as error:
                raise CommandError(str(error)) from None
        _say_loudly(release, reason)
        self.stdout.write(
            f"{release.slug}: {root.full_name}, {release.people} forms, "
            f"{release.figures.count()} figures, data {release.data_hash}"
        )


def _say_loudly(release: Release, reason: str) -> None:
    """One person on the machine did what takes two on the pages."""
    account = getuser()
    logger.warning("release %s published on the machine by %s: %s", release.slug, account, reason)
    record(
        "release.publish",
        subject=release.slug,
        unit_id=release.unit_id,
        details={"data": release.data_hash, "figures": release.figures_hash, "reason": reason},
        by=Actor(f"manage.py release ({account})"),
    )
