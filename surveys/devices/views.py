"""What browsers ask for by themselves: questionnaires, pairing, heartbeats, deliveries.

JSON in and out. Nothing here sets or reads a cookie; a tablet shows its secret in a header.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, Protocol
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from offices import directory
from offices.directory import CounterEntry, OfficeEntry
from surveys.devices import tablets
from surveys.devices.definition import definition, tablet_definition
from surveys.devices.delivery.deliver import AT_ONCE, as_sent
from surveys.devices.delivery.sealing import LONGEST
from surveys.devices.delivery.sessions import open_session
from surveys.devices.delivery.signatures import read_point
from surveys.intake import starts
from surveys.intake.limits import may_try
from surveys.models import Tablet
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry

LATEST = 2**48  # milliseconds; the year 10889
MOST_WAITING = 1_000_000
# A phone fetches new ones with each questionnaire; a household needs no more in a week.
TICKETS = 3
# Bytes of a body: of a delivery, AT_ONCE of the longest envelopes; of all else, a few numbers.
LARGEST_DELIVERY = AT_ONCE * (LONGEST + 1024)
LARGEST_MESSAGE = 4 * 1024
BEARER = "Bearer "

Json = Mapping[str, Any]  # Any: what a device sent


class View(Protocol):
    """A view of devices."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def of_devices(view: View) -> View:
    """No cookie, so no CSRF token; what a browser marks as sent from elsewhere is refused."""

    @wraps(view)
    @sensitive_post_parameters()
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            return _said(_("Answers are only taken from the office's own page."), 403)
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    exempt: View = csrf_exempt(guarded)
    return exempt


def _said(sentence: str, status: int, **more: object) -> JsonResponse:
    return JsonResponse({"error": sentence, **more}, status=status)


def _is_larger(request: HttpRequest, most: int) -> bool:
    """Whether the body has more bytes, by what was said of it before any of it is read."""
    said = request.headers.get("Content-Length", "")
    return said.isdecimal() and (len(said) > 9 or int(said) > most)


def _body(request: HttpRequest, most: int = LARGEST_MESSAGE) -> Json | None:
    """The JSON object that was sent; None for anything else, and for more bytes than `most`."""
    if _is_larger(request, most):
        return None
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _whole(number: object, most: int) -> int | None:
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    whole = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= most
    return int(number) if whole and isinstance(number, int) else None


@of_devices
@require_safe
def questionnaire(request: HttpRequest, slug: str) -> HttpResponse:
    """The questionnaire of an office for phones; `form` names another, perhaps with its version."""
    office = directory.current().office(slug)
    if office is None or not office.is_open_on(timezone.localdate()):
        raise Http404
    form = request.GET.get("form", "")
    offered = catalogue.current()
    instrument = offered.exact(form) or offered.instrument(form) if form else offered.default
    if instrument is None or not instrument.offered:
        raise Http404
    return JsonResponse({**definition(office, instrument), "tickets": _tickets(office)})


def _tickets(office: OfficeEntry) -> list[Mapping[str, str]]:
    """For so many forms without network: an id for each, and that it was begun from now on."""
    now, ids = timezone.now(), [uuid4() for _ in range(TICKETS)]
    return [{"id": str(one), "start": starts.make(office.id, one, now)} for one in ids]


@of_devices
@require_POST
def pair(request: HttpRequest) -> HttpResponse:
    """Pairs a tablet with the code that was typed on it; gives it its secret once.

    `key`: the point of the tablet's own key, if its browser made one.
    """
    body = _body(request)
    typed = body.get("code") if body else None
    letters = tablets.letters_of(typed) if isinstance(typed, str) else ""
    if not may_try(letters):
        return _said(_("Too many codes are being tried. Please try again in a minute."), 429)
    key = body.get("key") if body else None
    paired = tablets.pair(letters, public_key=read_point(key) if key else None)
    if paired is None:
        return _said(
            _(
                "This code is not known, was used before, or is older than 15 minutes. "
                "Please ask for a new one on the office's page."
            ),
            404,
        )
    office, _instrument, counter = _place(paired.tablet)
    return JsonResponse(
        {
            "token": paired.secret,
            "session": open_session(paired.tablet, timezone.localdate()),
            "office": {"slug": office.slug, "name": office.name},
            "counter": {"number": counter.number, "name": counter.name} if counter else None,
        }
    )


