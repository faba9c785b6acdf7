"""What a portal tells us: how many dossiers were finished, by office, day and field.

`POST /api/ho-so` with the key of an integration; described at /api/openapi.json.
"""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from ninja import Field, Router, Schema

from offices.access import offices_within
from offices.dossiers.file import MOST_DOSSIERS
from offices.dossiers.portal import MOST_ROWS, NotTaken, Sent, take
from surveys.models import Integration

LANGUAGES = ("vi", "en")
router = Router()


class Count(Schema):
    """Finished dossiers of one office, day and field."""

    office: Annotated[str, Field(max_length=60, description="Short name of the office")]
    day: date
    finished: Annotated[int, Field(ge=0, le=MOST_DOSSIERS)]
    field: Annotated[str, Field(max_length=60, description="Short name; empty: not known")] = ""


class Counts(Schema):
    """What is told at once: taken whole or not at all."""

    counts: Annotated[list[Count], Field(min_length=1, max_length=MOST_ROWS)]


class Taken(Schema):
    """How many numbers were new, changed and the same; own: those of offices that it replaced."""

    new: int
    changed: int
    unchanged: int
    replaced: int


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
def finished(request: HttpRequest, told: Counts) -> HttpResponse:
    """Stores numbers of finished dossiers; sending the same again changes nothing.

    Days of a closed month change only by two persons in the officials' pages; days at its end of
    which nothing was known are taken for ten days more.
    """
    integration: Integration = request.auth  # type: ignore[attr-defined]
    sent = [Sent(one.office, one.day, one.field, one.finished) for one in told.counts]
    name = f"{integration.name} ({integration.pk})"
    try:
        stored = take(sent, request.body, name, offices_within(integration.unit))
    except NotTaken as refused:
        status = (
            HTTPStatus.FORBIDDEN if refused.word == "office" else HTTPStatus.UNPROCESSABLE_ENTITY
        )
        body = {"error": refused.word, "row": refused.row, "message": _said(refused)}
        return _answer(body, status)
    return _answer(
        {
            "new": stored.new,
            "changed": stored.changed,
            "unchanged": stored.unchanged,
            "replaced": stored.replaced,
        },
        HTTPStatus.OK,
    )


def _said(refused: NotTaken) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(refused.sentence)
    return said


def _answer(body: Mapping[str, object], status: HTTPStatus) -> HttpResponse:
    return JsonResponse(dict(body), status=status, headers={"Cache-Control": "no-store"})
