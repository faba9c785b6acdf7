"""What is said where an office takes no answers: it has ended, or not begun."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from offices.directory import OfficeEntry
from offices.finding import serving_after


def ended(request: HttpRequest, office: OfficeEntry, remark: str = "") -> HttpResponse:
    """A page that leads to the offices that carry on, or to the list of offices.

    remark: what was typed and is not kept; it is given back.
    """
    context = {
        "office": office,
        "heirs": serving_after(office, timezone.localdate()),
        "remark": remark,
    }
    return render(request, "surveys/citizen/ended.html", context, status=410)
