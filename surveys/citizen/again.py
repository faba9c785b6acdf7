"""From a receipt to one more form, which nothing joins to the one before (decision 0055).

What stays is the place (office, counter, questionnaire) and the language, which everybody who scans
the code of that counter has too, so the address of the new form is that of the code. What the same
person need not say twice travels in the body of one request, which no log keeps.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from offices.directory import OfficeEntry
from surveys.citizen.languages import FIELD
from surveys.citizen.sheet import Sheet, new_sheet
from surveys.models import Respondent
from surveys.questionnaires.catalogue import InstrumentEntry

# What the button on the receipt says in `go`.
ANOTHER = "another"
# Of the same person it is asked with what was said before already chosen.
SAID_BEFORE = {
    "respondent": frozenset(str(kind.value) for kind in Respondent if kind is not kind.UNKNOWN),
    "helped": frozenset({"1"}),
}


@dataclass(frozen=True, slots=True)
class Ways:
    """Where one more form begins.

    procedure: where the same person's is sent to, with `said`; person: the address for another
    person. Of an invitation both are the office's open form: it counts once.
    """

    procedure: str
    person: str
    said: tuple[tuple[str, str], ...]


def ways_on(request: HttpRequest, sheet: Sheet) -> Ways:
    """The ways from the receipt of this sheet, which never answers at an invitation's address."""
    start = request.path
    desk = {"quay": str(sheet.counter.number)} if sheet.counter else {}
    language = translation.get_language() or settings.LANGUAGE_CODE
    spoken = {FIELD: language} if language != settings.LANGUAGE_CODE else {}
    said = {FIELD: language} | _said_before(sheet.about)
    return Ways(_with(start, desk), _with(start, desk | spoken), tuple(said.items()))


def another(request: HttpRequest, office: OfficeEntry, instrument: InstrumentEntry) -> Sheet:
    """An empty sheet with an id of its own, for one more procedure of the same person."""
    sheet = new_sheet(office, instrument, request.GET)
    sheet.about |= _said_before(request.POST)
    return sheet


def _said_before(said: Any) -> dict[str, str]:  # Any: a dict, or what Django makes of a form
    kept = {name: said.get(name, "") for name in SAID_BEFORE}
    return {name: text for name, text in kept.items() if text in SAID_BEFORE[name]}


def _with(path: str, parameters: dict[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
