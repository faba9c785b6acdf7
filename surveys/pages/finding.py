"""Finding an office, and its QR code."""

import unicodedata

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices import directory
from offices.directory import OfficeEntry


def plain(text: str) -> str:
    """Without case and diacritics, for searching: `Hà Tiên` is found by `ha tien`."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """The offices that are open today, by province; `tim` searches their names."""
    wanted = plain(request.GET.get("tim", "")[:100]).split()
    today = timezone.localdate()
    found: dict[str, list[OfficeEntry]] = {}
    for office in directory.current().offices.values():
        name = plain(f"{office.name} {office.unit_name} {office.province_name}")
        if office.is_open_on(today) and all(word in name for word in wanted):
            found.setdefault(office.province_name, []).append(office)
    context = {"provinces": sorted(found.items()), "asked": request.GET.get("tim", "")[:100]}
    return render(request, "surveys/offices.html", context)


@require_safe
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The QR code of an office's survey, as SVG to print in any size."""
    office = directory.current().office(slug)
    if office is None:
        raise Http404
    address = request.build_absolute_uri(reverse("surveys:start", args=[slug]))
    code = segno.make(address, error="m", micro=False)
    return HttpResponse(
        code.svg_inline(scale=8, border=4, omitsize=False), content_type="image/svg+xml"
    )
