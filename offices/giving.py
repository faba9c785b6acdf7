"""Giving and taking roles: only what one's own role gives away, in or below what one holds.

    give(by, to, Role.CLERK, office)      # raises NotGiven, which says why not
    take(by, membership.pk)

Nobody gives themselves anything. Whoever acts on a whole account (its password, whether it is
open) needs the right over each of its roles: else a head of office who lets a provincial officer
into the office could sign in as that officer. Somebody who can manage accounts is always left.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from audit.actors import official
from audit.recording import Outcome, record
from offices.access import covered, holders, memberships_with, offices_where, units_where
from offices.locks import Lock, wait_for
from offices.models import AdministrativeUnit, Membership, Office, User
from offices.rights import (
    GIVES,
    HEIGHT,
    Action,
    Level,
    Role,
    Scope,
    allowed,
    gives,
    scope_of,
    scopes_of,
)

Place = Office | AdministrativeUnit


class Obstacle(StrEnum):
    """Why a role is not given or taken, or an account not changed."""

    SELF = "self"
    WRONG_SCOPE = "wrong_scope"
    NOT_YOURS = "not_yours"
    OUTSIDE = "outside"
    HELD = "held"
    CLOSED = "closed"
    ABOVE = "above"
    LAST = "last"


class NotGiven(Exception):
    """Nothing was changed."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


def place_of(membership: Membership) -> Place:
    """The unit or office where a role is held."""
    place = membership.office if membership.unit is None else membership.unit
    assert place is not None  # noqa: S101 - a constraint of the table
    return place


def scope_of_place(place: Place) -> Scope:
    """Which scope a role would have that is held there."""
    return Scope.OFFICE if isinstance(place, Office) else Scope.of_level(place.level)


def roles_given_by(by: User) -> list[Role]:
    """The roles that this person gives somewhere, in the order of the table."""
    given: set[Role] = set()
    for held in memberships_with(by, Action.MANAGE_ACCOUNTS):
        given |= GIVES.get(Role(held.role), frozenset())
    return [role for role in Role if role in given]


def scopes_given_by(by: User, role: Role) -> list[Scope]:
    """Where this person gives the role, as far as it may be held there; from above to below."""
    held = memberships_with(by, Action.MANAGE_ACCOUNTS)
    return [
        scope
        for scope in reversed(HEIGHT)
        if scope in scopes_of(role)
        and any(gives(Role(one.role), scope_of(one), role, scope) for one in held)
    ]


def obstacle_to_giving(by: User, role: Role, place: Place, to: User | None) -> Obstacle | None:
    """Why this person does not give the role there; None if they may.

    to: None for an invitation.
    """
    if to is not None and to.pk == by.pk:
        return Obstacle.SELF
    if scope_of_place(place) not in scopes_of(role):
        return Obstacle.WRONG_SCOPE
    obstacle = _not_in_hand(by, role, place)
    if obstacle is None and to is not None and not to.is_active:
        return Obstacle.CLOSED
    return obstacle


def obstacle_to_taking(by: User, membership: Membership) -> Obstacle | None:
    """Why this person does not take this role away; None if they may.

    A role that is held where it may not be held can be taken away like any other.
    """
    if membership.user_id == by.pk:
        return Obstacle.SELF
    obstacle = _not_in_hand(by, Role(membership.role), place_of(membership))
    if obstacle is None and _is_last(membership.user, [membership]):
        return Obstacle.LAST
    return obstacle


def obstacle_to_acting_on(by: User, person: User) -> Obstacle | None:
    """Why this person does not reset, change or close the whole account; None if they may."""
    if person.pk == by.pk:
        return Obstacle.SELF
    if person.is_superuser and not by.is_superuser:
        return Obstacle.ABOVE
    for held in person.memberships.select_related("unit", "office"):
        if _not_in_hand(by, Role(held.role), place_of(held)) is not None:
            return Obstacle.ABOVE
    return None


def _not_in_hand(by: User, role: Role, place: Place) -> Obstacle | None:
    held = memberships_with(by, Action.MANAGE_ACCOUNTS)
    giving = [one for one in held if role in GIVES.get(Role(one.role), frozenset())]
    scope = scope_of_place(place)
    able = [one for one in giving if gives(Role(one.role), scope_of(one), role, scope)]
    if covered(able, place):
        return None
    return Obstacle.OUTSIDE if giving and not covered(giving, place) else Obstacle.NOT_YOURS


