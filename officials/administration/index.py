"""The first page of the administration: what the reader may open."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from offices.access import Missing, Reader, may, memberships_of
from offices.models import User
from offices.rights import Action, allowed, scope_of
from officials.approving.pages import OPENING


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
        "officials:waiting",
        _("Waiting for approval"),
        _("What one person proposed and another has to approve, and what became of it."),
        OPENING,
    ),
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
    Page(
        "officials:manage_offices",
        _("Offices"),
        _("Names, counters, hours and addresses of the offices; new offices."),
        (Action.MANAGE_OFFICES,),
    ),
    Page(
        "officials:holiday_places",
        _("Days off"),
        _("The year's official list, and what the country or a province decided beside it."),
        (Action.MANAGE_OFFICES,),
    ),
    Page(
        "officials:merger_places",
        _("Mergers of communes"),
        _("What a merger does to offices, people, tablets and figures, before it is proposed."),
        (Action.MANAGE_OFFICES,),
    ),
    Page(
        "officials:people",
        _("Users"),
        _("Accounts of colleagues: invite, give and take roles, help whoever cannot sign in."),
        (Action.MANAGE_ACCOUNTS,),
    ),
    Page(
        "officials:keys",
        _("Keys of other systems"),
        _("With which a portal may ask for invitations: make, replace, stop."),
        (Action.MANAGE_INTEGRATIONS,),
    ),
    Page(
        "officials:questionnaires",
        _("Questionnaires"),
        _("Versions and drafts: bring a file, look at it, propose to put it into use."),
        (Action.MANAGE_QUESTIONNAIRES,),
    ),
    Page(
        "officials:targets",
        _("Targets"),
        _("How many forms and which satisfaction offices and units are to reach in a year."),
        (Action.SET_TARGETS,),
    ),
    Page(
        "officials:policies",
        _("Rules of counting"),
        _("What every figure obeys, and who changes it."),
        (Action.MANAGE_POLICIES, Action.READ_AUDIT),
    ),
    Page(
        "officials:auditing_home",
        _("Inspection"),
        _("What stands out at the offices that you audit, the oddest first, with its evidence."),
        (Action.EXCLUDE,),
    ),
    Page(
        "officials:audit",
        _("Audit"),
        _("Who did what in the offices and units that you audit."),
        (Action.READ_AUDIT,),
    ),
)


@login_required
@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """The pages that the reader may open; 403 for whoever may open none."""
    pages = [page for page in PAGES if any(may(request.user, action) for action in page.actions)]
    advanced = admin.site.has_permission(request)
    if not (pages or advanced):
        raise Missing(Action.SEE_FIGURES)
    context = {"pages": pages, "advanced": advanced}
    return render(request, "officials/administration/index.html", context)


def may_administer(user: Reader) -> bool:
    """Whether any page of the administration opens for this person; one look at their roles."""
    if isinstance(user, User) and user.is_active and user.is_superuser:
        return True
    actions = {action for page in PAGES for action in page.actions}
    return any(actions & allowed(one.role, scope_of(one)) for one in memberships_of(user))
