"""Files that wait for a second person, and keys, are kept encrypted under keys outside of it.

Fernet with CONTACT_KEYS, else one made of SECRET_KEY, as contacts are; the words that make the key
are others, so that neither opens the other.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

WORDS = b"hailong proposals 1"


class CannotOpen(Exception):
    """The file was sealed with keys that this system does not have, or it was changed."""


def seal(content: bytes) -> bytes:
    """The content, encrypted."""
    return _box().encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """The content again. Raises CannotOpen."""
    try:
        return _box().decrypt(sealed)
    except InvalidToken:
        raise CannotOpen from None


def renewed(sealed: bytes) -> bytes:
    """The same where the newest key opens it, else sealed anew with that one. Raises CannotOpen."""
    try:
        _boxes()[0].decrypt(sealed)
    except InvalidToken:
        return seal(unseal(sealed))
    return sealed


def _box() -> MultiFernet:
    """The first key seals; what was sealed under earlier ones stays readable."""
    return MultiFernet(_boxes())


def _boxes() -> list[Fernet]:
    secrets = [*settings.CONTACT_KEYS, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [HKDF(SHA256(), 32, salt=None, info=WORDS).derive(s.encode()) for s in secrets]
    return [Fernet(urlsafe_b64encode(key)) for key in keys]