def _place(tablet: Tablet) -> tuple[OfficeEntry, InstrumentEntry, CounterEntry | None]:
    """Where the tablet stands and what it asks: its own form, else the usual one."""
    office = directory.current().offices_by_id[tablet.office_id]
    offered = catalogue.current()
    chosen = offered.instrument(tablet.form)
    instrument = chosen if chosen is not None and chosen.offered else offered.default
    if instrument is None:
        raise Http404
    counter = next((c for c in office.counters if c.id == tablet.counter_id), None)
    return office, instrument, counter


def of_tablets(view: Callable[[HttpRequest, Tablet], HttpResponse]) -> View:
    """A view for paired tablets. Others learn whether they were revoked, and what to do."""

    @of_devices
    @wraps(view)
    def known(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        tablet = tablets.tablet_of(header.removeprefix(BEARER).strip())
        if tablet is None or tablet.revoked_on is not None:
            sentence = _(
                "This tablet is no longer paired. Answers that wait on it are kept: export them to "
                "a file, hand it to the office, and pair the tablet again."
            )
            return _said(sentence, 401, revoked=True)
        return view(request, tablet)

    return known


@of_tablets
@require_safe
def tablet_questionnaire(request: HttpRequest, tablet: Tablet) -> HttpResponse:
    """The questionnaire that this tablet asks."""
    return JsonResponse(tablet_definition(*_place(tablet)))


@of_tablets
@require_POST
def heartbeat(request: HttpRequest, tablet: Tablet) -> HttpResponse:
    """Notes that the tablet is there and how much waits on it; tells it the time and its form."""
    body = _body(request) or {}
    at, waiting = _whole(body.get("at"), LATEST), _whole(body.get("waiting"), MOST_WAITING)
    if at is None or waiting is None:
        return _said(_("Send `at` and `waiting` as whole numbers."), 422)
    now = timezone.now()
    ours = round(now.timestamp() * 1000)
    skew = timedelta(milliseconds=at - ours)
    tablets.hear(tablet, waiting, skew, condition=_condition(body))
    session = open_session(tablet, timezone.localdate(now))
    known = definition(*_place(tablet))
    told = {"at": ours, "form": known["form"], "revision": known["revision"], "session": session}
    return JsonResponse(told)


def _condition(body: Json) -> tablets.Condition:
    """What it tells of its battery and of what waits long.

    Older pages tell nothing of it, and nonsense is nothing: no tablet is refused for that.
    """
    charging, waits_long = body.get("charging"), body.get("waits_long")
    return tablets.Condition(
        battery=_whole(body.get("battery"), tablets.FULL),
        charging=charging if isinstance(charging, bool) else None,
        waits_long=waits_long if isinstance(waits_long, bool) else None,
    )


@of_devices
@require_POST
def delivery(request: HttpRequest) -> HttpResponse:
    """Takes sealed answers; says of each, in their order, what became of it."""
    if _is_larger(request, LARGEST_DELIVERY):
        return _said(_("This is more than is taken at once. Send fewer records at once."), 413)
    body = _body(request, LARGEST_DELIVERY)
    sent = _whole(body.get("at"), LATEST) if body else None
    records = body.get("records") if body else None
    if sent is None or not isinstance(records, list):
        return _said(_("Send `at` as a whole number and `records` as a list."), 422)
    if len(records) > AT_ONCE:
        return _said(_("Send at most 50 records at once."), 413)
    return JsonResponse({"results": [verdict.as_json() for verdict in as_sent(records, sent)]})
