"""The last night in one sentence, for whoever reads figures: was it made, and do they agree."""

from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reports.models import Night, NightStep

State = NightStep.State


def night_words(today: date) -> str:
    """What became of the newest night; empty before the first one.

    Steps that go on after the proof, such as the letters themselves, do not keep it from being
    told as done.
    """
    night = (
        Night.objects.annotate(
            failed=Count("steps", filter=Q(steps__state=State.FAILED)),
            left=Count(
                "steps",
                filter=Q(steps__state__in=(State.WAITING, State.RUNNING))
                & ~Q(steps__name__in=(NightStep.Name.LETTERS, NightStep.Name.PAPERS)),
            ),
        )
        .order_by("-day")
        .first()
    )
    if night is None:
        return ""
    said = {
        "day": f"{night.day:%d/%m/%Y}",
        "responses": _counted(night.responses),
        "differences": _counted(night.differences),
    }
    if night.failed:
        return _("A step of the night that closes %(day)s has failed; it is tried again.") % said
    if night.left:
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


def _counted(number: int) -> str:
    return str(number_format(number, force_grouping=True))
