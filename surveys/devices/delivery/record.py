"""What a device wrote into an envelope, read with care.

Three shapes are in use: 1, of the first app, had neither respondent nor procedure nor remark; 2
has; 3 proves its day by a session or a start. A device that was long without network may deliver
any of them. What a tablet signed is a text, so that nobody has to write it twice in the same way.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from surveys.devices.delivery.sealing import Unreadable
from surveys.intake.blinding import LAST_STEP
from surveys.intake.submit import LONGEST_REMARK
from surveys.models import Channel, Respondent, Stage

SHAPES = (1, 2, 3)
CHANNELS = {"phone": Channel.PHONE, "tablet": Channel.TABLET}
LANGUAGES = ("vi", "en", "km")
LONGEST_WORD = 100
MOST_ANSWERS = 200
LATEST = 2**48  # milliseconds; the year 10889


@dataclass(frozen=True, slots=True)
class Record:
    """One sending of one response, as a device kept it.

    at: milliseconds since 1970 by the device's clock, at the last step; took: seconds from the
    first page to the finish, None if nobody knows. tablet, invitation: their secrets, or empty.
    session: what the tablet heard from us last (`.sessions`); start: when a phone's form began
    (`surveys.intake.starts`); both signed by us, or empty. said, signature: the text that the
    tablet's own key signed, and how; empty where it has none.
    """

    office: str
    form: str
    version: int
    id: UUID
    step: int
    finished: bool
    channel: Channel
    answers: Mapping[str, int]
    language: str
    at: int
    took: float | None
    stage: Stage
    respondent: Respondent
    procedure: str
    remark: str
    helped: bool
    counter: int | None
    tablet: str
    invitation: str
    session: str
    start: str
    said: str
    signature: str


def read_record(content: Mapping[str, Any]) -> Record:  # Any: what a device wrote
    """The record in an opened envelope. Raises Unreadable for anything that is not one."""
    said = content.get("said", "")
    if said:
        return _read(_opened(said), said, _word(content, "signature"))
    return _read(content, "", "")


def _opened(said: object) -> Mapping[str, Any]:
    """The record inside of the text that was signed."""
    try:
        content = json.loads(said) if isinstance(said, str) else None
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(content, dict):
        raise Unreadable
    return content


def _read(content: Mapping[str, Any], said: str, signature: str) -> Record:
    if content.get("v") not in SHAPES:
        raise Unreadable
    slug, _, version = _word(content, "form").rpartition(".")
    channel = CHANNELS.get(_word(content, "channel"))
    language = _word(content, "language")
    answers = content.get("answers")
    if channel is None or language not in LANGUAGES or not isinstance(answers, dict):
        raise Unreadable
    if len(answers) > MOST_ANSWERS or not all(_is_byte(byte) for byte in answers.values()):
        raise Unreadable
    finished, took, counter = (content.get(name) for name in ("finished", "took", "counter"))
    try:
        return Record(
            office=_word(content, "office"),
            form=slug,
            version=int(version),
            id=UUID(_word(content, "id")),
            step=_whole(content.get("step"), LAST_STEP),
            finished=finished is True,
            channel=channel,
            answers=answers,
            language=language,
            at=_whole(content.get("at"), LATEST),
            took=float(took) if isinstance(took, int | float) and 0 <= took < LATEST else None,
            stage=Stage(_whole(content.get("stage", 0), 3)),
            respondent=Respondent(_whole(content.get("respondent", 0), 2)),
            procedure=_word(content, "procedure", ""),
            remark=_text(content, "remark", longest=2 * LONGEST_REMARK),
            helped=content.get("helped") is True,
            counter=None if counter is None else _whole(counter, 32_767),
            tablet=_word(content, "tablet", ""),
            invitation=_word(content, "invitation", ""),
            session=_word(content, "session", ""),
            start=_word(content, "start", ""),
            said=said,
            signature=signature,
        )
    except ValueError:
        raise Unreadable from None


def _word(content: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A short word. Half a letter (a lone surrogate), which JSON can carry, is in none of ours."""
    word = content.get(name, default)
    if word is None and default is not None:
        return default
    if not isinstance(word, str) or len(word) > LONGEST_WORD or not word.isascii():
        raise Unreadable
    return word


def _text(content: Mapping[str, Any], name: str, longest: int) -> str:
    """What a person typed; the intake cleans it (`surveys.remarks.text.clean_text`)."""
    text = content.get(name) or ""
    if not isinstance(text, str) or len(text) > longest:
        raise Unreadable
    return text


def _whole(number: object, most: int) -> int:
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
        raise Unreadable
    return number


def _is_byte(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= 255
