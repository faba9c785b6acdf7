"""`manage.py recount OFFICE --reason "…"`: counts an office again and proves it."""

import getpass
from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from offices.models import Office
from reports.proof.repair import Order, ResponsesChanged, repair


class Command(BaseCommand):
    """Ends with 1 where it refuses, or where a difference still stands."""

    help = "Counts the days of an office again, sums its units up, proves them, remembers why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("office", metavar="OFFICE", help="its short name")
        parser.add_argument("--from", type=date.fromisoformat, dest="first", help="YYYY-MM-DD")
        parser.add_argument("--to", type=date.fromisoformat, dest="last", help="YYYY-MM-DD")
        parser.add_argument("--reason", required=True, help="why; it stays to be read")
        parser.add_argument("--by", default="", help="who asks (default: the name of the login)")
        parser.add_argument(
            "--accept-changed-responses",
            action="store_true",
            dest="accept",
            help="also where closed months are no longer made of what they were closed with",
        )

    def handle(
        self,
        *args: object,
        office: str,
        first: date | None,
        last: date | None,
        reason: str,
        by: str,
        accept: bool,
        **options: object,
    ) -> None:
        """Raises CommandError with what is to be done."""
        found = Office.objects.filter(slug=office).first()
        if found is None:
            raise CommandError(f"there is no office {office}")
        if first and last and last < first:
            raise CommandError("--to is before --from")
        try:
            done = repair(Order(found, reason, by or getpass.getuser(), first, last, accept))
        except ResponsesChanged as changed:
            raise CommandError(
                f"{office}: the closed months {changed} are no longer made of the responses they "
                "were closed with. Somebody changed responses, or the record of the months, past "
                "the product. Counting again would show the changed answers as if nothing had "
                "been. Find out what happened and restore the responses from a backup. If the "
                "changed ones shall count, say --accept-changed-responses; the history keeps both."
            ) from None
        except ValueError as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            f"{office}: counted again; {done.ended} differences ended, {done.standing} stand"
        )
        if done.standing:
            raise CommandError("differences still stand: see manage.py prove")
