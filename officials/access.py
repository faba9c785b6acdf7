"""The one gate of the officials' pages: what an address names, if this official may have it.

Whatever an official may not see answers like what does not exist: 404.
"""

from collections.abc import Callable, Mapping
from enum import Enum

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from offices.access import (
    may_audit_office,
    may_head_office,
    may_publish,
    visible_offices,
    visible_units,
)
from offices.models import AdministrativeUnit, Office, User
from reports.models import Release

Reader = User | AnonymousUser


class Right(Enum):
    """What one may do with an office beyond seeing it."""

    HEAD = "head"
    AUDIT = "audit"


HOLDS: Mapping[Right, Callable[[Reader, int], bool]] = {
    Right.HEAD: may_head_office,
    Right.AUDIT: may_audit_office,
}


def office_or_404(user: Reader, slug: str, right: Right | None = None) -> Office:
    """The office with this short name, and its unit.

    Raises Http404 for anyone who may not see it, and PermissionDenied for anyone who sees it
    without the right that is asked for.
    """
    office = get_object_or_404(visible_offices(user).select_related("unit"), slug=slug)
    if right is not None:
        require(user, office, right)
    return office


def require(user: Reader, office: Office, right: Right) -> None:
    """Raises PermissionDenied for anyone without this right in an office that they see."""
    if not HOLDS[right](user, office.pk):
        raise PermissionDenied


def unit_or_404(user: Reader, pk: int, *, to_publish: bool = False) -> AdministrativeUnit:
    """The unit with this key, its parent and what it was called.

    Raises Http404 for anyone who may not see it, or not publish its figures where that is asked.
    """
    units = visible_units(user).select_related("parent").prefetch_related("designations")
    unit = get_object_or_404(units, pk=pk)
    if to_publish and not may_publish_here(user, unit):
        raise Http404
    return unit


def may_publish_here(user: Reader, unit: AdministrativeUnit) -> bool:
    """The country takes minutes: it is published by the operator's command, not from a page."""
    return unit.level == AdministrativeUnit.Level.PROVINCE and may_publish(user, unit)


def release_or_404(user: Reader, slug: str) -> Release:
    """The release with this name, its unit and publisher; Http404 unless `user` sees the unit."""
    seen = Release.objects.filter(unit__in=visible_units(user).values("pk"))
    return get_object_or_404(seen.select_related("unit", "made_by"), slug=slug)
