"""The one place that says which offices and units an official may see."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from offices.chain import within
from offices.models import AdministrativeUnit, Membership, Office, User


def _is_everywhere(user: User) -> bool:
    return user.is_superuser


def visible_offices(user: User | AnonymousUser) -> QuerySet[Office]:
    """The offices `user` may see: those held, and all that stand in or are counted in held units.

    Offices of the past whose figures belong to a held unit on today's map are included.
    """
    if not isinstance(user, User) or not user.is_active:
        return Office.objects.none()
    if _is_everywhere(user):
        return Office.objects.all()
    return _offices_of(user.memberships.all())


def audited_offices(user: User | AnonymousUser) -> QuerySet[Office]:
    """The offices of which `user` is an auditor: may leave forms out of the count, with a reason.

    Heads of offices and provincial officers may not, whatever they see: they are measured by it.
    """
    if not isinstance(user, User) or not user.is_active:
        return Office.objects.none()
    if _is_everywhere(user):
        return Office.objects.all()
    return _offices_of(user.memberships.filter(role=Membership.Role.AUDITOR))


def headed_offices(user: User | AnonymousUser) -> QuerySet[Office]:
    """The offices of which `user` is a head: answers what citizens wrote to them."""
    if not isinstance(user, User) or not user.is_active:
        return Office.objects.none()
    if _is_everywhere(user):
        return Office.objects.all()
    return _offices_of(user.memberships.filter(role=Membership.Role.OFFICE_HEAD))


def _offices_of(memberships: Iterable[Membership]) -> QuerySet[Office]:
    """The offices that are held, or stand in or are counted in held units."""
    held = Q(pk__in=[])
    for membership in memberships:
        if membership.office_id is not None:
            held |= Q(pk=membership.office_id) | Q(heir=membership.office_id)
        elif membership.unit_id is not None:
            held |= _counted_in(membership.unit_id)
    return Office.objects.filter(held)


def _counted_in(unit_id: int) -> Q:
    """Those that stand in a unit or are counted in it."""
    return within("unit", [unit_id]) | within("today_unit", [unit_id])


def offices_within(unit: AdministrativeUnit) -> QuerySet[Office]:
    """The offices that a system of `unit` may ask for: all that stand or are counted in it."""
    return Office.objects.filter(_counted_in(unit.pk))


def visible_units(user: User | AnonymousUser) -> QuerySet[AdministrativeUnit]:
    """The units `user` may see whole: those held, what they came from, and all below these."""
    if not isinstance(user, User) or not user.is_active:
        return AdministrativeUnit.objects.none()
    if _is_everywhere(user):
        return AdministrativeUnit.objects.all()
    held = [m.unit_id for m in user.memberships.all() if m.unit_id is not None]
    if not held:
        return AdministrativeUnit.objects.none()
    whole = ("unchanged", "merged")
    roots = Q(pk__in=held) | Q(successions__successor__in=held, successions__relation__in=whole)
    root_ids = AdministrativeUnit.objects.filter(roots).values("pk")
    return AdministrativeUnit.objects.filter(within("", root_ids))


def may_see_office(user: User | AnonymousUser, office: Office) -> bool:
    """Whether `office` is among those `user` may see."""
    return visible_offices(user).filter(pk=office.pk).exists()


def may_see_unit(user: User | AnonymousUser, unit: AdministrativeUnit) -> bool:
    """Whether `user` may see all of `unit`."""
    return visible_units(user).filter(pk=unit.pk).exists()


def may_audit_office(user: User | AnonymousUser, office_id: int) -> bool:
    """Whether the office with this key is among those `user` audits."""
    return audited_offices(user).filter(pk=office_id).exists()


def may_publish(user: User | AnonymousUser, unit: AdministrativeUnit) -> bool:
    """Whether `user` may publish figures of `unit`: a provincial officer of it or of one above."""
    if not isinstance(user, User) or not user.is_active:
        return False
    chain = [step.pk for step in unit.chain()]
    return user.memberships.filter(role=Membership.Role.PROVINCIAL_OFFICER, unit__in=chain).exists()


def may_see_proofs(user: User | AnonymousUser) -> bool:
    """Whether `user` may read which numbers a proof found to differ, where `user` sees them.

    Auditors and provincial officers: heads of offices are measured by the figures.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    roles = (Membership.Role.AUDITOR, Membership.Role.PROVINCIAL_OFFICER)
    return _is_everywhere(user) or user.memberships.filter(role__in=roles).exists()


def may_head_office(user: User | AnonymousUser, office_id: int) -> bool:
    """Whether `user` is a head of the office with this key."""
    return headed_offices(user).filter(pk=office_id).exists()


def may_see_nights(user: User | AnonymousUser) -> bool:
    """Whether `user` may see how the nights went: auditors of a province or of the country.

    Heads of offices may not: what went wrong names other offices.
    """
    if may_run_nights(user):
        return True
    whole = (AdministrativeUnit.Level.PROVINCE, AdministrativeUnit.Level.COUNTRY)
    return _holds(user, Membership.Role.AUDITOR, whole)


def may_run_nights(user: User | AnonymousUser) -> bool:
    """Whether `user` may let a step of the night run again: the country's officers."""
    if isinstance(user, User) and user.is_active and _is_everywhere(user):
        return True
    return _holds(user, Membership.Role.PROVINCIAL_OFFICER, (AdministrativeUnit.Level.COUNTRY,))


def _holds(user: User | AnonymousUser, role: str, levels: Iterable[str]) -> bool:
    """Whether `user` has this role in a unit of one of these levels."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.memberships.filter(role=role, unit__level__in=levels).exists()
