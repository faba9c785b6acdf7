"""Cookies of this host alone, where TLS is; what a browser had before the upgrade is taken over."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import MiddlewareNotUsed
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.cookies import FIRST_MIGRATION, RenamedCookiesMiddleware
from offices.models import User
from tests.away import database_away

pytestmark = pytest.mark.django_db
NAMES = {"SESSION": "sessionid", "CSRF": "csrftoken", "LANGUAGE": "django_language"}
Migration = MigrationRecorder.Migration


@pytest.fixture
def renamed() -> Iterator[None]:
    """The names of a system with TLS in front."""
    named = {f"{kind}_COOKIE_NAME": f"__Host-{name}" for kind, name in NAMES.items()}
    with override_settings(**named):
        yield


def upgraded(days: int) -> None:
    """The release with the new names came so many days ago."""
    app, name = FIRST_MIGRATION
    at = timezone.now() - timedelta(days=days)
    assert Migration.objects.filter(app=app, name=name).update(applied=at) == 1


PLAIN = {f"{kind}_COOKIE_NAME": name for kind, name in NAMES.items()}


def later(browser: Client, **given: bool) -> Client:
    """The same browser after the upgrade: a client keeps the middleware of its first request."""
    client = Client(**given)  # type: ignore[arg-type]
    for name, cookie in browser.cookies.items():
        client.cookies[name] = cookie.value
    return client


def before_the_upgrade() -> Client:
    """A browser in which an official signed in under the plain names."""
    with override_settings(**PLAIN):
        browser = Client()
        browser.force_login(User.objects.create_user("lan"))
        browser.get("/dang-nhap/?ngon-ngu=en")
    browser.cookies["django_language"] = "en"
    return later(browser)


@pytest.mark.usefixtures("renamed")
def test_who_is_signed_in_stays_so_over_the_upgrade_and_gets_the_new_names() -> None:
    upgraded(0)
    client = before_the_upgrade()
    key = client.cookies["sessionid"].value
    answer = client.get("/bao-cao/")
    assert answer.wsgi_request.user.is_authenticated
    taken = answer.cookies["__Host-sessionid"]
    assert taken.value == key
    assert (taken["path"], taken["domain"], taken["secure"], taken["httponly"]) == (
        *("/", "", True, True),
    )
    assert taken["max-age"] == django_settings.SESSION_COOKIE_AGE
    assert answer.cookies["sessionid"]["max-age"] == 0
    assert answer.cookies["__Host-django_language"].value == "en"
    assert answer["Content-Language"] == "en"
    again = client.get("/bao-cao/")
    assert again.wsgi_request.user.is_authenticated
    assert "__Host-sessionid" not in again.cookies


@pytest.mark.usefixtures("renamed")
def test_a_form_that_was_opened_before_can_be_sent_afterwards() -> None:
    upgraded(0)
    User.objects.create_user("lan", password="mot hai ba bon nam")
    with override_settings(**PLAIN):
        browser = Client()
        token = str(browser.get("/dang-nhap/").context["csrf_token"])
    client = later(browser, enforce_csrf_checks=True)
    sent = {"username": "lan", "password": "sai", "csrfmiddlewaretoken": token}
    assert client.post("/dang-nhap/", sent).status_code == 200
    assert "__Host-csrftoken" in client.cookies


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize("address", ["/ket-qua/", "/static/x.css"])
def test_what_is_kept_for_everybody_carries_nobodys_cookie(address: str) -> None:
    upgraded(0)
    answer = before_the_upgrade().get(address)
    assert not answer.cookies


@pytest.mark.usefixtures("renamed")
def test_afterwards_a_plain_name_is_thrown_away_unread() -> None:
    """A neighbour below the same domain can put it there: his session, or a token that he knows."""
    upgraded(2)
    answer = before_the_upgrade().get("/bao-cao/")
    assert answer.status_code == 302
    assert not answer.wsgi_request.user.is_authenticated
    assert answer.cookies["sessionid"]["max-age"] == 0
    assert "__Host-sessionid" not in answer.cookies


@pytest.mark.usefixtures("renamed")
def test_a_plain_name_takes_no_place_of_the_new_one() -> None:
    upgraded(0)
    client = Client()
    client.force_login(User.objects.create_user("lan"))
    client.cookies["sessionid"] = before_the_upgrade_of_another()
    answer = client.get("/bao-cao/")
    assert answer.wsgi_request.user.username == "lan"
    assert "__Host-sessionid" not in answer.cookies


def before_the_upgrade_of_another() -> str:
    """The key of somebody else's session."""
    client = Client()
    client.force_login(User.objects.create_user("mai"))
    return client.cookies["__Host-sessionid"].value


@pytest.mark.usefixtures("renamed")
def test_the_usual_request_asks_nothing_and_an_old_one_asks_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    upgraded(2)
    asked = RenamedCookiesMiddleware(lambda _request: HttpResponse())
    request = Client().get("/healthz").wsgi_request
    with django_assert_num_queries(0):
        asked(request)
    with django_assert_num_queries(1):
        for _ in range(3):
            request.COOKIES["sessionid"] = "x" * 32
            asked(request)


@pytest.mark.usefixtures("renamed")
def test_without_a_database_nothing_is_taken_over_and_nothing_breaks() -> None:
    asked = RenamedCookiesMiddleware(lambda _request: HttpResponse())
    request = Client().get("/ks/").wsgi_request
    request.COOKIES["sessionid"] = "x" * 32
    with database_away():
        asked(request)
    assert "__Host-sessionid" not in request.COOKIES


def test_without_tls_names_are_plain() -> None:
    with pytest.raises(MiddlewareNotUsed):
        RenamedCookiesMiddleware(lambda _request: HttpResponse())
