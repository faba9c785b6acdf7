"""What the person says of the reply, once: whether it answered the remark.

Until the night it stands in `helped` alone, which no page of officials reads: whoever keeps a page
open would else see the minute in which the person said it, and no note is kept of the moment. The
night makes it known. What was not answered is opened again one level up: whoever answers for those
above the office writes the second reply, which is the last. Where nobody above may, it stays with
the office.
"""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from offices.access import holders
from offices.models import Office
from offices.rights import Action
from surveys.models import Remark
from surveys.remarks import telling
from surveys.remarks.steps import READABLE, REPLY_WITHIN, as_it_stands
from surveys.remarks.workdays import after_working_days, own_days

State = Remark.State
MARK_LENGTH = 16


def is_asked(remark: Remark) -> bool:
    """Whether the person may still say it: there is a first reply, and nothing was said of it."""
    unsaid = remark.helped is None and remark.reopened_on is None
    return remark.state in READABLE and unsaid and not is_gone(remark)


def is_gone(remark: Remark) -> bool:
    """Whether the person had it erased, or asked for that: nothing more is said of it."""
    return remark.to_be_erased or remark.erased_on is not None


def is_kept(remark: Remark) -> bool:
    """Whether the person said that it does not answer, and the night has not made it known."""
    return remark.state in READABLE and remark.helped is False and remark.reopened_on is None


def shown_mark(remark: Remark) -> str:
    """By which a form says which reply was read: 16 hexadecimal digits of its hash."""
    return sha256(remark.reply.encode()).hexdigest()[:MARK_LENGTH]


def has_above(office: Office) -> bool:
    """Whether anybody answers what is opened again for those above the office."""
    return holders(Action.ANSWER_REOPENED, office).exists()


@transaction.atomic
def say(remark: Remark, *, helped: bool, read: str) -> Remark:
    """Keeps what the person said; what is said a second time changes nothing.

    read: the `shown_mark` of the reply that they read; of any other reply they said nothing, and
    are asked again.
    """
    locked = as_it_stands(remark)
    if is_asked(locked) and read == shown_mark(locked):
        locked.helped = helped
        locked.save(update_fields=["helped"])
    return locked


def make_known() -> int:
    """Makes known what was said since the last night; returns how many remarks it opened again.

    What was raised, where nobody above is left who answers, comes back to its office. Run twice it
    changes nothing.
    """
    said = Remark.objects.filter(
        state__in=READABLE, reopened_on=None, first_reply="", erased_on=None
    )
    opened = sum(_make_known(remark) for remark in said.exclude(helped=None))
    raised = Remark.objects.filter(state=State.REOPENED, raised=True)
    places = Office.objects.filter(pk__in=raised.values("office"))
    left = [office.pk for office in places if not has_above(office)]
    raised.filter(office__in=left).update(raised=False)
    return opened


@transaction.atomic
def _make_known(remark: Remark) -> bool:
    locked = as_it_stands(remark)
    if locked.state not in READABLE or locked.helped is None or locked.reopened_on is not None:
        return False
    locked.first_reply = locked.reply
    if locked.helped:
        locked.save(update_fields=["first_reply"])
        return False
    today = timezone.localdate()
    locked.state = State.REOPENED
    locked.reopened_on = today
    locked.raised = has_above(locked.office)
    locked.assigned_to = None
    locked.reply = ""
    locked.first_due_on = locked.due_on
    locked.due_on = after_working_days(today, REPLY_WITHIN, own_days(locked.office_id))
    locked.save(
        update_fields=[
            *("state", "reopened_on", "raised", "assigned_to"),
            *("first_reply", "reply", "first_due_on", "due_on"),
        ]
    )
    telling.wait_again(locked)
    return True
