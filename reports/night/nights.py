"""Which nights there are, and which steps they have.

A night is made once its day is over. Closing a day closes everything before it, so what older
nights had left to do is covered by the newer one.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from reports.models import Night, NightStep

Name, State = NightStep.Name, NightStep.State
# The night begins at 01:30: by then no form of the day before is open.
BEGINS = timedelta(hours=1, minutes=30)
ORDER = (
    Name.BEGIN,
    Name.PROVINCE,
    Name.COUNTRY,
    Name.HANDOVER,
    Name.PROOF,
    Name.KEYS,
    Name.CONTACTS,
    Name.SESSIONS,
    Name.AUDIT,
    Name.LETTERS,
    Name.PAPERS,
)
LEFT = (State.WAITING, State.RUNNING, State.FAILED)


def due_day(now: datetime | None = None) -> date:
    """The last day that should be closed by now: yesterday from 01:30 on."""
    return (timezone.localtime(now) - BEGINS).date() - timedelta(days=1)


def make_due(now: datetime | None = None) -> Night | None:
    """Makes the night that is due; None where it, or a later one, has its steps already."""
    day = due_day(now)
    if Night.objects.filter(day__gt=day).exists():
        return None  # somebody set the clock back
    if NightStep.objects.filter(night__day=day).exists():
        return None
    if Night.objects.filter(day=day, ended_at__isnull=False).exists():
        return None  # by a version without steps
    return start(day)


@transaction.atomic
def start(day: date) -> Night:
    """The night of a day, with its steps. Raises ValueError for a day that is not over.

    Made by two at once it is one, with each step once.
    """
    if day >= timezone.localdate():
        raise ValueError(f"{day} is not over; the last day that can be closed is yesterday")
    Night.objects.bulk_create([Night(day=day, began_at=timezone.now())], ignore_conflicts=True)
    night = Night.objects.select_for_update().get(day=day)
    if not night.steps.exists():
        NightStep.objects.bulk_create(
            NightStep(night=night, name=name, position=ORDER.index(name))
            for name in ORDER
            if name != Name.PROVINCE  # known once `begin` has settled what was open
        )
        older = NightStep.objects.filter(night__day__lt=day, state__in=LEFT)
        older.update(state=State.COVERED, holder="", lease_until=None)
    return night


def plan_provinces(night: Night, provinces: Iterable[int | None]) -> None:
    """Adds a step for each of these provinces; None: offices that count in no province."""
    NightStep.objects.bulk_create(
        (
            NightStep(
                night=night,
                name=Name.PROVINCE,
                province_id=province,
                position=ORDER.index(Name.PROVINCE),
            )
            for province in provinces
        ),
        ignore_conflicts=True,
    )


def try_again(step: NightStep) -> bool:
    """Lets a step that failed run at once instead of after its pause; whether it had failed."""
    return bool(
        NightStep.objects.filter(pk=step.pk, state=State.FAILED).update(state=State.WAITING)
    )


def repeat(night: Night) -> None:
    """Lets all steps of a night run once more; those that run now, after they have ended."""
    night.steps.filter(state=State.RUNNING).update(again=True)
    again = night.steps.exclude(state=State.RUNNING)
    again.update(state=State.WAITING, attempts=0)
