"""What we sign so that we know it again when a browser brings it back."""

from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "surveys.signing"
BYTES = 16  # nobody tries 128 bits against a server
LETTERS = 22  # as base64 without its end


def signature_of(said: str) -> str:
    """What stands beside a text of ours, in 22 letters, digits, `-` and `_`."""
    return _signature(said, settings.SECRET_KEY)


def is_ours(said: str, signature: str) -> bool:
    """Whether we signed this text, with today's secret or one that is still known."""
    known = [_signature(said, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return any(constant_time_compare(one, signature) for one in known)


def _signature(said: str, secret: str) -> str:
    digest = salted_hmac(SALT, said, secret=secret, algorithm="sha256").digest()[:BYTES]
    return urlsafe_b64encode(digest).decode().rstrip("=")
