"""Signing in with a real browser: password, app, passkey, recovery code; what ends and survives."""

import re
import time
from typing import Any
from urllib.parse import urljoin

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import SignInSession
from accounts.sessions import end_sessions
from offices.models import Membership, Office, User
from surveys.models import Remark
from tests import factories
from tests.accounts.conftest import Post, over_the_internet, post
from tests.accounts.people import PASSWORD, code_of, official, recovery_codes
from tests.browser.axe import violations
from tests.browser.survey import Open

__all__ = ["over_the_internet", "post"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def local(visit: Open, live_server: Any, address: str = "/dang-nhap/") -> Page:
    """A page at `localhost`: browsers know no passkeys for an address."""
    return visit(address, base_url=live_server.url.replace("127.0.0.1", "localhost"))


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Tên tài khoản").fill("lan")
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def sign_out(page: Page) -> None:
    if not page.get_by_role("button", name="Đăng xuất").is_visible():
        page.locator(".account-menu summary").click()  # on phones it is in there
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()


def test_a_wrong_password_and_then_the_right_one(visit: Open, live_server: Any) -> None:
    official(last_name="Nguyễn Thị Lan")
    page = local(visit, live_server)
    sign_in(page, "sai mất rồi")
    expect(page.get_by_text("Tên tài khoản hoặc mật khẩu không đúng.")).to_be_visible()
    sign_in(page)
    page.get_by_text("Nguyễn Thị Lan").click()
    page.get_by_role("link", name="Tài khoản của tôi").click()
    expect(page.get_by_role("heading", name="Tài khoản của tôi")).to_be_visible()
    expect(page.get_by_text("phiên này", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_menu_of_an_account_opens_with_the_keyboard_and_every_line_leads_somewhere(
    visit: Open, live_server: Any, width: int
) -> None:
    official(last_name="Nguyễn Thị Lan")
    page = local(visit, live_server)
    page.set_viewport_size({"width": width, "height": 740})
    sign_in(page)
    menu = page.locator(".account-menu summary")
    menu.press("Enter")
    lines = page.locator(".account-menu a")
    addresses = [line.get_attribute("href") or "" for line in lines.all()]
    assert len(addresses) == 6
    box = page.locator(".account-menu ul").bounding_box()
    assert box is not None
    assert (box["x"] >= 0, box["x"] + box["width"] <= width) == (True, True)
    assert violations(page) == []
    # one line on a phone too: the sign, the box that finds places, the menu
    tops = [page.locator(f".official-nav {part}").bounding_box() for part in (".brand", ".find")]
    middles = [box["y"] + box["height"] / 2 for box in tops if box is not None]
    assert max(middles) - min(middles) < 4
    for address in addresses:
        shown = page.goto(urljoin(page.url, address))
        assert shown is not None
        assert shown.status == 200
    sign_out(page)


def test_an_app_is_set_up_and_asked_for(
    visit: Open, live_server: Any, over_the_internet: None
) -> None:
    user = official()
    page = local(visit, live_server)
    sign_in(page)
    page.get_by_role("link", name="Ứng dụng trên điện thoại").click()
    page.get_by_text("Không quét được hình").click()
    secret = page.locator("code.key").inner_text()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("Mã").fill(code)
    page.get_by_role("button", name="Thiết lập").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    codes = page.locator("ol.codes code").all_inner_texts()
    assert sorted(codes) == sorted(recovery_codes(user))
    page.get_by_role("link", name="Tôi đã cất giữ các mã").click()
    expect(page.get_by_text("còn 10 mã")).to_be_visible()
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Bước thứ hai")).to_be_visible()
    # the code that set it up is good no more; the app's next one is
    page.get_by_label("Mã").fill(code_of(user, after=1))
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".account-menu summary")).to_be_visible()
    sign_out(page)
    sign_in(page)
    page.get_by_label("Mã").fill(codes[0])
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto("/tai-khoan/")
    expect(page.get_by_text("còn 9 mã")).to_be_visible()


def test_a_passkey_is_set_up_and_asked_for(
    visit: Open, live_server: Any, over_the_internet: None
) -> None:
    user = official()
    page = local(visit, live_server)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page)
    page.get_by_role("link", name="Khóa truy cập").click()
    page.get_by_label("Tên gọi").fill("Máy ở phòng một cửa")
    page.get_by_role("button", name="Thiết lập").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    page.goto("/tai-khoan/")
    expect(page.get_by_text("Khóa truy cập: Máy ở phòng một cửa")).to_be_visible()
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    sign_out(page)
    sign_in(page)
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(page.locator(".account-menu summary")).to_be_visible()
    sign_out(page)
    sign_in(page)
    # another device knows nothing of it
    devtools.send(
        "WebAuthn.removeVirtualAuthenticator", {"authenticatorId": added["authenticatorId"]}
    )
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(page.get_by_text("Chưa dùng được khóa truy cập.")).to_be_visible()


