"""Whether this process can serve, and whether the system does its work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from reports.night.watching import are_marks_late, has_audit_failed, has_proof_failed
from reports.proof.standing import any_standing

LATE = "answers have waited to be counted for over 15 minutes"
UNPROVED = "what is shown could not be proved last night; the page of nights says why"
AUDIT = "the audit is not what it was, or was not verified; `manage.py audit_verify` says why"
DIFFERS = "a shown number is not what the responses give; `manage.py prove` says which"


def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` when the database answers, else 503. Redis is not asked: citizens do without."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 `ok` when answers are counted in time and nothing differs; 503 says what is amiss."""
    try:
        amiss = {
            LATE: are_marks_late(),
            UNPROVED: has_proof_failed(),
            AUDIT: has_audit_failed(),
            DIFFERS: any_standing(),
        }
        reasons = [reason for reason, holds in amiss.items() if holds]
    except DatabaseError:
        reasons = ["database unreachable"]
    text = "\n".join(reasons or ["ok"]) + "\n"
    return HttpResponse(text, status=503 if reasons else 200, content_type="text/plain")
