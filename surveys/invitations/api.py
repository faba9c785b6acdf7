"""What other systems ask of us, in JSON; the description stands at /api/openapi.json.

No page with it: the framework's own would load its scripts from elsewhere. Errors say in both
languages what to do, and never repeat what was sent.
"""

from datetime import date
from http import HTTPStatus
from io import BytesIO
from typing import Annotated, Any, Literal

import segno
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from accounts import throttle
from audit.actors import Actor
from audit.recurring import record_sparingly
from offices import directory
from offices.addresses import public_url
from offices.dossiers import portal
from surveys.invitations import dossiers, feed
from surveys.invitations.integrations import KeyEnded, integration_of, reaches
from surveys.invitations.issuing import SENTENCES, NotInvited, NotInvitedReason, checked, issue
from surveys.invitations.rate import WINDOW, may_ask
from surveys.models import Channel, Evidence, Integration, Stage, Teller

LANGUAGES = ("vi", "en")
STAGES = {"received": Stage.RECEIVED, "refused": Stage.REFUSED}
CHANNELS = {"invitation": Channel.INVITATION, "portal": Channel.PORTAL}
# A portal shows the link to the applicant alone; what is printed or sent, others have seen before.
PROOFS = {Channel.INVITATION: Evidence.SLIP, Channel.PORTAL: Evidence.INVITED}

UNKNOWN_KEY = _(
    "This key is not known or is switched off. Send it as `Authorization: Bearer …`; a new one is "
    "made by the operator of this system."
)
ENDED_KEY = _(
    "This key ended on {day}. The operator of this system makes a new one; until then nothing is "
    "taken."
)
TOO_OFTEN = _("This key asks more than 600 times in a minute. Wait a minute and go on.")
WRONG_FIELDS = _(
    "Some fields are missing or have the wrong shape. Send `office`, `dossier`, `finished_on` as "
    "2026-12-31, `stage` as `received` or `refused`, and, where known, `procedure`."
)
UNREADABLE = _(
    "The body cannot be read. Send one JSON object in UTF-8, as the description at "
    "/api/openapi.json shows."
)
TOO_LARGE = _("This is more than is taken at once. Divide it and send its parts.")
NO_OFFICE = _(
    "There is no such office, or this key does not reach it. Send the office's short name as in "
    "the address of its form."
)
FIELDS = {
    NotInvitedReason.DOSSIER: "dossier",
    NotInvitedReason.OLD_CODE: "dossier",
    NotInvitedReason.PROCEDURE: "procedure",
    NotInvitedReason.STAGE: "stage",
    NotInvitedReason.TO_COME: "finished_on",
    NotInvitedReason.TOO_OLD: "finished_on",
    NotInvitedReason.ENDED_OFFICE: "office",
}


