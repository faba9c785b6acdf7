"""Keys of other systems: made once, shown once, kept as a hash."""

import hashlib
import secrets
from dataclasses import dataclass, field

from offices.access import offices_within
from offices.directory import OfficeEntry
from offices.models import AdministrativeUnit
from surveys.models import Integration

LONGEST_KEY = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A new integration, and the key that nobody can be shown again."""

    integration: Integration
    key: str = field(repr=False)


def make(name: str, unit: AdministrativeUnit) -> Made:
    """An integration for the offices of `unit`."""
    key = secrets.token_urlsafe(32)
    integration = Integration.objects.create(name=name, unit=unit, key_hash=_hashed(key))
    return Made(integration, key)


def integration_of(key: str) -> Integration | None:
    """The integration in use that shows this key."""
    if not key or len(key) > LONGEST_KEY:
        return None
    found = Integration.objects.filter(key_hash=_hashed(key), active=True)
    return found.select_related("unit").first()


def reaches(integration: Integration, office: OfficeEntry) -> bool:
    """Whether the integration may ask something for this office."""
    return offices_within(integration.unit).filter(pk=office.id).exists()


def _hashed(key: str) -> bytes:
    # 256 random bits: nothing slower is needed
    return hashlib.sha256(key.encode()).digest()
