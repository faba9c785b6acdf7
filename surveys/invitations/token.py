"""The token in an invitation's link: 30 bytes, 40 letters, signed with the key of its day.

No row stands behind it. It holds the day on which the dossier was finished, the office, the
procedure, how the dossier ended, the channel, what the link proves, and 8 bytes that only the day's
key makes of the dossier's code. The response's id is made of these 8 bytes with the same key:
whoever comes twice, is the same response. When the key is destroyed, the token can no longer be
checked and the id no longer be made.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import product
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from surveys.invitations.keys import key_folder
from surveys.models import Channel, Evidence, Stage

VERSION = 2
# Of links from before: the byte with stage, channel and proof stands before the dossier. Now it is
# the last: its low six bits stay below 62, so that a link ends in a letter or a digit. Programs
# that find links in a text leave out a last dash.
VERSION_BEFORE = 1
TOLD = 9  # where that byte stands in what is signed
FIRST_DAY = date(2020, 1, 1)
OFFICE_BYTES = 3
PROCEDURE_BYTES = 3
NO_PROCEDURE = 2 ** (8 * PROCEDURE_BYTES) - 1  # no code of seven digits is so large
DOSSIER_BYTES = 8
SIGNATURE_BYTES = 12  # 96 bits; with these the token has no incomplete letter
SIGNED_BYTES = 1 + 2 + OFFICE_BYTES + PROCEDURE_BYTES + 1 + DOSSIER_BYTES
LETTERS = (SIGNED_BYTES + SIGNATURE_BYTES) * 4 // 3

STAGES = (Stage.RECEIVED, Stage.REFUSED)
CHANNELS = (Channel.INVITATION, Channel.PORTAL)
# What a link proves, in two bits of the byte with stage and channel; 0: a link from before that.
PROOFS = (Evidence.FROM_BEFORE, Evidence.INVITED, Evidence.SLIP, Evidence.OPEN)
PROVED_BEFORE: Mapping[Channel, Evidence] = {
    Channel.PORTAL: Evidence.INVITED,
    Channel.INVITATION: Evidence.SLIP,
}
# What was begun on the last day may be finished on the next. Only then the key is destroyed.
GRACE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that is good today. Neither its token nor its id belongs into a log."""

    token: str = field(repr=False)
    response_id: UUID = field(repr=False)
    office_id: int
    # The national code, or empty where the link names none.
    procedure: str
    stage: Stage
    channel: Channel
    # Of the link, not of who holds it: what the response may be called that comes by it.
    evidence: Evidence
    expires_on: date

    @property
    def key_ends_on(self) -> date:
        """The first day on which nobody can work out any more which response came from the link."""
        return self.expires_on + GRACE + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Expired:
    """A link that was good, or claims to have been: its key may be gone. office_id: as it says."""

    office_id: int


@dataclass(frozen=True, slots=True)
class Forged:
    """A link that nobody here has made, or of which a part is missing."""


Read = Invitation | Expired | Forged
# What sentences put behind a link.
BEHIND = " \t\u00a0\u200b.,;:!?()[]{}<>\"'\u201c\u201d\u2018\u2019\u2026\u00bb*"
MOST_LOST = 2


def expires_on(day: date) -> date:
    """The last day of the links for dossiers that were finished on `day`."""
    return day + timedelta(days=settings.INVITATION_DAYS)


def dossier_hash(key: bytes, office_id: int, dossier: str) -> bytes:
    """DOSSIER_BYTES that stand for a dossier. `dossier`: in its one form."""
    return _keyed(key, "dossier", str(office_id).encode() + b"/" + dossier.encode())[:DOSSIER_BYTES]


