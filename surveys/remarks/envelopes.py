"""How what leads to a person is kept beside a remark: sealed, under a key that names no remark.

Sealed is with Fernet (AES-128-CBC and HMAC-SHA-256) and keys that are not in the database:
CONTACT_KEYS, else one made of SECRET_KEY.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

# All envelopes have one length, so that it does not tell a telephone number from an address.
PADDED = 512
KEPT_MONTHS = 12


def seal(said: Mapping[str, str]) -> bytes:
    """What was said, encrypted, in an envelope of one length."""
    plain = json.dumps(said).encode()
    # a Fernet token carries its second in clear, which would join it to a log: ours says 0
    return boxes()[0].encrypt_at_time(plain.ljust(PADDED), 0)


def unseal(sealed: bytes) -> dict[str, str] | None:
    """What was said; None where it was sealed under a key that nobody has any more."""
    try:
        said: dict[str, str] = json.loads(MultiFernet(boxes()).decrypt(sealed))
    except InvalidToken:
        return None
    return said


def boxes() -> list[Fernet]:
    """Those of all keys; the first seals."""
    keys = list(settings.CONTACT_KEYS)
    # what was sealed under earlier keys stays readable
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        drawn = HKDF(SHA256(), 32, salt=None, info=b"hailong contacts 1")
        keys.append(urlsafe_b64encode(drawn.derive(secret.encode())).decode())
    return [Fernet(key) for key in keys]


def row_keys(salt: str, remark: UUID) -> list[UUID]:
    """Under which a row of a table stands for a remark: the newest secret's first."""
    return [
        _row_key(salt, remark, secret)
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def _row_key(salt: str, remark: UUID, secret: str | bytes) -> UUID:
    digest = salted_hmac(salt, remark.hex, secret=secret, algorithm="sha256").digest()
    return UUID(bytes=digest[:16], version=4)


def latest_end(day: date) -> date:
    """The first of a month, so that it does not tell the day; never more than twelve months on."""
    months = day.year * 12 + day.month - 1 + KEPT_MONTHS
    return date(months // 12, months % 12 + 1, 1)
