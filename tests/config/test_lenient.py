"""Addresses as people type them and as mail programs cut them."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from offices.models import Office
from surveys.invitations import token
from surveys.invitations.keys import key_folder
from surveys.models import Channel, Stage
from tests import factories
from tests.surveys.invitations.invited import link, token_of

pytestmark = pytest.mark.django_db
OFFICE = "/ks/phuong-ha-tien/"


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    settings.INVITATION_KEYS = tmp_path / "keys"
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office(slug="phuong-ha-tien")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((f"/ks/{name}/", OFFICE) for name in ("Phuong-Ha-Tien", "PHUONG-HA-TIEN")),
        *((f"/ks/{name}", OFFICE) for name in ("Phường Hà Tiên", "phuong_ha_tien/")),
        *((f"/ks/phuong-ha-tien{end}", OFFICE) for end in (".", ",", ")", "…", "%20", "/.", "/)")),
        ("/ks/phuong-ha-tien%20/", OFFICE),
        ("/KS/phuong-ha-tien/", OFFICE),
        ("/Ks/Phuong-Ha-Tien/Thong-Bao/", f"{OFFICE}thong-bao/"),
        ("/ks/phuong-ha-tien/thong-bao.", f"{OFFICE}thong-bao/"),
        ("/ks/Phuong-Ha-Tien/qr.svg", f"{OFFICE}qr.svg"),
        ("/ks/Phuong-Ha-Tien/khong-co-phieu/", OFFICE),
        ("/ks/Phan-Hoi/", "/ks/phan-hoi/"),
        ("/ks/phan-hoi.", "/ks/phan-hoi/"),
        *((begin, "/ks/") for begin in ("/KS/", "/ks.", "/ks)", "/ks/.", "/KS")),
    ],
)
def test_a_mistyped_address_leads_to_what_it_means(office: Office, typed: str, meant: str) -> None:
    response = Client().get(typed, follow=True)
    assert response.redirect_chain[-1][0] == meant
    assert response.status_code == 200


def test_what_was_asked_goes_along(office: Office) -> None:
    response = Client().get("/KS/?tim=ha+tien")
    assert (response.status_code, response["Location"]) == (302, "/ks/?tim=ha+tien")


def test_a_former_name_leads_to_todays(office: Office) -> None:
    Office.objects.filter(pk=office.pk).update(slug="ha-tien-cu")
    Office.objects.filter(pk=office.pk).update(slug="phuong-ha-tien")
    assert Client().get("/ks/Ha-Tien-Cu.")["Location"] == OFFICE


@pytest.mark.parametrize(
    "typed",
    [
        *("/ks/khong-co/", "/ks/khong-co.", "/kss/phuong-ha-tien/", "/bao-cao/Khong-Co/", "/..."),
        *(
            "/m/x/",
            "/M/x/",
            "/m/%00/",
            "/ks/" + "a" * 5_000 + "/",
            "/ks/%ff%fe/",
            "/M/",
            "/ks/%00/",
        ),
    ],
)
def test_other_addresses_are_found_nowhere(office: Office, typed: str) -> None:
    assert Client().get(typed).status_code == 404


def test_a_form_sent_to_a_mistyped_address_is_not_led_on(office: Office) -> None:
    assert Client().post("/ks/Phuong-Ha-Tien/", {"A1": "5"}).status_code == 404


@pytest.mark.parametrize("end", [".", ",", ")", "…", "/", "%20", "/.", "%20/", "…/", ").", "”"])
def test_signs_behind_an_invitation_are_not_of_it(office: Office, end: str) -> None:
    path = link(office).path.rstrip("/")
    response = Client().get(path + end, follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"].rstrip("/") == path


def test_an_invitation_under_capitals_is_read(office: Office) -> None:
    written = token_of(link(office))
    response = Client().get(f"/M/{written}")
    assert response["Location"] == f"/m/{written}/"
    assert response["Referrer-Policy"] == "no-referrer"


def from_before(office: Office, last: str) -> str:
    """A token as versions before wrote it, which ends in this letter."""
    day = timezone.localdate()
    key = key_folder().key(day)
    assert key is not None
    begin = bytes([1]) + (day - token.FIRST_DAY).days.to_bytes(2, "big")
    told = bytes([255, 255, 255, Stage.RECEIVED.value << 4 | Channel.INVITATION.value])
    for number in range(5_000):
        signed = begin + office.pk.to_bytes(3, "big") + told + number.to_bytes(8, "big")
        made = hmac.new(key, b"token\0" + signed, sha256).digest()[:12]
        written = urlsafe_b64encode(signed + made).decode()
        if written.endswith(last):
            return written
    raise AssertionError(last)


@pytest.mark.parametrize("last", ["-", "_"])
def test_a_dash_that_a_mail_program_lost_is_put_back(office: Office, last: str) -> None:
    link(office)  # makes the day's key
    whole = from_before(office, last)
    assert Client().get(f"/m/{whole}/").status_code == 200
    response = Client().get(f"/m/{whole[:-1]}/")
    assert response["Location"] == f"/m/{whole}/"
    assert Client().get(f"/m/{whole[:-1]}.")["Location"] == f"/m/{whole}/"


def test_only_a_link_that_lacks_letters_is_said_to_lack_some(office: Office) -> None:
    whole = token_of(link(office))
    changed = whole[:20] + ("A" if whole[20] != "A" else "B") + whole[21:]
    assert isinstance(token.read(changed), token.Forged)
    for path in (f"/m/{changed}/", f"/m/{changed}).", f"/m/{changed}x/"):
        html = Client().get(path).content.decode()
        assert "Không dùng được liên kết này" in html
        assert "thiếu" not in html
    for path in (f"/m/{whole[:-6]}/", f"/m/{whole[:10]}"):
        assert "Không dùng được liên kết này" not in Client().get(path).content.decode()
