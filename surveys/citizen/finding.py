"""Finding an office: the list of those that are open today."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from offices import directory
from offices.directory import OfficeEntry
from offices.names import Named, plain, province_in_order, under_names
from offices.search import LONGEST_SEARCH


@gzip_page
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """The offices that are open today, by province; `tim` searches their names."""
    asked = request.GET.get("tim", "")[:LONGEST_SEARCH].strip()
    wanted = plain(asked).split()
    today = timezone.localdate()
    found: dict[str, list[OfficeEntry]] = {}
    for office in directory.current().offices.values():
        if not office.is_open_on(today):
            continue
        name = plain(f"{office.name} {office.unit_name} {office.province_name}")
        if all(word in name for word in wanted):
            found.setdefault(office.province_name, []).append(office)
    provinces = [
        (province, _named(found[province])) for province in sorted(found, key=province_in_order)
    ]
    return render(request, "surveys/citizen/offices.html", {"provinces": provinces, "asked": asked})


def _named(offices: Sequence[OfficeEntry]) -> list[tuple[str, OfficeEntry]]:
    """The offices of a province under their names, in the order of these."""
    return under_names(
        (Named(o.name, (o.unit_name,), o.valid_from, o.valid_to), o) for o in offices
    )
