"""The page where officials bring in how many dossiers their offices have finished."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from offices.access import offices_where, require
from offices.dossiers.file import SHAPE
from offices.dossiers.store import import_dossiers
from offices.models import DossierCount, Field, Office
from offices.names import under_names
from offices.rights import Action
from offices.tables import FileRefused, size_of
from officials.office.dossier_forms import DossierFileForm
from officials.office.uploads import OneSmallFile


# The site takes no files. The handler that takes this one must be in place before anything reads
# the request, the check of the CSRF token included; so that check comes after it, in `_dossiers`.
@csrf_exempt
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dossiers(request: HttpRequest) -> HttpResponse:
    """Takes a file of finished dossiers for the offices whose numbers the official enters."""
    request.upload_handlers = [OneSmallFile(request, SHAPE.most_bytes)]
    return _dossiers(request)


@csrf_protect
def _dossiers(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.IMPORT_DOSSIERS)
    offices = offices_where(request.user, Action.IMPORT_DOSSIERS)
    posted = request.method == "POST"
    form = DossierFileForm(request.POST, request.FILES) if posted else DossierFileForm()
    context: dict[str, object] = {}
    status = 200
    if form.is_bound and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            context["stored"] = import_dossiers(content, offices, timezone.localdate())
            form = DossierFileForm()
        except FileRefused as refused:
            context["refused"] = refused
            status = 422
    elif form.is_bound:
        status = 422
    newest = DossierCount.objects.filter(office__in=offices).order_by("-day").first()
    context |= {
        "form": form,
        "offices": _named(offices),
        "sample_offices": Office.objects.on(timezone.localdate()).filter(
            pk__in=offices.values("pk")
        )[:2],
        "fields": Field.objects.values_list("name", "slug"),
        "newest": newest,
        "sample_day": timezone.localdate(),
        "most_lines": SHAPE.most_lines,
        "most_size": size_of(SHAPE.most_bytes),
    }
    return render(request, "officials/office/dossiers.html", context, status=status)


def _named(offices: QuerySet[Office]) -> list[tuple[str, Office]]:
    """The offices under their names, in the order of these."""
    listed = Office.objects.filter(pk__in=offices.values("pk")).with_places()
    return under_names(((office.named, office) for office in listed), with_last_days=True)
