"""The page where officials bring in how many dossiers their offices have finished."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from offices.access import offices_where, require
from offices.dossiers.entering import by_official
from offices.dossiers.file import SHAPE
from offices.dossiers.proposing import propose_file
from offices.dossiers.store import ClosedMonths, import_dossiers
from offices.models import DossierCount, Field, Office, User
from offices.names import under_names
from offices.proposals import NotProposed
from offices.rights import Action
from offices.tables import FileRefused, size_of
from officials.office.dossier_forms import DossierFileForm
from officials.uploads import OneSmallFile


# The site takes no files. The handler that takes this one must be in place before anything reads
# the request, the check of the CSRF token included; so that check comes after it, in `_dossiers`.
@csrf_exempt
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dossiers(request: HttpRequest) -> HttpResponse:
    """Takes a file of finished dossiers for the offices whose counts the official may enter."""
    request.upload_handlers = [OneSmallFile(request, SHAPE.most_bytes)]
    return _dossiers(request)


@csrf_protect
def _dossiers(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.IMPORT_DOSSIERS)
    offices = offices_where(request.user, Action.IMPORT_DOSSIERS)
    user = cast(User, request.user)
    posted = request.method == "POST"
    form = DossierFileForm(request.POST, request.FILES) if posted else DossierFileForm()
    context: dict[str, object] = {}
    status = 422 if posted else 200
    if form.is_bound and form.is_valid():
        content = form.cleaned_data["file"].read()
        reason = form.cleaned_data["reason"]
        try:
            context["stored"] = import_dossiers(
                content, offices, timezone.localdate(), by_official(user, content, reason)
            )
            form, status = DossierFileForm(), 200
        except ClosedMonths as refused:
            if reason:
                try:
                    made = propose_file(content, offices, user, reason)
                    return redirect("officials:proposal", made.pk)
                except NotProposed as not_proposed:
                    form.add_error("reason", str(not_proposed))
            else:
                context["closed"] = refused
                form.add_error("reason", _("Write why numbers of a closed month change."))
        except FileRefused as refused:
            context["refused"] = refused
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
