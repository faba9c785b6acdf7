"""Links that let somebody in once."""

import smtplib
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import links
from accounts.links import Purpose, one_time_link, send_link
from accounts.models import OneTimeLink
from audit.models import Entry
from offices.models import Membership
from offices.rights import Role
from tests import factories
from tests.accounts.conftest import Post
from tests.accounts.people import (
    OUTSIDE,
    PASSWORD,
    browser,
    is_signed_in,
    official,
    sign_in,
    with_app,
)

pytestmark = pytest.mark.django_db
NEW = "bảy từ mới hoàn toàn khác"
CHOSEN = {"new_password": NEW, "repeated": NEW}


def path(link: str) -> str:
    return "/" + link.partition("/lien-ket/")[2].join(("lien-ket/", ""))


@pytest.mark.parametrize("purpose", ["invite", "reset_password"])
def test_a_link_sets_a_password_once(purpose: str) -> None:
    by, user = official("quan"), official()
    link = path(one_time_link(user, purpose, by))
    client = Client()
    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200  # programs look at mails before people do
    assert "không giống nhau" in client.post(link, {**CHOSEN, "repeated": "x"}).content.decode()
    client.post(link, CHOSEN)
    assert is_signed_in(client)
    assert Client().post(link, CHOSEN).status_code == 410
    assert sign_in(Client(), password=NEW).status_code == 302
    used = Entry.objects.get(action="link.used")
    assert (used.subject, used.details["purpose"]) == ("lan", purpose)


def test_the_token_is_nowhere_stored() -> None:
    link = one_time_link(official(), "invite", official("quan"))
    token = path(link).split("/")[2]
    assert len(token) >= 43
    assert token not in str(list(OneTimeLink.objects.values()))
    assert token not in str(list(Entry.objects.values()))


def test_a_newer_link_ends_the_older_and_time_ends_both() -> None:
    by, user = official("quan"), official()
    old, new = (path(one_time_link(user, "invite", by)) for _ in range(2))
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert Client().get(new).status_code == 410
        assert Client().post(new, CHOSEN).status_code == 410


def test_a_link_of_a_closed_account_opens_nothing() -> None:
    user = official()
    link = path(one_time_link(user, "reset_password", official("quan")))
    user.is_active = False
    user.save()
    assert Client().post(link, CHOSEN).status_code == 410


def test_a_new_password_ends_every_link_for_one() -> None:
    by, user = official("quan"), official()
    invitation, own = (
        path(one_time_link(user, "invite", by)),
        path(one_time_link(user, "reset_password", None)),
    )
    factor = path(one_time_link(user, "reset_second_factor", by))
    Client().post(own, CHOSEN)
    assert Client().get(invitation).status_code == 410
    by_mail = path(one_time_link(user, "reset_password", None))
    client = Client()
    sign_in(client, password=NEW)
    client.post("/tai-khoan/mat-khau/", {"password": NEW, **dict.fromkeys(CHOSEN, PASSWORD)})
    assert sign_in(Client()).status_code == 302
    assert Client().get(by_mail).status_code == 410
    assert Client().get(factor).status_code == 200  # it helps with something else


def test_a_link_that_went_to_a_wrong_address_ends_when_the_address_is_corrected() -> None:
    user = official(email="nham@example.vn")
    links = [
        path(one_time_link(user, purpose, official(f"quan{purpose}"))) for purpose in Purpose.values
    ]
    user.email = "lan@example.vn"
    user.save(update_fields=["email"])
    assert [Client().get(link).status_code for link in links] == [410] * 3


def test_a_link_from_before_an_account_was_closed_is_over_when_it_is_opened_again() -> None:
    user = official()
    link = path(one_time_link(user, "invite", official("quan")))
    for is_active in (False, True):
        user.is_active = is_active
        user.save()
    assert Client().get(link).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_a_new_second_factor_ends_the_link_for_one() -> None:
    user = official()
    link = path(one_time_link(user, "reset_second_factor", official("quan")))
    client = Client()
    sign_in(client)
    client.get("/tai-khoan/xac-thuc-hai-lop/ung-dung/")
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    client.post("/tai-khoan/xac-thuc-hai-lop/ung-dung/", {"code": code})
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert Client().get(link).status_code == 410


