"""Name and password: who gets in, and what is said to everybody else."""

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from audit.models import Entry
from offices.models import User
from tests.accounts.people import PASSWORD, browser, is_signed_in, official, sign_in

pytestmark = pytest.mark.django_db
WRONG = "Tên tài khoản hoặc mật khẩu không đúng."


def test_the_right_password_leads_to_where_one_wanted_to_go() -> None:
    official()
    client = Client()
    answer = sign_in(client, next="/bao-cao/phuong-phap/")
    assert (answer.status_code, answer["Location"]) == (302, "/bao-cao/phuong-phap/")
    assert is_signed_in(client)
    assert Entry.objects.get(action="signin.done").account == "lan"


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org/", "javascript:0"])
def test_nobody_is_led_elsewhere(wanted: str) -> None:
    official()
    assert sign_in(Client(), next=wanted)["Location"] == "/bao-cao/"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("lan", "sai mật khẩu"),
        ("không-có", PASSWORD),
        ("nghi", PASSWORD),
        ("chua", "x"),
        ("LAN", PASSWORD),
    ],
)
def test_every_wrong_way_has_the_same_answer(name: str, password: str) -> None:
    official()
    official("nghi", is_active=False)
    User.objects.create_user("chua")
    client = Client()
    answer = sign_in(client, name, password)
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert not is_signed_in(client)


def test_every_wrong_way_hashes_once_in_each_way_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    official()
    official("nghi", is_active=False)
    User.objects.create_user("chua")
    cu = official("cu")
    hashed: list[str] = []
    for hasher in (hashers.Argon2PasswordHasher, PBKDF2PasswordHasher):

        def count(self: Any, *args: Any, real: Any = hasher.encode, **kwargs: Any) -> str:
            hashed.append(self.algorithm)
            return str(real(self, *args, **kwargs))

        monkeypatch.setattr(hasher, "encode", count)
    verify = hashers.Argon2PasswordHasher.verify

    def counted(self: Any, *args: Any) -> bool:
        hashed.append(self.algorithm)
        return bool(verify(self, *args))

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", counted)
    ways = [("lan", "sai"), ("không-có", "sai"), ("nghi", "sai"), ("nghi", PASSWORD), ("chua", "x")]

    def works() -> set[tuple[str, ...]]:
        found = set()
        for nth, (name, password) in enumerate(ways):
            hashed.clear()
            sign_in(browser(f"10.0.0.{nth}"), name, password)
            found.add(tuple(sorted(hashed)))
        return found

    assert works() == {("argon2",)}
    User.objects.filter(pk=cu.pk).update(password=PBKDF2PasswordHasher().encode("x", "muối"))
    ways = [("lan", "sai"), ("không-có", "sai"), ("cu", "sai"), ("nghi", PASSWORD)]
    assert works() == {("argon2", "pbkdf2_sha256")}


def test_an_old_hash_goes_on_working_and_is_replaced() -> None:
    user = official()
    User.objects.filter(pk=user.pk).update(password=PBKDF2PasswordHasher().encode(PASSWORD, "muối"))
    client = Client()
    sign_in(client)
    assert is_signed_in(client)
    user.refresh_from_db()
    assert user.password.startswith("argon2$")


@pytest.mark.parametrize(
    "address", ["/quan-tri/", "/quan-tri/login/", "/quan-tri/password_change/"]
)
def test_the_administration_has_no_way_in_of_its_own(address: str) -> None:
    official("quan", is_staff=True, is_superuser=True)
    client = Client()
    said = {"username": "quan", "password": PASSWORD}
    answer = client.post(f"/quan-tri/{address}", said, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/dang-nhap/")
    assert not is_signed_in(client)


def test_what_was_typed_as_an_unknown_name_is_not_written_down() -> None:
    sign_in(Client(), "mật khẩu ở nhầm ô", "x")
    entry = Entry.objects.get(action="signin.failed")
    assert "nhầm" not in f"{entry.subject} {entry.account} {entry.details}"


def test_signing_out_ends_the_session() -> None:
    official()
    client = Client()
    sign_in(client)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post("/dang-xuat/")
    assert not is_signed_in(client)
    assert not is_signed_in(thief)
