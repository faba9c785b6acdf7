"""What a person says a remark is: praise, criticism or a suggestion, and of which theme.

Praise has no deadline: nobody waits for an answer to it. What the list of words moved up keeps its
deadline whatever it is called (`surveys.remarks.urgent`), and so does what was opened again.
"""

from datetime import date
from enum import Enum

from django.db import transaction

from audit.actors import official
from audit.recording import record
from offices.access import Missing
from offices.models import User
from surveys.models import Remark, Theme, Tone
from surveys.remarks.steps import REPLY_WITHIN, WAITING, as_it_stands, may_take, needed
from surveys.remarks.workdays import after_working_days, own_days

State = Remark.State


class Kept(Enum):
    """What is not said stays as it is."""

    AS_IT_IS = 0


def may_sort(user: User, remark: Remark) -> bool:
    """Whether `user` says what the remark is: whoever may answer it, as long as it waits."""
    return remark.state in WAITING and may_take(user, State.ANSWERED, remark)


@transaction.atomic
def sort(
    remark: Remark,
    by: User,
    *,
    tone: Tone | Kept | None = Kept.AS_IT_IS,
    theme: Theme | Kept | None = Kept.AS_IT_IS,
) -> Remark:
    """Says a tone, a theme or both; None takes it back. Sets or ends the deadline.

    What is wanted is said, never turned round: two who say the same at once agree.
    Raises Missing for anyone who may not answer the remark, or where it waits no more.
    """
    locked = as_it_stands(remark)
    if locked.released_on is None or not may_sort(by, locked):
        raise Missing(needed(State.ANSWERED, locked), locked.office)
    before = locked.tone, locked.theme
    if not isinstance(tone, Kept):
        locked.tone = tone
    if not isinstance(theme, Kept):
        locked.theme = theme
    if (locked.tone, locked.theme) == before:
        return locked
    if locked.reopened_on is None:
        locked.due_on = _due(locked, locked.released_on)
    locked.save(update_fields=["tone", "theme", "due_on"])
    record(
        "remark.sorted",
        subject=str(locked.key),
        office_id=locked.office_id,
        details={
            "tone": Tone(locked.tone).name.lower() if locked.tone else "",
            "theme": Theme(locked.theme).name.lower() if locked.theme else "",
        },
        by=official(by),
    )
    return locked


def _due(remark: Remark, released_on: date) -> date | None:
    if remark.tone == Tone.PRAISE and not remark.urgent:
        return None
    if remark.due_on is not None:
        return remark.due_on
    return after_working_days(released_on, REPLY_WITHIN, own_days(remark.office_id))
