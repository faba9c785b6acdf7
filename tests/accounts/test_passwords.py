"""Which passwords are taken, and in what form what opens an account is kept."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.guessable import GuessableValidator
from audit.models import Entry
from offices.models import User
from tests import factories
from tests.accounts.people import PASSWORD, is_signed_in, official, session_key, sign_in, with_app
from tests.overlapping import held

pytestmark = pytest.mark.django_db
ADDRESS = "/tai-khoan/mat-khau/"


def change(client: Client, new: str, old: str = PASSWORD) -> bool:
    """Asks for another password; whether it was taken."""
    client.post(ADDRESS, {"password": old, "new_password": new, "repeated": new})
    return bool(User.objects.get().check_password(new))


def well_known() -> str:
    """A password of the list that is long enough and not made of digits."""
    known = CommonPasswordValidator().passwords
    return next(one for one in sorted(known) if len(one) >= 14 and not one.isdigit())


@pytest.fixture
def client() -> Client:
    """Somebody who has just signed in."""
    official()
    found = Client()
    sign_in(found)
    return found


@pytest.mark.parametrize("new", ["mười ba chữ c", "73519284601735", well_known()])
def test_short_known_and_plain_numbers_are_refused(client: Client, new: str) -> None:
    assert not change(client, new)
    again = Client()
    sign_in(again)
    assert is_signed_in(again)


# long enough, and the first that somebody tries who knows the system, the place and the account
GUESSED = (
    *(
        "aaaaaaaaaaaaaa",
        "abababababababab",
        "matkhaumatkhau",
        "Mật khẩu của lan 1",
        "qwertyuiopasdf",
    ),
    *("hailonghailong", "Hài Lòng An Giang 2026", "an-giang-motcua-1", "lan.lan.lan.lan"),
    *("qwertyuiopasdf", "zyxwvutsrqponm", "poiuytrewq4321"),
)


@pytest.mark.parametrize("new", GUESSED)
def test_words_of_the_place_are_no_password(client: Client, new: str) -> None:
    factories.province("An Giang")
    assert not change(client, new)
    said = client.post(ADDRESS, {"password": PASSWORD, "new_password": new, "repeated": new})
    assert "người khác thử đầu tiên" in said.content.decode()


def test_an_account_without_a_name_yet_is_judged_by_the_rest() -> None:
    blank: dict[str, Any] = dict.fromkeys(("username", "email"))  # Any: no text, as forms leave it
    nameless = User(**blank)
    GuessableValidator().validate("toanchuthuongma", nameless)
    with pytest.raises(ValidationError):
        GuessableValidator().validate("matkhaumatkhau", nameless)


def test_words_of_the_place_with_enough_beside_them_are(client: Client) -> None:
    factories.province("An Giang")
    assert change(client, "Hài Lòng xem trăng")


@pytest.mark.parametrize(
    "new",
    ["toanchuthuongma", "  hai dấu cách ở hai đầu  ", "Ẩ 🦆 mật khẩu nào cũng được", "a b " * 250],
)
def test_length_is_enough_and_nothing_is_cut_or_changed(client: Client, new: str) -> None:
    assert change(client, new)
    for typed, fits in ((new, True), (new[:-1], False), (f" {new}", False)):
        again = Client()
        again.post("/dang-nhap/", {"username": "lan", "password": typed})
        assert is_signed_in(again) is fits


def test_the_present_one_is_asked_for(client: Client) -> None:
    assert not change(client, "một mật khẩu khác hẳn", old="không phải nó đâu")
    assert client.get(ADDRESS).content.decode().count('type="password"') == 3


def test_signing_in_makes_a_new_key_and_forgets_the_old(client: Client) -> None:
    before = session_key(client)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert is_signed_in(stolen)
    assert len(before) == 32
    client.post("/dang-xuat/")
    sign_in(client)
    assert session_key(client) != before
    assert not is_signed_in(stolen)


def test_seeds_of_second_factors_are_encrypted() -> None:
    user = with_app(official())
    factors = Authenticator.objects.filter(user=user)
    assert factors.count() == 2
    for factor in factors:
        kept = str(factor.data.get("secret") or factor.data.get("seed"))
        assert decrypt(kept) not in str(factor.data)
        assert len(decrypt(kept)) >= 16
        assert factor.data.keys() <= {"secret", "seed", "used_mask"}


@pytest.mark.django_db(transaction=True)
def test_a_thief_who_changes_it_at_the_same_moment_does_not_outlast_its_owner() -> None:
    """Both know the old one: whoever comes second has shown a password that is none any more."""
    official()
    owner, thief = Client(), Client()
    sign_in(owner)
    sign_in(thief)
    chosen, theirs = "bảy từ mới hoàn toàn khác", "kẻ trộm chọn bảy từ khác"
    with held(lambda: change(thief, theirs), before='DELETE FROM "accounts_bucket"') as running:
        assert change(owner, chosen)
    assert running.result() is False
    assert User.objects.get().check_password(chosen)
    assert is_signed_in(owner)
    assert not is_signed_in(thief)
    assert Entry.objects.filter(action="password.changed").count() == 1
