"""The rooms of a place: which pages there are of it for a reader, in one order for every role.

Five that everybody uses come first: today, figures, comparison, remarks, collecting. Behind them
stands what only some may do. What a reader may not open is left out.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from offices.access import Reader, actions_at, may
from offices.models import AdministrativeUnit, Office
from offices.rights import Action
from officials.places import value_of

Place = Office | AdministrativeUnit
A = Action
OF_PERIODS = {
    *("office", "compare_office", "office_progress", "office_papers"),
    *("unit", "compare", "unit_progress", "unit_papers"),
}


@dataclass(frozen=True, slots=True)
class Room:
    """A page of a place. pages: the names of the addresses that belong to it.

    of_period: whether it shows the period and form that were chosen before.
    """

    words: str
    address: str
    pages: frozenset[str]
    of_period: bool = False


def rooms_of(user: Reader, place: Place) -> tuple[list[Room], list[Room]]:
    """The five rooms of a place and the others, as far as this reader may open them.

    Both are empty where the reader may not see the figures of the place.
    """
    rights = actions_at(user, place)
    if A.SEE_FIGURES not in rights:
        return [], []
    if isinstance(place, Office):
        return list(_five_of_office(place, rights)), list(_more_of_office(place, rights))
    return list(_five_of_unit(place, rights)), list(_more_of_unit(place, rights))


def rooms_anywhere(user: Reader) -> list[Room]:
    """What belongs to no place."""
    found = []
    if may(user, A.SEE_NIGHTS):
        found.append(_room(pgettext("room", "Nights"), "nights"))
    return [*found, _room(_("How figures are made"), "methodology")]


def _room(words: str, page: str, *of: str | int, also: Collection[str] = ()) -> Room:
    address = reverse(f"officials:{page}", args=of)
    return Room(words, address, frozenset({page, *also}), page in OF_PERIODS)


def _today(place: Place) -> Room:
    address = f"{reverse('officials:home')}?{urlencode({'noi': value_of(place)})}"
    return Room(pgettext("room", "Today"), address, frozenset({"home"}))


def _five_of_office(office: Office, rights: Collection[Action]) -> Iterator[Room]:
    slug = office.slug
    yield _today(office)
    yield _room(pgettext("room", "Figures"), "office", slug, also=["office_criterion"])
    yield _room(pgettext("room", "Comparison"), "compare_office", slug)
    if A.SEE_REMARKS in rights:
        yield _room(pgettext("room", "Remarks"), "remarks", slug, also=["remark", "remark_themes"])
    yield _room(pgettext("room", "Collecting"), "office_progress", slug)


def _more_of_office(office: Office, rights: Collection[Action]) -> Iterator[Room]:
    slug = office.slug
    yield _room(pgettext("room", "Plans"), "plans", slug)
    if A.EXPORT in rights:
        yield _room(pgettext("room", "Reports"), "office_papers", slug)
    if A.SEE_CHANNELS in rights:
        yield _room(pgettext("room", "Tablets"), "tablets", slug, also=["import_outbox"])
        yield _room(pgettext("room", "Invitations"), "invitations", slug)
    if A.PAIR_TABLETS in rights:
        yield _room(pgettext("room", "Screens"), "screens", slug)
    if A.EXCLUDE in rights:
        yield _room(pgettext("room", "Exclusions"), "exclusions", slug, also=["lift_exclusion"])
        yield _room(pgettext("room", "Forms that wait"), "floods", slug)
    if A.MANAGE_POLICIES in rights:
        yield _room(pgettext("room", "Level of evidence"), "levels", slug)


def _five_of_unit(unit: AdministrativeUnit, rights: Collection[Action]) -> Iterator[Room]:
    yield _today(unit)
    yield _room(pgettext("room", "Figures"), "unit", unit.pk, also=["unit_criterion"])
    yield _room(pgettext("room", "Comparison"), "compare", unit.pk)
    if A.SEE_REMARKS in rights:
        yield _room(pgettext("room", "Remarks"), "unit_remarks", unit.pk)
    yield _room(pgettext("room", "Collecting"), "unit_progress", unit.pk)


def _more_of_unit(unit: AdministrativeUnit, rights: Collection[Action]) -> Iterator[Room]:
    if A.EXPORT in rights:
        yield _room(pgettext("room", "Reports"), "unit_papers", unit.pk)
    if unit.level in (unit.Level.PROVINCE, unit.Level.COUNTRY):
        yield _room(
            *(pgettext("room", "Releases"), "releases", unit.pk),
            also=["publish", "release", "make_public"],
        )
    if A.EXCLUDE in rights:
        yield _room(pgettext("room", "Inspection"), "auditing", unit.pk)
        yield _room(pgettext("room", "Forms that wait"), "unit_floods", unit.pk)
