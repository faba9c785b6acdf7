"""Machines, floods and replays: flagged or slowed down, never deleted, never by an address."""

import socket
import time
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from redis import Redis

from offices.models import Office
from surveys import windows
from surveys.flags.rules import Flag
from surveys.intake import limits
from surveys.models import Mark, Response, State
from tests import factories
from tests.surveys.remarks.test_contacts import last_page

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000.0


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


def send(office: Office, **given: object) -> int:
    address = reverse("surveys:start", args=[office.slug])
    return Client().post(address, last_page(remark="", **given)).status_code


def flags() -> Flag:
    return Flag(Response.objects.get().flags)


def start(key: UUID, ago: float) -> str:
    """What a page shown so many seconds ago carries."""
    signer = Signer(salt=f"surveys.start.{key}")
    return signer.sign(str(round((time.time() - ago) * 1000)))


def test_who_fills_in_what_nobody_sees_is_flagged_and_counted(office: Office) -> None:
    assert send(office, website="http://example.com") == 200
    assert Flag.SUSPICIOUS in flags()
    assert Response.objects.get().state == State.FINISHED


def test_the_trap_remembers_from_page_to_page(office: Office) -> None:
    html = Client().post(
        reverse("surveys:start", args=[office.slug]), last_page(page=0, website="x")
    )
    assert '<input type="hidden" name="website" value="1">' in html.content.decode()


@pytest.mark.parametrize("forged", ["123:abc", "x", "9" * 70])
def test_a_start_that_was_made_up_is_flagged(office: Office, forged: str) -> None:
    assert send(office, start=forged) == 200
    assert Flag.SUSPICIOUS in flags()


def test_the_start_of_another_form_is_flagged(office: Office) -> None:
    assert send(office, start=start(uuid4(), 60)) == 200
    assert Flag.SUSPICIOUS in flags()


def test_an_honest_form_bears_no_mark(office: Office) -> None:
    key = uuid4()
    assert send(office, id=str(key), start=start(key, 60), website="") == 200
    assert Flag.SUSPICIOUS not in flags()
    assert Flag.SURGE not in flags()


def test_one_form_may_be_sent_so_often_in_a_minute() -> None:
    key = uuid4()
    sent = [limits.may_send(key, NOW) for _ in range(limits.SENDINGS + 1)]
    assert sent == [True] * limits.SENDINGS + [False]
    assert limits.may_send(uuid4(), NOW)
    assert limits.may_send(key, NOW + limits.WINDOW)


def test_a_storm_of_sendings_is_asked_to_wait_and_loses_nothing(office: Office) -> None:
    key = uuid4()
    address = reverse("surveys:start", args=[office.slug])
    now = time.time()
    for minute in (now, now + limits.WINDOW):  # it may turn meanwhile
        for _ in range(limits.SENDINGS):
            limits.may_send(key, minute)
    said = Client().post(address, last_page(id=str(key), page=0))
    assert said.status_code == 429
    assert said["Retry-After"] == "60"
    assert 'value="5" checked' in said.content.decode()
    quiet = Client().post(address, last_page(id=str(key), save="1"))
    assert (quiet.status_code, quiet.content) == (429, b"")


def test_a_flood_for_an_office_or_from_a_tablet_is_a_flag() -> None:
    office = uuid4().int % 10**9
    found = [limits.is_surge(office, now=NOW) for _ in range(limits.FORMS_OF_AN_OFFICE + 1)]
    assert found == [False] * limits.FORMS_OF_AN_OFFICE + [True]
    assert not limits.is_surge(office, 7, NOW)
    tablet = uuid4().int % 10**9
    found = [limits.is_surge(office, tablet, NOW) for _ in range(limits.FORMS_OF_A_TABLET + 1)]
    assert found == [False] * limits.FORMS_OF_A_TABLET + [True]


def test_a_flooded_office_still_takes_every_form(office: Office) -> None:
    for _ in range(2 * limits.FORMS_OF_AN_OFFICE):
        limits.is_surge(office.pk)
    assert send(office) == 200
    assert Flag.SURGE in flags()


def test_redis_learns_no_id_and_forgets_soon(office: Office) -> None:
    key = uuid4()
    assert send(office, id=str(key)) == 200
    plain = django_settings.REDIS_URL.replace("redis+socket://", "unix://").replace(
        "virtual_host=", "db="
    )
    with Redis.from_url(plain) as redis:
        names = [
            name.decode()
            for name in redis.scan_iter(f"{django_settings.CELERY_TASK_DEFAULT_QUEUE}:limit:*")
        ]
        assert names
        # other tests' names may end in this moment (-2); none may stay for ever (-1)
        lives = [redis.pttl(name) for name in names]
        assert -1 not in lives
        assert 0 < max(lives) <= 2_000 * limits.SURGE_WINDOW
    assert not [name for name in names if str(key) in name or key.hex in name]


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/redis.sock"])
def test_without_redis_everybody_goes_on(office: Office, settings: Settings, address: str) -> None:
    settings.REDIS_URL = address
    assert send(office) == 200
    assert Response.objects.get().state == State.FINISHED


def test_a_redis_that_never_answers_is_waited_for_once(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "PATIENCE", 0.25)
    monkeypatch.setattr(windows, "REST", 600.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        assert limits.may_send(uuid4())
        assert windows._rest.resting(settings.REDIS_URL)
        silent.settimeout(5)
        silent.accept()[0].close()
        silent.settimeout(0.0)
        for _ in range(20):
            assert send(office) == 200
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_a_captured_request_changes_nothing_however_often_it_is_sent(office: Office) -> None:
    key = str(uuid4())
    assert [send(office, id=key) for _ in range(10)] == [200] * 10
    before = Response.objects.values().get()
    assert [send(office, id=key, A1=1, step=step) for step in (1, 2, 9)] == [409] * 3
    assert Response.objects.values().get() == before
    assert Mark.objects.count() == 1