class TooSoon(Exception):
    """Too many wrong keys came from this address; seconds: until the next may come."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class TooOften(Exception):
    """A good key is shown more often than a system needs to."""


class Key(HttpBearer):
    """The key of an integration, in the header `Authorization: Bearer`."""

    def authenticate(self, request: HttpRequest, token: str) -> Integration | None:
        """The integration that shows this key.

        Raises TooSoon after many wrong ones, KeyEnded, and TooOften.

        The right key is never kept waiting: it cannot be guessed, and others share the address.
        """
        found = integration_of(token)
        if found is None:
            attempt = throttle.begin(request, throttle.Kind.KEY)
            if attempt.wait:
                raise TooSoon(attempt.wait)
            attempt.failed("key.failed")
        elif not may_ask(found.pk):
            raise TooOften
        else:
            # no entry for each dossier: at night one says how many requests there were
            record_sparingly(
                "key.requests",
                most=0,
                subject=found.name,
                unit_id=found.unit_id,
                by=Actor(f"key {found.pk}"),
            )
        return found


api = NinjaAPI(title="Hài Lòng", version="1", docs_url=None, auth=Key())
api.add_router("", dossiers.router)


class Said(Schema):
    """A sentence in both languages."""

    vi: str
    en: str


class Problem(Schema):
    """What was wrong: a word for programs, the fields it concerns, a sentence for people."""

    error: str
    fields: list[str]
    message: Said


class Wanted(dossiers.OfDossier):
    """A dossier that is finished or refused. Its code is not stored."""

    channel: Annotated[
        Literal["invitation", "portal"],
        Field(description="`portal` where the link is shown on the portal's own page"),
    ] = "invitation"


class Link(Schema):
    """A link for one dossier; asking again gives the same."""

    url: str
    path: str
    expires_on: date
    # Empty where none was told or the office does not handle it: the person is asked.
    procedure: str
    qr_svg: str


# Programs made from the description call the function by this name, wherever it stands here.
@api.post(
    "/loi-moi",
    response={200: Link, 401: Problem, 403: Problem, 422: Problem},
    operation_id="surveys_api_invitation",
)
@sensitive_variables()
def invitation(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """Makes the link with which the applicant of a finished or refused dossier may answer.

    Valid until `expires_on`. A dossier always gives the same link, of the day that was told first.
    """
    office = directory.current().once_called(wanted.office)
    integration: Integration = request.auth  # type: ignore[attr-defined]
    if office is None or not reaches(integration, office):
        return _problem(request, HTTPStatus.FORBIDDEN, "office", NO_OFFICE, ["office"])
    channel = CHANNELS[wanted.channel]
    try:
        wish = checked(
            office,
            dossier=wanted.dossier,
            finished_on=wanted.finished_on,
            stage=STAGES[wanted.stage],
            procedure=wanted.procedure,
            channel=channel,
            evidence=PROOFS[channel],
            teller=Teller.KEY,
        )
        (issued,) = issue([wish])
    except NotInvited as refused:
        reason = refused.reason
        field, sentence = FIELDS[reason], SENTENCES[reason]
        return _problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, reason.value, sentence, [field])
    url = public_url(issued.path)
    picture = BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="svg", border=4, light="#fff")
    link = Link(
        url=url,
        path=issued.path,
        expires_on=issued.expires_on,
        procedure=issued.procedure,
        qr_svg=picture.getvalue().decode("utf-8"),
    )
    return _uncached(api.create_response(request, link.model_dump(mode="json"), status=200))


def _problem(
    request: HttpRequest, status: HTTPStatus, error: str, sentence: Promise, fields: list[str]
) -> HttpResponse:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(sentence)
    body = {"error": error, "fields": fields, "message": said}
    return _uncached(api.create_response(request, body, status=status))


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@api.exception_handler(AuthenticationError)
def _unknown_key(request: HttpRequest, error: Exception) -> HttpResponse:
    return _problem(request, HTTPStatus.UNAUTHORIZED, "key", UNKNOWN_KEY, [])


@api.exception_handler(TooSoon)
def _too_soon(request: HttpRequest, error: Exception) -> HttpResponse:
    answer = _problem(request, HTTPStatus.TOO_MANY_REQUESTS, "wait", throttle.TOO_MANY_KEYS, [])
    answer["Retry-After"] = str(error.seconds if isinstance(error, TooSoon) else 1)
    return answer


@api.exception_handler(KeyEnded)
def _ended_key(request: HttpRequest, error: Exception) -> HttpResponse:
    day = f"{error.day:%d/%m/%Y}" if isinstance(error, KeyEnded) else ""
    sentence = format_lazy(ENDED_KEY, day=day)
    return _problem(request, HTTPStatus.UNAUTHORIZED, "key_ended", sentence, [])


@api.exception_handler(TooOften)
def _too_often(request: HttpRequest, error: Exception) -> HttpResponse:
    answer = _problem(request, HTTPStatus.TOO_MANY_REQUESTS, "wait", TOO_OFTEN, [])
    answer["Retry-After"] = str(WINDOW)
    return answer


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    return _problem(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "size", TOO_LARGE, [])


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return _problem(request, HTTPStatus.BAD_REQUEST, "body", UNREADABLE, [])


@api.exception_handler(ValidationError)
def _wrong_fields(request: HttpRequest, error: Exception) -> HttpResponse:
    # the names only: the framework's own answer would repeat what was sent
    found: list[dict[str, Any]] = error.errors if isinstance(error, ValidationError) else []
    shape: type[Schema] = Wanted
    sentence = WRONG_FIELDS
    if request.path.endswith("/ho-so"):
        one_by_one = any("dossiers" in one["loc"] for one in found)
        shape = dossiers.Dossier if one_by_one else dossiers.Count
        sentence = feed.WRONG_FIELDS if one_by_one else portal.WRONG_FIELDS
    known = {*shape.model_fields, "counts", "dossiers"}
    fields = sorted({str(part) for one in found for part in one["loc"]} & known)
    return _problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "fields", sentence, fields)
