"""Remarks that were given to somebody and are due within two working days: said in one letter.

Only those that they may still read: whoever left an office is told nothing of it.
"""

from datetime import date

from django.db.models import QuerySet

from offices.access import offices_where
from offices.calendar import after_working_days
from offices.models import User
from offices.rights import Action
from surveys.models import Remark

SOON = 2  # working days
# More are named by the queue.
MOST = 20


def to_remind(user: User, today: date) -> list[Remark]:
    """Those of which no letter has spoken yet, the first to be due on top."""
    soon = after_working_days(today, SOON)
    given = _of(user).filter(reminded_on=None, due_on__lte=soon).select_related("office")
    return list(given.order_by("due_on", "key")[:MOST])


def reminded(user: User, remarks: list[Remark], day: date | None) -> None:
    """A letter of this day speaks of them; None: it was not taken."""
    keys = [one.key for one in remarks]
    if keys:
        _of(user).filter(key__in=keys).update(reminded_on=day)


def _of(user: User) -> QuerySet[Remark]:
    return Remark.objects.filter(
        assigned_to=user,
        state=Remark.State.ASSIGNED,
        released_on__isnull=False,
        office__in=offices_where(user, Action.SEE_REMARKS).values("pk"),
    )
