"""Who entered which number of dossiers of an office: the ledger, to be read and taken away."""

import csv
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.recording import record
from offices.access import Missing, may
from offices.models import DossierChange, Office
from offices.rights import Action
from officials.access import Reader, office_or_404

A_PAGE = 30
COLUMNS = ("at", "day", "field", "was", "now", "source", "account", "system", "file", "reason")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@login_required
@never_cache
@require_safe
def dossier_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """The changes of an office's counts, the newest first: who, when, whose word, old and new."""
    office = _office(request.user, slug)
    page = Paginator(_changes(office), A_PAGE).get_page(request.GET.get("trang"))
    context = {"office": office, "page": page, "enters": _enters(request.user, office)}
    return render(request, "officials/office/dossier_changes.html", context)


@login_required
@require_safe
def dossier_changes_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The same as a file, whole."""
    office = _office(request.user, slug)
    changes = _changes(office)
    record(
        "dossiers.export",
        subject=office.slug,
        office_id=office.pk,
        details={"size": changes.count()},
    )
    return StreamingHttpResponse(
        _lines(changes),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="so-ho-so-{office.slug}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _office(user: Reader, slug: str) -> Office:
    """For whoever enters counts there and for auditors: 403 for others who see the office."""
    office = office_or_404(user, slug)
    if not (_enters(user, office) or may(user, Action.READ_AUDIT, office)):
        raise Missing(Action.IMPORT_DOSSIERS, office)
    return office


def _enters(user: Reader, office: Office) -> bool:
    return may(user, Action.IMPORT_DOSSIERS, office)


def _changes(office: Office) -> QuerySet[DossierChange]:
    return DossierChange.objects.filter(office=office).select_related("field", "by")


class _Line:
    """What `csv.writer` writes into: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(changes: QuerySet[DossierChange]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"
    yield writer.writerow(COLUMNS)
    for one in changes.iterator(chunk_size=2000):
        texts = [one.by.get_username() if one.by else "", one.system, one.file_hash, one.reason]
        yield writer.writerow(
            [
                *(f"{timezone.localtime(one.at):%Y-%m-%d %H:%M:%S}", one.day),
                *(one.field.slug if one.field else "", one.was, one.now, one.source),
                *(f"'{text}" if text.startswith(FORMULA) else text for text in texts),
            ]
        )
