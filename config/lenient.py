"""Addresses as people type them and as mail programs cut them: led to the page that they mean.

`/KS/`, `/ks/Phuong-Ha-Tien/`, `/ks/Phường Hà Tiên`, `/ks/phuong-ha-tien.`, `/m/…).`. Only an
address without a page of its own is looked at.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse

from config.former import READING
from offices import directory
from offices.names import plain
from surveys.invitations.token import BEHIND, meant_by

LONGEST = 200
NOT_OF_A_NAME = re.compile("[^a-z0-9]+")


class LenientAddressMiddleware:
    """Leads to the address that was meant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in READING:
            return response
        meant = address_meant(request.path_info)
        if meant is None or meant == request.path_info:
            return response
        query = request.META.get("QUERY_STRING", "")
        # not for ever: a name may be given to another office
        found = HttpResponseRedirect(f"{meant}?{query}" if query else meant)
        found["Cache-Control"] = "no-store, private"
        found["Referrer-Policy"] = "no-referrer"
        return found


def address_meant(path: str) -> str | None:
    """The address of citizens that a mistyped one means; None where it means none."""
    if len(path) > LONGEST:
        return None
    parts = [part for part in (part.strip(BEHIND) for part in path.split("/")) if part]
    begin = f"/{parts[0].casefold()}/" if parts else ""
    if begin == settings.INVITATIONS_PATH and len(parts) > 1:
        token = meant_by(parts[1])
        return f"{begin}{token}/" if token else None
    return _page(parts[1:]) if begin == settings.CITIZENS_PATH else None


def _page(parts: list[str]) -> str | None:
    """The page below the citizens' address; the office's first where it has no such page."""
    rest = [part.casefold() for part in parts]
    own = _kwargs("/".join((settings.CITIZENS_PATH.rstrip("/"), *rest, "")))
    if own is not None and "slug" not in own:
        return "/".join((settings.CITIZENS_PATH.rstrip("/"), *rest, ""))
    name = NOT_OF_A_NAME.sub("-", plain(parts[0])).strip("-") if parts else ""
    try:
        office = directory.current().once_called(name)
    except OperationalError:
        return None  # the view says what is to be said while the database is away
    if office is None:
        return None
    first = reverse("surveys:start", args=[office.slug])
    below = first + "/".join(rest[1:]) + ("" if "." in rest[-1] else "/")
    known = _kwargs(below)
    # a form that is not there would lead here again
    return below if rest[1:] and known is not None and "form" not in known else first


def _kwargs(path: str) -> dict[str, Any] | None:
    """What the address of a page holds; None where there is no page. Any: Django's own."""
    try:
        return resolve(path).kwargs
    except Resolver404:
        return None
