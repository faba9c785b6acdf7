"""Who sees an office, and what a person may do: for whoever manages accounts or reads the audit.

Offices and people beside what the reader holds answer like nobody: 404.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices.access import (
    Missing,
    holders,
    may,
    memberships_of,
    offices_where,
    units_where,
)
from offices.models import Membership, Office, User
from offices.names import person_in_order, under_names
from offices.rights import ACTION_NAMES, HEIGHT, Action, Role, allowed, scope_of
from offices.search import LONGEST_SEARCH, offices_called, with_words, words_of
from officials.refusals import person_name, place_name, place_of
from officials.routes import LOOKING

MOST = 30


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who sees an office: who, in which role, through what, and how much of it.

    looks: whether the reader may ask what else this person may do.
    """

    person: User
    looks: bool
    name: str
    role: str
    through: str
    reads_remarks: bool
    sees_contacts: bool


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of a person, and what it gives there: nothing where it may not be held."""

    role: str
    place: str
    actions: Sequence[str | Promise]


@login_required
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """Finds an office among those where the reader may ask."""
    _check(request)
    asked = request.GET.get("tim", "")[:LONGEST_SEARCH].strip()
    mine = Office.objects.filter(pk__in=offices_called(_offices(request), asked).values("pk"))
    found = list(mine.with_places().order_by("name_key")[: MOST + 1])
    listed = under_names((office.named, office) for office in found[:MOST])
    context = {"asked": asked, "found": listed, "more": len(found) > MOST}
    return render(request, "officials/administration/reach_offices.html", context)


@login_required
@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who sees this office."""
    _check(request)
    shown = get_object_or_404(_offices(request), slug=slug)
    people = set(_held_here(request).values_list("user_id", flat=True)) | {request.user.pk}
    seers = sorted(_seers(shown, people), key=lambda one: person_in_order(one.name))
    context = {"office": shown, "seers": seers}
    return render(request, "officials/administration/reach_office.html", context)


def _seers(office: Office, known: Collection[int | None]) -> Iterator[Seer]:
    for one in holders(Action.SEE_FIGURES, office):
        given = allowed(one.role, scope_of(one))
        yield Seer(
            one.user,
            one.user_id in known,
            person_name(one.user),
            one.get_role_display(),
            place_name(place_of(one)),
            Action.SEE_REMARKS in given,
            Action.LOOK_AT_CONTACTS in given,
        )
    for root in User.objects.filter(is_superuser=True, is_active=True):
        through = _("superuser of the whole system")
        name, role = person_name(root), str(Role.OPERATOR.label)
        yield Seer(root, root.pk in known, name, role, through, False, False)


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Finds a person among those who hold something where the reader may ask."""
    _check(request)
    asked = request.GET.get("tim", "")[:LONGEST_SEARCH].strip()
    here = User.objects.filter(pk__in=_held_here(request).values("user"))
    found = list(with_words(here, words_of(asked)))
    found.sort(key=lambda user: person_in_order(person_name(user)))
    listed = [(person_name(user), user) for user in found[:MOST]]
    context = {"asked": asked, "found": listed, "more": len(found) > MOST}
    return render(request, "officials/administration/reach_people.html", context)


@login_required
@require_safe
def person(request: HttpRequest, person: int) -> HttpResponse:
    """What a person may do where the reader may ask; of themselves everybody may."""
    me = cast(User, request.user)
    if person == me.pk:
        shown, held = me, memberships_of(me)
        elsewhere = 0
    else:
        _check(request)
        shown = get_object_or_404(User, pk=person)
        held = list(_held_here(request).filter(user=shown).select_related("unit", "office"))
        if not held:
            raise Http404
        elsewhere = shown.memberships.count() - len(held)
    held.sort(key=lambda one: HEIGHT.index(scope_of(one)), reverse=True)
    context = {
        "person": shown,
        "name": person_name(shown),
        "itself": person == me.pk,
        "roles": [_told(one) for one in held],
        "elsewhere": elsewhere,
        "sees_table": may(me, Action.SEE_FIGURES),
    }
    return render(request, "officials/administration/reach_person.html", context)


def _told(one: Membership) -> HeldRole:
    given = allowed(one.role, scope_of(one))
    names = [name for action, name in ACTION_NAMES.items() if action in given]
    return HeldRole(one.get_role_display(), place_name(place_of(one)), names)


def _check(request: HttpRequest) -> None:
    """Raises Missing for whoever may ask nowhere."""
    if not any(may(request.user, action) for action in LOOKING):
        raise Missing(Action.MANAGE_ACCOUNTS)


def _offices(request: HttpRequest) -> QuerySet[Office]:
    found = Office.objects.none()
    for action in LOOKING:
        found = found | offices_where(request.user, action)
    return Office.objects.filter(pk__in=found.values("pk")).order_by("name_key")


def _held_here(request: HttpRequest) -> QuerySet[Membership]:
    """What is held in offices and units where the reader may ask."""
    here = Q(pk__in=[])
    for action in LOOKING:
        offices = offices_where(request.user, action).values("pk")
        units = units_where(request.user, action).values("pk")
        here |= Q(office__in=offices) | Q(unit__in=units)
    return Membership.objects.filter(here)
