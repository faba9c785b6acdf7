"""What the person says of the reply, once: whether it answered the remark.

If it did not, the remark is opened again one level up: whoever answers for those above the office
writes the second reply, which is the last. Where nobody above may, it stays with the office.
No note is kept of the moment: it would join the remark to a web server's log.
"""

from django.db import transaction
from django.utils import timezone

from offices.access import holders
from offices.rights import Action
from surveys.models import Remark
from surveys.remarks.steps import READABLE, REPLY_WITHIN
from surveys.remarks.workdays import after_working_days, own_days


def is_asked(remark: Remark) -> bool:
    """Whether the person may still say it: there is a first reply, and nothing was said of it."""
    return remark.state in READABLE and remark.helped is None and remark.reopened_on is None


@transaction.atomic
def say(remark: Remark, *, helped: bool) -> Remark:
    """Keeps what the person said; what is said a second time changes nothing."""
    standing = Remark.objects.select_for_update(of=("self",)).select_related("office")
    locked = standing.get(office=remark.office_id, key=remark.key)
    if not is_asked(locked):
        return locked
    locked.helped = helped
    if helped:
        locked.save(update_fields=["helped"])
        return locked
    today = timezone.localdate()
    locked.state = Remark.State.REOPENED
    locked.reopened_on = today
    locked.raised = holders(Action.ANSWER_REOPENED, locked.office).exists()
    locked.assigned_to = None
    locked.first_reply, locked.reply = locked.reply, ""
    locked.first_due_on = locked.due_on
    locked.due_on = after_working_days(today, REPLY_WITHIN, own_days(locked.office_id))
    locked.save(
        update_fields=[
            *("helped", "state", "reopened_on", "raised", "assigned_to"),
            *("first_reply", "reply", "first_due_on", "due_on"),
        ]
    )
    return locked
