"""The one place that asks who may do what, and which offices and units an official may see.

    may(user, Action.EXCLUDE, office)            # here?
    may(user, Action.READ_AUDIT)                 # anywhere?
    offices_where(user, Action.SEE_FIGURES)      # where? (offices)
    units_where(user, Action.EXPORT)             # where? (whole units)

What a role gives stands in `offices.rights`; what nobody may where they serve, as well.
"""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.functional import LazyObject

from offices.chain import upward, within
from offices.models import AdministrativeUnit, Membership, Office, User
from offices.rights import NOT_WHERE_ONE_SERVES, Action, Level, Role, Scope, allowed, scope_of

Reader = User | AnonymousUser
Place = Office | AdministrativeUnit


class Missing(PermissionDenied):
    """A right that is missing, and where; None where it would be needed somewhere."""

    def __init__(self, action: Action, place: Place | None = None) -> None:
        super().__init__(action.value)
        self.action = action
        self.place = place


def account_with(key: int) -> User | None:
    """The account with this key and what it holds, by one statement, for one request."""
    held = list(Membership.objects.filter(user=key).select_related("user", "unit__parent__parent"))
    if not held:
        return User.objects.filter(pk=key).first()
    user = held[0].user
    user._read_memberships = _with_operator(user, held)  # type: ignore[attr-defined]
    return user


def memberships_of(user: Reader) -> list[Membership]:
    """What the user holds, valid or not. A superuser is an operator of the country.

    The user of a request is read once: Django wraps it, and it lives no longer than the request.
    """
    if not isinstance(user, User) or not user.is_active:
        return []
    known: list[Membership] | None = getattr(user, "_read_memberships", None)
    if known is None:
        known = _with_operator(user, user.memberships.select_related("unit"))
        if issubclass(type(user), LazyObject):
            user._read_memberships = known  # type: ignore[attr-defined]
    return known


def _with_operator(user: User, held: Iterable[Membership]) -> list[Membership]:
    return [*held, *(_as_operator(user) if user.is_superuser else ())]


def _as_operator(user: User) -> list[Membership]:
    countries = AdministrativeUnit.objects.filter(level=Level.COUNTRY)
    return [Membership(user=user, role=Role.OPERATOR, unit=country) for country in countries]


def memberships_with(user: Reader, action: Action) -> list[Membership]:
    """What the user holds that gives this action."""
    return [one for one in memberships_of(user) if action in allowed(one.role, scope_of(one))]


def highest_unit(user: Reader, action: Action) -> AdministrativeUnit | None:
    """Of the units where the user holds a role with this right, the highest; None without one.

    What stands comes before what has ended.
    """
    levels = AdministrativeUnit.Level.values
    return min(
        (one.unit for one in memberships_with(user, action) if one.unit),
        key=lambda unit: (unit.valid_to is not None, levels.index(unit.level), unit.name_key),
        default=None,
    )


def may(user: Reader, action: Action, place: Place | None = None) -> bool:
    """Whether the user may do this in an office or in all of a unit; without one: anywhere."""
    held = memberships_with(user, action)
    if place is None:
        return bool(held)
    own = action in NOT_WHERE_ONE_SERVES and serves_in(user, place)
    return not own and covered(held, place)


def may_from_above(user: Reader, action: Action, office: Office) -> bool:
    """Whether the user holds it above the office's own unit: whoever is measured is not above."""
    own = {office.unit_id, office.today_unit_id}
    held = [one for one in memberships_with(user, action) if one.unit_id not in own]
    return may(user, action, office) and covered(held, office)


def serves_in(user: Reader, place: Place) -> bool:
    """Whether the user holds a role in this very office, or in the one that took over from it."""
    if not isinstance(place, Office):
        return False
    keys = (place.pk, place.heir_id)
    return any(one.office_id in keys for one in memberships_of(user) if one.office_id is not None)


def actions_at(user: Reader, place: Place) -> frozenset[Action]:
    """Everything that the user may do in an office or in all of a unit."""
    here = (one for one in memberships_of(user) if covered([one], place))
    given = frozenset[Action]().union(*(allowed(one.role, scope_of(one)) for one in here))
    return given - NOT_WHERE_ONE_SERVES if serves_in(user, place) else given


def require(user: Reader, action: Action, place: Place | None = None) -> None:
    """Raises Missing for anyone who may not do this here; without a place: anywhere."""
    if not may(user, action, place):
        raise Missing(action, place)