def test_ending_another_session(visit: Open, live_server: Any) -> None:
    official()
    here, there = local(visit, live_server), local(visit, live_server)
    for page in (there, here):
        sign_in(page)
    here.goto("/tai-khoan/")
    here.get_by_role("button", name="Kết thúc phiên này").click()
    expect(here.get_by_role("button", name="Kết thúc phiên này")).to_have_count(0)
    there.reload()
    expect(there.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert SignInSession.objects.filter(ended_at=None).count() == 1


def remark_of(office: Office) -> Remark:
    """A remark that waits for its reply."""
    factories.answer(office, {"A1": 5}, remark="Ghế chờ ít quá")
    today = timezone.localdate()
    Remark.objects.update(released_on=today, due_on=today, state=Remark.State.NEW)
    return Remark.objects.get()


def test_what_was_typed_survives_the_end_of_the_session(
    visit: Open, live_server: Any, office: Office
) -> None:
    user = official()
    Membership.objects.create(user=user, role=Membership.Role.OFFICE_HEAD, office=office)
    remark = remark_of(office)
    page = local(visit, live_server)
    sign_in(page)
    address = f"/bao-cao/co-quan/{office.slug}/gop-y/{remark.key}/"
    page.goto(address)
    said = "Cảm ơn ông bà. Tuần sau có thêm ghế."
    page.locator("textarea[name=reply]").fill(said)
    end_sessions(user)
    page.get_by_role("button", name="Lưu trả lời").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    sign_in(page)
    expect(page.get_by_role("heading", name="Nội dung chưa gửi")).to_be_visible()
    expect(page.get_by_label("Nội dung đã nhập")).to_have_value(said)
    remark.refresh_from_db()
    assert remark.reply == ""
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("blockquote.replied")).to_contain_text("Cảm ơn")
    remark.refresh_from_db()
    assert remark.reply == said
    page.goto("/tai-khoan/chua-gui/")
    expect(page.get_by_text("Không có nội dung nào chưa gửi.")).to_be_visible()


def test_a_forgotten_password_comes_by_mail(
    visit: Open, live_server: Any, post: Post, settings: Any
) -> None:
    official(email="lan@example.vn")
    settings.PUBLIC_ADDRESS = live_server.url.replace("127.0.0.1", "localhost")
    page = local(visit, live_server)
    page.get_by_role("link", name="Quên mật khẩu?").click()
    page.get_by_label("Địa chỉ thư điện tử").fill("LAN@example.vn")
    page.get_by_role("button", name="Gửi liên kết").click()
    expect(page.get_by_role("heading", name="Hãy xem hộp thư")).to_be_visible()
    deadline = time.monotonic() + 20
    while not post.mails and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    (mail,) = post.mails
    body = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    page.goto(re.findall(r"http\S+", body)[0])
    new = "tám từ khác hẳn lần trước"
    page.locator("input[name=new_password]").fill(new)
    page.locator("input[name=repeated]").fill(new)
    page.get_by_role("button", name="Đặt mật khẩu này").click()
    expect(page.locator(".account-menu summary")).to_be_visible()
    sign_out(page)
    sign_in(page, new)
    expect(page.locator(".account-menu summary")).to_be_visible()
    assert User.objects.get().last_login is not None
