"""`manage.py audit_verify`: whether the audit is what it was, by its chain and file of heads."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import chain, heads
from audit.recording import record
from audit.verification import ACCEPTED, LOST, verify

SHORTEST_REASON = 10


class Command(BaseCommand):
    """Ends with 1 where anything was changed that nobody answers for."""

    help = "Computes every hash of the audit again and compares it with the file of heads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads", type=Path, metavar="FILE", help="a copy of the file of heads, kept elsewhere"
        )
        parser.add_argument(
            "--accept", nargs="+", default=[], metavar="CODE", help="answer for what is broken"
        )
        parser.add_argument(
            "--begin-heads-anew",
            action="store_true",
            dest="anew",
            help="the file of heads is lost for good, and no copy of it is left",
        )
        parser.add_argument("--reason", default="", help="why; it stays to be read")

    def handle(
        self,
        *args: object,
        heads: Path | None,
        accept: list[str],
        anew: bool,
        reason: str,
        **options: object,
    ) -> None:
        """Raises CommandError for a break, an unknown code, a reason that says nothing."""
        path = heads or _usual()
        if heads is not None and not heads.is_file():
            raise CommandError(f"there is no file {heads}")
        if (accept or anew) and len(reason.strip()) < SHORTEST_REASON:
            raise CommandError(f"say why with --reason, in at least {SHORTEST_REASON} letters")
        chain.seal()
        found = verify(path)
        codes = {broken.code for broken in found.breaks}
        if unknown := sorted({*accept} - codes):
            raise CommandError(f"nothing is broken by the name of {', '.join(unknown)}")
        for code in accept:
            record(ACCEPTED, subject=code, details={"reason": reason.strip()})
        if anew:
            record(LOST, details={"reason": reason.strip()})
        if accept or anew:
            chain.seal()  # what is in no chain answers for nothing
            found = verify(path)
        for broken in found.accepted:
            self.stdout.write(f"accepted: {broken.code}: {broken.sentence}")
        for broken in found.breaks:
            self.stdout.write(f"{broken.code}: {broken.sentence}")
        if found.more:
            self.stdout.write(f"and {found.more} more")
        self.stdout.write(f"{found.links} links, {found.heads} heads in {path}")
        if not found.holds:
            raise CommandError("the audit is not what it was: docs/operations.md says what to do")


def _usual() -> Path:
    path: Path = settings.AUDIT_HEADS / heads.NAME
    return path
