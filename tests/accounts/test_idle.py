"""Accounts that nobody uses close; a last way in remains."""

import logging
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.idle import close_unused
from accounts.models import EmergencyCode, Opening
from audit.models import Entry
from offices.models import Membership, User
from reports.models import NightStep
from reports.night import steps
from tests import factories
from tests.accounts.people import (
    OUTSIDE,
    browser,
    code_of,
    is_signed_in,
    official,
    sign_in,
    with_app,
)

pytestmark = pytest.mark.django_db


def later(days: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=days))


def open_accounts() -> list[str]:
    active = User.objects.filter(is_active=True)
    return list(active.order_by("username").values_list("username", flat=True))


def operator(name: str = "quan") -> User:
    user = official(name)
    Membership.objects.create(user=user, role=Membership.Role.OPERATOR, unit=factories.country())
    return user


def test_after_45_days_without_a_sign_in_an_account_closes() -> None:
    official()
    official("tam")
    with later(30):
        sign_in(Client(), "tam")
        assert close_unused() == 0
    with later(46):
        assert close_unused() == 1
        assert open_accounts() == ["tam"]
        assert not is_signed_in_as("lan")
    entry = Entry.objects.get(action="account.closed")
    assert (entry.subject, entry.account, entry.details) == ("lan", "night", {"why": "unused"})


def is_signed_in_as(name: str) -> bool:
    client = Client()
    sign_in(client, name)
    return is_signed_in(client)


def test_the_last_one_who_manages_accounts_of_the_country_stays() -> None:
    operator()
    operator("truc")
    official()
    with later(46):
        close_unused()
        assert len(open_accounts()) == 1
        close_unused()
        assert set(open_accounts()) <= {"quan", "truc"}
        assert len(open_accounts()) == 1


def test_whoever_was_opened_again_has_45_days() -> None:
    official()
    with later(46):
        close_unused()
        user = User.objects.get(username="lan")
        user.is_active = True
        user.save()
        assert Opening.objects.filter(user=user).exists()
        assert close_unused() == 0
    with later(92):
        assert close_unused() == 1


def test_days_are_a_setting_and_none_closes_none(settings: Settings) -> None:
    official()
    settings.ACCOUNT_IDLE_DAYS = 0
    with later(1000):
        assert close_unused() == 0
    settings.ACCOUNT_IDLE_DAYS = 7
    with later(8):
        assert close_unused() == 1


def test_the_night_closes_and_cleans() -> None:
    official()
    with later(46):
        from reports.night.parts import Parts

        parts = Parts()
        held: Any = None  # the step asks nothing of it
        steps.WORK[NightStep.Name.SESSIONS](held, parts)
    assert parts.result["closed"] == 1
    assert {"attempts", "drafts", "links"} <= set(parts.result)


def broken(name: str = "quan") -> str:
    said = StringIO()
    call_command("break_glass", name, stdout=said)
    return said.getvalue().splitlines()[0]


def test_the_code_from_the_envelope_signs_in_once_and_loudly(
    caplog: pytest.LogCaptureFixture, over_the_internet: None
) -> None:
    user = operator()
    code = broken()
    assert code not in str(list(EmergencyCode.objects.values()) + list(Entry.objects.values()))
    with later(60):
        close_unused()
    user.is_active = False
    user.save()
    client = browser(OUTSIDE)
    said = {"username": "quan", "code": code.upper().replace("-", " ")}
    with caplog.at_level(logging.ERROR):
        client.post("/dang-nhap/khan-cap/", said)
    assert "THE GLASS IS BROKEN" in caplog.text
    page = client.get("/tai-khoan/")
    assert page.status_code == 200
    assert "Phiên này được mở bằng mã khẩn cấp." in page.content.decode()
    assert Entry.objects.get(action="break_glass.used").source == OUTSIDE
    again = Client()
    again.post("/dang-nhap/khan-cap/", said)
    assert not is_signed_in(again)


def test_the_code_opens_nothing_once_its_account_manages_nothing(over_the_internet: None) -> None:
    user = operator()
    code = broken()
    user.memberships.all().delete()
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = browser(OUTSIDE)
    client.post("/dang-nhap/khan-cap/", {"username": "quan", "code": code})
    assert not is_signed_in(client)
    assert not User.objects.get(pk=user.pk).is_active
    assert Entry.objects.filter(action="break_glass.failed").exists()


def test_an_account_in_an_envelope_does_not_close() -> None:
    operator()
    operator("truc")
    broken("truc")
    with later(60):
        close_unused()
    assert "truc" in open_accounts()


def test_a_code_that_would_help_nobody_is_not_made() -> None:
    official()
    with pytest.raises(CommandError, match="manages no accounts"):
        broken("lan")
    with pytest.raises(CommandError, match="no account"):
        broken("khong-co")


def test_guessing_the_code_is_slowed_down_and_a_new_one_ends_the_old() -> None:
    operator()
    old, _new = broken(), broken()
    client = Client()
    with time_machine.travel(timezone.now(), tick=False):
        said = {"username": "quan", "code": old}
        answers = [client.post("/dang-nhap/khan-cap/", said).status_code for _ in range(22)]
    assert answers == [200] * 20 + [429] * 2
    assert not is_signed_in(client)
    assert Entry.objects.filter(action="break_glass.failed").count() == 20


def test_nobody_keeps_the_code_from_the_envelope_or_a_code_of_the_app_waiting() -> None:
    user = with_app(operator())
    code = broken()
    stranger = browser("198.51.100.1")
    with time_machine.travel(timezone.now(), tick=False):
        for nth in range(22):
            guessed = {"username": "quan", "code": f"sai {nth}"}
            stranger.post("/dang-nhap/khan-cap/", guessed)
        new = browser("198.51.100.2")
        sign_in(new, "quan")
        new.post("/dang-nhap/ma/", {"code": code_of(user)})
        assert is_signed_in(new)
        # not even from the address of whoever guesses
        beside = browser("198.51.100.1")
        beside.post("/dang-nhap/khan-cap/", {"username": "quan", "code": code})
        assert is_signed_in(beside)
