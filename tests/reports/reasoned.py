"""A questionnaire whose first criterion has reasons, and people who give them."""

from datetime import date
from random import Random

from offices.models import Office
from surveys.models import Criterion, Instrument, Mark
from tests import factories

REASONS = ("A1_W", "A1_F")
WORDS = {"A1_W": "Chờ lâu", "A1_F": "Phí không rõ"}
GIVEN, NOT_GIVEN = 1, 2


def questionnaire() -> Instrument:
    """Two criteria; below A1 people may say that they waited long, or that fees are unclear."""
    made = factories.instrument({"A": 1, "B": 1})
    for position, code in enumerate(REASONS, start=2):
        Criterion.objects.create(
            instrument=made,
            position=position,
            code=code,
            scale=Criterion.Scale.REASON,
            group="A1",
            text={"vi": WORDS[code], "en": WORDS[code]},
        )
    return made


def said(a1: int, given: str = "") -> bytes:
    """A form with this answer to A1 and these reasons, `W` and `F`."""
    low = a1 in (1, 2)
    reasons = [(GIVEN if letter in given else NOT_GIVEN) if low else 0 for letter in "WF"]
    return bytes([a1, 4, *reasons])


def answered(
    office: Office, day: date, low: int, given: int, *, satisfied: int = 120, **columns: object
) -> None:
    """A day of an office: so many low answers, so many of them for W, a third of them for F."""
    forms = [said(5)] * (satisfied // 2) + [said(4)] * (satisfied - satisfied // 2) + [said(3)] * 4
    forms += [
        said(1 + number % 2, ("W" if number < given else "") + ("F" if number % 3 == 0 else ""))
        for number in range(low)
    ]
    Random(day.toordinal()).shuffle(forms)
    factories.answered(office, forms, day=day, **columns)
    Mark.objects.create(office=office, day=day)
