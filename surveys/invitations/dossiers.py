"""What a portal tells us: how many dossiers were finished, or which, and where to invite.

`POST /api/ho-so` with the key of an integration; described at /api/openapi.json.
"""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal, Self

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.debug import sensitive_variables
from ninja import Field, Router, Schema
from pydantic import model_validator

from offices.access import offices_within
from offices.dossiers.file import MOST_DOSSIERS
from offices.dossiers.portal import MOST_ROWS, NotTaken, Sent, take
from offices.dossiers.store import Stored
from offices.models import Office
from surveys.invitations.feed import MOST_AT_ONCE, Fed, take_dossiers
from surveys.invitations.waiting import LONGEST_CONTACT
from surveys.models import Integration, Stage

LANGUAGES = ("vi", "en")
STAGES = {"received": Stage.RECEIVED, "refused": Stage.REFUSED}
router = Router()


class Count(Schema):
    """Finished dossiers of one office, day and field."""

    office: Annotated[str, Field(max_length=60, description="Short name of the office")]
    day: date
    finished: Annotated[int, Field(ge=0, le=MOST_DOSSIERS)]
    field: Annotated[str, Field(max_length=60, description="Short name; empty: not known")] = ""


class OfDossier(Schema):
    """What is said of a dossier that is finished or refused."""

    office: Annotated[str, Field(max_length=60, description="Short name of the receiving office")]
    dossier: Annotated[str, Field(max_length=60, description="Mã số hồ sơ, as on the slip")]
    finished_on: Annotated[date, Field(description="The day of the result or refusal")]
    stage: Literal["received", "refused"]
    procedure: Annotated[
        str, Field(max_length=60, description="National code, with or without a local suffix")
    ] = ""


class Dossier(OfDossier):
    """A dossier that is finished or refused. Neither its code nor its contact is kept in clear."""

    contact: Annotated[
        str,
        Field(
            max_length=LONGEST_CONTACT,
            description="Mobile number or mail of the applicant; kept until the message is sent",
        ),
    ] = ""


class Told(Schema):
    """What is told at once, numbers or dossiers: taken whole or not at all."""

    counts: Annotated[list[Count], Field(max_length=MOST_ROWS)] = []
    dossiers: Annotated[list[Dossier], Field(max_length=MOST_AT_ONCE)] = []

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.counts) == bool(self.dossiers):
            raise ValueError("counts or dossiers")
        return self


class OfDossiers(Schema):
    """How many dossiers were new and known already; contacts: with how many one waits now."""

    new: int
    unchanged: int
    contacts: int


class Taken(Schema):
    """How many numbers were new, changed and the same; own: those of offices that it replaced.

    dossiers: where dossiers were told one by one.
    """

    new: int
    changed: int
    unchanged: int
    replaced: int
    dossiers: OfDossiers | None = None


class Said(Schema):
    """A sentence in both languages."""

    vi: str
    en: str


class NotStored(Schema):
    """Why nothing was stored: a word for programs, the row of the list from 0, a sentence."""

    error: str
    row: int | None
    message: Said


@router.post(
    "/ho-so",
    response={200: Taken, 403: NotStored, 422: NotStored},
    operation_id="surveys_api_dossiers",
)
@sensitive_variables()
def finished(request: HttpRequest, told: Told) -> HttpResponse:
    """Stores numbers of finished dossiers, or the dossiers; sending the same again changes nothing.

    Of dossiers the numbers follow; each counts once, on the day that was told first. Days of a
    closed month change only by two persons in the officials' pages; days at its end of which
    nothing was known are taken for ten days more.
    """
    integration: Integration = request.auth  # type: ignore[attr-defined]
    name = f"{integration.name} ({integration.pk})"
    offices = offices_within(integration.unit)
    try:
        if told.dossiers:
            return _answer(_told_one_by_one(told.dossiers, request.body, name, offices))
        sent = [Sent(one.office, one.day, one.field, one.finished) for one in told.counts]
        return _answer(_numbers(take(sent, request.body, name, offices)))
    except NotTaken as refused:
        status = (
            HTTPStatus.FORBIDDEN if refused.word == "office" else HTTPStatus.UNPROCESSABLE_ENTITY
        )
        body = {"error": refused.word, "row": refused.row, "message": _said(refused)}
        return _answer(body, status)


@sensitive_variables()
def _told_one_by_one(
    dossiers: list[Dossier], content: bytes, name: str, offices: QuerySet[Office]
) -> dict[str, object]:
    fed = [
        Fed(
            one.office,
            one.dossier,
            one.finished_on,
            STAGES[one.stage],
            one.procedure,
            one.contact,
        )
        for one in dossiers
    ]
    taken = take_dossiers(fed, content, name, offices)
    of_dossiers = {"new": taken.new, "unchanged": taken.unchanged, "contacts": taken.contacts}
    return {**_numbers(taken.counts), "dossiers": of_dossiers}


def _numbers(stored: Stored) -> dict[str, object]:
    return {
        "new": stored.new,
        "changed": stored.changed,
        "unchanged": stored.unchanged,
        "replaced": stored.replaced,
    }


def _said(refused: NotTaken) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(refused.sentence)
    return said


def _answer(body: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return JsonResponse(dict(body), status=status, headers={"Cache-Control": "no-store"})
