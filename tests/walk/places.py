"""Every address that the product has, taken from its own list, with something that stands there."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.links import one_time_link
from offices.models import AdministrativeUnit, Counter, Office, Proposal, User
from reports.briefing import screens
from reports.briefing.subscribing import closings_token, token_of
from reports.models import Screen, Subscription
from surveys.models import Exclusion, Integration, QuestionnaireDraft, Remark
from tests.upgrade.old import FACTS, HA_TIEN

Value = str | int
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\.\*|[^()]+)\)")
UNKNOWN = "khong-co"
CRITERION = "A1"
RELEASES: list[str] = FACTS["releases"]
LATEST = RELEASES[-1]
# Views of a page that its address chooses.
QUERIES = {
    "ks/": ("tim=khong-co", "tim=ha-tien"),
    "ks/<slug:slug>/": ("quay=1",),
    "ks/<slug:slug>/ap-phich.pdf": ("chu-to=1",),
    "ks/<slug:slug>/the-ban.pdf": ("quay=1",),
    **{
        f"bao-cao/{place}/{page}": (
            *("ky=quarter&tu=2026-01-01", "ky=month&tu=2020-01-01", "ky=day"),
            "ky=month&tu=2026-03-01&thu-tu=phieu&truc=0-100",
        )
        for place in ("don-vi/<int:pk>", "co-quan/<slug:slug>")
        for page in ("", "tieu-chi/<str:code>/")
    },
    **{
        f"bao-cao/{place}/bao-cao{ending}": ("ky=month&tu=2026-03-01", "ky=month&tu=2020-01-01")
        for place in ("don-vi/<int:pk>", "co-quan/<slug:slug>")
        for ending in ("/", ".pdf", ".xlsx")
    },
    "bao-cao/don-vi/<int:pk>/so-sanh/": (
        *("ky=month&tu=2026-03-01", "ky=month&tu=2020-01-01"),
        "ky=month&tu=2026-03-01&sap=x&trang=9&canh=phuong-ha-tien&canh=khong-co",
        "ky=month&tu=2026-03-01&sap=-muc&ten=khong-co&ro=1",
    ),
    "bao-cao/don-vi/<int:pk>/cong-bo/moi/": (
        *(
            "ky=month.2026-03-01",
            "ky=month.2026-02-01",
            "ky=month.2026-05-01",
            "ky=month.2020-01-01",
        ),
    ),
    "bao-cao/co-quan/<slug:slug>/gop-y/": ("loc=khong-co",),
    "bao-cao/co-quan/<slug:slug>/ke-hoach/": (
        "ky=month&tu=2026-03-01&tieu-chi=A1",
        "ky=x&tu=x&tieu-chi=khong-co&phieu=x",
    ),
    "bao-cao/quan-tri/co-quan/": ("tim=ha+tien", "tim=khong-co", "trang=2"),
    "bao-cao/quan-tri/co-quan/moi/": ("tim=ha+tien", "tim=khong-co", "tim=xa"),
    "bao-cao/quan-tri/ngay-nghi/<int:pk>/": ("nam=2031",),
    "bao-cao/don-vi/<int:pk>/tien-do/": ("ky=month&tu=2026-03-01&tong=400&it_nhat=10",),
    "bao-cao/quan-tri/nguoi-dung/": ("tim=khong-co", "dong=1&vai-tro=clerk", "trang=2"),
    "bao-cao/quan-tri/nguoi-dung/moi/": (f"office={HA_TIEN}", "office=khong-co", "unit=1"),
    "bao-cao/quan-tri/muc-tieu/": ("noi=unit:1",),
    "quan-tri/autocomplete/": ("app_label=offices&model_name=office&field_name=unit&term=ha",),
    "quan-tri/offices/office/": ("q=khong-co", "kind__exact=commune_centre", "e=1"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """An address and the route that leads to it."""

    route: str
    address: str


def routes() -> list[str]:
    """The routes of all addresses, such as `bao-cao/don-vi/<int:pk>/`."""
    return sorted(set(_routes(get_resolver().url_patterns, "")))


def _routes(patterns: Sequence[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def places() -> Iterator[Place]:
    """Addresses of all routes. Raises KeyError where a route has a parameter of a new kind."""
    for route in routes():
        addresses = [_address(route, values) for values in _examples(route)]
        yield from (Place(route, address) for address in addresses)
        for query in QUERIES.get(route, ()):
            yield from (Place(route, f"{address}?{query}") for address in addresses)


def _address(route: str, values: Sequence[Value]) -> str:
    left = iter(values)
    path = PARAMETER.sub(lambda _match: quote(str(next(left))), route)
    return "/" + path.replace("^", "").replace("$", "")


def _examples(route: str) -> list[tuple[Value, ...]]:
    names = tuple(first or second for first, second in PARAMETER.findall(route))
    if not names:
        return [()]
    if names == ("app_label",):
        return [(label,) for label in sorted({m._meta.app_label for m in admin.site._registry})]
    if names in (("object_id",), ("id",)):
        _admin, app, model, *_rest = route.split("/")
        return [(key,) for key in _keys(app, model)]
    if route.startswith("lien-ket/"):
        return [(token,) for token in _one_time()]
    parts = route.split("/")
    return EXAMPLES[names, parts[2] if parts[1] == "quan-tri" and len(parts) > 2 else parts[1]]()


def _keys(app: str, model: str) -> list[Value]:
    """Some rows of a model in the admin, and none."""
    found: type[Model] = next(
        known
        for known in admin.site._registry
        if (known._meta.app_label, known._meta.model_name) == (app, model)
    )
    keys: list[Value] = list(found._default_manager.order_by("pk").values_list("pk", flat=True)[:2])
    return [*keys, 10**9]


def _units() -> list[tuple[Value, ...]]:
    """The country, the province on both maps, a commune, and none."""
    found = AdministrativeUnit.objects.filter(code__in=("VN", "91", "30769"))
    return [*((key,) for key in found.values_list("pk", flat=True)), (10**9,)]


def _places() -> list[tuple[Value, ...]]:
    """The same, and a commune of today's map without an office, and one that ended."""
    known = AdministrativeUnit.objects.filter(level="commune", offices=None)
    without = known.filter(valid_to=None).order_by("pk")[:1]
    ended = known.filter(valid_to__isnull=False).order_by("pk")[:1]
    return [*((unit.pk,) for unit in (*without, *ended)), *_units()]