def test_a_stranger_who_asks_for_a_new_password_ends_no_link_of_an_administrator(
    post: Post,
) -> None:
    user = official(email="lan@example.vn")
    link = path(one_time_link(user, "reset_password", official("quan")))
    links.mail_one(user)
    assert Client().get(link).status_code == 200
    (mail,) = post.mails
    said = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "/lien-ket/" not in said
    assert "Quản trị viên" in said
    OneTimeLink.objects.all().delete()
    links.mail_one(user)
    assert "/lien-ket/" in post.mails[1].get_payload(decode=True).decode()  # type: ignore[union-attr]


def test_a_new_password_by_link_takes_no_second_factor_away() -> None:
    user = with_app(official())
    client = Client()
    answer = client.post(path(one_time_link(user, "reset_password", official("quan"))), CHOSEN)
    assert answer["Location"] == "/dang-nhap/ma/"
    assert not is_signed_in(client)


def test_a_lost_second_factor_has_a_way_back_that_needs_the_password_too() -> None:
    user = with_app(official())
    link = path(one_time_link(user, "reset_second_factor", official("quan")))
    client = browser(OUTSIDE)
    wrong = client.post(link, {"password": "sai"})
    assert "Đây không phải mật khẩu" in wrong.content.decode()
    assert Authenticator.objects.filter(user=user).count() == 2
    done = client.post(link, {"password": PASSWORD})
    assert done["Location"] == "/tai-khoan/xac-thuc-hai-lop/"
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/bao-cao/")["Location"] == "/tai-khoan/xac-thuc-hai-lop/"
    assert Client().post(link, {"password": PASSWORD}).status_code == 410


def test_a_link_is_mailed_or_the_caller_knows_that_it_was_not(
    post: Post, settings: Settings
) -> None:
    user = official(email="lan@example.vn")
    link = one_time_link(user, "invite", official("quan"))
    assert send_link(user, "invite", link)
    (mail,) = post.mails
    assert mail["To"] == "lan@example.vn"
    assert link in mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert not send_link(official("tam"), "invite", link)  # has no address
    settings.EMAIL_PORT = 1
    assert not send_link(user, "invite", link)
    settings.EMAIL_HOST = ""
    assert not send_link(user, "invite", link)


def test_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="everything"):
        one_time_link(official(), "everything", None)


def test_unknown_addresses_get_the_same_answer_and_no_mail(post: Post) -> None:
    official("nghi", email="nghi@example.vn", is_active=False)
    said = [
        Client().post("/dang-nhap/quen-mat-khau/", {"email": address})
        for address in ("khong-co@example.vn", "nghi@example.vn")
    ]
    assert [answer.status_code for answer in said] == [200, 200]
    assert "Hãy xem hộp thư" in said[0].content.decode()
    assert post.mails == []
    assert not OneTimeLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_use_a_link_once() -> None:
    user = official()
    one_time_link(user, "invite", official("quan"))
    link, together, used = OneTimeLink.objects.get(), Barrier(2), []

    def use() -> None:
        together.wait()
        try:
            used.append(links.use(link))
        finally:
            connection.close()

    threads = [Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(used) == [False, True]


def test_smtp_errors_are_no_errors_of_the_page(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any) -> str:
        return "554 no"

    monkeypatch.setattr(Post, "handle_DATA", refuse)
    user = official(email="lan@example.vn")
    assert issubclass(smtplib.SMTPDataError, smtplib.SMTPException)
    assert not send_link(user, "invite", one_time_link(user, "invite", official("quan")))


def test_a_link_ends_when_its_account_is_given_more_than_its_maker_gives() -> None:
    """The head has a clerk's link in hand, and the province gives the clerk a role of its own."""
    here = factories.office()
    head, clerk = factories.official(here, Role.OFFICE_HEAD), factories.official(here, Role.CLERK)
    link = path(one_time_link(clerk, "reset_password", head))
    assert Client().get(link).status_code == 200
    given = Membership.objects.create(
        user=clerk, role=Role.PROVINCIAL_OFFICER, unit=here.unit.parent
    )
    assert Client().get(link).status_code == 410
    assert Client().post(link, CHOSEN).status_code == 410
    given.delete()
    assert Client().get(link).status_code == 200
