"""403 and 404 for whoever is signed in: which right is missing, who can give it, where to go on.

Citizens and strangers, and everybody on citizens' addresses, get the pages of everybody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views import defaults

from offices.access import (
    Missing,
    Place,
    holders,
    may,
    memberships_of,
    memberships_with,
    serves_in,
)
from offices.models import AdministrativeUnit, Membership, Office, User
from offices.rights import (
    ACTION_NAMES,
    GIVES,
    HEIGHT,
    NOT_WHERE_ONE_SERVES,
    SCOPE_NAMES,
    Action,
    Role,
    Scope,
    gives,
    roles_with,
)
from offices.rights import allowed as given_by
from offices.rights import scope_of as scope_of_role

MOST = 5


@dataclass(frozen=True, slots=True)
class Giver:
    """Who can give a right: a name, a role in words, and where it is held."""

    name: str
    role: str
    place: str


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, in the frame of whoever is refused; `audit.middleware` writes it down."""
    user = _official(request)
    if user is None:
        return defaults.permission_denied(request, exception)
    missing = exception if isinstance(exception, Missing) else None
    action, place = (missing.action, missing.place) if missing else (None, None)
    # a right that they hold above this office, and may not use where they serve
    serves = (
        action in NOT_WHERE_ONE_SERVES
        and place is not None
        and serves_in(user, place)
        and bool(memberships_with(user, action))
    )
    context = {
        "serves": serves,
        "deciders": _deciders(action, place) if serves and action and place else [],
        "right": ACTION_NAMES[action] if action else None,
        "place": place_name(place) if place and may(user, Action.SEE_FIGURES, place) else "",
        "roles": _roles_in_words(action) if action else [],
        "givers": givers(user, action, place),
        "back": _came_from(request),
    }
    return render(request, "officials/refusals/forbidden.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: mistyped, or of others. Nothing tells which of the two."""
    user = _official(request)
    if user is None:
        return defaults.page_not_found(request, exception)
    held = [place_of(one) for one in memberships_with(user, Action.SEE_FIGURES)]
    context = {
        "held": [(place, place_name(place), isinstance(place, Office)) for place in held[:MOST]],
        "givers": givers(user, None, None),
        "back": _came_from(request),
    }
    return render(request, "officials/refusals/not_found.html", context, status=404)


def givers(user: User, action: Action | None, place: Place | None) -> list[Giver]:
    """Of the user's own offices and the units above these: who can give the right there.

    The nearest first, at most five, and never the user. Without an action: whoever manages
    accounts. Without a place: wherever the user holds something.
    """
    held = [one for one in memberships_of(user) if given_by(one.role, scope_of_role(one))]
    own = [place_of(one) for one in held]
    chain = {unit.pk for mine in own for unit in _unit_of(mine).chain()}
    offices = {mine.pk for mine in own if isinstance(mine, Office)}
    found: dict[int, Membership] = {}
    for start in [place] if place is not None else own:
        for one in holders(Action.MANAGE_ACCOUNTS, start):
            of_own = one.office_id in offices if one.unit_id is None else one.unit_id in chain
            if of_own and one.user_id != user.pk and _gives(one, action, start):
                found.setdefault(one.user_id, one)
    near = sorted(found.values(), key=lambda one: HEIGHT.index(scope_of_role(one)))
    return [
        Giver(person_name(one.user), one.get_role_display(), place_name(place_of(one)))
        for one in near[:MOST]
    ]


def _gives(giver: Membership, action: Action | None, start: Place) -> bool:
    """Whether they give a role with this right that is held at `start` or above, below them."""
    own, at = Role(giver.role), scope_of_role(giver)
    if action is None:
        return bool(GIVES.get(own))
    lowest = HEIGHT.index(_scope(start))
    return any(
        HEIGHT.index(scope) >= lowest and gives(own, at, role, scope)
        for role, scope in roles_with(action)
    )


def _scope(place: Place) -> Scope:
    return Scope.OFFICE if isinstance(place, Office) else Scope.of_level(place.level)


def _unit_of(place: Place) -> AdministrativeUnit:
    return place.unit if isinstance(place, Office) else place


def place_of(membership: Membership) -> Place:
    """Where a role is held."""
    place = membership.office if membership.unit is None else membership.unit
    assert place is not None  # noqa: S101 - a constraint of the table
    return place


def place_name(place: Place) -> str:
    """What the place is called."""
    return place.name if isinstance(place, Office) else place.full_name


def person_name(user: User) -> str:
    """The full name; the account's where none is known."""
    return user.get_full_name() or user.get_username()


def _deciders(action: Action, place: Place) -> list[str]:
    """Who holds the right there, by name."""
    people = {one.user_id: person_name(one.user) for one in holders(action, place)}
    return list(people.values())[:MOST]


def _roles_in_words(action: Action) -> Sequence[tuple[str | Promise, Iterable[str | Promise]]]:
    """The roles that give an action, each with where it is held."""
    words: dict[Role, list[str | Promise]] = {}
    for role, scope in roles_with(action):
        words.setdefault(role, []).append(SCOPE_NAMES[scope])
    return [(role.label, places) for role, places in words.items()]


def _official(request: HttpRequest) -> User | None:
    """Who is signed in, on an address that is not for citizens."""
    for_citizens = (settings.CITIZENS_PATH, settings.INVITATIONS_PATH, settings.RESULTS_PATH)
    if request.path_info.startswith(for_citizens):
        return None
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def _came_from(request: HttpRequest) -> str:
    """The address of ours from which a link led here; empty where there was none."""
    before = urlsplit(request.headers.get("Referer", ""))
    ours = before.netloc == request.get_host() and before.path != request.path
    return f"{before.path}{'?' + before.query if before.query else ''}" if ours else ""
