"""Whoever holds the receipt's code has the remark erased; answers, to which nothing leads, stay.

It is asked for at any moment and done by the night, as what is said of a reply is: whoever keeps a
page open would else see the minute in which the person was there.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.db import transaction
from django.utils import timezone

from audit.recording import record
from offices.locks import Lock, wait_for
from surveys.models import Remark
from surveys.remarks import contacts, telling
from surveys.remarks.steps import as_it_stands

State = Remark.State


MIXED = 3  # a row that is just written anew is missed; hardly ever twice


def ask(remark: Remark) -> Remark:
    """Has the remark, its contact and its message erased in the coming night.

    Asked twice it is the same.
    """
    this = Remark.objects.filter(office=remark.office_id, key=remark.key)
    for _ in range(MIXED):
        if this.update(to_be_erased=True):
            break
    return this.select_related("office").get()


def erase_asked(
    trying: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> int:
    """Erases what was asked for since the last night; how many. Run twice it changes nothing.

    trying: holds what one of an office, named by its slug, may raise.
    """
    erased = 0
    for remark in Remark.objects.filter(to_be_erased=True, erased_on=None).select_related("office"):
        with trying(remark.office.slug):
            erased += _erase(remark)
    return erased


@transaction.atomic
def _erase(remark: Remark) -> bool:
    # while rows are written anew, one would be missed
    wait_for(Lock.OFFICE_COUNT, remark.office_id)
    locked = as_it_stands(remark)
    if locked.erased_on is not None:
        return False
    contacts.forget(locked)
    telling.forget(locked)
    # the row stays, empty: sent again by a phone that kept the form, the remark is not there anew
    locked.text = locked.reply = locked.first_reply = ""
    locked.state, locked.helped, locked.assigned_to = State.DONE, None, None
    locked.urgent = locked.raised = False
    locked.erased_on = timezone.localdate()
    locked.save(
        update_fields=[
            *("text", "reply", "first_reply", "state", "helped", "assigned_to"),
            *("urgent", "raised", "erased_on"),
        ]
    )
    record("remark.erased", subject=str(locked.key), office_id=locked.office_id)
    return True
