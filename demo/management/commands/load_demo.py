"""`manage.py load_demo`: fills an empty system so that there is something to look at."""

import os
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo.accounts import make_accounts
from demo.closing import beside, close_first
from demo.dossiers import load_dossiers
from demo.plans import load_plans
from demo.releases import make_releases
from demo.remarks import deal_with_remarks
from demo.responses import NoHaTien, load_flood, load_responses
from demo.simulation import CannotSimulate
from offices.models import DossierCount
from reports.models import Night
from reports.night import steps
from surveys.models import Response


class Command(BaseCommand):
    """Safe to run at every start: what is there already is left alone."""

    help = "Loads the demonstration: simulated responses and dossiers, figures, accounts. Once."
    # `migrate` has just run them, and the second start of a demonstration should take no time.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Until when."""
        parser.add_argument(
            "--until", type=date.fromisoformat, help="last simulated day; yesterday if not named"
        )
        parser.add_argument(
            "--processes", type=int, default=1, help="how many count the first night; else one"
        )

    def handle(
        self, *args: Any, until: date | None, processes: int, **options: Any
    ) -> None:  # Any: Django's signature
        """Prints what it did, never a password. Raises CommandError with one clear sentence."""
        file = os.environ.get("DEMO_ACCOUNTS_FILE")
        if not file:
            raise CommandError("Set DEMO_ACCOUNTS_FILE to the file that the passwords go to.")
        last = until or timezone.localdate() - timedelta(days=1)
        try:
            if not Response.objects.filter(simulated=True).exists():
                loaded = load_responses(last)
                self.stdout.write(f"{loaded.responses} simulated responses loaded")
            if not Night.objects.filter(closed_at__isnull=False).exists():
                # the first night writes down the past by which the second finds the flood
                close_first(last - timedelta(days=1), processes)
                load_flood(last)
                with beside(partial(self._counts_and_accounts, last, file), processes):
                    run = steps.close(last)
                self.stdout.write(f"{run.responses} responses counted")
            self._counts_and_accounts(last, file)
            for release in make_releases():
                self.stdout.write(f"{release.slug} released and made public")
            if planned := load_plans(timezone.localdate()):
                self.stdout.write(f"{planned} plans made")
            if dealt := deal_with_remarks():
                self.stdout.write(f"{dealt} simulated remarks sorted")
        except (NoHaTien, CannotSimulate) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"The accounts cannot be written to {file}: {error}") from None

    def _counts_and_accounts(self, last: date, file: str) -> None:
        """What needs the responses, and no figure of them."""
        if not DossierCount.objects.exists():
            self.stdout.write(f"{load_dossiers(last)} simulated dossier counts loaded")
        if make_accounts(Path(file)):
            self.stdout.write(f"accounts written to {file}")
