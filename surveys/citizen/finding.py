"""Finding an office: the list of those that are open today, and a search through their places."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from offices import directory
from offices.directory import Directory, OfficeEntry
from offices.finding import MOST_FOUND, find
from offices.names import Named, province_in_order, under_names
from offices.search import LONGEST_SEARCH
from offices.typed import take_apart


@gzip_page
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The bare address: ways to an office's form and to its reply; asks for no row and no session.

    Officials find their way in below; who is signed in lands in the reports.
    """
    return render(request, "surveys/citizen/front.html")


@gzip_page
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """The offices that are open today, by province; `tim` finds some of them by their places."""
    asked = " ".join(request.GET.get("tim", "").replace("\0", " ").split())[:LONGEST_SEARCH]
    today = timezone.localdate()
    if asked:
        found = find(asked, today)
        context = {
            "asked": asked,
            "found": found,
            "most": MOST_FOUND if len(found) == MOST_FOUND else 0,
            "has_words": bool(take_apart(asked).words),
        }
        return render(request, "surveys/citizen/offices.html", context)
    listed = listed_offices(directory.current(), today)
    return render(request, "surveys/citizen/offices.html", {"listed": listed})


@lru_cache(maxsize=1)
def listed_offices(known: Directory, today: date) -> SafeString:
    """All offices that are open, by province, as they stand on the page: the same for everybody."""
    listed: dict[str, list[OfficeEntry]] = {}
    for office in known.offices.values():
        if office.is_open_on(today):
            listed.setdefault(office.province_name, []).append(office)
    provinces = [
        (province, _named(listed[province])) for province in sorted(listed, key=province_in_order)
    ]
    if not provinces:
        return SafeString()
    return render_to_string("surveys/citizen/parts/provinces.html", {"provinces": provinces})


def _named(offices: Sequence[OfficeEntry]) -> list[tuple[str, OfficeEntry]]:
    """The offices of a province under their names, in the order of these."""
    return under_names(
        (Named(o.name, (o.unit_name,), o.valid_from, o.valid_to), o) for o in offices
    )