def pack(
    key: bytes,
    day: date,
    office_id: int,
    dossier: bytes,
    procedure: str = "",
    stage: Stage = Stage.RECEIVED,
    channel: Channel = Channel.INVITATION,
    evidence: Evidence = Evidence.OPEN,
) -> str:
    """The token, LETTERS long. key: of `day`; dossier: its hash under that key.

    evidence: one of PROOFS. Raises OverflowError for a day or an office that does not fit.
    """
    number = int(procedure.replace(".", "")) if procedure else NO_PROCEDURE
    signed = (
        bytes([VERSION])
        + (day - FIRST_DAY).days.to_bytes(2, "big")
        + office_id.to_bytes(OFFICE_BYTES, "big")
        + number.to_bytes(PROCEDURE_BYTES, "big")
        + bytes([PROOFS.index(evidence) << 6 | stage.value << 4 | channel.value])
        + dossier
    )
    content = signed + _signature(key, signed)
    last = content[:TOLD] + content[TOLD + 1 :] + content[TOLD : TOLD + 1]
    return urlsafe_b64encode(last).decode("ascii")


def read(token: str, today: date | None = None, *, begun: bool = False) -> Read:
    """What a token is on `today` (the present day by default). Reads the key's file, no table.

    begun: it was good when the person began; then one day more is given to finish.
    """
    on = today or timezone.localdate()
    content = _decoded(token)
    if content is None:
        return Forged()
    signed, signature = content[:SIGNED_BYTES], content[SIGNED_BYTES:]
    day = FIRST_DAY + timedelta(days=int.from_bytes(signed[1:3], "big"))
    office_id = int.from_bytes(signed[3:6], "big")
    if day > on:
        return Forged()
    key = key_folder().key(day)
    if key is None:
        return Expired(office_id)
    if not hmac.compare_digest(_signature(key, signed), signature):
        return Forged()
    ends = expires_on(day)
    if on > (ends + GRACE if begun else ends):
        return Expired(office_id)
    number = int.from_bytes(signed[6:9], "big")
    digits = "" if number == NO_PROCEDURE else f"{number:07}"
    told, channel = signed[TOLD], Channel(signed[TOLD] & 7)
    return Invitation(
        token=token,
        response_id=_response_id(key, office_id, signed[-DOSSIER_BYTES:]),
        office_id=office_id,
        procedure=f"{digits[0]}.{digits[1:]}" if digits else "",
        stage=Stage(told >> 4 & 3),
        channel=channel,
        evidence=PROOFS[told >> 6] or PROVED_BEFORE[channel],
        expires_on=ends,
    )


def meant_by(written: str) -> str | None:
    """The token that a damaged link means: with signs behind it, or without dashes at its end.

    Some programs take a last `-` or `_` for the end of a sentence. What is tried has to be signed,
    or to be of a day without a key, like every token; None where nothing is.
    """
    token = written.strip(BEHIND)
    missing = LETTERS - len(token)
    if not 0 <= missing <= MOST_LOST:
        return None
    ends = ("".join(end) for end in product("-_", repeat=missing))
    tried = (token + end for end in ends)
    return next((one for one in tried if not isinstance(read(one), Forged)), None)


def is_whole(token: str) -> bool:
    """Whether no letter of it is missing."""
    return len(token.strip(BEHIND)) >= LETTERS


def _decoded(token: str) -> bytes | None:
    """The bytes of a token, those signed first; None if it is none. Each token has one spelling."""
    if len(token) != LETTERS or not token.isascii():
        return None
    try:
        content = urlsafe_b64decode(token)
    except binascii.Error:
        return None
    one_spelling = urlsafe_b64encode(content).decode("ascii") == token
    if not one_spelling or content[0] not in (VERSION, VERSION_BEFORE):
        return None
    if content[0] == VERSION_BEFORE:
        return content
    return content[:TOLD] + content[-1:] + content[TOLD:-1]


def _response_id(key: bytes, office_id: int, dossier: bytes) -> UUID:
    """Looks drawn at random, as every other id; without the procedure, which may be corrected."""
    digest = _keyed(key, "response", str(office_id).encode() + b"/" + dossier)
    return UUID(bytes=digest[:16], version=4)


def _signature(key: bytes, signed: bytes) -> bytes:
    return _keyed(key, "token", signed)[:SIGNATURE_BYTES]


def _keyed(key: bytes, purpose: str, content: bytes) -> bytes:
    return hmac.new(key, purpose.encode() + b"\0" + content, sha256).digest()
