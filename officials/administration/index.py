"""The first page of the administration: what the reader may open."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from offices.access import Missing, may
from offices.rights import Action


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the administration: the name of its address, its title, what one does there.

    actions: any of them opens it.
    """

    url: str
    title: str | Promise
    about: str | Promise
    actions: tuple[Action, ...]


PAGES: tuple[Page, ...] = (
    Page(
        "officials:rights",
        _("What each role may do"),
        _("The table of rights; who sees an office, and what a person may do."),
        (Action.SEE_FIGURES,),
    ),
    Page(
        "officials:dossiers",
        _("Finished dossiers"),
        _("How many dossiers were finished: what response rates are computed from."),
        (Action.IMPORT_DOSSIERS,),
    ),
)


@login_required
@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """The pages that the reader may open; 403 for whoever may open none."""
    pages = [page for page in PAGES if any(may(request.user, action) for action in page.actions)]
    if not pages:
        raise Missing(Action.SEE_FIGURES)
    return render(request, "officials/administration/index.html", {"pages": pages})
