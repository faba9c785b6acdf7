"""Guessing is slowed down, and nobody is locked out."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import throttle
from accounts.links import one_time_link
from accounts.models import Bucket, Device
from accounts.sealing import hashed
from accounts.throttle import Kind
from audit.models import Entry
from offices.models import User
from tests.accounts.people import PASSWORD, browser, is_signed_in, official, sign_in, with_app
from tests.accounts.test_links import path

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=16)


def guess(client: Client, times: int, name: str = "lan") -> list[int]:
    """The answers to wrong passwords, all in one moment."""
    with time_machine.travel(timezone.now(), tick=False):
        return [sign_in(client, name, "sai").status_code for _ in range(times)]


def test_forty_wrong_passwords_then_the_right_one_from_another_device() -> None:
    official()
    own = Client()
    sign_in(own)
    own.post("/dang-xuat/")
    stranger = browser("198.51.100.1")
    with time_machine.travel(timezone.now(), tick=False):
        assert guess(stranger, 40) == [200] * 5 + [429] * 35
        assert sign_in(stranger).status_code == 429  # not even with the right one
        sign_in(own)
        assert is_signed_in(own)
        # a new device waits, at most a quarter of an hour
        new = browser("127.0.0.2")
        assert sign_in(new).status_code == 429
    with time_machine.travel(timezone.now() + LATER):
        sign_in(new)
        assert is_signed_in(new)


def test_each_wrong_one_makes_the_next_wait_longer() -> None:
    official()
    client, waits, moment = Client(), [], timezone.now()
    with time_machine.travel(moment, tick=False):
        guess(client, 5)
    for _ in range(13):
        with time_machine.travel(moment, tick=False):
            answer = sign_in(client, "lan", "sai")
            assert answer.status_code == 429
            waits.append(int(answer["Retry-After"]))
            moment += timedelta(seconds=waits[-1])
        with time_machine.travel(moment, tick=False):
            assert sign_in(client, "lan", "sai").status_code == 200
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_the_sentence_says_how_long_and_that_nothing_is_locked() -> None:
    official()
    client = Client()
    with time_machine.travel(timezone.now(), tick=False):
        guess(client, 5)
        said = sign_in(client).content.decode()
    assert "Hãy thử lại sau 1 giây." in said
    assert "Tài khoản không bị khóa." in said


def test_an_unknown_name_is_slowed_down_alike() -> None:
    assert guess(Client(), 7, "không-có") == [200] * 5 + [429] * 2


@pytest.mark.parametrize(("first", "then"), [("LAN", "lan"), ("lan", "LAN"), ("ＬＡＮ", "lan")])
def test_no_way_of_writing_a_name_tells_whether_there_is_such_an_account(
    first: str, then: str
) -> None:
    official("lan")
    others = {"lan": "tam", "LAN": "TAM", "ＬＡＮ": "ＴＡＭ"}
    answers = []
    with time_machine.travel(timezone.now(), tick=False):
        for nth, (one, another) in enumerate([(first, then), (others[first], others[then])]):
            guess(browser(f"198.51.100.{nth}"), 5, one)
            answers.append(guess(browser(f"198.51.101.{nth}"), 2, another))
    assert answers == [[429] * 2] * 2


def test_one_mail_address_is_one_however_it_is_written() -> None:
    answers = []
    with time_machine.travel(timezone.now(), tick=False):
        for nth, letter in enumerate(["i", "I", "\u0131"] * 2 + ["i"]):
            typed = {"email": f"{letter}im@example.vn"}
            client = browser(f"198.51.100.{nth}")
            answers.append(client.post("/dang-nhap/quen-mat-khau/", typed).status_code)
    assert answers == [200] * 5 + [429] * 2


def test_one_address_cannot_try_many_names() -> None:
    client = browser("198.51.100.1")
    with time_machine.travel(timezone.now(), tick=False):
        answers = [guess(client, 1, f"ten{nth}")[0] for nth in range(25)]
    assert answers == [200] * 20 + [429] * 5
    assert guess(browser("198.51.100.2"), 1, "ten30") == [200]


def test_addresses_of_one_ipv6_customer_are_one() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        answers = [guess(browser(f"2001:db8::{nth:x}"), 1, f"ten{nth}")[0] for nth in range(22)]
    assert answers == [200] * 20 + [429] * 2


def test_whoever_has_a_link_waits_for_no_stranger_and_a_thief_of_it_waits() -> None:
    user, mistyped = with_app(official()), {"password": PASSWORD[1:]}
    link = path(one_time_link(user, "reset_second_factor", official("quan")))
    with time_machine.travel(timezone.now(), tick=False):
        guess(browser("198.51.100.1"), 6)
        wrong = [Client().post(link, mistyped).status_code for _ in range(4)]
        assert wrong == [200] * 4
        assert Client().post(link, {"password": PASSWORD}).status_code == 302
        link = path(one_time_link(user, "reset_second_factor", User.objects.get(username="quan")))
        wrong = [browser(f"198.51.100.{nth}").post(link, mistyped).status_code for nth in range(7)]
        assert wrong == [200] * 5 + [429] * 2


def test_a_device_of_one_account_is_a_stranger_to_another() -> None:
    official()
    official("tam")
    own = Client()
    sign_in(own)
    own.post("/dang-xuat/")
    with time_machine.travel(timezone.now(), tick=False):
        guess(browser("198.51.100.1"), 6, "tam")
        assert sign_in(own, "tam").status_code == 429


def test_a_forged_device_is_a_stranger() -> None:
    official()
    own = Client()
    sign_in(own)
    forged = browser("198.51.100.1")
    forged.cookies["device"] = own.cookies["device"].value[:-2] + "xx"
    with time_machine.travel(timezone.now(), tick=False):
        guess(browser("198.51.100.2"), 6)
        assert sign_in(forged).status_code == 429


def test_a_known_device_waits_for_its_own_mistakes_only_and_is_forgiven() -> None:
    official()
    own = Client()
    sign_in(own)
    own.post("/dang-xuat/")
    assert guess(own, 6) == [200] * 5 + [429]
    with time_machine.travel(timezone.now() + LATER):
        assert sign_in(own).status_code == 302
        own.post("/dang-xuat/")
        assert guess(own, 5) == [200] * 5


def test_success_forgives_strangers_nothing() -> None:
    official()
    guess(browser("198.51.100.1"), 4)
    assert sign_in(Client()).status_code == 302
    assert guess(browser("198.51.100.1"), 2) == [200, 429]


def test_failures_and_waits_stand_in_the_audit_and_a_flood_does_not() -> None:
    official()
    guess(browser("198.51.100.1"), 40)
    assert Entry.objects.filter(action="signin.failed").count() == 5
    delayed = Entry.objects.get(action="signin.delayed")
    assert (delayed.subject, delayed.source, delayed.outcome) == ("lan", "198.51.100.1", "refused")


def test_after_a_day_all_is_forgotten() -> None:
    official()
    guess(Client(), 6)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert guess(Client(), 6) == [200] * 5 + [429]
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert throttle.forget_attempts() == 2
    assert not Bucket.objects.exists()


def test_the_table_names_no_account() -> None:
    official()
    guess(Client(), 1)
    guess(Client(), 1, "mật khẩu ở nhầm ô")
    # whoever has the table tries words and addresses by the million
    said = ("source 127.0.0.1", "account lan", "account mật khẩu ở nhầm ô")
    assert not Bucket.objects.filter(key__in=[hashed(f"password {one}") for one in said]).exists()
    assert {len(key) for key in Bucket.objects.values_list("key", flat=True)} == {64}
    sign_in(Client())
    assert len(Device.objects.get().key_hash) == 64


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_not_more_than_one_after_the_other() -> None:
    user = official()
    together, taken = Barrier(20), []

    def take(nth: int) -> None:
        request: Any = RequestFactory().post("/", REMOTE_ADDR=f"198.51.100.{nth}")
        together.wait()
        try:
            taken.append(throttle.begin(request, Kind.PASSWORD, user).wait == 0)
        finally:
            connection.close()

    threads = [Thread(target=take, args=[nth]) for nth in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), sum(taken)) == (20, 5)


def test_two_who_are_right_at_once_wait_for_nobody() -> None:
    """Whose clock was read first may be counted second: on another process, or a thread later."""
    user, moment = official(), timezone.now()
    first, second = (browser("127.0.0.3") for _ in range(2))
    with time_machine.travel(moment, tick=False):
        assert sign_in(first).status_code == 302
        request = RequestFactory().get("/dang-nhap/", REMOTE_ADDR="127.0.0.3")
        begun = throttle.begin(request, Kind.PASSWORD, user)
    with time_machine.travel(moment - timedelta(milliseconds=5), tick=False):
        assert sign_in(second).status_code == 302
        begun.succeeded()
        assert sign_in(browser("127.0.0.3")).status_code == 302
