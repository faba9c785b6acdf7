"""`manage.py papers`: makes the reports that wait in this process, and says at what cost."""

import resource
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Sum
from django.db.models.functions import Length

from reports.models import Paper, PaperFile
from reports.night import papers

# Of ru_maxrss: kibibytes on Linux, bytes on macOS.
OF_A_MEBIBYTE = 1024 if sys.platform.startswith("linux") else 1024**2
State = Paper.State


class Command(BaseCommand):
    """Makes what waits. Beside workers that do the same nothing is made twice."""

    help = "Makes the reports that wait, and prints time and memory; fails where one failed."

    def handle(self, *args: object, **options: object) -> None:
        waiting = Paper.objects.filter(state=State.WAITING).count()
        began, worked = time.monotonic(), time.process_time()
        while papers.make_some():
            left = Paper.objects.filter(state=State.WAITING).count()
            self.stdout.write(f"{waiting - left} of {waiting}")
        took, worked = time.monotonic() - began, time.process_time() - worked
        left = Paper.objects.filter(state=State.WAITING).count()
        made = waiting - left
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / OF_A_MEBIBYTE
        packed = Sum(Length("content"))
        kept = PaperFile.objects.filter(content__isnull=False).aggregate(size=packed)["size"]
        self.stdout.write(
            f"{made} reports in {took:.1f} s ({1000 * took / max(made, 1):.0f} ms each, "
            f"{1000 * worked / max(made, 1):.0f} ms of this process), "
            f"{memory:.0f} MiB at most; files kept: {(kept or 0) / 1024**2:.1f} MiB"
        )
        if left:
            self.stderr.write(f"{left} wait: the night has steps left, or others make them")
        failed = Paper.objects.filter(state=State.FAILED)
        if failed.exists():
            names = ", ".join(_named(one) for one in failed.select_related("office", "unit")[:20])
            raise CommandError(f"{failed.count()} reports failed: {names}")


def _named(paper: Paper) -> str:
    place = paper.office.slug if paper.office else str(paper.unit)
    return f"{place} {paper.period} {paper.start} ({paper.reason})"
