"""Carries out a merger that was proposed, where nobody else may approve it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actors import Actor, acting
from audit.models import Entry
from offices.changing.refusal import ChangeRefused
from reports.mergers import PROPOSED, carry_out


class Command(BaseCommand):
    """Loud in the audit: the command is named as who did it."""

    help = "Carries out a proposed merger of communes."

    def add_arguments(self, parser: CommandParser) -> None:
        """The number that the page gave."""
        parser.add_argument("number", type=int, help="number of the proposal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was merged."""
        proposed = Entry.objects.filter(action=PROPOSED, pk=options["number"]).first()
        if proposed is None:
            raise CommandError("No merger was proposed under this number.")
        try:
            with acting(Actor("carry_out_merger")):
                done = carry_out(proposed.details["payload"])
        except ChangeRefused as refused:
            raise CommandError(str(refused)) from None
        names = ", ".join(unit.full_name for unit in done.predecessors)
        self.stdout.write(f"{names} → {done.successor.full_name}")
