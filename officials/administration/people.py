"""The people of one's scope: their list, and the page of each with roles, links, closing.

Whoever holds no role in or below what the reader manages answers like nobody: 404.
"""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts import people
from accounts.factors import with_second_factor
from accounts.people import EmailTaken, Sent
from offices.access import require
from offices.giving import (
    NotGiven,
    Obstacle,
    give,
    obstacle_to_acting_on,
    obstacle_to_taking,
    place_of,
    roles_given_by,
    scopes_given_by,
    seen_people,
    take,
)
from offices.models import Membership, User
from offices.names import person_in_order
from offices.rights import Action, Role, scope_of, scopes_of
from offices.search import LONGEST_SEARCH, with_words, words_of
from officials.administration.people_forms import (
    SENTENCES,
    WHERE,
    CorrectionForm,
    GivingForm,
)
from officials.places import named_place

ON_A_PAGE = 50
LINKS = ("invite", "reset_password", "reset_second_factor")


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role that somebody holds. why_not: why the reader cannot take it away; None if they can."""

    membership: Membership
    role: str
    place: str
    idle: bool
    why_not: Obstacle | None = None

    @property
    def reason(self) -> str:
        """Why it cannot be taken away, in a sentence."""
        return "" if self.why_not is None else str(SENTENCES[self.why_not])


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list."""

    person: User
    roles: list[RoleRow]
    second_factor: bool


def managing(request: HttpRequest) -> User:
    """Whoever reads, if they manage accounts anywhere. Raises Missing."""
    require(request.user, Action.MANAGE_ACCOUNTS)
    return cast(User, request.user)


def people_seen(by: User) -> QuerySet[User]:
    """The accounts that this person sees, with their roles."""
    held = Membership.objects.select_related(
        "unit__parent__parent", "office__unit__parent__parent"
    ).order_by("role", "pk")
    seen = User.objects.filter(seen_people(by))
    return seen.prefetch_related(Prefetch("memberships", queryset=held))


@login_required
@never_cache
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """The people of one's scope; `tim` searches their names, `vai-tro` and `dong` filter."""
    by = managing(request)
    asked = request.GET.get("tim", "")[:LONGEST_SEARCH].strip()
    role = request.GET.get("vai-tro", "")
    closed = request.GET.get("dong") == "1"
    found = with_words(people_seen(by).filter(is_active=not closed), words_of(asked))
    if role in Role.values:
        found = found.filter(pk__in=Membership.objects.filter(role=role).values("user"))
    listed = sorted(found, key=lambda one: person_in_order(one.get_full_name() or one.username))
    page = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("trang"))
    second = with_second_factor(person.pk for person in page)
    rows = [PersonRow(person, _roles(person), person.pk in second) for person in page]
    context = {
        "rows": rows,
        "page": page,
        "asked": asked,
        "role": role,
        "closed": closed,
        "roles": Role.choices,
        "may_invite": bool(roles_given_by(by)),
        "filtered": bool(asked or role or closed),
    }
    return render(request, "officials/administration/people.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, person: int) -> HttpResponse:
    """One account: its roles, its links, whether it is open. POST with `step` changes it."""
    by = managing(request)
    shown = get_object_or_404(people_seen(by), pk=person)
    if request.method != "POST":
        return show_person(request, by, shown)
    step = request.POST.get("step", "")
    try:
        if step in LINKS:
            return _link(request, by, shown, step)
        if step in ("give", "search"):
            return _give(request, by, shown, only_searched=step == "search")
        if step == "correct":
            return _correct(request, by, shown)
        if step == "take":
            held = get_object_or_404(shown.memberships, pk=_number(request.POST.get("role", "")))
            take(by, held.pk)
            messages.success(request, _("The role is taken away."))
        elif step == "close":
            people.close(by, shown)
            messages.success(request, _("The account is closed, and its owner is signed out."))
        elif step == "reopen":
            people.reopen(by, shown)
            messages.success(request, _("The account is open again."))
    except NotGiven as refused:
        shown = get_object_or_404(people_seen(by), pk=person)
        return show_person(request, by, shown, refused=refused.obstacle, status=403)
    if not people_seen(by).filter(pk=person).exists():
        return redirect("officials:people")
    return redirect("officials:person", person)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


@sensitive_variables()
def _link(request: HttpRequest, by: User, shown: User, purpose: str) -> HttpResponse:
    sent = people.send_again(by, shown, purpose)
    return show_person(request, by, shown, sent=sent)


def _give(request: HttpRequest, by: User, shown: User, *, only_searched: bool) -> HttpResponse:
    if only_searched:
        asked = {name: request.POST.get(name, "") for name in ("role", "search", "place")}
        return show_person(request, by, shown, giving=GivingForm(by, initial=asked))
    form = GivingForm(by, request.POST)
    if not form.is_valid():
        return show_person(request, by, shown, giving=form, status=422)
    try:
        give(by, shown, Role(form.cleaned_data["role"]), form.cleaned_data["where"])
    except NotGiven as refused:
        form.add_error(None, str(SENTENCES[refused.obstacle]))
        return show_person(request, by, shown, giving=form, status=422)
    messages.success(request, _("The role is given."))
    return redirect("officials:person", shown.pk)


def _correct(request: HttpRequest, by: User, shown: User) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            people.correct(by, shown, form.cleaned_data["full_name"], form.cleaned_data["email"])
        except EmailTaken:
            form.add_error("email", _("Another account has this e-mail address."))
        else:
            messages.success(request, _("The account is corrected."))
            return redirect("officials:person", shown.pk)
    return show_person(request, by, shown, correction=form, status=422)


def show_person(
    request: HttpRequest,
    by: User,
    shown: User,
    *,
    giving: GivingForm | None = None,
    correction: CorrectionForm | None = None,
    sent: Sent | None = None,
    refused: Obstacle | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an account. sent: a link that was just made; refused: why nothing was done."""
    why_not = obstacle_to_acting_on(by, shown)
    facts = {"full_name": shown.get_full_name(), "email": shown.email}
    context = {
        "person": shown,
        "rows": _roles(shown, by),
        "second_factor": bool(with_second_factor([shown.pk])),
        "why_not": "" if why_not is None else str(SENTENCES[why_not]),
        "itself": by.pk == shown.pk,
        "giving": giving or GivingForm(by),
        "correction": correction or CorrectionForm(initial=facts),
        "sent": sent,
        "link": sent.link if sent else "",
        "refused": "" if refused is None else str(SENTENCES[refused]),
        "held_where": [
            (role.label, [WHERE[scope] for scope in scopes_given_by(by, role)])
            for role in roles_given_by(by)
        ],
    }
    response = render(request, "officials/administration/person.html", context, status=status)
    return response


def _roles(person: User, by: User | None = None) -> list[RoleRow]:
    """What a person holds. by: whoever may want to take it away."""
    return [
        RoleRow(
            held,
            held.get_role_display(),
            named_place(place_of(held)),
            idle=scope_of(held) not in scopes_of(Role(held.role)),
            why_not=obstacle_to_taking(by, held) if by is not None else None,
        )
        for held in person.memberships.all()
    ]
