"""When a form was begun, by our clock: signed with its office and its id, and nowhere stored.

It proves that the form is not older. A start can be fetched long before it is used, so it never
proves that a form is not younger.
"""

import re
from datetime import UTC, datetime
from uuid import UUID

from surveys.intake.signing import LETTERS, is_ours, signature_of

VERSION = 2
SHAPE = re.compile(rf"{VERSION}\.([0-9]{{1,14}})\.([A-Za-z0-9_-]{{{LETTERS}}})")


def make(office_id: int, response_id: UUID, moment: datetime) -> str:
    """What a form of this office with this id carries that begins now: `2.<ms>.<signature>`."""
    at = round(moment.timestamp() * 1000)
    return f"{VERSION}.{at}.{signature_of(_signed(office_id, response_id, at))}"


def begun(start: str, office_id: int, response_id: UUID) -> datetime | None:
    """When the form began; None where the start is none of ours, or was made for another form."""
    found = SHAPE.fullmatch(start)
    if found is None or not is_ours(_signed(office_id, response_id, int(found[1])), found[2]):
        return None
    return datetime.fromtimestamp(int(found[1]) / 1000, tz=UTC)


def _signed(office_id: int, response_id: UUID, at: int) -> str:
    return f"{VERSION}|{office_id}|{response_id}|{at}"
