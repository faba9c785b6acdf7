"""What every answer of every address tells browsers: what may be kept, what is switched off.

Each route has a class here; a new one without fails. Officials' routes have theirs by where they
stand, because strict is the rule there.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.test import Client, override_settings
from django.urls import path, resolve, reverse

from config.wire import FEATURES, LINKS, PARTS_OF_PAGES, PASSKEYS, SIGN_OUT, USED
from tests.away import database_away
from tests.upgrade.old import HEAD
from tests.walk.conftest import ADMINISTRATOR, browser
from tests.walk.places import Place, places, routes
from tests.walk.visiting import undone

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("filled")]
Answer = Any  # a test answer

NOTHING = "no-store, private"
# What the answers of a class may say of being kept, whatever became of the request.
CLOSED = {NOTHING}  # figures, persons, accounts, programs
FORM = {"private, no-cache", NOTHING}  # decision 0015: the back button works until the receipt
OPEN = {"no-cache", NOTHING}  # the same for everybody, asked for again
KEPT = {"public, max-age=300", NOTHING}  # the same for everybody for five minutes
SHELL = {"no-cache", NOTHING}
MANIFEST = {"max-age=3600", NOTHING}
CLOSED_BELOW = (
    *(
        "bao-cao/",
        "dang-nhap/",
        "dang-xuat/",
        "tai-khoan/",
        "lien-ket/",
        "quan-tri/",
        "ngon-ngu/",
        "api/",
    ),
)
CLASSES: Mapping[str, set[str]] = {
    "": CLOSED,
    "healthz": CLOSED,
    "readyz": CLOSED,
    "m/<str:token>": FORM,
    "m/<str:token>/": FORM,
    "ks/": OPEN,
    "ks/phan-hoi/": CLOSED,
    "ks/gan-toi.json": OPEN,
    "ks/sw.js": SHELL,
    "ks/ngoai-tuyen/": SHELL,
    "ks/may-tinh-bang/": SHELL,
    "ks/app.webmanifest": MANIFEST,
    "ks/may-tinh-bang/app.webmanifest": MANIFEST,
    "ks/giao/": CLOSED,
    "ks/may-tinh-bang/ghep/": CLOSED,
    "ks/may-tinh-bang/nhip/": CLOSED,
    "ks/may-tinh-bang/phieu.json": CLOSED,
    "ks/huong-dan-can-bo/": OPEN,
    "ks/<slug:slug>/": FORM,
    "ks/<slug:slug>/<slug:form>/": FORM,
    "ks/<slug:slug>/phieu.json": CLOSED,
    "ks/<slug:slug>/qr.svg": OPEN,
    "ks/<slug:slug>/poster/": OPEN,
    "ks/<slug:slug>/ap-phich.pdf": OPEN,
    "ks/<slug:slug>/the-ban.pdf": OPEN,
    "ks/<slug:slug>/thong-bao/": OPEN,
    "ks/<slug:slug>/tra-loi/": OPEN,
    "ket-qua/": KEPT,
    "ket-qua/co-quan/<slug:slug>/": KEPT,
    "ket-qua/<slug:release>/": KEPT,
    "ket-qua/<slug:release>/<slug:office>/": KEPT,
}
REFERRERS = ("same-origin", "no-referrer", "strict-origin")
METHODS = ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")


def class_of(route: str) -> set[str]:
    """What a route may say of being kept. Raises KeyError for a route without a class."""
    return CLOSED if route.startswith(CLOSED_BELOW) else CLASSES[route]


class Inline(HTMLParser):
    """What of a page the policy of contents would block: scripts, styles, handlers within it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocked: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        program = given.get("type") not in ("application/json", "application/ld+json")
        if (
            tag == "style" or (tag == "script" and "src" not in given and program)
        ) and not given.get("nonce"):
            self.blocked.append(f"<{tag}>")
        self.blocked += [
            f"{tag} {name}"
            for name, value in attributes
            if name == "style" or name.startswith("on") or (value or "").startswith("javascript:")
        ]


