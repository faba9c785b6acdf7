"""Signing in at a province's identity provider: a real one, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import Page, expect
from pytest_django import Settings

from audit.models import Entry
from config.settings import BASE_DIR
from launch import stopping
from offices.models import User
from tests.accounts.people import official
from tests.browser.survey import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Cổng xác thực tỉnh An Giang"
PASSWORD = "mat-khau-cua-tinh"


@pytest.fixture
def provider(live_server: Any, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The provider's address; our settings name it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = live_server.url.replace("127.0.0.1", "localhost")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.accounts.provider", str(port)),
            f"{ours}/dang-nhap/qua/tinh/ve/",
        ],
        cwd=tmp_path,  # where it keeps what it knows
        env={**os.environ, "PYTHONPATH": str(BASE_DIR)},
    )
    issuer = f"http://127.0.0.1:{port}"

    def is_up() -> bool:
        assert process.poll() is None
        try:
            address = f"{issuer}/.well-known/openid-configuration"
            return bool(urllib.request.urlopen(address, timeout=2).status == 200)
        except OSError:
            return False

    try:
        deadline = time.monotonic() + 60
        while not is_up():
            assert time.monotonic() < deadline
            stopping.pause(0.1)
        settings.OIDC_NAME, settings.OIDC_ISSUER = NAME, issuer
        client = {
            "provider_id": "tinh",
            "name": NAME,
            "client_id": "hailong",
            "secret": "bi-mat-cua-client",
            "settings": {"server_url": issuer},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [client]}
        }
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=20)


def go(visit: Open, live_server: Any, name: str) -> Page:
    """Presses the button, and signs in at the provider."""
    ours = live_server.url.replace("127.0.0.1", "localhost")
    page = visit("/dang-nhap/?next=/tai-khoan/", base_url=ours)
    with page.expect_request(lambda request: "code_challenge=" in request.url):
        page.get_by_role("button", name=f"Đăng nhập qua {NAME}").click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form.login button, form button[type=submit]").first.click()
    return page


def test_whoever_has_an_account_here_is_let_in(
    visit: Open, live_server: Any, provider: str
) -> None:
    user = official(email="LAN@example.vn")
    page = go(visit, live_server, "lan")
    expect(page.get_by_role("heading", name="Tài khoản của tôi")).to_be_visible()
    assert SocialAccount.objects.get().user == user
    assert Entry.objects.get(action="signin.done").details["by"] == ["socialaccount"]
    # from now on the provider's number of the person counts, whatever the address is
    User.objects.update(email="khac@example.vn")
    again = go(visit, live_server, "lan")
    expect(again.get_by_role("heading", name="Tài khoản của tôi")).to_be_visible()
    assert User.objects.count() == 1


@pytest.mark.parametrize("who", ["lan", "gia"])
def test_whoever_has_none_or_no_verified_address_stays_outside(
    visit: Open, live_server: Any, provider: str, who: str
) -> None:
    official("tam", email="tam@example.vn")  # whose address `gia` claims without proof
    page = go(visit, live_server, who)
    expect(page.get_by_role("heading", name="Chưa đăng nhập được")).to_be_visible()
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1
    page.goto("/tai-khoan/")
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()


def test_a_closed_account_stays_closed(visit: Open, live_server: Any, provider: str) -> None:
    official(email="lan@example.vn", is_active=False)
    page = go(visit, live_server, "lan")
    expect(page.get_by_role("heading", name="Chưa đăng nhập được")).to_be_visible()


def test_an_answer_that_nobody_asked_for_is_refused(
    visit: Open, live_server: Any, provider: str
) -> None:
    official(email="lan@example.vn")
    ours = live_server.url.replace("127.0.0.1", "localhost")
    page = visit("/dang-nhap/qua/tinh/ve/?code=x&state=y", base_url=ours)
    expect(page.get_by_role("heading", name="Chưa đăng nhập được")).to_be_visible()


def test_without_a_provider_there_is_no_button(visit: Open) -> None:
    page = visit("/dang-nhap/")
    expect(page.get_by_role("button", name="Đăng nhập qua")).to_have_count(0)
