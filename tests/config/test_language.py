"""Which language a page speaks, and what remembers it."""

import pytest
from django.conf import settings as configured
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import get_language
from pytest_django import Settings

from config.errors import bad_request, server_error
from config.language import VietnameseFirstMiddleware, offered_at
from tests import factories

COOKIE = configured.LANGUAGE_COOKIE_NAME


@pytest.fixture(autouse=True)
def khmer_offered(settings: Settings) -> None:
    settings.LANGUAGES = [("vi", "vi"), ("en", "en"), ("km", "km")]


def spoken(request: HttpRequest) -> HttpResponse:
    """A page that says which language it speaks."""
    return HttpResponse(get_language())


def asked(path: str, cookie: str = "", method: str = "get", browser: str = "") -> HttpResponse:
    """The answer to a request through the middleware alone."""
    request = getattr(RequestFactory(), method)(path, headers={"Accept-Language": browser})
    if cookie:
        request.COOKIES[COOKIE] = cookie
    return VietnameseFirstMiddleware(spoken)(request)


def test_the_citizens_path_is_where_their_pages_are() -> None:
    assert reverse("surveys:offices") == configured.CITIZENS_PATH


@pytest.mark.parametrize(
    ("path", "cookie", "language"),
    [
        ("/ks/", "", "vi"),
        ("/ks/", "km", "km"),
        ("/ks/?ngon-ngu=en", "km", "en"),
        ("/ks/?ngon-ngu=fr", "km", "km"),
        ("/ks/?ngon-ngu=", "", "vi"),
        ("/bao-cao/", "en", "en"),
        ("/bao-cao/", "km", "vi"),
        ("/bao-cao/?ngon-ngu=km", "", "vi"),
        ("/bao-cao/?ngon-ngu=en", "km", "en"),
    ],
)
def test_the_address_is_stronger_than_the_cookie(path: str, cookie: str, language: str) -> None:
    page = asked(path, cookie)
    assert page.content.decode() == language
    assert page["Content-Language"] == language


@pytest.mark.parametrize(
    ("browser", "language"),
    [
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("km-KH,km;q=0.9,en;q=0.8", "km"),
        ("vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7", "vi"),
        ("en;q=0.5,vi;q=0.9", "vi"),
        ("en-US,en;q=0.9,vi;q=0.8", "vi"),
        ("km-KH,km;q=0.9,vi-VN;q=0.1", "vi"),
        ("en,vi;q=0", "en"),
        ("zh-CN,zh;q=0.9", "vi"),
        ("fr-FR,fr;q=0.9,en;q=0.5", "en"),
        ("", "vi"),
        ("*", "vi"),
        ("en;q=0,x;;;", "vi"),
    ],
)
def test_a_first_visit_speaks_the_browsers_language(browser: str, language: str) -> None:
    for path in ("/", "/ks/", "/ks/phuong-ha-tien/", "/ks/a/thong-bao/", "/m/abc/"):
        page = asked(path, browser=browser)
        assert page.content.decode() == language, path
        assert page["Content-Language"] == language
        assert {"Cookie", "Accept-Language"} <= set(page["Vary"].split(", "))
        # a guess is no choice
        assert COOKIE not in page.cookies


def test_a_choice_stays_whatever_the_browser_asks_for() -> None:
    chosen = asked("/ks/?ngon-ngu=vi", browser="en")
    assert chosen.content == b"vi"
    assert chosen.cookies[COOKIE].value == "vi"
    assert asked("/ks/a/", "vi", browser="en").content == b"vi"
    assert asked("/ks/a/", "km", browser="en").content == b"km"
    assert asked("/ks/a/", "xx", browser="en").content == b"en"


