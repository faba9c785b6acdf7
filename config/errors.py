"""Pages for what went wrong before or beside a view, where Django knows no language to use."""

import sys

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from config.away import away
from config.language import offered_at
from config.postgresql.lost import is_lost


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, in every language at once: what was sent cannot be read, so nor can it be sent again."""
    now = translation.get_language()
    offered = sorted(offered_at(request.path_info), key=lambda code: code != now)
    return render(request, "400.html", {"languages": offered}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, in every language at once; nothing is asked for it that might be broken as well.

    Where the database went away outside a view, such as at the end of a session, 503 as for views.
    """
    if is_lost(sys.exc_info()[1]):
        connection.close()
        return away(request)
    khmer = "km" in offered_at(request.path_info)
    return HttpResponse(render_to_string("500.html", {"khmer": khmer}), status=500)
