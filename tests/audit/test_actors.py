"""Who is named by an entry: officials with their address, commands, tasks; citizens never."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from audit.actors import NOBODY, Actor, acting, command, current, official, source_of
from audit.middleware import ActorMiddleware
from audit.models import Entry, Recurrence
from audit.recording import record
from audit.recurring import record_sparingly, sum_up
from config.environment import networks
from offices.models import Office
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("nearest", "forwarded", "source"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # who sends the header is no proxy of ours
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # the first one was made up
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "x", None),
        # some proxies write the port as well
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "10.9.9.9, [2001:db8::1]:443", "2001:db8::1"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("10.0.0.1", "198.51.100.1:x", None),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "", None),
        ("", "", None),
        ("fe80::1%eth0", "", "fe80::1"),
    ],
)
def test_only_proxies_of_ours_are_believed(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    nearest: str,
    forwarded: str,
    source: str | None,
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    settings.TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
    request = RequestFactory().get("/bao-cao/", REMOTE_ADDR=nearest)
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    assert source_of(request) == source


def seen_at(path: str, user: object) -> Actor:
    """Who acts in a view of this address."""
    seen: list[Actor] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current())
        return HttpResponse()

    request = RequestFactory().get(path, REMOTE_ADDR="203.0.113.9")
    request.user = user  # type: ignore[assignment]
    ActorMiddleware(view)(request)
    assert current() == NOBODY
    return seen[0]


def test_an_official_is_named_with_the_address_and_a_citizen_never() -> None:
    user = factories.user()
    named = Actor(user.username, user.pk, "203.0.113.9")
    assert seen_at("/bao-cao/", user) == named
    assert seen_at("/quan-tri/", user) == named
    assert seen_at("/ks/phuong-ha-tien/", user) == NOBODY
    assert seen_at("/m/abc/", user) == NOBODY
    assert seen_at("/bao-cao/", AnonymousUser()) == NOBODY


def test_whoever_acts_for_an_account_keeps_their_address() -> None:
    user = factories.user()
    here = Actor(user.username, user.pk, "203.0.113.9")
    with acting(here):
        assert official(user) == here
    with acting(Actor("lan", 10**9, "203.0.113.1")):
        assert official(user) == Actor(user.username, user.pk)


def test_a_command_is_named_with_the_login_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    assert command(["manage.py", "recount", "x"]).name == "manage.py recount (root)"

    def nameless() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", nameless)
    assert command(["manage.py"]).name == "manage.py  (?)"


def test_a_page_that_asks_nothing_asks_no_database_who_sent_it(
    client: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(1):  # type: ignore[attr-defined]  # the answer of /healthz
        client.get("/healthz")


def test_refusals_have_an_entry_each_until_they_are_too_many(
    client: Client, settings: Settings
) -> None:
    office = factories.office()
    user = factories.user()
    middleware = ActorMiddleware(lambda request: HttpResponse())
    request = RequestFactory().post("/bao-cao/", REMOTE_ADDR="203.0.113.9")
    request.user = user

    class Missing(PermissionDenied):
        action = "exclude"
        place: Office = office

    for _ in range(14):
        middleware.process_exception(request, Missing())
    middleware.process_exception(request, ValueError())
    refused = Entry.objects.filter(action="access.refused")
    assert refused.count() == 10
    first = refused.order_by("pk")[0]
    assert (first.account, first.source, first.outcome) == (user.username, "203.0.113.9", "refused")
    assert (first.office_id, first.details) == (office.pk, {"method": "POST", "right": "exclude"})
    assert Recurrence.objects.get().size == 14
    request.user = AnonymousUser()
    middleware.process_exception(request, PermissionDenied())
    assert refused.count() == 10


def test_what_was_counted_on_a_day_is_told_once_it_is_over() -> None:
    for _ in range(3):
        record_sparingly("api.used", most=1, subject="Cổng", unit_id=5)
    assert sum_up() == 0
    yesterday = timezone.localdate() - timedelta(days=1)
    Recurrence.objects.update(day=yesterday)
    assert (sum_up(), sum_up()) == (1, 0)
    first, told = Entry.objects.filter(action="api.used").order_by("pk")
    assert first.details == {}
    assert told.details == {"day": yesterday.isoformat(), "size": 3}
    assert (told.subject, told.unit_id) == ("Cổng", 5)


def test_a_name_with_a_zero_byte_or_without_end_is_stored_all_the_same() -> None:
    record("session.refused", subject="x\x00" * 300, by=Actor("lan\x00" * 100))
    made = Entry.objects.get(action="session.refused")
    assert (len(made.subject), len(made.account)) == (200, 150)
