"""A tablet's own key, as a browser has it."""

import json
from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Signer:
    """Signs what a tablet says."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.point = b64encode(point).decode()

    def sign(self, said: str) -> str:
        """The signature as a browser gives it: two numbers of 32 bytes, in base64."""
        pair = decode_dss_signature(self.key.sign(said.encode(), ec.ECDSA(SHA256())))
        return b64encode(b"".join(number.to_bytes(32) for number in pair)).decode()

    def signed(self, record: dict[str, Any]) -> dict[str, object]:  # Any: JSON
        """What is sealed of a record."""
        said = json.dumps(record, ensure_ascii=False)
        return {"v": 3, "said": said, "signature": self.sign(said)}
