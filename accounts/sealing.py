"""Seals what may not be read in a dump: sessions, secrets of second factors, unsent forms.

The keys are not in the database: they are drawn from SECRET_KEY and SECRET_KEY_FALLBACKS, as those
of `surveys.remarks.contacts` are; the first seals.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "hashed", "opened", "sealed"]


@lru_cache(maxsize=8)
def _box(secrets: tuple[str, ...], purpose: str) -> MultiFernet:
    boxes = []
    for secret in secrets:
        drawn = HKDF(SHA256(), 32, salt=None, info=f"hailong {purpose} 1".encode())
        boxes.append(Fernet(urlsafe_b64encode(drawn.derive(secret.encode()))))
    return MultiFernet(boxes)


def _box_for(purpose: str) -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), purpose)


def sealed(text: str, purpose: str) -> str:
    """The text, readable only with the keys and for the same purpose."""
    return _box_for(purpose).encrypt(text.encode()).decode()


def opened(token: str, purpose: str) -> str:
    """What was sealed for this purpose. Raises InvalidToken for everything else."""
    return _box_for(purpose).decrypt(token.encode()).decode()


def hashed(secret: str) -> str:
    """What is kept of a long random secret: its SHA-256 in hexadecimal digits."""
    return sha256(secret.encode()).hexdigest()
