"""Envelopes that devices seal and only the server can open.

What waits on a tablet lies where officials can reach it, and an exported file goes through their
hands. So a device seals each answer with the server's public key as soon as it is given:
ephemeral ECDH on P-256 (NIST SP 800-56A), HKDF-SHA-256 (RFC 5869), AES-256-GCM. The server's key is
made of SECRET_KEY; SECRET_KEY_FALLBACKS open what was sealed under earlier ones.
"""

import binascii
import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

CONTEXT = b"hailong outbox 1"
VERSION = 1
CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
LONGEST = 16_384  # characters of base64


class Unreadable(Exception):
    """It is no envelope, was sealed for another server, or holds nothing we know."""


@lru_cache(maxsize=8)
def _private_key(secret: str) -> ec.EllipticCurvePrivateKey:
    # 48 bytes, so that the remainder is as good as even (FIPS 186-5, A.2.1)
    drawn = HKDF(SHA256(), 48, salt=None, info=b"hailong outbox key 1").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (ORDER - 1) + 1, CURVE)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _name(key: ec.EllipticCurvePublicKey) -> str:
    return hashlib.sha256(_point(key)).hexdigest()[:8]


def public_key() -> dict[str, str]:
    """The key to seal with: its name (8 hexadecimal digits) and its point (65 bytes in base64)."""
    key = _private_key(settings.SECRET_KEY).public_key()
    return {"id": _name(key), "point": b64encode(_point(key)).decode()}


def unseal(envelope: object) -> Mapping[str, Any]:  # Any: what a device wrote
    """The JSON object inside an envelope. Raises Unreadable."""
    if not isinstance(envelope, dict) or envelope.get("v") != VERSION:
        raise Unreadable
    private = next(
        (
            key
            for key in map(_private_key, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
            if _name(key.public_key()) == envelope.get("key")
        ),
        None,
    )
    if private is None:
        raise Unreadable
    point, nonce, data = (_bytes(envelope.get(part)) for part in ("epk", "iv", "data"))
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        shared = private.exchange(ec.ECDH(), theirs)
        key = HKDF(SHA256(), 32, salt=point, info=CONTEXT).derive(shared)
        plain = AESGCM(key).decrypt(nonce, data, CONTEXT)
        content = json.loads(plain)
    except (InvalidTag, ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(content, dict):
        raise Unreadable
    return content


def _bytes(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > LONGEST:
        raise Unreadable
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable from None


def seal(content: Mapping[str, Any]) -> dict[str, object]:  # Any: JSON
    """Seals as a device does; for tests and for whoever writes another client."""
    key = public_key()
    server = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, b64decode(key["point"]))
    own = ec.generate_private_key(CURVE)
    point = _point(own.public_key())
    derived = HKDF(SHA256(), 32, salt=point, info=CONTEXT).derive(own.exchange(ec.ECDH(), server))
    nonce = hashlib.sha256(point).digest()[:12]  # the key serves once
    data = AESGCM(derived).encrypt(nonce, json.dumps(content).encode(), CONTEXT)
    return {
        "v": VERSION,
        "key": key["id"],
        "epk": b64encode(point).decode(),
        "iv": b64encode(nonce).decode(),
        "data": b64encode(data).decode(),
    }
