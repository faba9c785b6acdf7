"""Keys of other systems: made once, shown once, kept as a hash; replaced without a pause.

Each ends on a day, after a year unless somebody says another.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.actors import Actor, official
from audit.recording import record
from offices.access import offices_within
from offices.directory import OfficeEntry
from offices.models import AdministrativeUnit, User
from surveys.models import KEY_LIVES, Integration

LONGEST_KEY = 100
MOST_DAYS_TOGETHER = 30


@dataclass(frozen=True, slots=True)
class Made:
    """A new key of an integration, which nobody can be shown again."""

    integration: Integration
    key: str = field(repr=False)


class KeyEnded(Exception):
    """A key was shown whose time is over; day: the last on which it served."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@transaction.atomic
def make(
    name: str, unit: AdministrativeUnit, by: User | None = None, ends_on: date | None = None
) -> Made:
    """An integration for the offices of `unit`.

    by: None for a command on the machine. ends_on: the last day of the key, by default in a year.
    """
    key, today = secrets.token_urlsafe(32), timezone.localdate()
    made = Integration.objects.create(
        name=name,
        unit=unit,
        key_hash=_hashed(key),
        made_on=today,
        ends_on=ends_on or today + KEY_LIVES,
    )
    _record("key.made", made, by, {"now": {"name": name, "ends_on": made.ends_on.isoformat()}})
    return Made(made, key)


@transaction.atomic
def rotate(integration: Integration, days: int, by: User) -> Made:
    """A new key for a year; the one before serves for so many days more, 0 to MOST_DAYS_TOGETHER.

    Of one that was stopped or has ended the old key stays dead. What was old before ends at once:
    never more than two keys serve. Raises ValueError for other numbers of days.
    """
    if not 0 <= days <= MOST_DAYS_TOGETHER:
        raise ValueError(days)
    row = Integration.objects.select_for_update().get(pk=integration.pk)
    key, today = secrets.token_urlsafe(32), timezone.localdate()
    together = row.active and days > 0 and not row.has_ended(today)
    row.old_key_hash = row.key_hash if together else None
    row.old_key_until = today + timedelta(days=days) if together else None
    row.old_key_used_on = row.used_on if together else None
    row.key_hash, row.made_on, row.used_on, row.active = _hashed(key), today, None, True
    row.ends_on = today + KEY_LIVES
    row.save()
    until = row.old_key_until
    said = {"old_key_until": until and until.isoformat(), "ends_on": row.ends_on.isoformat()}
    _record("key.rotated", row, by, {"now": said})
    return Made(row, key)


@transaction.atomic
def stop(integration: Integration, by: User | None = None) -> None:
    """No key of the integration is taken any more, from the next request on.

    by: None for a command on the machine.
    """
    row = Integration.objects.select_for_update().get(pk=integration.pk)
    if not row.active:
        return
    row.active = False
    row.old_key_hash = row.old_key_until = row.old_key_used_on = None
    row.save()
    _record("key.stopped", row, by, {"was": {"active": True}, "now": {"active": False}})


def integration_of(key: str) -> Integration | None:
    """The integration in use that shows this key; notes the day. Raises KeyEnded."""
    if not key or len(key) > LONGEST_KEY:
        return None
    hashed, today = _hashed(key), timezone.localdate()
    old = Q(old_key_hash=hashed, old_key_until__gte=today)
    found = Integration.objects.filter(Q(key_hash=hashed) | old, active=True)
    integration = found.select_related("unit").first()
    if integration is not None:
        if bytes(integration.key_hash) == hashed and integration.has_ended(today):
            raise KeyEnded(integration.ends_on)
        _note_use(integration, hashed)
    return integration


def _note_use(integration: Integration, hashed: bytes) -> None:
    """Writes the day down, once a day and key, whoever else asks at the same moment."""
    current = bytes(integration.key_hash) == hashed
    column = "used_on" if current else "old_key_used_on"
    today = timezone.localdate()
    if getattr(integration, column) == today:
        return
    row = Integration.objects.filter(pk=integration.pk).exclude(**{column: today})
    hash_column = "key_hash" if current else "old_key_hash"
    with transaction.atomic():
        if row.filter(**{hash_column: hashed}).update(**{column: today}):
            details = {"day": today.isoformat(), "key": "new" if current else "old"}
            actor = Actor(f"key: {integration.name}"[:150])
            record(
                "key.used",
                subject=integration.name,
                unit_id=integration.unit_id,
                details=details,
                by=actor,
            )


def _record(
    action: str, integration: Integration, by: User | None, details: dict[str, object]
) -> None:
    actor = official(by) if by is not None else None
    record(
        action,
        subject=integration.name,
        unit_id=integration.unit_id,
        details=details,
        by=actor,
    )


def reaches(integration: Integration, office: OfficeEntry) -> bool:
    """Whether the integration may ask something for this office."""
    return offices_within(integration.unit).filter(pk=office.id).exists()


def _hashed(key: str) -> bytes:
    # 256 random bits: nothing slower is needed
    return hashlib.sha256(key.encode()).digest()