def _people() -> list[tuple[Value, ...]]:
    """Every account, and none."""
    return [*((key,) for key in User.objects.order_by("pk").values_list("pk", flat=True)), (10**9,)]


def _exclusions() -> list[tuple[Value, ...]]:
    return [(HA_TIEN, Exclusion.objects.values_list("pk", flat=True)[0])]


def _proposals() -> list[tuple[Value, ...]]:
    """One that waits, one that is decided, and none."""
    return [*((key,) for key in Proposal.objects.values_list("pk", flat=True)), (10**9,)]


def _remarks() -> list[tuple[Value, ...]]:
    return [(one.office.slug, str(one.key)) for one in Remark.objects.select_related("office")]


def _counters() -> list[tuple[Value, ...]]:
    return [(ContentType.objects.get_for_model(Counter).pk, 1)]


EXAMPLES: dict[tuple[tuple[str, ...], str], Callable[[], list[tuple[Value, ...]]]] = {
    (("slug",), "<slug:slug>"): lambda: [(HA_TIEN,), ("tp-ha-tien-2025",), (UNKNOWN,)],
    (("slug", "form"), "<slug:slug>"): lambda: [(HA_TIEN, "counter"), (HA_TIEN, UNKNOWN)],
    (("token",), "<str:token>"): lambda: [(token,) for token in _tokens()],
    (("token",), "<str:token>/"): lambda: [(token,) for token in _tokens()],
    (("token",), "man-hinh"): lambda: [(token,) for token in _screens()],
    (("token",), "thu"): lambda: [(token,) for token in _letters()],
    (("pk",), "don-vi"): _units,
    **{(("pk",), word): _places for word in ("co-quan", "bat-dau", "bat-dau-tinh")},
    **{(("pk",), word): _places for word in ("ngay-nghi", "sap-nhap")},
    (("slug",), "cong-bo"): lambda: [*((slug,) for slug in RELEASES), (UNKNOWN,)],
    (("slug",), "co-quan"): lambda: [(HA_TIEN,), ("tp-ha-tien-2025",), (UNKNOWN,)],
    (("release",), "<slug:release>"): lambda: [*((slug,) for slug in RELEASES), (UNKNOWN,)],
    (("release", "office"), "<slug:release>"): lambda: [(LATEST, HA_TIEN), (LATEST, UNKNOWN)],
    (("pk",), "cho-duyet"): _proposals,
    (("slug", "pk"), "co-quan"): _exclusions,
    (("slug", "code"), "co-quan"): lambda: [(HA_TIEN, CRITERION), (HA_TIEN, UNKNOWN)],
    (("pk", "code"), "don-vi"): lambda: [(*unit, CRITERION) for unit in _units()],
    (("slug", "key"), "co-quan"): _remarks,
    (("content_type_id", "object_id"), "r"): _counters,
    **{(("person",), word): _people for word in ("nguoi-dung", "quyen")},
    (("slug",), "quyen"): lambda: [(HA_TIEN,), (UNKNOWN,)],
    (("integration",), "khoa"): lambda: [
        (key,) for key in Integration.objects.values_list("pk", flat=True)
    ],
    (("draft",), "phieu"): lambda: [
        (key,) for key in QuestionnaireDraft.objects.values_list("pk", flat=True)
    ],
    (("slug", "version"), "phieu"): lambda: [("local-9", 1)],
    (("provider_id",), "qua"): lambda: [("tinh",)],
    (("pk",), "phien"): lambda: [(10**9,)],
    (("pk",), "chua-gui"): lambda: [(10**9,)],
    (("pk",), "xac-thuc-hai-lop"): lambda: [(10**9,)],
    (("url",), "(?P<url>.*)$"): lambda: [(UNKNOWN,)],
}


def _screens() -> list[str]:
    """That of an office on a wall, and none."""
    office = Office.objects.get(slug=HA_TIEN)
    screen, _made = Screen.objects.get_or_create(
        office=office, words="Sảnh tầng một", defaults={"made_on": office.valid_from}
    )
    return [screens.token_of(screen), UNKNOWN]


def _one_time() -> list[str]:
    """A link of each purpose, and one that is over."""
    user = User.objects.order_by("pk").first()
    assert user is not None
    links = [one_time_link(user, purpose, user) for purpose in ("invite", "reset_second_factor")]
    return [*(link.rstrip("/").rpartition("/")[2] for link in links), UNKNOWN]


def _letters() -> list[str]:
    """The ends of the links in a letter of the night and in news of closed periods, and none."""
    user = User.objects.order_by("pk").first()
    assert user is not None
    letter = Subscription.objects.get_or_create(user=user)[0]
    return [token_of(letter), closings_token(user), closings_token(user, letter), UNKNOWN]


def _tokens() -> list[str]:
    invitations = FACTS["invitations"]
    links = [invitations["unused"], invitations["used"]]
    return [*(link.strip("/").partition("/")[2] for link in links), UNKNOWN]