def wrong(answer: Answer, allowed: set[str], where: str) -> list[str]:
    """What is missing or wrong in the headers of an answer."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    features = headers.get("Permissions-Policy", "")
    checks = {
        "kept": headers.get("Cache-Control") in allowed,
        "sniffed": headers.get("X-Content-Type-Options") == "nosniff",
        "framed": headers.get("X-Frame-Options") == "DENY"
        and rules.get("frame-ancestors") == "'none'",
        "referrer": headers.get("Referrer-Policy") in REFERRERS,
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "embedded": headers.get("Cross-Origin-Resource-Policy") == "same-origin",
        "inline": "unsafe" not in policy
        and rules.get("object-src") == "'none'" == rules.get("base-uri"),
        # of documents alone
        "features": features == ""
        if headers.get("Content-Type", "").startswith(PARTS_OF_PAGES)
        else all(f"{name}=" in features for name in FEATURES) and "*" not in features,
        "server": "X-Powered-By" not in headers,
    }
    found = [
        f"{where}: {what}, {headers.get('Cache-Control')}" for what, ok in checks.items() if not ok
    ]
    if headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
        found += [f"{where}: {one}" for one in Inline(answer.content.decode()).blocked]
    return found


def answers(client: Client, who: str, everywhere: list[Place]) -> Iterator[tuple[Answer, str, str]]:
    """GET everywhere, and every other method once a route."""
    asked: set[str] = set()
    for place in everywhere:
        yield client.get(place.address), place.route, f"{who} GET {place.address}"
        if place.route in asked:
            continue
        asked.add(place.route)
        for method in METHODS:
            with undone(client):
                answer = client.generic(method, place.address)
            yield answer, place.route, f"{who} {method} {place.address} {answer.status_code}"


def test_every_route_has_a_class() -> None:
    assert [
        route for route in routes() if not route.startswith(CLOSED_BELOW) and route not in CLASSES
    ] == []
    assert [route for route in CLASSES if route not in routes()] == []
    with pytest.raises(KeyError):
        class_of("moi/")


@pytest.mark.parametrize("who", ["", HEAD, ADMINISTRATOR])
def test_every_answer_has_the_headers_of_its_class(who: str) -> None:
    client = browser(who)
    client.raise_request_exception = False
    found: list[str] = []
    seen: set[int] = set()
    for answer, route, where in answers(client, who or "anybody", list(places())):
        seen.add(answer.status_code)
        found += wrong(answer, class_of(route), where)
    assert found == []
    assert {200, 302, 404, 405} <= seen


def broken(request: HttpRequest) -> HttpResponse:
    """A view with a mistake in it."""
    raise RuntimeError("a mistake")


class Broken(ModuleType):
    """The addresses of a system with a page that fails."""

    handler400 = "config.errors.bad_request"
    handler500 = "config.errors.server_error"
    urlpatterns = [path("bao-cao/", broken), path("ks/", broken)]


@pytest.mark.parametrize("address", ["/bao-cao/", "/ks/"])
def test_errors_have_them(address: str) -> None:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=Broken("broken")):
        answer = client.get(address)
    assert answer.status_code == 500
    assert wrong(answer, CLOSED, address) == []


@pytest.mark.parametrize("address", ["/bao-cao/", "/ks/", "/healthz", "/api/loi-moi"])
def test_answers_without_a_database_have_them(address: str) -> None:
    with database_away():
        answer = browser("").get(address, headers={"Cookie": "sessionid=abcdefghijklmnop"})
    assert answer.status_code in (200, 302, 405, 503)
    assert wrong(answer, {NOTHING, "no-cache"}, address) == []


@pytest.mark.parametrize("address", ["/bao-cao/", "/ks/", "/m/x/", "/api/loi-moi"])
def test_who_asks_for_another_host_is_refused_with_them(address: str) -> None:
    answer = Client(raise_request_exception=False).get(address, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
    assert wrong(answer, CLOSED, address) == []


def test_a_form_without_its_token_is_refused_with_them() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/dang-nhap/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert wrong(answer, CLOSED, "403") == []


def test_static_files_may_be_kept_and_have_the_rest() -> None:
    for address, kept in (
        (static("css/site.css"), "max-age=315360000, public, immutable"),
        ("/static/css/site.css", "max-age=60, public"),
        ("/static/khong-co.css", NOTHING),
    ):
        answer = Client().get(address)
        assert wrong(answer, {kept}, address) == []
        list(answer)
        answer.close()


def test_each_page_may_use_only_what_it_needs() -> None:
    for address in (
        "/",
        "/dang-nhap/",
        "/tai-khoan/",
        "/bao-cao/",
        "/ks/",
        "/m/x/",
        "/ks/may-tinh-bang/",
        "/quan-tri/",
    ):
        said = Client().get(address)["Permissions-Policy"]
        mine = set(re.findall(r"([\w-]+)=\(self\)", said))
        if address in ("/dang-nhap/", "/tai-khoan/"):
            assert mine == PASSKEYS
        elif address == "/":
            assert mine == {"geolocation"}
        elif address == "/ks/may-tinh-bang/":
            assert mine == {"fullscreen", "screen-wake-lock"}
        elif address in ("/bao-cao/", "/ks/", "/m/x/"):
            assert mine == {"clipboard-write"}
        else:
            assert mine == set()


def test_what_is_named_by_its_address_stands_there() -> None:
    assert [resolve(address).url_name for address in SIGN_OUT] == ["logout"] * 2
    assert reverse("one_time_link", args=["x"]).startswith(LINKS)
    for begin in USED:
        assert any(route.startswith(begin[1:]) for route in routes())
    for name in ("login", "mfa_authenticate", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"):
        assert (
            "publickey-credentials-get=(self)"
            in Client().get(reverse(name)).headers["Permissions-Policy"]
        )


def test_the_token_of_a_link_is_in_no_referrer() -> None:
    client = Client(raise_request_exception=False)
    for answer in (client.get("/lien-ket/abc/"), client.post("/lien-ket/abc/")):
        assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert client.get("/dang-nhap/").headers["Referrer-Policy"] == "same-origin"


def test_headers_cost_no_statement(django_assert_num_queries: Any) -> None:  # Any: pytest-django's
    with django_assert_num_queries(0):
        Client().get("/ks/may-tinh-bang/")
        Client().get("/dang-nhap/")
