"""What is said where an invitation cannot be used."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from offices.directory import OfficeEntry
from surveys.invitations.token import Expired, Forged


def spoilt(
    request: HttpRequest,
    office: OfficeEntry | None,
    why: Expired | Forged,
    remark: str = "",
    *,
    whole: bool = False,
) -> HttpResponse:
    """A page that says what happened and leads to the office's own form.

    remark: what was typed and is not kept; it is given back. whole: no letter of it is missing.
    """
    expired = isinstance(why, Expired)
    context = {
        "office": office,
        "expired": expired,
        "whole": whole,
        "days": settings.INVITATION_DAYS,
        "remark": remark,
    }
    return render(request, "surveys/citizen/spoilt.html", context, status=410 if expired else 404)
