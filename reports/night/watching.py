"""Whether the work is done in time: answers are counted, and what is shown is proved.

Marks bear no time, but every tick keeps the highest number of a mark. Numbers grow, so a mark that
is no higher than one kept a quarter of an hour ago is at least as old.
"""

from datetime import timedelta

from django.db.models import Max, Q
from django.utils import timezone

from reports.models import MarkWatch, NightStep
from surveys.models import Mark

LATE = timedelta(minutes=15)
KEPT = timedelta(hours=1)


def watch_marks() -> None:
    """Keeps the highest mark of this moment, and forgets what is older than an hour.

    Also what lies in the future: somebody has set the clock back.
    """
    now = timezone.now()
    newest = Mark.objects.aggregate(newest=Max("pk"))["newest"] or 0
    MarkWatch.objects.create(at=now, newest=newest)
    MarkWatch.objects.exclude(at__range=(now - KEPT, now)).delete()


def has_proof_failed() -> bool:
    """Whether the newest night could not prove what is shown, at least so far."""
    newest = NightStep.objects.filter(name=NightStep.Name.PROOF).order_by("-night__day").first()
    return newest is not None and newest.state == NightStep.State.FAILED


def last_audit() -> NightStep | None:
    """The newest verification of the audit that came to an end, also while it is tried again."""
    ended = Q(state=NightStep.State.DONE) | ~Q(last_error="")
    steps = NightStep.objects.filter(ended, name=NightStep.Name.AUDIT)
    return steps.select_related("night").order_by("-night__day").first()


def has_audit_failed() -> bool:
    """Whether the audit was changed past the product, or could not be verified."""
    newest = last_audit()
    return newest is not None and newest.state != NightStep.State.DONE


def are_marks_late() -> bool:
    """Whether a mark is older than 15 minutes, or nobody has looked for so long while one waits.

    False where nobody has looked at all: the system has just been set up.
    """
    seen = MarkWatch.objects.aggregate(newest=Max("at"))["newest"]
    if seen is None:
        return False
    before = timezone.now() - LATE
    if seen <= before:
        return Mark.objects.exists()
    kept = MarkWatch.objects.filter(at__lte=before).aggregate(newest=Max("newest"))["newest"]
    return Mark.objects.filter(pk__lte=kept or 0).exists()
