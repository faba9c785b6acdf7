"""What is said where an office takes no answers: it has ended, or not begun."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from offices import directory
from offices.directory import OfficeEntry


def ended(request: HttpRequest, office: OfficeEntry, remark: str = "") -> HttpResponse:
    """A page that leads to the office that carries on, or to the list of offices.

    remark: what was typed and is not kept; it is given back.
    """
    context = {
        "office": office,
        "heir": directory.current().carrying_on(office, timezone.localdate()),
        "remark": remark,
    }
    return render(request, "surveys/citizen/ended.html", context, status=410)
