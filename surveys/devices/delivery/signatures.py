"""Signatures of a tablet's own key (ECDSA on P-256 with SHA-256, as browsers make them).

The key is made in the browser when the tablet is paired, and no script can read it, so whoever has
the tablet's secret alone, from a copy of its files, sends nothing in its name.
"""

import binascii
from base64 import b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

CURVE = ec.SECP256R1()
HALF = 32  # bytes of each of the two numbers in a signature
LONGEST = 100  # characters of base64


def read_point(text: object) -> bytes | None:
    """The public key that a browser told: 65 bytes; None for anything that is no point."""
    point = _bytes(text)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError:
        return None
    return point if len(point) == 2 * HALF + 1 else None


def is_signed(said: str, signature: str, point: bytes) -> bool:
    """Whether the key with this point signed exactly this text."""
    halves = _bytes(signature)
    if len(halves) != 2 * HALF:
        return False
    first, second = (int.from_bytes(half) for half in (halves[:HALF], halves[HALF:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    try:
        key.verify(encode_dss_signature(first, second), said.encode(), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > LONGEST:
        return b""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
