"""What citizens and staff may read about the survey: the notice, and how to ask."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from offices import directory
from surveys.citizen.notice import facts
from surveys.flags.rules import NAMES, Flag

# What staff can do something about; a wrong clock is the device's.
EXPLAINED = tuple(flag for flag in Flag if flag is not Flag.CLOCK_SKEW)


@require_safe
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole notice of an office; also of a closed one, whose answers are still kept."""
    office = directory.current().office(slug)
    if office is None:
        raise Http404
    return render(request, "surveys/citizen/notice.html", {"office": office, **facts(office)})


@require_safe
def advice(request: HttpRequest) -> HttpResponse:
    """How staff ask without pressing anybody; citizens may read it too."""
    flags = [NAMES[flag] for flag in EXPLAINED]
    return render(request, "surveys/citizen/advice.html", {"flags": flags})
