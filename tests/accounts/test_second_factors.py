"""The second factor: who needs one, how it is shown, how it is set up and lost."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from audit.models import Entry
from offices.models import User
from tests.accounts.people import (
    OUTSIDE,
    PASSWORD,
    browser,
    code_of,
    is_signed_in,
    official,
    recovery_codes,
    sign_in,
    with_app,
)

pytestmark = pytest.mark.django_db
SETTING_UP = "/tai-khoan/xac-thuc-hai-lop/"


def test_whoever_comes_over_the_internet_sets_one_up_before_anything_else() -> None:
    official()
    client = browser(OUTSIDE)
    sign_in(client)
    for address in ("/bao-cao/", "/tai-khoan/", "/quan-tri/", "/tai-khoan/mat-khau/"):
        assert client.get(address)["Location"] == SETTING_UP
        assert client.post(address)["Location"] == SETTING_UP
    assert client.get(SETTING_UP).status_code == 200
    page = client.get(f"{SETTING_UP}ung-dung/")
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    user = official("tam")
    with_app(user)
    row = Authenticator.objects.get(user=user, type="totp")
    assert "secret" in row.data
    assert len(row.data["secret"]) > 90  # sealed


@pytest.mark.django_db(transaction=True)
def test_setting_an_app_up_shows_recovery_codes_once_and_opens_everything() -> None:
    user = official()
    client = browser(OUTSIDE)
    sign_in(client)
    client.get(f"{SETTING_UP}ung-dung/")
    secret = client.session["mfa.totp.secret"]
    wrong = client.post(f"{SETTING_UP}ung-dung/", {"code": "000000"}).content.decode()
    assert "Mã không đúng." in wrong
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    done = client.post(f"{SETTING_UP}ung-dung/", {"code": code})
    assert done["Location"] == f"{SETTING_UP}ma-du-phong/"
    codes = recovery_codes(user)
    shown = client.get(done["Location"]).content.decode()
    assert all(code in shown for code in codes)
    again = client.get(done["Location"]).content.decode()
    assert not any(code in again for code in codes)
    assert is_signed_in(client)
    thief = browser(OUTSIDE)  # who has seen the code and knows the password
    sign_in(thief)
    thief.post("/dang-nhap/ma/", {"code": code})
    assert not is_signed_in(thief)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)
    assert Entry.objects.filter(action="second_factor.added").count() == 2


def test_the_code_is_asked_for_everywhere_once_there_is_one() -> None:
    user = with_app(official())
    for source in ("127.0.0.1", OUTSIDE):
        client = browser(source)
        assert sign_in(client, next="/tai-khoan/")["Location"] == "/dang-nhap/ma/"
        assert not is_signed_in(client)
        assert "device" not in client.cookies
        with time_machine.travel(timezone.now() + timedelta(minutes=2 if source == OUTSIDE else 0)):
            done = client.post("/dang-nhap/ma/", {"code": code_of(user)})
            assert done["Location"] == "/tai-khoan/"
            assert is_signed_in(client)


def test_a_code_is_good_once() -> None:
    user = with_app(official())
    with time_machine.travel(timezone.now(), tick=False):
        code = code_of(user)
        first, second = Client(), Client()
        for client in (first, second):
            sign_in(client)
            client.post("/dang-nhap/ma/", {"code": code})
        assert [is_signed_in(client) for client in (first, second)] == [True, False]
        # nor an older one that would still be good
        second.post("/dang-nhap/ma/", {"code": code_of(user, after=-1)})
        assert not is_signed_in(second)


def test_codes_are_slowed_down_as_passwords_are() -> None:
    user = with_app(official())
    client = Client()
    with time_machine.travel(timezone.now(), tick=False):
        sign_in(client)
        answers = [client.post("/dang-nhap/ma/", {"code": f"{n:06}"}).status_code for n in range(7)]
        assert answers == [200] * 5 + [429] * 2
        # with another browser as well
        other = browser("127.0.0.2")
        sign_in(other)
        assert other.post("/dang-nhap/ma/", {"code": code_of(user)}).status_code == 429
    assert Entry.objects.filter(action="second_factor.failed").count() == 5


def test_a_recovery_code_is_good_once_and_is_written_down() -> None:
    user = with_app(official())
    code = recovery_codes(user)[3]
    for expected in (True, False):
        client = Client()
        sign_in(client)
        client.post("/dang-nhap/ma/", {"code": code})
        assert is_signed_in(client) is expected
    assert Entry.objects.filter(action="recovery_code.used").count() == 1
    assert code not in str(list(Entry.objects.values()))
    client = Client()
    sign_in(client)
    client.post("/dang-nhap/ma/", {"code": recovery_codes(user)[0]})
    client.post("/tai-khoan/xac-nhan/ma/", {"code": recovery_codes(user)[0]})
    assert Entry.objects.filter(action="recovery_code.used").count() == 3


def test_whoever_waits_for_a_code_waits_in_vain_once_the_password_or_the_account_is_another() -> (
    None
):
    user = with_app(official())
    clients = [Client(), Client()]
    for client in clients:
        sign_in(client)
    user.set_password("bảy từ mới hoàn toàn khác")
    user.save()
    clients[0].post("/dang-nhap/ma/", {"code": code_of(user)})
    user.set_password(PASSWORD)
    user.save()
    closed = Client()
    sign_in(closed)
    User.objects.update(is_active=False)
    closed.post("/dang-nhap/ma/", {"code": code_of(user)})
    User.objects.update(is_active=True)
    assert [is_signed_in(client) for client in (clients[0], closed)] == [False, False]
    assert not Entry.objects.filter(action="signin.done").exists()


BROKEN_KEYS = (
    *("x", "[]", "{}", "null", '{"id":1}'),
    '{"id":"x","rawId":"x","response":{},"type":"public-key"}',
    '{"id":"AAAA","rawId":"AAAA","response":{"clientDataJSON":"e30","attestationObject":"oA"},'
    '"type":"public-key"}',
    '{"id":"AAAA","rawId":"AAAA","response":{"clientDataJSON":"e30","attestationObject":"AA"},'
    '"type":"public-key"}',
    '{"id":"AAAA","rawId":"AAAA","response":{"clientDataJSON":"e30","authenticatorData":"AAAA",'
    '"signature":"AAAA"},"type":"public-key"}',
)


@pytest.mark.parametrize("sent", BROKEN_KEYS)
def test_what_no_passkey_would_answer_is_wrong_and_no_error(sent: str) -> None:
    with_app(official())
    official("tam")
    waiting, inside = Client(), Client()
    sign_in(waiting)
    sign_in(inside, "tam")
    waiting.get("/dang-nhap/ma/")
    inside.get(f"{SETTING_UP}khoa/")
    assert waiting.post("/dang-nhap/ma/", {"credential": sent}).status_code == 200
    assert inside.post(f"{SETTING_UP}khoa/", {"credential": sent}).status_code == 200
    assert not is_signed_in(waiting)


def test_a_session_from_a_trusted_network_proves_itself_elsewhere() -> None:
    user = official()
    client = Client()
    sign_in(client)
    with_app(user)
    assert is_signed_in(client)
    client.defaults["REMOTE_ADDR"] = OUTSIDE
    way = client.get("/tai-khoan/")["Location"]
    assert way.startswith("/tai-khoan/xac-nhan/ma/")
    # neither the password nor another new factor stands in for it
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    assert not is_signed_in(client)
    assert client.get(f"{SETTING_UP}khoa/").status_code == 302
    client.post(way, {"code": code_of(user)})
    assert is_signed_in(client)


def test_a_forwarded_address_counts_only_behind_a_proxy(settings: Settings) -> None:
    official()
    client = browser(OUTSIDE, x_forwarded_for="127.0.0.1")
    sign_in(client)
    assert client.get("/tai-khoan/")["Location"] == SETTING_UP
    settings.TRUSTED_PROXIES = [ip_network("192.0.2.1")]
    settings.SECOND_FACTOR_FREE_NETWORKS = [ip_network("10.0.0.0/8")]
    inside = browser("192.0.2.1", x_forwarded_for="203.0.113.9, 10.1.2.3")
    sign_in(inside)
    assert is_signed_in(inside)
    forged = browser("192.0.2.1", x_forwarded_for="10.1.2.3, 203.0.113.9")
    sign_in(forged)
    assert not is_signed_in(forged)


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip"])
def test_a_proxy_that_nobody_has_named_lifts_it_for_nobody(settings: Settings, header: str) -> None:
    settings.SECOND_FACTOR_FREE_NETWORKS = [ip_network("10.0.0.0/8")]
    official()
    for headers, expected in (({}, True), ({header: OUTSIDE}, False)):
        client = browser("10.0.0.5", **headers)
        sign_in(client)
        assert is_signed_in(client) is expected


def test_the_last_one_stays_where_it_is_needed(over_the_internet: None) -> None:
    user = with_app(official())
    client = Client()
    sign_in(client)
    client.post("/dang-nhap/ma/", {"code": code_of(user)})
    page = client.post(f"{SETTING_UP}ung-dung/bo/")
    assert "Đây là lớp xác thực cuối cùng." in page.content.decode()
    assert Authenticator.objects.filter(user=user).count() == 2


def test_removing_asks_who_it_is_and_ends_the_others() -> None:
    user = with_app(official())
    here, there = Client(), Client()
    for nth, client in enumerate((here, there)):
        with time_machine.travel(timezone.now() + timedelta(minutes=nth)):
            sign_in(client)
            client.post("/dang-nhap/ma/", {"code": code_of(user)})
    with time_machine.travel(timezone.now() + timedelta(minutes=13)):
        asked = here.post(f"{SETTING_UP}ung-dung/bo/")
        assert asked["Location"].startswith("/tai-khoan/xac-nhan/")
        assert here.post(asked["Location"], {"password": "sai"}).status_code == 200
        assert Authenticator.objects.filter(user=user).count() == 2
        here.post(asked["Location"], {"password": PASSWORD})
        here.post(f"{SETTING_UP}ung-dung/bo/")
        assert not Authenticator.objects.filter(user=user).exists()
        assert [is_signed_in(client) for client in (here, there)] == [True, False]


def test_confirming_is_slowed_down_too() -> None:
    official()
    client = Client()
    sign_in(client)
    with time_machine.travel(timezone.now(), tick=False):
        said = {"password": "sai"}
        answers = [client.post("/tai-khoan/xac-nhan/", said).status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2


def test_nobody_removes_another_ones_passkey() -> None:
    official()
    other = official("tam")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "của Tâm"})
    client = Client()
    sign_in(client)
    assert client.post(f"{SETTING_UP}khoa/{key.pk}/bo/").status_code == 404


def test_the_administration_shows_and_changes_no_second_factor() -> None:
    user = with_app(official("quan", is_staff=True, is_superuser=True))
    client = Client()
    client.force_login(user)
    for place in ("mfa/authenticator/", "account/emailaddress/", "socialaccount/socialapp/"):
        assert client.get(f"/quan-tri/{place}").status_code == 404
