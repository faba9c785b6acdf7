"""What the pages about offices are opened for: an office or unit in which one manages offices."""

from django.http import Http404

from offices.access import require
from offices.models import AdministrativeUnit, Office
from offices.rights import Action
from officials.access import Reader, office_or_404, unit_or_404


def managed_office(user: Reader, slug: str) -> Office:
    """Raises Http404 for what the reader does not see, Missing without the right."""
    return office_or_404(user, slug, Action.MANAGE_OFFICES)


def managed_unit(user: Reader, pk: int) -> AdministrativeUnit:
    """The same for a unit in the whole of which offices are managed."""
    return unit_or_404(user, pk, Action.MANAGE_OFFICES)


def place_or_404(user: Reader, pk: int) -> AdministrativeUnit:
    """A unit in which an office may be, with all that it lies in; raises as `managed_unit`."""
    unit = unit_or_404(user, pk, Action.MANAGE_OFFICES)
    if unit.level == AdministrativeUnit.Level.COUNTRY:
        raise Http404
    return unit


def require_manager(user: Reader) -> None:
    """Raises Missing for whoever manages offices nowhere."""
    require(user, Action.MANAGE_OFFICES)
