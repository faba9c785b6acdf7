"""What people get while the database is away: what they typed, and how to send it again.

Whoever meets the moment in which it goes is served once more where that can do no harm.
"""

import logging
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from config.language import offered_at
from config.postgresql.lost import could_not_connect, is_lost
from config.uploads import PASSED_OVER
from surveys.citizen.kept import kept

logger = logging.getLogger(__name__)

SOON = "5"  # seconds
SAFE = ("GET", "HEAD")
SURVEY = ("surveys:start", "surveys:form")
# Sent again they are the same response: its id is made where it is answered, and comes along.
SAME_WHEN_REPEATED = (*SURVEY, "surveys:delivery")


class AwayMiddleware:
    """Answers for views that lost their database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The view's answer on another connection, else the page that keeps what was typed.

        None for every other error.
        """
        if not is_lost(error):
            return None
        connection.close()
        match = request.resolver_match
        if match is not None and not could_not_connect(error) and may_be_repeated(request):
            try:
                answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
                return answer.render() if hasattr(answer, "render") else answer
            except Exception as again:
                if not is_lost(again):
                    raise
                error = again
                connection.close()
        logger.warning("The database is away: %s", str(error).strip().partition("\n")[0])
        return away(request)


def may_be_repeated(request: HttpRequest) -> bool:
    """Whether doing it twice is doing it once, also when the first time was stored unseen."""
    if request.method in SAFE:
        return True
    return _name(request) in SAME_WHEN_REPEATED and (
        _is_json(request) or bool(request.POST.get("id"))
    )


def away(request: HttpRequest) -> HttpResponse:
    """503, quickly and without the database, with everything that was typed."""
    answer = _answer(request)
    answer["Retry-After"] = SOON
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _answer(request: HttpRequest) -> HttpResponse:
    if _is_json(request):
        said = _("The system cannot be reached just now. Please try again in a moment.")
        return JsonResponse({"error": said}, status=503)
    if request.method == "POST" and _name(request) in SURVEY:
        form = _form(request)
        if form is not None:
            return form
    now = translation.get_language()
    fields = [] if request.method in SAFE else _fields(request)
    context = {
        "languages": sorted(offered_at(request.path_info), key=lambda code: code != now),
        "fields": fields,
    }
    return render(request, "503.html", context, status=503)


def _form(request: HttpRequest) -> HttpResponse | None:
    """The citizen's form as it was sent; None where this process never knew the office."""
    match = request.resolver_match
    try:
        return kept(request, **match.kwargs) if match is not None else None
    except Exception as error:
        if not is_lost(error):
            raise
        connection.close()
        return None


def _fields(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """What was sent, and whether it was typed as a text; nothing where it must be entered anew.

    A page holds no password, and no browser lets a page choose a file.
    """
    sent = request.POST
    has_file = bool(request.FILES) or PASSED_OVER in request.META
    if has_file or any("password" in name for name in sent):
        return []
    return [
        (name, value, len(value.split()) > 1)
        for name, values in sent.lists()
        for value in values
        if isinstance(value, str)
    ]


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _is_json(request: HttpRequest) -> bool:
    """Whether a program asks, which wants no page."""
    path = request.path_info
    return (
        request.content_type == "application/json"
        or path.startswith("/api/")
        or path.endswith(".json")
    )
