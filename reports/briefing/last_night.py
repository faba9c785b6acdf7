"""The last night in one sentence, for whoever reads figures: was it made, and do they agree."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from offices.reading import keep, once
from reports.counting.closing import CLOSED_THROUGH, closed_days
from reports.models import Night, NightStep
from reports.showing.written import grouped

State = NightStep.State


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest night. failed: how many of its steps have; left: how many are still to be made.

    Steps that go on after the proof, such as the letters themselves, are not left: the night is
    told as done without them.
    """

    night: Night
    failed: int
    left: int


def _newest() -> _Newest | None:
    return once("newest night", _read)


def _read() -> _Newest | None:
    found = Night.objects.annotate(
        failed=Count("steps", filter=Q(steps__state=State.FAILED)),
        left=Count(
            "steps",
            filter=Q(steps__state__in=(State.WAITING, State.RUNNING))
            & ~Q(steps__name__in=(NightStep.Name.LETTERS, NightStep.Name.PAPERS)),
        ),
    )
    through = Subquery(closed_days()[:1])
    night = found.annotate(through=through).order_by("-day").first()
    if night is None:
        return None
    keep(CLOSED_THROUGH, night.through)
    return _Newest(night, night.failed, night.left)


def failed_night() -> date | None:
    """The day that the newest night closes, where a step of it has failed."""
    newest = _newest()
    return newest.night.day if newest is not None and newest.failed else None


def night_words(today: date) -> str:
    """What became of the newest night; empty before the first one."""
    newest = _newest()
    if newest is None:
        return ""
    night = newest.night
    said = {
        "day": f"{night.day:%d/%m/%Y}",
        "responses": grouped(night.responses),
        "differences": grouped(night.differences),
    }
    if newest.failed:
        return _("A step of the night that closes %(day)s has failed; it is tried again.") % said
    if newest.left:
        return _("The night that closes %(day)s is still at work.") % said
    if night.day < today - timedelta(days=2):
        return _("The last night closed %(day)s; none has been made since.") % said
    if night.ended_at is None:
        done = _("Last night closed %(day)s.") % said
    else:
        said["at"] = f"{timezone.localtime(night.ended_at):%H:%M}"
        done = _("Last night closed %(day)s, done at %(at)s.") % said
    if night.differences:
        proved = _("Proof: %(differences)s numbers differ, of %(responses)s forms.") % said
    else:
        proved = _("Proof: all figures agree with %(responses)s forms.") % said
    return f"{done} {proved}"