@pytest.mark.parametrize(
    "path",
    [
        *("/ks/a/poster/", "/ks/a/ap-phich.pdf", "/ks/a/qr.svg", "/ks/may-tinh-bang/"),
        *("/ks/may-tinh-bang/phieu.json", "/ks/ngoai-tuyen/", "/ks/huong-dan-can-bo/"),
        *("/bao-cao/", "/dang-nhap/", "/ket-qua/", "/quan-tri/"),
    ],
)
def test_what_hangs_in_a_hall_or_is_work_is_vietnamese_in_every_browser(path: str) -> None:
    assert asked(path, browser="en").content == b"vi"
    assert asked(path + "?ngon-ngu=en", browser="vi").content == b"en"


def test_khmer_is_not_guessed_where_it_is_not_offered(settings: Settings) -> None:
    settings.LANGUAGES = [("vi", "vi"), ("en", "en")]
    assert asked("/ks/", browser="km-KH,km;q=0.9").content == b"vi"


def test_a_choice_is_remembered_and_no_choice_leaves_no_cookie() -> None:
    assert asked("/ks/?ngon-ngu=km").cookies[COOKIE].value == "km"
    assert asked("/ks/?ngon-ngu=vi", "km").cookies[COOKIE].value == "vi"
    for path, cookie in [("/ks/", ""), ("/ks/?ngon-ngu=vi", ""), ("/ks/?ngon-ngu=xx", "km")]:
        assert COOKIE not in asked(path, cookie).cookies
    # a Khmer cookie outlives a look at an officials' page
    assert COOKIE not in asked("/bao-cao/", "km").cookies


def test_the_address_chooses_for_pages_only_not_for_what_is_sent() -> None:
    assert asked("/ks/?ngon-ngu=km", method="post").content == b"vi"


def test_khmer_is_offered_only_where_the_setting_says_so(settings: Settings) -> None:
    assert offered_at("/ks/") == ("vi", "en", "km")
    assert offered_at("/bao-cao/") == ("vi", "en")
    settings.LANGUAGES = [("vi", "vi"), ("en", "en")]
    assert asked("/ks/?ngon-ngu=km", "km").content == b"vi"


@pytest.fixture
def visitor(client: Client) -> Client:
    """A citizen who chose Khmer."""
    client.cookies[COOKIE] = "km"
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["login", "officials:methodology"])
def test_an_officials_page_is_whole_with_a_khmer_cookie(visitor: Client, name: str) -> None:
    page = visitor.get(reverse(name)).content.decode()
    assert '<html lang="vi">' in page
    assert not any("\u1780" <= letter <= "\u17ff" for letter in page)
    assert 'value="en"' in page
    assert 'value="km"' not in page


@pytest.mark.django_db
def test_an_officials_dashboard_offers_no_khmer(visitor: Client) -> None:
    visitor.force_login(factories.user(is_superuser=True, is_staff=True))
    page = visitor.get(reverse("admin:index")).content.decode()
    assert '<html lang="vi"' in page
    assert not any("\u1780" <= letter <= "\u17ff" for letter in page)


@pytest.fixture
def sent(rf: RequestFactory) -> HttpRequest:
    """A form that was sent to a citizens' page."""
    return rf.post("/ks/co-quan/")


def test_what_cannot_be_read_is_said_in_every_language(sent: HttpRequest) -> None:
    page = bad_request(sent, BadRequest()).content.decode()
    sections = [page.index(f'<div class="message" lang="{code}">') for code in ("vi", "en", "km")]
    assert sections == sorted(sections)
    assert page.count("<h1>") == 1
    assert "ngon-ngu=km" in page


def test_a_failure_is_told_in_khmer_only_where_it_is_offered(
    sent: HttpRequest, rf: RequestFactory, settings: Settings
) -> None:
    assert '<p lang="km">' in server_error(sent).content.decode()
    assert "km" not in server_error(rf.get("/bao-cao/")).content.decode()
    settings.LANGUAGES = [("vi", "vi"), ("en", "en")]
    assert 'lang="km"' not in server_error(sent).content.decode()
