"""A colleague is invited: from the press of the button to the colleague's own first page."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from socket import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Page, expect
from pytest_django import Settings

from offices.models import Membership, Office, User
from offices.rights import Role
from tests import factories
from tests.browser.survey import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Mot-mat-khau-rat-dai-2026!"
INVITE = "/bao-cao/quan-tri/nguoi-dung/moi/"


class Mailbox:
    """What a server of mail was given."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keeps a letter."""
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        self.letters.append(letter.get_content())
        return "250 OK"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A real server of mail, and the system sends to it."""
    box = Mailbox()
    with socket() as free:  # the controller knocks at the port that it is given
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield box
    server.stop()


def sign_in(page: Page, name: str) -> None:
    """With the password."""
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()


def invite(page: Page) -> None:
    """Fills the form in and sends it, the place searched without diacritics."""
    page.goto(INVITE)
    page.locator("[name=full_name]").fill("Nguyễn Văn An")
    page.locator("[name=email]").fill("an@example.vn")
    page.locator("[name=role]").select_option(Role.OFFICE_HEAD)
    page.locator("[name=search]").fill("ha tien")
    page.locator("button[value=search]").click()
    expect(page.locator("[name=username]")).to_have_value("nguyenvanan")
    page.get_by_text("Trung tâm Hà Tiên").click()
    page.locator("button[value=invite]").click()


@pytest.fixture
def here() -> Office:
    ward = factories.unit(parent=factories.province("An Giang"), name="Hà Tiên")
    factories.office(ward, name="Trung tâm cũ Hà Tiên")
    made = factories.office(ward, name="Trung tâm Hà Tiên")
    officer = factories.user("tinh", PASSWORD)
    Membership.objects.create(user=officer, role=Role.PROVINCIAL_OFFICER, unit=ward.province)
    return made


def test_a_colleague_is_invited_by_mail_and_comes_in(
    visit: Open, here: Office, mailbox: Mailbox
) -> None:
    page = visit("/dang-nhap/", viewport={"width": 360, "height": 780})
    sign_in(page, "tinh")
    invite(page)
    expect(page.get_by_text("Đã gửi đường dẫn")).to_be_visible()
    expect(page.get_by_text("Đã gửi đến an@example.vn")).to_be_visible()
    (letter,) = mailbox.letters
    found = re.search(r"https?://\S+|/dang-nhap/\S+", letter)
    assert found is not None
    colleague = visit(re.sub(r"^https?://[^/]+", "", found[0]))
    first_page(colleague, here)
    again = visit(re.sub(r"^https?://[^/]+", "", found[0]))
    expect(again.locator("input[type=password]")).to_have_count(0)


def first_page(colleague: Page, here: Office) -> None:
    """Chooses a password and stands before the office's figures."""
    for field in colleague.locator("input[type=password]").all():
        field.fill(PASSWORD)
    colleague.locator("main form button").first.click()
    colleague.wait_for_url("**/bao-cao/**")
    expect(colleague.locator("main").get_by_text(here.name).first).to_be_visible()
    made = User.objects.get(username="nguyenvanan")
    assert made.check_password(PASSWORD)
    assert made.memberships.get().office == here


def test_a_mail_that_cannot_be_sent_is_shown_with_the_link_to_hand_over(
    visit: Open, here: Office, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = visit("/dang-nhap/")
    sign_in(page, "tinh")
    invite(page)
    expect(page.get_by_text("Không gửi được thư")).to_be_visible()
    link = page.locator("#link-to-hand-over").inner_text()
    first_page(visit(re.sub(r"^https?://[^/]+", "", link)), here)
