"""Pairing a tablet once, hearing from it, revoking it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from offices.models import Office
from surveys.devices import tablets
from surveys.devices.delivery.sessions import open_session, session_day
from surveys.models import Tablet, TabletDay
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


def waiting(office: Office) -> tuple[Tablet, str]:
    desk = office.counters.create(number=3, name="Hộ tịch")
    code = factories.code(office, "Quầy 3", desk)
    return Tablet.objects.get(), code


def post(name: str, secret: str, body: object) -> Any:
    return Client().post(
        reverse(f"surveys:{name}"),
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )


def ask(secret: str) -> Any:
    address = reverse("surveys:tablet_questionnaire")
    return Client().get(address, headers={"Authorization": f"Bearer {secret}"})


def test_a_code_pairs_one_tablet_with_its_office_and_counter(office: Office) -> None:
    _tablet, code = waiting(office)
    said = post("pair", "", {"code": code.lower().replace("-", " ")})
    assert said.status_code == 200
    assert said.json()["office"]["slug"] == office.slug
    assert said.json()["counter"] == {"number": 3, "name": "Hộ tịch"}
    known = ask(said.json()["token"])
    assert known.status_code == 200
    assert known.json()["form"] == "counter.1"
    assert known["Cache-Control"] == "no-store, private"
    assert post("pair", "", {"code": code}).status_code == 404


@pytest.mark.parametrize("code", ["", "ABCD-2345", 7, None, ["x"], "x" * 10_000])
def test_a_wrong_code_is_told_what_to_do(office: Office, code: object) -> None:
    said = post("pair", "", {"code": code})
    assert said.status_code == 404
    assert "15 phút" in said.json()["error"]


def test_a_code_lives_for_a_quarter_of_an_hour(office: Office) -> None:
    tablet, code = waiting(office)
    later = timezone.now() + timedelta(minutes=16)
    assert tablets.pair(code, later) is None
    assert tablets.pair(code) is not None
    assert Tablet.objects.get(pk=tablet.pk).code is None


@pytest.mark.django_db(transaction=True)
def test_of_two_that_type_one_code_at_once_one_is_paired(office: Office) -> None:
    _tablet, code = waiting(office)

    def attempt(_: int) -> bool:
        try:
            return tablets.pair(code) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_neither_the_code_nor_the_secret_is_stored(office: Office) -> None:
    _tablet, code = waiting(office)
    paired = tablets.pair(code)
    assert paired is not None
    row = str(list(Tablet.objects.values()))
    assert paired.secret not in row
    assert code.replace("-", "") not in row


def test_a_heartbeat_is_kept_to_five_minutes(office: Office) -> None:
    paired = tablets.pair(waiting(office)[1])
    assert paired is not None
    ahead = round((timezone.now() + timedelta(minutes=7)).timestamp() * 1000)
    said = post("heartbeat", paired.secret, {"waiting": 4, "at": ahead})
    assert said.status_code == 200
    assert set(said.json()) == {"at", "form", "revision", "session"}
    tablet = Tablet.objects.get()
    assert (tablet.waiting, tablet.skew_minutes) == (4, 7)
    assert tablet.heard_at is not None
    assert tablet.heard_at.timestamp() % 300 == 0
    assert post("heartbeat", paired.secret, {"waiting": "x"}).status_code == 422


def test_its_battery_is_kept_as_last_told_and_nonsense_refuses_nothing(office: Office) -> None:
    paired = tablets.pair(waiting(office)[1])
    assert paired is not None

    def beats(**told: object) -> tuple[object, ...]:
        at = round(timezone.now().timestamp() * 1000)
        said = post("heartbeat", paired.secret, {"waiting": 7, "at": at, **told})
        assert said.status_code == 200
        assert said.json()["session"]
        tablet = Tablet.objects.get()
        assert tablet.waiting == 7
        return tablet.battery, tablet.charging, tablet.waits_long

    assert beats(battery=12, charging=False, waits_long=True) == (12, False, True)
    assert tablets.is_weak(Tablet.objects.get())
    assert beats(battery=100, charging=True, waits_long=False) == (100, True, False)
    assert beats() == (None, None, None), "an older page tells nothing of it"
    wrong: tuple[object, ...] = (101, -1, 0.5, "12", True, None, [], 10**400, {})
    for level in wrong:
        assert beats(battery=level, charging=1, waits_long="x") == (None, None, None)
    assert beats(battery=0, charging=None, waits_long=None) == (0, None, None)
    assert not tablets.is_weak(Tablet.objects.get()), "whether it charges is not known"
    assert not factories.acts().filter(action="row.changed", subject__contains="tablet").exists()


def test_a_day_on_which_a_tablet_was_heard_is_noted_once_and_gives_a_session(
    office: Office,
) -> None:
    tablet, code = waiting(office)
    token = post("pair", "", {"code": code}).json()["token"]
    at = round(timezone.now().timestamp() * 1000)
    told = [post("heartbeat", token, {"waiting": 0, "at": at}).json()["session"] for _ in range(2)]
    assert [session_day(one, tablet) for one in told] == [timezone.localdate()] * 2
    assert TabletDay.objects.get().day == timezone.localdate()


def test_a_session_is_of_one_tablet_and_one_day_and_outlives_a_new_secret(
    office: Office, settings: Settings
) -> None:
    tablet, other = waiting(office)[0], factories.tablet(office, "Quầy 5")
    session = open_session(tablet, date(2026, 11, 3))
    assert session_day(session, tablet) == date(2026, 11, 3)
    later = session.replace("261103", "261104")
    for wrong in (later, session[:-1], session.replace("1.", "2.", 1), "", "1.1.261103.x"):
        assert session_day(wrong, tablet) is None
    assert session_day(session, other) is None
    lent = session.replace(f".{tablet.pk}.", f".{other.pk}.", 1)
    assert session_day(lent, other) is None
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "y" * 64
    assert session_day(session, tablet) == date(2026, 11, 3)
    settings.SECRET_KEY_FALLBACKS = []
    assert session_day(session, tablet) is None


def test_a_revoked_tablet_is_told_so_and_hears_nothing_more(office: Office) -> None:
    paired = tablets.pair(waiting(office)[1])
    assert paired is not None
    tablets.revoke(paired.tablet)
    said = ask(paired.secret)
    assert said.status_code == 401
    assert said.json()["revoked"] is True
    assert post("heartbeat", paired.secret, {"waiting": 0, "at": 0}).status_code == 401


def test_without_consent_from_above_there_is_no_code(office: Office) -> None:
    tablet = Tablet.objects.create(office=office, name="Quầy 3", form="counter")
    assert tablets.make_code(tablet) is None
    assert Tablet.objects.get().code is None


def test_a_newer_code_ends_the_one_before_and_a_paired_tablet_gets_none(office: Office) -> None:
    tablet, first = waiting(office)
    second = tablets.make_code(tablet)
    assert second is not None
    assert tablets.pair(first) is None
    assert tablets.pair(second) is not None
    assert tablets.make_code(tablet) is None


def test_a_code_that_was_withdrawn_pairs_nothing(office: Office) -> None:
    tablet, code = waiting(office)
    tablets.revoke(tablet)
    assert tablets.pair(code) is None
    assert tablets.make_code(tablet) is None


def test_a_clock_thousands_of_years_ahead_is_no_error(office: Office) -> None:
    paired = tablets.pair(waiting(office)[1])
    assert paired is not None
    assert post("heartbeat", paired.secret, {"waiting": 0, "at": 2**48}).status_code == 200
    tablet = Tablet.objects.get()
    assert tablet.skew_minutes is not None
    assert tablet.skew_minutes > 10**6
