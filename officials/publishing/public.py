"""The pages of what was released and made public: for everybody, without account, cookie, script.

Their addresses never change, and each page may be kept for five minutes by whoever passes it on:
it is the same for all, and its language stands in the address alone.
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from offices.models import AdministrativeUnit, Office
from officials.publishing.public_figures import (
    later_than,
    line_of,
    over_time,
    revisions_of,
    sheets_of_office,
    short_name,
    silent_in,
)
from officials.publishing.released import parts_of, sheets_of
from reports.models import Release
from reports.proof.standing import standing_release
from reports.release.public import public_releases, still_said
from surveys.citizen.languages import FIELD

P = ParamSpec("P")
A_PAGE = 100
KEPT_SECONDS = 300


def everybody(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """What may be kept, asked for again by its ETag, and is never answered with a cookie."""
    kept = cache_control(public=True, max_age=KEPT_SECONDS)(conditional_page(view))
    wrapped: Callable[Concatenate[HttpRequest, P], HttpResponse] = gzip_page(require_safe(kept))
    return wrapped


def _tongue() -> str:
    """What links of these pages carry, so that the next one speaks the same language."""
    language = get_language() or settings.LANGUAGE_CODE
    return "" if language == settings.LANGUAGE_CODE else f"?{FIELD}={language}"


def _page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    path = f"officials/publishing/{template}.html"
    return render(request, path, {**context, "tongue": _tongue()})


def _public_or_404(slug: str) -> Release:
    """One that is public; what is not answers like what does not exist."""
    found = public_releases().prefetch_related("unit__designations")
    return get_object_or_404(found, slug=slug)


@everybody
def results(request: HttpRequest) -> HttpResponse:
    """The newest public revision of every unit and period, the newest first."""
    found = still_said().prefetch_related("unit__designations")
    ordered = found.order_by("-public__made_at", "slug")
    page = Paginator(ordered, A_PAGE).get_page(request.GET.get("trang"))
    lines = [line_of(one) for one in page]
    return _page(request, "public_results", page=page, lines=lines)


@everybody
def release(request: HttpRequest, release: str) -> HttpResponse:
    """One release: the unit's figures, the headlines below it, what took its place."""
    shown = _public_or_404(release)
    revisions = revisions_of(shown)
    parts, line = parts_of(shown), line_of(shown)
    return _page(
        request,
        "public_release",
        release=shown,
        line=line,
        later=later_than(shown, revisions),
        silent=silent_in(shown, line),
        revisions=revisions,
        sheets=sheets_of(shown),
        parts=parts,
        several_forms=len({part.instrument.id for part in parts}) > 1,
        hidden=sum(part.figure.hidden for part in parts),
        parts_are_provinces=shown.unit.level == AdministrativeUnit.Level.COUNTRY,
        release_checked=standing_release(shown),
    )


@everybody
def release_office(request: HttpRequest, release: str, office: str) -> HttpResponse:
    """One office in one release, and the same office in all that are public."""
    shown = _public_or_404(release)
    named = get_object_or_404(Office, slug=office)
    sheets = sheets_of_office(shown, named)
    if not sheets:
        raise Http404
    return _page(
        request,
        "public_office",
        release=shown,
        line=line_of(shown),
        later=later_than(shown, revisions_of(shown)),
        office=named,
        name=short_name(named),
        sheets=sheets,
        **_over_time(named),
        release_checked=standing_release(shown),
    )


@everybody
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """What is public of an office over time; says so where that is nothing."""
    named = get_object_or_404(Office, slug=slug)
    rows = _over_time(named)
    return _page(request, "public_over_time", office=named, name=short_name(named), **rows)


def _over_time(named: Office) -> dict[str, object]:
    """The rows of an office, and which of their columns tell anything apart."""
    rows = over_time(named)
    return {
        "rows": rows,
        "several_forms": len({row.instrument.id for row in rows}) > 1,
        "several_units": len({row.line.release.unit_id for row in rows}) > 1,
    }
