"""What a person in front of a phone is told first, and that nobody else hears of the visit."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from offices.models import Counter, Office
from surveys.questionnaires.load import load_instruments
from surveys.urls import urlpatterns
from tests import factories
from tests.browser.survey import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 390, "height": 844}
CONTROLLER = "Ủy ban nhân dân phường Hà Tiên"
# Addresses that are no pages to open: they are sent to, or are files (which have their own tests).
NOT_OPENED = {"delivery", "pair", "heartbeat", "tablet_questionnaire"}
NAMES = {"<slug:slug>": "phuong-ha-tien", "<slug:form>": "counter"}


@pytest.fixture
def office() -> Office:
    load_instruments()
    factories.procedure()
    place = factories.unit(parent=factories.province("An Giang"), name="Hà Tiên")
    made = factories.office(
        place, slug="phuong-ha-tien", name="Trung tâm Phục vụ hành chính công phường Hà Tiên"
    )
    Counter.objects.create(office=made, number=3, name="Hộ tịch")
    return made


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=request.param)
    yield made
    made.close()


def top(page: Page, selector: str) -> float:
    """How far below the page's edge the first element of a selector begins, in CSS pixels."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"]


def test_the_notice_stands_before_the_first_answer(
    context: BrowserContext, office: Office, live_server: LiveServer
) -> None:
    page = context.new_page()
    page.goto(f"{live_server.url}/ks/{office.slug}/")
    told = page.locator(".notice")
    expect(told).to_contain_text(CONTROLLER)
    expect(told).to_contain_text("Ông/Bà trả lời hay không là tùy ý")
    assert top(page, ".notice") < top(page, "fieldset") < PHONE["height"]
    # the first question and its first answers are on the screen without scrolling
    assert top(page, "fieldset .answer") < PHONE["height"] - 48
    rights = told.get_by_text("yêu cầu sửa hoặc xóa")
    expect(rights).to_be_hidden()
    told.locator("summary").click()
    expect(rights).to_be_visible()
    told.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text("Câu trả lời của Ông/Bà được xử lý thế nào")
    page.get_by_role("link", name="Đến phiếu khảo sát").click()
    expect(page.locator("fieldset").first).to_be_visible()


def test_only_the_choice_of_a_language_sets_a_cookie(
    context: BrowserContext, office: Office, live_server: LiveServer
) -> None:
    page = context.new_page()
    page.goto(f"{live_server.url}/ks/{office.slug}/?quay=3")
    page.locator(".notice summary").click()
    for _ in range(10):
        page.locator("fieldset.scale label.answer").first.click()
        press(page, "Tiếp tục")
        if page.locator("fieldset.scale").count() == 0:
            break
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    for address in ("", f"{office.slug}/thong-bao/", "huong-dan-can-bo/", "phan-hoi/"):
        page.goto(f"{live_server.url}/ks/{address}")
    assert context.cookies() == []
    page.locator(".languages").get_by_text("English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert [cookie.get("name") for cookie in context.cookies()] == ["django_language"]


def citizens_addresses() -> list[str]:
    """Every address below /ks/ that can be opened, with the office and the form filled in."""
    found = []
    for pattern in urlpatterns:
        if pattern.name not in NOT_OPENED:
            address = str(pattern.pattern)
            for part, value in NAMES.items():
                address = address.replace(part, value)
            assert "<" not in address, address
            found.append(address)
    return found


def test_every_address_of_the_citizens_is_known_here() -> None:
    found = citizens_addresses()
    assert {"", "phuong-ha-tien/", "huong-dan-can-bo/", "phuong-ha-tien/thong-bao/"} <= set(found)
    assert len(found) >= 11


def test_no_page_asks_another_host_for_anything(
    context: BrowserContext, office: Office, live_server: LiveServer
) -> None:
    page = context.new_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    for address in citizens_addresses():
        if address.endswith(".pdf"):  # Chromium without a window downloads them
            continue
        answer = page.goto(f"{live_server.url}/ks/{address}", wait_until="networkidle")
        assert answer is not None, address
        assert answer.status < 500, address
    assert len(requested) > 20
    own = (f"{live_server.url}/", "data:")
    assert [url for url in requested if not url.startswith(own)] == []
    assert context.cookies() == []