def covered(memberships: Iterable[Membership], place: Place) -> bool:
    """Whether the place is one where any of these is held, or below it."""
    held = list(memberships)
    if not held or _holds_country(held):
        return bool(held)
    if isinstance(place, Office) and any(
        one.office_id in (place.pk, place.heir_id) for one in held if one.office_id
    ):
        return True
    if not _read_above(place).isdisjoint(one.unit_id for one in held if one.unit_id):
        return True
    found = _offices_of(held) if isinstance(place, Office) else _units_of(held)
    return found.filter(pk=place.pk).exists()


def _read_above(place: Place) -> set[int | None]:
    """The keys of what a place is, lies in or is counted in, as far as that was read with it."""
    found: set[int | None] = set()
    lowest: AdministrativeUnit | None
    if isinstance(place, Office):
        found = {place.unit_id, place.today_unit_id}
        lowest = place._state.fields_cache.get("unit")
    else:
        lowest = place
    for unit in upward(lowest, lambda one: one._state.fields_cache.get("parent")):
        found |= {unit.pk, unit.parent_id}
    return found


def everywhere(user: Reader, action: Action) -> bool:
    """Whether the user may do this in the whole country."""
    return _holds_country(memberships_with(user, action))


def offices_where(user: Reader, action: Action) -> QuerySet[Office]:
    """The offices in which the user may do this.

    Those held, and all that stand in or are counted in held units. Offices of the past whose
    figures belong to a held unit on today's map are included.
    """
    found = _offices_of(memberships_with(user, action))
    if action in NOT_WHERE_ONE_SERVES and any(one.office_id for one in memberships_of(user)):
        found = found.exclude(pk__in=offices_served(user).values("pk"))
    return found


def offices_served(user: Reader) -> QuerySet[Office]:
    """The offices in which the user holds a role, and those from which these took over."""
    served = [one.office_id for one in memberships_of(user) if one.office_id is not None]
    return Office.objects.filter(Q(pk__in=served) | Q(heir__in=served))


def units_where(user: Reader, action: Action) -> QuerySet[AdministrativeUnit]:
    """The units in the whole of which the user may do this.

    Those held, what they came from, and all below these.
    """
    return _units_of(memberships_with(user, action))


def seen_among(user: Reader, units: Collection[AdministrativeUnit]) -> set[int]:
    """The keys of those of the units that exist for `user`; at most one statement."""
    keys = {unit.pk for unit in units}
    held = memberships_with(user, Action.SEE_FIGURES)
    if _holds_country(held):
        return keys
    own = {one.unit_id for one in held if one.unit_id}
    found = {unit.pk for unit in units if not own.isdisjoint(_read_above(unit))}
    # a country was merged into nothing: who does not hold it does not see it
    unsure = {unit.pk for unit in units if unit.level != Level.COUNTRY} - found
    if unsure:
        others = visible_units(user).filter(pk__in=unsure)
        found.update(others.values_list("pk", flat=True))
    return found


def _holds_country(memberships: Iterable[Membership]) -> bool:
    return any(one.unit is not None and one.unit.level == Level.COUNTRY for one in memberships)


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
    """The offices that exist for `user`: those whose figures they may see."""
    return offices_where(user, Action.SEE_FIGURES)


def visible_units(user: Reader) -> QuerySet[AdministrativeUnit]:
    """The units that exist for `user` as a whole."""
    return units_where(user, Action.SEE_FIGURES)


def holders(action: Action, place: Place) -> QuerySet[Membership]:
    """Who may do this here: the memberships of active accounts that give it, superusers apart."""
    given = Q(pk__in=[])
    for role in Role:
        for scope in Scope:
            if action in allowed(role, scope):
                given |= Q(role=role) & _held_at(scope)
    found = Membership.objects.filter(_above(place) & given, user__is_active=True)
    if action in NOT_WHERE_ONE_SERVES and isinstance(place, Office):
        serving = Membership.objects.filter(office__in=[place.pk, place.heir_id or place.pk])
        found = found.exclude(user__in=serving.values("user"))
    return found.select_related("user", "unit", "office").order_by("role", "user__username")


def _above(place: Place) -> Q:
    """Whatever is held in the place or in what it stands, was merged into or is counted in."""
    if isinstance(place, Office):
        chain = {unit.pk for start in (place.unit, place.today_unit) for unit in start.chain()}
        return Q(unit__in=chain) | Q(office=place) | Q(office__in=[place.heir_id or 0])
    today = AdministrativeUnit.objects.filter(
        precessions__predecessor__in=[unit.pk for unit in place.chain()],
        precessions__relation__in=("unchanged", "merged"),
    )
    chain = {unit.pk for start in (place, *today) for unit in start.chain()}
    return Q(unit__in=chain)


def _held_at(scope: Scope) -> Q:
    levels = [level for level in Level.values if Scope.of_level(level) == scope]
    return Q(unit=None) if scope == Scope.OFFICE else Q(unit__level__in=levels)
