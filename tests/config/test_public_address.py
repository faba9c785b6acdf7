"""The address that people use is a setting; whoever asks under another name changes no link."""

import json
import os
import subprocess
import sys
from io import BytesIO
from ipaddress import ip_network
from typing import Any

import pytest
import segno
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import Settings

from config.settings import BASE_DIR
from offices.addresses import public_name, public_url
from offices.models import Membership, Office
from surveys.invitations.integrations import make
from tests import factories

FORGED = {
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "host=evil.example",
    "X-Original-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
}
# What a province's system starts with.
PROVINCE = {
    "SECRET_KEY": "k" * 20 + "abcdefghijklmnopqrstuvwxyz0123456789",
    "ALLOWED_HOSTS": "hailong.example.vn",
    "PUBLIC_ADDRESS": "https://hailong.example.vn",
    "DATABASE_URL": "postgresql:///unused",
    "REDIS_URL": "redis://localhost",
}
SAYS = """
import json
from django.conf import settings as s
told = ("SESSION_C", "CSRF_C", "LANGUAGE_C", "SECURE", "PUBLIC")
names = [n for n in dir(s) if n.startswith(told)]
print(json.dumps({n: getattr(s, n) for n in [*names, "ALLOWED_HOSTS"]}))
"""


def started(**changed: str) -> subprocess.CompletedProcess[str]:
    """A process with a province's settings; what stands empty is not set."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment |= {name: value for name, value in (PROVINCE | changed).items() if value}
    return subprocess.run(
        [sys.executable, "-c", SAYS],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def said(**changed: str) -> dict[str, Any]:  # Any: values of settings
    """The settings of such a process."""
    process = started(**changed)
    assert process.returncode == 0, process.stderr
    found: dict[str, Any] = json.loads(process.stdout)
    return found


def test_where_tls_is_cookies_are_of_this_host_alone() -> None:
    found = said()
    for kind, name in (("SESSION", "sessionid"), ("CSRF", "csrftoken")):
        assert found[f"{kind}_COOKIE_NAME"] == f"__Host-{name}"
        assert found[f"{kind}_COOKIE_HTTPONLY"] is True
    assert found["LANGUAGE_COOKIE_NAME"] == "__Host-django_language"
    for kind in ("SESSION", "CSRF", "LANGUAGE"):  # a browser takes the name with these only
        assert found[f"{kind}_COOKIE_SECURE"] is True
        assert (found[f"{kind}_COOKIE_PATH"], found[f"{kind}_COOKIE_DOMAIN"]) == ("/", None)
        assert found[f"{kind}_COOKIE_SAMESITE"] == "Lax"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_SSL_HOST"] == "hailong.example.vn"


def test_a_demo_has_plain_names_and_its_own_address() -> None:
    found = said(DEMO="1", PUBLIC_ADDRESS="", ALLOWED_HOSTS="", PORT="8123")
    assert found["SESSION_COOKIE_NAME"] == "sessionid"
    assert found["PUBLIC_ADDRESS"] == "http://localhost:8123"


def test_the_public_name_is_one_of_the_allowed() -> None:
    assert said(ALLOWED_HOSTS="10.0.0.7")["ALLOWED_HOSTS"] == ["10.0.0.7", "hailong.example.vn"]
    assert said(PUBLIC_ADDRESS="https://hailong.example.vn/")["PUBLIC_ADDRESS"] == (
        "https://hailong.example.vn"
    )


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "PUBLIC_ADDRESS is not set: name the address under which people reach the system"),
        ("hailong.example.vn", "write scheme and name in small letters"),
        ("https://hailong.example.vn/ks/", "nothing after it"),
        ("https://user@hailong.example.vn", "write scheme and name"),
        ("https://hailong.example.vn\nx", "write scheme and name"),
        ("http://hailong.example.vn", "it has to begin with https://"),
    ],
)
def test_a_province_does_not_start_without_a_good_one(address: str, sentence: str) -> None:
    process = started(PUBLIC_ADDRESS=address)
    assert process.returncode != 0
    assert sentence in process.stderr.strip().splitlines()[-1]


def test_a_whole_address_and_one_to_type(settings: Settings) -> None:
    settings.PUBLIC_ADDRESS = "https://hailong.example.vn"
    assert public_url("/ks/a/") == "https://hailong.example.vn/ks/a/"
    assert public_name("/ks/a/") == "hailong.example.vn/ks/a/"


@pytest.fixture
def office(db: None, settings: Settings, tmp_path: Any) -> Office:  # Any: pytest's folder
    """An office whose system is reached at an address of its own."""
    settings.PUBLIC_ADDRESS = "https://hailong.example.vn"
    settings.INVITATION_KEYS = tmp_path / "keys"
    factories.instrument({"A": 2}, slug="counter")
    return factories.office(slug="phuong-ha-tien", name="Một cửa phường Hà Tiên")


def elsewhere(path: str) -> Any:  # Any: a test answer
    """What is answered to somebody who asks under another allowed name and forges the rest."""
    return Client().get(path, headers={"Host": "127.0.0.1:4711", **FORGED})


@pytest.mark.parametrize("page", ["qr.svg", "poster/", "ap-phich.pdf", "the-ban.pdf"])
def test_what_is_printed_leads_to_the_public_address(office: Office, page: str) -> None:
    path = f"/ks/{office.slug}/{page}"
    usual, asked = Client().get(path), elsewhere(path)
    assert asked.status_code == 200
    assert asked.content == usual.content
    assert b"127.0.0.1" not in asked.content
    if page == "qr.svg":
        drawn = BytesIO()
        segno.make(public_url(f"/ks/{office.slug}/"), error="m", micro=False).save(
            drawn, kind="svg", scale=8, border=4, light="#fff"
        )
        assert asked.content == drawn.getvalue()


def test_a_portal_gets_links_of_the_public_address(office: Office) -> None:
    key = make("Cổng", office.unit).key
    wanted = {
        **{"office": office.slug, "dossier": "H15.50.05.13-261009-4711", "stage": "received"},
        "finished_on": timezone.localdate().isoformat(),
    }
    answer = Client().post(
        "/api/loi-moi",
        wanted,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Host": "127.0.0.1", **FORGED},
    )
    assert answer.status_code == 200
    assert answer.json()["url"].startswith("https://hailong.example.vn/m/")


def test_the_page_of_tablets_says_the_public_address(office: Office, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [ip_network("192.0.2.7")]  # else a second factor is asked for
    client = Client()
    official = factories.user()
    Membership.objects.create(user=official, office=office, role=Membership.Role.OFFICE_HEAD)
    client.force_login(official)
    path = f"/bao-cao/co-quan/{office.slug}/may-tinh-bang/"
    sent = {"step": "code", "tablet": factories.tablet(office).pk}
    asked = {"Host": "127.0.0.1", "X-Forwarded-For": "127.0.0.1", **FORGED}
    page = client.post(path, sent, headers=asked, REMOTE_ADDR="192.0.2.7").content.decode()
    assert "hailong.example.vn/ks/may-tinh-bang/" in page
    assert "evil" not in page
    assert "127.0.0.1" not in page


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_SSL_HOST="hailong.example.vn")
def test_the_way_to_tls_leads_there_as_well() -> None:
    answer = elsewhere("/ks/")
    assert answer["Location"] == "https://hailong.example.vn/ks/"


@pytest.mark.parametrize("host", ["evil.example", "hailong.example.vn.evil.example", "a b", "[::"])
def test_names_that_are_not_allowed_are_refused(host: str) -> None:
    answer = Client(raise_request_exception=False).get("/ks/", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.content.decode()


def test_nobody_asks_a_request_for_its_host() -> None:
    rooms = ("config", "audit", "offices", "accounts", "surveys", "reports", "officials", "demo")
    paths = [path for room in rooms for path in (BASE_DIR / room).rglob("*.py")]
    asked = ("build_absolute_uri", ".get_host(", "HTTP_HOST", "get_current_site", "_current_scheme")
    # these only ask whether something comes from here or leads here; nothing goes out with it
    comparing = {"accounts/drafts.py", "accounts/signing_in.py", "officials/refusals.py"}
    guilty = [
        path.name
        for path in paths
        if str(path.relative_to(BASE_DIR)) not in comparing
        and any(word in path.read_text() for word in asked)
    ]
    assert len(paths) > 200
    assert guilty == []