def _is_last(person: User, losing: list[Membership]) -> bool:
    """Whether without these roles of an open account nobody could manage accounts somewhere."""
    if not person.is_active:
        return False
    places = [
        place_of(one)
        for one in losing
        if Action.MANAGE_ACCOUNTS in allowed(one.role, scope_of(one))
    ]
    if not places or User.objects.filter(is_active=True, is_superuser=True).exists():
        return False
    gone = [one.pk for one in losing]
    return any(
        not holders(Action.MANAGE_ACCOUNTS, place).exclude(pk__in=gone).exists() for place in places
    )


def is_last_manager(person: User) -> bool:
    """Whether nobody could manage accounts any more in some place if this account were closed."""
    if person.is_superuser and person.is_active:
        others = User.objects.filter(is_active=True, is_superuser=True).exclude(pk=person.pk)
        country = AdministrativeUnit.objects.filter(level=Level.COUNTRY).first()
        managing = country and holders(Action.MANAGE_ACCOUNTS, country).exclude(user=person)
        return not others.exists() and not (managing and managing.exists())
    return _is_last(person, list(person.memberships.select_related("unit", "office")))


def give(by: User, to: User, role: Role, place: Place) -> Membership:
    """The new role. Raises NotGiven; a refusal is recorded as well."""
    try:
        return _give(by, to, role, place)
    except NotGiven as refused:
        record_refusal("role.given", by, to.get_username(), role, place, refused.obstacle)
        raise


@transaction.atomic
def _give(by: User, to: User, role: Role, place: Place) -> Membership:
    wait_for(Lock.ACCOUNTS, 0)
    by, to = as_now(by), as_now(to)
    obstacle = obstacle_to_giving(by, role, place, to)
    where = {"office" if isinstance(place, Office) else "unit": place}
    if obstacle is None and Membership.objects.filter(user=to, role=role, **where).exists():
        obstacle = Obstacle.HELD
    if obstacle is not None:
        raise NotGiven(obstacle)
    made = Membership.objects.create(user=to, role=role, **where)
    _record("role.given", by, to, role, place)
    return made


def take(by: User, membership_id: int) -> None:
    """Takes a role away; nothing where somebody took it already. Raises NotGiven."""
    found = Membership.objects.select_related("user", "unit", "office").filter(pk=membership_id)
    membership = found.first()
    if membership is None:
        return
    try:
        with transaction.atomic():
            wait_for(Lock.ACCOUNTS, 0)
            _take(as_now(by), membership_id)
    except NotGiven as refused:
        role = Role(membership.role)
        name, place = membership.user.get_username(), place_of(membership)
        record_refusal("role.taken", by, name, role, place, refused.obstacle)
        raise


def _take(by: User, membership_id: int) -> None:
    found = Membership.objects.select_related("user", "unit", "office").filter(pk=membership_id)
    membership = found.first()
    if membership is None:
        return
    obstacle = obstacle_to_taking(by, membership)
    if obstacle is not None:
        raise NotGiven(obstacle)
    membership.delete()
    role, place = Role(membership.role), place_of(membership)
    _record("role.taken", by, membership.user, role, place)


def as_now(user: User) -> User:
    """The account as it stands, after waiting: it may have been closed meanwhile."""
    return User.objects.get(pk=user.pk)


def record_refusal(
    action: str, by: User, subject: str, role: Role, place: Place, why: Obstacle
) -> None:
    """Writes down that somebody was not given a role there; it stays when all else is undone."""
    details = {"place": str(place), "role": role.value, "why": why.value}
    _write(action, by, subject, place, details, Outcome.REFUSED)


def _record(action: str, by: User, to: User, role: Role, place: Place) -> None:
    given, taken = (role.value, None) if action == "role.given" else (None, role.value)
    details = {"place": str(place), "was": taken, "now": given}
    _write(action, by, to.get_username(), place, details, Outcome.DONE)


def _write(
    action: str,
    by: User,
    subject: str,
    place: Place,
    details: Mapping[str, object],
    outcome: Outcome,
) -> None:
    record(
        action,
        subject=subject,
        office_id=place.pk if isinstance(place, Office) else None,
        unit_id=None if isinstance(place, Office) else place.pk,
        details=details,
        outcome=outcome,
        by=official(by),
        apart=outcome is Outcome.REFUSED,
    )


def seen_people(by: User) -> Q:
    """Whom this person manages: everybody for who holds the country, else who holds a role below.

    As a condition on accounts.
    """
    held = memberships_with(by, Action.MANAGE_ACCOUNTS)
    if any(one.unit is not None and one.unit.level == Level.COUNTRY for one in held):
        return Q()
    below = Membership.objects.filter(
        Q(office__in=offices_where(by, Action.MANAGE_ACCOUNTS).values("pk"))
        | Q(unit__in=units_where(by, Action.MANAGE_ACCOUNTS).values("pk"))
    )
    return Q(pk__in=below.values("user"))
