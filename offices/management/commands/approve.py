"""`manage.py approve ID --reason …`: the second person, while there is none.

Works only as long as no other active account holds the right to approve it there; says loudly in
the log and in the audit that it was done.
"""

from getpass import getuser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from offices.models import Proposal
from offices.proposals import ChangedMeanwhile, NotDone, approve_on_the_machine


class Command(BaseCommand):
    """Prints what was done, or who has to be asked instead."""

    help = "Approves a proposal where no second person can yet. Loud in the log and the audit."

    def add_arguments(self, parser: CommandParser) -> None:
        """ID: as in the address of its page."""
        parser.add_argument("proposal", type=int, metavar="ID")
        parser.add_argument("--reason", required=True, help="why it is done here, in a sentence")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Raises CommandError with one sentence where nothing was done."""
        found = Proposal.objects.select_related("office", "unit", "proposed_by")
        proposal = found.filter(pk=options["proposal"]).first()
        if proposal is None:
            raise CommandError(f"there is no proposal {options['proposal']}")
        with translation.override("en"):
            try:
                done = approve_on_the_machine(proposal, getuser(), options["reason"])
            except ChangedMeanwhile as refused:
                changes = [f"  {one.label}: {one.was} → {one.now}" for one in refused.changes]
                raise CommandError("\n".join([str(refused), *changes])) from None
            except NotDone as refused:
                raise CommandError(str(refused)) from None
        self.stdout.write(f"proposal {done.pk} ({done.kind}) is carried out: {done.result}")
