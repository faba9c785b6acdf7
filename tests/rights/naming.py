"""What the addresses of the product name: of a province, of the country, of somebody's account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from offices.models import Office
from offices.proposals.kinds import kind_of
from offices.rights import Role, Scope
from officials.routes import Door, door_of_proposal
from reports.briefing import screens
from reports.briefing.subscribing import token_of
from reports.models import Screen, Subscription
from tests.rights.world import Common, Province
from tests.walk.places import PARAMETER

MANAGEMENT = "bao-cao/quan-tri/"
DEFAULT = "counter"
CRITERION = "A1"
# Nobody has answered anything there, so there is none to take away.
REPORTS = ("bao-cao.pdf", "bao-cao.xlsx")


@dataclass(frozen=True, slots=True)
class Named:
    """What an address names. scope: of the place in which it lies; None where it lies in none.

    door: what it asks for, where its route does not say. exists: whether there is such a page for
    whoever has the right. role: of an account: whoever changes it has to give this role.
    """

    values: tuple[object, ...]
    scope: Scope | None = None
    door: Door | None = None
    exists: bool = True
    role: Role | None = None


def named(route: str, here: Province, common: Common) -> list[Named]:
    """Everything of this province that a route can name; of the country and nobody's beside it."""
    if not PARAMETER.search(route):
        return [Named(())]
    if route.startswith("quan-tri/"):
        return [Named(("1",) * len(PARAMETER.findall(route)))]
    if route.endswith(REPORTS):
        known = _units(here, _EVERY) if "don-vi" in route else _single(route, here, common)
        return [replace(one, exists=False) for one in known]
    if route.endswith("<str:code>/"):
        of = (
            _units(here, _EVERY)
            if "don-vi" in route
            else [Named((here.office.slug,), Scope.OFFICE)]
        )
        return [replace(one, values=(*one.values, CRITERION)) for one in of]
    if route in _OF_UNITS:
        return list(_units(here, _OF_UNITS[route]))
    if route.startswith("bao-cao/don-vi/"):
        return list(_units(here, _EVERY))
    return _single(route, here, common)


def _single(route: str, here: Province, common: Common) -> list[Named]:
    office = here.office.slug
    if route.startswith("ket-qua/<"):
        # made up, so that it holds no figure of the office
        values = (here.release.slug, office)[: len(PARAMETER.findall(route))]
        return [Named(values, Scope.PROVINCE, exists=len(values) == 1)]
    if route.startswith("bao-cao/cong-bo/"):
        return [Named((here.release.slug,), Scope.PROVINCE)]
    if route.startswith("bao-cao/cho-duyet/"):
        return list(_proposals(here))
    if "<uuid:key>" in route:
        return [Named((office, one.key), Scope.OFFICE) for one in (here.waits, here.answered)]
    if "<int:person>" in route:
        return list(_people(here, common, is_changed=route.startswith(f"{MANAGEMENT}nguoi-dung/")))
    if "<int:integration>" in route:
        return [Named((here.integration.pk,), Scope.PROVINCE)]
    if "<int:draft>" in route:
        return [Named((common.draft.pk,))]
    if "<int:version>" in route:
        return [Named((DEFAULT, 1))]
    if "<str:provider_id>" in route:
        return [Named(("tinh",))]
    if route.startswith("bao-cao/man-hinh/"):
        return [Named((screen_token(here.office),))]
    if route.startswith("bao-cao/thu/"):
        return [Named((token_of(Subscription(pk=10**9)),))]
    if "<str:token>" in route:
        return [Named(("AQjrAAAID0bp",))]
    own = {
        "tai-khoan/phien/<int:pk>/ket-thuc/": common.session,
        "tai-khoan/chua-gui/<int:pk>/bo/": common.unsent,
        "tai-khoan/xac-thuc-hai-lop/khoa/<int:pk>/bo/": common.passkey,
    }
    if route in own:
        return [Named((own[route].pk,), exists=own[route] is not common.passkey)]
    if "<int:pk>" in route:
        return [Named((office, here.exclusion.pk), Scope.OFFICE)]
    if "<slug:form>" in route:
        return [Named((office, DEFAULT), Scope.OFFICE)]
    assert "<slug:slug>" in route, f"{route} names something of a new kind"
    return [Named((office,), Scope.OFFICE)]


_EVERY = frozenset({Scope.COUNTRY, Scope.PROVINCE, Scope.UNIT})
# Of which units there is such a page.
_OF_UNITS: Mapping[str, frozenset[Scope]] = {
    "bao-cao/don-vi/<int:pk>/cong-bo/moi/": frozenset({Scope.PROVINCE}),
    "bao-cao/don-vi/<int:pk>/nhac/": _EVERY - {Scope.COUNTRY},
    f"{MANAGEMENT}co-quan/moi/<int:pk>/": _EVERY - {Scope.COUNTRY},
    f"{MANAGEMENT}bat-dau/<int:pk>/": _EVERY - {Scope.COUNTRY},
    f"{MANAGEMENT}bat-dau-tinh/<int:pk>/": frozenset({Scope.PROVINCE}),
    f"{MANAGEMENT}ngay-nghi/<int:pk>/": _EVERY - {Scope.UNIT},
    f"{MANAGEMENT}sap-nhap/<int:pk>/": frozenset({Scope.PROVINCE}),
}


def _units(here: Province, there: frozenset[Scope]) -> Iterator[Named]:
    keys = {
        Scope.COUNTRY: here.province.parent_id,
        Scope.PROVINCE: here.province.pk,
        Scope.UNIT: here.commune.pk,
    }
    for scope, key in keys.items():
        yield Named((key,), scope, exists=scope in there)


def _proposals(here: Province) -> Iterator[Named]:
    """Each asks for what its kind does."""
    for one in here.proposals:
        kind = kind_of(one)
        scope = Scope.OFFICE if one.unit is None else Scope.of_level(one.unit.level)
        yield Named((one.pk,), scope, door_of_proposal(kind.proposing, kind.approving))


def _people(here: Province, common: Common, *, is_changed: bool) -> Iterator[Named]:
    """Of the office, of the province, and somebody who holds nothing."""
    yield Named((here.clerk.pk,), Scope.OFFICE, role=Role.CLERK)
    yield Named((here.officer.pk,), Scope.PROVINCE, role=Role.PROVINCIAL_OFFICER)
    # whoever manages the accounts of the country sees that one as well, and gives it a role
    yield Named((common.owner.pk,), Scope.COUNTRY, exists=is_changed)


def screen_token(office: Office) -> str:
    """The address of a screen of this office."""
    screen, _made = Screen.objects.get_or_create(
        office=office, words="Sảnh", defaults={"made_on": timezone.localdate()}
    )
    return screens.token_of(screen)
