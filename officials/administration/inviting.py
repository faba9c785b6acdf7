"""Inviting a colleague: an account with its first role, and the link with which it begins."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import people
from accounts.people import EmailTaken, NameTaken
from offices.access import Missing, offices_where, units_where
from offices.giving import NotGiven, roles_given_by
from offices.models import User
from offices.rights import Action, Role
from officials.administration.people import managing, show_person
from officials.administration.people_forms import SENTENCES, InvitationForm
from officials.places import value_of


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def people_invite(request: HttpRequest) -> HttpResponse:
    """The form; `office` (its short name) or `unit` (its key) in the address names the place."""
    by = managing(request)
    if not roles_given_by(by):
        raise Missing(Action.MANAGE_ACCOUNTS)
    if request.method != "POST":
        return _show(request, InvitationForm(by, initial=_named_in_address(request, by)))
    if request.POST.get("step") == "search":
        typed = request.POST.dict()
        if not typed.get("username"):
            typed["username"] = people.proposed_name(typed.get("full_name", ""))
        return _show(request, InvitationForm(by, initial=typed))
    form = InvitationForm(by, request.POST)
    if form.is_valid():
        return _invite(request, by, form)
    return _show(request, form, status=422)


@sensitive_variables()
def _invite(request: HttpRequest, by: User, form: InvitationForm) -> HttpResponse:
    given = form.cleaned_data
    username = given["username"] or people.proposed_name(given["full_name"])
    if not username:
        form.add_error("username", _("Give a user name: none can be made from this name."))
        return _show(request, form, status=422)
    try:
        sent = people.invite(
            by, given["full_name"], username, given["email"], Role(given["role"]), given["where"]
        )
    except NameTaken:
        form.add_error(
            "username",
            _("This user name is taken. Free is: %(name)s")
            % {"name": people.proposed_name(given["full_name"])},
        )
    except EmailTaken:
        form.add_error(
            "email",
            _(
                "There is an account with this e-mail address already. If it is the same person, "
                "give that account another role; if you do not find it in your list, ask who "
                "manages accounts of the unit above."
            ),
        )
    except NotGiven as refused:
        form.add_error("role", str(SENTENCES[refused.obstacle]))
    else:
        return show_person(request, by, sent.person, sent=sent)
    return _show(request, form, status=422)


def _named_in_address(request: HttpRequest, by: User) -> dict[str, str]:
    """The place that an address names, if accounts are managed there."""
    slug, key = request.GET.get("office", ""), request.GET.get("unit", "")
    if slug:
        office = offices_where(by, Action.MANAGE_ACCOUNTS).filter(slug=slug).first()
        return {"place": value_of(office)} if office else {}
    if key.isascii() and key.isdecimal() and len(key) < 16:
        unit = units_where(by, Action.MANAGE_ACCOUNTS).filter(pk=int(key)).first()
        return {"place": value_of(unit)} if unit else {}
    return {}


def _show(request: HttpRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "officials/administration/people_invite.html",
        {"form": form, "by": cast(User, request.user)},
        status=status,
    )
