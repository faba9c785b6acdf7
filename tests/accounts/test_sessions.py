"""Sessions: what is stored of them, how long they last, what ends them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import SignInSession
from accounts.sessions import SessionStore, end_sessions
from offices.models import Membership, User
from tests import factories
from tests.accounts.people import browser, is_signed_in, official, session_key, sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(name: str = "lan", *, source: str = "127.0.0.1") -> Client:
    client = browser(source, user_agent=FIREFOX)
    assert sign_in(client, name).status_code == 302
    return client


def after(minutes: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def test_a_dump_of_the_table_signs_nobody_in() -> None:
    user = official()
    client = signed_in()
    row = SignInSession.objects.get()
    assert (row.user, row.browser, row.source) == (user, "Firefox, Windows", "127.0.0.1")
    stored = " ".join(str(value) for value in SignInSession.objects.values_list()[0])
    assert session_key(client) not in stored
    assert "_auth_user" not in stored
    for shown in (row.key_hash, row.data, str(row.pk)):
        thief = Client()
        thief.cookies["sessionid"] = shown
        assert not is_signed_in(thief)


def test_idle_for_a_quarter_of_an_hour_it_ends() -> None:
    official()
    client = signed_in()
    with after(13):
        assert is_signed_in(client)
    with after(27):
        assert is_signed_in(client)
    with after(43):
        assert not is_signed_in(client)
    assert not is_signed_in(client)  # and stays ended when the clock is put back
    assert SignInSession.objects.get(user__username="lan").data == ""


@pytest.mark.parametrize("address", ["/quan-tri/", "/bao-cao/quan-tri/"])
def test_whoever_administers_signs_in_again_after_five(address: str) -> None:
    official("quan", is_staff=True, is_superuser=True)
    client = signed_in("quan")
    with after(4):
        assert client.get(address).status_code in (200, 403)
    with after(10):
        assert client.get(address, follow=True).redirect_chain[-1][0].startswith("/dang-nhap/")


def test_minutes_are_settings(settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 2
    official()
    client = signed_in()
    with after(3):
        assert not is_signed_in(client)


def test_after_eight_hours_it_ends_however_busy() -> None:
    official()
    client = signed_in()
    start = timezone.now()
    for minutes in range(10, 480, 10):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert is_signed_in(client), minutes
    with time_machine.travel(start + timedelta(minutes=481)):
        assert not is_signed_in(client)


def test_a_new_key_lengthens_no_session() -> None:
    official()
    client = signed_in()
    began = SignInSession.objects.get().began_at
    with after(10):
        said = {"password": "bốn từ rất dài ở đây", "new_password": "năm từ còn dài hơn nữa"}
        client.post("/tai-khoan/mat-khau/", {**said, "repeated": said["new_password"]})
        assert is_signed_in(client)
    alive = SignInSession.objects.get(ended_at=None)
    assert alive.began_at == began


def test_it_is_written_at_most_once_a_minute() -> None:
    official()
    client = signed_in()
    client.get("/bao-cao/phuong-phap/")
    with CaptureQueriesContext(connection) as soon:
        client.get("/bao-cao/phuong-phap/")
    with after(2), CaptureQueriesContext(connection) as later:
        client.get("/bao-cao/phuong-phap/")
    ours = [
        sum("accounts_" in query["sql"] for query in one.captured_queries) for one in (soon, later)
    ]
    assert ours == [1, 2]


def _of_sessions(captured: CaptureQueriesContext) -> int:
    return sum("accounts_" in query["sql"] for query in captured.captured_queries)


def test_a_new_password_ends_all_others() -> None:
    user = official()
    here, there = signed_in(), signed_in()
    said = {"password": "bốn từ rất dài ở đây", "new_password": "năm từ còn dài hơn nữa"}
    here.post("/tai-khoan/mat-khau/", {**said, "repeated": said["new_password"]})
    assert is_signed_in(here)
    assert not is_signed_in(there)
    user.set_password("sáu từ do người khác đặt")
    user.save()
    assert not is_signed_in(here)


@pytest.mark.parametrize("change", ["given", "taken", "changed", "closed", "superuser"])
def test_another_role_ends_all(change: str) -> None:
    user = official()
    office = factories.office()
    held = Membership(user=user, role=Membership.Role.CLERK, office=office)
    if change in ("taken", "changed"):
        held.save()
    client = signed_in()
    if change == "taken":
        held.delete()
    elif change == "closed":
        user.is_active = False
        user.save()
    elif change == "superuser":
        user.is_superuser = True
        user.save()
    else:
        held.role = Membership.Role.OFFICE_HEAD
        held.save()
    assert SignInSession.objects.filter(user=user, ended_at=None).count() == 0
    assert not is_signed_in(client)


def test_what_changes_nothing_ends_nothing() -> None:
    user = official()
    client = signed_in()
    user.first_name = "Lan"
    user.save()
    User.objects.get(pk=user.pk).save()
    assert is_signed_in(client)


def test_one_can_end_ones_others_and_nobody_elses() -> None:
    lan, tam = official(), official("tam")
    here, there, other = signed_in(), signed_in(), signed_in("tam")
    row = SignInSession.objects.filter(user=lan).order_by("pk").last()
    assert row is not None
    theirs = SignInSession.objects.get(user=tam)
    assert here.post(f"/tai-khoan/phien/{theirs.pk}/ket-thuc/").status_code == 404
    here.post(f"/tai-khoan/phien/{row.pk}/ket-thuc/")
    assert [is_signed_in(one) for one in (here, there, other)] == [True, False, True]
    there = signed_in()
    here.post("/tai-khoan/phien/ket-thuc/")
    assert [is_signed_in(one) for one in (here, there, other)] == [True, False, True]
    assert end_sessions(tam) == 1


def test_a_sealed_session_under_another_secret_is_nobodys(settings: Settings) -> None:
    official()
    client = signed_in()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 60, []
    assert not is_signed_in(client)


def test_ended_sessions_are_forgotten_after_a_day() -> None:
    official()
    signed_in()
    SessionStore.clear_expired()
    assert SignInSession.objects.count() == 1
    with after(25 * 60):
        SessionStore.clear_expired()
    assert SignInSession.objects.count() == 0


def test_looking_at_the_page_for_signing_in_opens_none() -> None:
    Client().get("/dang-nhap/")
    sign_in(Client(), "không-có", "x")
    assert SignInSession.objects.count() == 0
