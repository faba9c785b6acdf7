"""The one gate of the officials' pages: what an address names, if this official may have it.

Whatever an official may not see answers like what does not exist: 404. Whoever sees it without the
right that is asked for is refused, and reads which right is missing (`officials.refusals`).
"""

from django.http import Http404
from django.shortcuts import get_object_or_404

from offices import directory
from offices.access import Missing as Missing
from offices.access import Reader as Reader
from offices.access import may, require, visible_offices, visible_units
from offices.models import AdministrativeUnit, Office
from offices.rights import Action
from reports.models import Release


def office_or_404(user: Reader, slug: str, action: Action = Action.SEE_FIGURES) -> Office:
    """The office with this short name, its unit and all that this lies in.

    Raises Http404 for anyone who may not see it, and Missing for anyone who sees it without the
    right that is asked for.
    """
    office = get_object_or_404(
        visible_offices(user).select_related("unit__parent__parent__parent"), slug=slug
    )
    if office.today_unit_id == office.unit_id:
        office.today_unit = office.unit  # read already
    if action != Action.SEE_FIGURES:
        require(user, action, office)
    return office


def unit_or_404(user: Reader, pk: int, action: Action = Action.SEE_FIGURES) -> AdministrativeUnit:
    """The unit with this key, what it lies in and was called; raises as `office_or_404`."""
    units = visible_units(user).select_related("parent__parent__parent")
    unit = get_object_or_404(units, pk=pk)
    unit.read_designations = directory.designations_of(unit.pk)
    if action != Action.SEE_FIGURES:
        require(user, action, unit)
    return unit


def province_or_404(user: Reader, pk: int, action: Action) -> AdministrativeUnit:
    """As `unit_or_404`, and Http404 for whatever is not published from a page.

    The country takes minutes: it is published by the operator's command.
    """
    unit = unit_or_404(user, pk, action)
    if unit.level != AdministrativeUnit.Level.PROVINCE:
        raise Http404
    return unit


def may_publish_here(user: Reader, unit: AdministrativeUnit) -> bool:
    """Whether the page offers publishing; see `province_or_404`."""
    return unit.level == AdministrativeUnit.Level.PROVINCE and may(user, Action.PUBLISH, unit)


def release_or_404(user: Reader, slug: str, action: Action = Action.SEE_FIGURES) -> Release:
    """The release with this name, its unit and publisher; raises as `office_or_404`."""
    seen = Release.objects.filter(unit__in=visible_units(user).values("pk"))
    release = get_object_or_404(seen.select_related("unit", "made_by"), slug=slug)
    if action != Action.SEE_FIGURES:
        require(user, action, release.unit)
    return release
