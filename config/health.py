"""Whether this process can serve, and whether the system does its work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from reports.night.watching import are_marks_late


def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` when the database answers, else 503. Redis is not asked: citizens do without."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 `ok` when answers are counted in time; 503 says in general words what is amiss."""
    try:
        reasons = ["answers have waited to be counted for over 15 minutes"] * are_marks_late()
    except DatabaseError:
        reasons = ["database unreachable"]
    text = "\n".join(reasons or ["ok"]) + "\n"
    return HttpResponse(text, status=503 if reasons else 200, content_type="text/plain")
