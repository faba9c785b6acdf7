"""The QR code of an office's survey, and its poster as a page."""

from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from offices import directory
from offices.addresses import public_name, public_url
from offices.directory import OfficeEntry
from surveys.citizen.ended import ended
from surveys.print.views import variants
from surveys.questionnaires.minutes import usual_minutes


def _office(slug: str) -> OfficeEntry:
    office = directory.current().office(slug)
    if office is None:
        raise Http404
    return office


def _path(office: OfficeEntry) -> str:
    return reverse("surveys:start", args=[office.slug])


@require_safe
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The QR code of an office's survey, as SVG to print in any size."""
    picture = BytesIO()
    segno.make(public_url(_path(_office(slug))), error="m", micro=False).save(
        picture, kind="svg", scale=8, border=4, light="#fff"
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@gzip_page
@require_safe
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """A page to print: the office, the QR code and the address in words."""
    office = _office(slug)
    if not office.is_open_on(timezone.localdate()):
        return ended(request, office)
    code = segno.make(public_url(_path(office)), error="m", micro=False)
    context = {
        "office": office,
        "address": public_name(_path(office)),
        "minutes": usual_minutes(),
        "printed_languages": variants(),
        # drawn by segno from our own address, without any text of others
        "code": mark_safe(code.svg_inline(scale=8, border=4, light="#fff", omitsize=True)),  # noqa: S308
    }
    return render(request, "surveys/print/poster.html", context)
