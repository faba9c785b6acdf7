"""Former short names of offices: whatever was printed, linked or stored with one goes on working.

A page that is not found under such a name is looked for under today's. Whatever is sent under one,
such as a form that was opened before, is taken as if it were sent under today's: a redirect would
lose what was typed.
"""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from offices import directory

READING = ("GET", "HEAD")
NAMING = (
    "bao-cao/co-quan/<slug:slug>/",
    "bao-cao/quan-tri/co-quan/<slug:slug>/",
    "ket-qua/co-quan/<slug:slug>/",
)


class FormerAddressMiddleware:
    """Leads from an office's former short name to today's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in READING:
            return response
        match = request.resolver_match
        today = todays(match.kwargs["slug"]) if match and is_of_an_office(request) else None
        if match is None or today is None:
            return response
        address = reverse(match.view_name, kwargs={**match.kwargs, "slug": today})
        query = request.META.get("QUERY_STRING", "")
        # not for ever: an office may get its former name back, and browsers would go in circles
        found = HttpResponseRedirect(f"{address}?{query}" if query else address)
        found["Cache-Control"] = "no-store, private"
        return found

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> None:  # Any: Django's own
        """What is sent under a former name is taken under today's."""
        if request.method not in READING and is_of_an_office(request):
            kwargs["slug"] = todays(kwargs["slug"]) or kwargs["slug"]


def is_of_an_office(request: HttpRequest) -> bool:
    """Whether the address names an office by its short name."""
    match = request.resolver_match
    if match is None or "slug" not in match.kwargs:
        return False
    return match.namespace == "surveys" or match.route.startswith(NAMING)


def todays(slug: str) -> str | None:
    """The short name of the office that had this one; None where none had or one has it now."""
    try:
        found = directory.current().once_called(slug)
    except OperationalError:
        return None  # the view says what is to be said while the database is away
    return found.slug if found is not None and found.slug != slug else None
