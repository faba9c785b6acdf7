"""The code on a receipt: with it a person reads the reply, without giving a name.

It is made of the response's id and stored nowhere; decision 0011 says how long it must be.
"""

import hashlib
import re
from base64 import b32encode
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

# Five bits each.
LETTERS = 15
GROUP = 5
# What is read for a letter of the alphabet, which has no 0, 1 and 8 itself.
MISREAD = str.maketrans("018", "OIB")
SALT = "surveys.receipts.looked_up"


def receipt_code(response_id: UUID) -> str:
    """Fifteen letters and digits in three groups; only who knows the response's id can make it."""
    digest = hashlib.sha256(b"receipt" + response_id.bytes).digest()
    letters = b32encode(digest)[:LETTERS].decode("ascii")
    return "-".join(letters[start : start + GROUP] for start in range(0, LETTERS, GROUP))


def read_code(typed: str) -> str | None:
    """The code that a person typed, in capitals and in groups; None if it can be none."""
    letters = re.sub(r"[\s\-–.]", "", typed).upper().translate(MISREAD)
    if not re.fullmatch(rf"[A-Z2-7]{{{LETTERS}}}", letters):
        return None
    return "-".join(letters[start : start + GROUP] for start in range(0, LETTERS, GROUP))


def keyed(code: str) -> bytes:
    """What is kept of a code beside its remark: 32 bytes that nobody without the key can make."""
    return _keyed(code, settings.SECRET_KEY)


def all_keyed(code: str) -> list[bytes]:
    """The same with every key that was in use: `SECRET_KEY_FALLBACKS` has those of the past."""
    return [_keyed(code, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _keyed(code: str, key: str | bytes) -> bytes:
    return salted_hmac(SALT, code, secret=key, algorithm="sha256").digest()
