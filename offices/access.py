"""The one place that asks who may do what, and which offices and units an official may see.

    may(user, Action.EXCLUDE, office)            # here?
    may(user, Action.READ_AUDIT)                 # anywhere?
    offices_where(user, Action.SEE_FIGURES)      # where? (offices)
    units_where(user, Action.EXPORT)             # where? (whole units)

What a role gives stands in `offices.rights`.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from offices.chain import within
from offices.models import AdministrativeUnit, Membership, Office, User
from offices.rights import Action, Level, Role, Scope, allowed, scope_of

Reader = User | AnonymousUser


def memberships_with(user: Reader, action: Action) -> list[Membership]:
    """What the user holds that gives this action. A superuser is an operator of the country."""
    if not isinstance(user, User) or not user.is_active:
        return []
    held = list(user.memberships.select_related("unit"))
    if user.is_superuser:
        held += _as_operator(user)
    return [one for one in held if action in allowed(one.role, scope_of(one))]


def _as_operator(user: User) -> list[Membership]:
    countries = AdministrativeUnit.objects.filter(level=Level.COUNTRY)
    return [Membership(user=user, role=Role.OPERATOR, unit=country) for country in countries]


def may(user: Reader, action: Action, place: Office | AdministrativeUnit | None = None) -> bool:
    """Whether the user may do this in an office or in all of a unit; without one: anywhere."""
    held = memberships_with(user, action)
    if place is None or not held:
        return bool(held)
    if isinstance(place, Office):
        return _offices_of(held).filter(pk=place.pk).exists()
    return _units_of(held).filter(pk=place.pk).exists()


def covered(memberships: Iterable[Membership], place: Office | AdministrativeUnit) -> bool:
    """Whether the place is one where any of these is held, or below it."""
    held = _offices_of(memberships) if isinstance(place, Office) else _units_of(memberships)
    return held.filter(pk=place.pk).exists()


def offices_where(user: Reader, action: Action) -> QuerySet[Office]:
    """The offices in which the user may do this.

    Those held, and all that stand in or are counted in held units. Offices of the past whose
    figures belong to a held unit on today's map are included.
    """
    return _offices_of(memberships_with(user, action))


def units_where(user: Reader, action: Action) -> QuerySet[AdministrativeUnit]:
    """The units in the whole of which the user may do this.

    Those held, what they came from, and all below these.
    """
    return _units_of(memberships_with(user, action))


def _offices_of(memberships: Iterable[Membership]) -> QuerySet[Office]:
    held = Q(pk__in=[])
    for membership in memberships:
        if membership.unit is None:
            held |= Q(pk=membership.office_id) | Q(heir=membership.office_id)
        elif membership.unit.level == Level.COUNTRY:
            return Office.objects.all()
        else:
            held |= _counted_in(membership.unit.pk)
    return Office.objects.filter(held)


def _units_of(memberships: Iterable[Membership]) -> QuerySet[AdministrativeUnit]:
    units = [one.unit for one in memberships if one.unit is not None]
    if not units:
        return AdministrativeUnit.objects.none()
    if any(unit.level == Level.COUNTRY for unit in units):
        return AdministrativeUnit.objects.all()
    whole = ("unchanged", "merged")
    held = [unit.pk for unit in units]
    roots = Q(pk__in=held) | Q(successions__successor__in=held, successions__relation__in=whole)
    root_ids = AdministrativeUnit.objects.filter(roots).values("pk")
    return AdministrativeUnit.objects.filter(within("", root_ids))


def _counted_in(unit_id: int) -> Q:
    """Those that stand in a unit or are counted in it."""
    return within("unit", [unit_id]) | within("today_unit", [unit_id])


def offices_within(unit: AdministrativeUnit) -> QuerySet[Office]:
    """The offices that a system of `unit` may ask for: all that stand or are counted in it."""
    return Office.objects.filter(_counted_in(unit.pk))


def visible_offices(user: Reader) -> QuerySet[Office]:
    """The offices whose figures `user` may see."""
    return offices_where(user, Action.SEE_FIGURES)


def visible_units(user: Reader) -> QuerySet[AdministrativeUnit]:
    """The units whose figures `user` may see whole."""
    return units_where(user, Action.SEE_FIGURES)


def holders(action: Action, place: Office | AdministrativeUnit) -> QuerySet[Membership]:
    """Who may do this here: the memberships of active accounts that give it, superusers apart."""
    chain = [unit.pk for unit in (place.unit if isinstance(place, Office) else place).chain()]
    there = Q(unit__in=chain)
    if isinstance(place, Office):
        today = [unit.pk for unit in place.today_unit.chain()]
        there |= Q(unit__in=today) | Q(office=place) | Q(office__in=[place.heir_id or 0])
    given = Q(pk__in=[])
    for role in Role:
        for scope in Scope:
            if action in allowed(role, scope):
                given |= Q(role=role) & _held_at(scope)
    found = Membership.objects.filter(there & given, user__is_active=True)
    return found.select_related("user", "unit", "office").order_by("role", "user__username")


def _held_at(scope: Scope) -> Q:
    levels = [level for level in Level.values if Scope.of_level(level) == scope]
    return Q(unit=None) if scope == Scope.OFFICE else Q(unit__level__in=levels)


# What follows goes when every page asks with an action.
def audited_offices(user: Reader) -> QuerySet[Office]:
    """The offices of which `user` may leave responses out."""
    return offices_where(user, Action.EXCLUDE)


def may_see_office(user: Reader, office: Office) -> bool:
    """Whether `office` is among those `user` may see."""
    return may(user, Action.SEE_FIGURES, office)


def may_see_unit(user: Reader, unit: AdministrativeUnit) -> bool:
    """Whether `user` may see all of `unit`."""
    return may(user, Action.SEE_FIGURES, unit)


def may_audit_office(user: Reader, office_id: int) -> bool:
    """Whether `user` may leave responses of the office with this key out."""
    return offices_where(user, Action.EXCLUDE).filter(pk=office_id).exists()


def may_publish(user: Reader, unit: AdministrativeUnit) -> bool:
    """Whether `user` may publish figures of `unit`."""
    return may(user, Action.PUBLISH, unit)


def may_see_proofs(user: Reader) -> bool:
    """Whether `user` may read which numbers a proof found to differ, where `user` sees them."""
    return may(user, Action.SEE_PROOFS)


def may_head_office(user: Reader, office_id: int) -> bool:
    """Whether `user` is a head of the office with this key."""
    return offices_where(user, Action.LOOK_AT_CONTACTS).filter(pk=office_id).exists()


def may_see_nights(user: Reader) -> bool:
    """Whether `user` may see how the nights went."""
    return may(user, Action.SEE_NIGHTS)


def may_run_nights(user: Reader) -> bool:
    """Whether `user` may let a step of the night run again."""
    return may(user, Action.RUN_NIGHTS)
