"""The shells of pages that build themselves in the browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def kiosk(request: HttpRequest) -> HttpResponse:
    """The page of a tablet on a counter: pairing, then the questions."""
    return render(request, "surveys/kiosk.html")
