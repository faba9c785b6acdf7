"""Counters of an office: added, renamed, switched off. None is deleted: answers name them."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from audit.recording import record
from offices.changing.refusal import ChangeRefused, Objection
from offices.models import Counter, Office

MOST = 999


@transaction.atomic
def add(office: Office, number: int, name: str) -> Counter:
    """Another counter. Raises ChangeRefused where the number is taken, also by one out of use."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    name = " ".join(name.split())
    wrong = []
    if not 1 <= number <= MOST:
        wrong.append(Objection("number", _("Give the counter a number from 1 to 999.")))
    if not name:
        wrong.append(Objection("name", _("Say what the counter is for.")))
    same = office.counters.filter(number=number).first()
    if same is not None:
        said = _("Number %(number)s is taken by “%(name)s”. Switch that one on, or take another.")
        wrong.append(Objection("number", said % {"number": number, "name": same.name}))
    if wrong:
        raise ChangeRefused(wrong)
    counter = Counter.objects.create(office=office, number=number, name=name)
    _record("counter.created", counter, {"now": _summary(counter)})
    return counter


@transaction.atomic
def change(office: Office, key: int, *, name: str, active: bool) -> Counter:
    """Another name, or in use or not. Raises ChangeRefused, or Counter.DoesNotExist."""
    counter = Counter.objects.select_for_update().get(pk=key, office=office)
    was = _summary(counter)
    counter.name, counter.active = " ".join(name.split()), active
    if not counter.name:
        raise ChangeRefused([Objection("name", _("Say what the counter is for."))])
    now = _summary(counter)
    if now != was:
        counter.save(update_fields=["name", "active"])
        _record("counter.changed", counter, {"was": was, "now": now})
    return counter


def _summary(counter: Counter) -> dict[str, object]:
    return {"number": counter.number, "name": counter.name, "active": counter.active}


def _record(action: str, counter: Counter, details: Mapping[str, object]) -> None:
    record(
        action,
        subject=f"{counter.office.slug}/{counter.number}",
        office_id=counter.office_id,
        unit_id=counter.office.unit_id,
        details=details,
    )
