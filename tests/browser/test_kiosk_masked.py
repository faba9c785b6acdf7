"""The thanks of a tablet say what was hidden in the remark, in a real Chromium."""

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Remark
from tests.browser.device import (
    answer_all,
    await_delivery,
    finish,
    next_person,
    works_offline,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open"),
]
WROTE = "Gọi tôi 0912 345 678 hoặc an@example.vn"
WILL_BE = "được ẩn trước khi lưu"
HIDDEN = "Đã ẩn trong góp ý, để không ai bị nhận ra: số điện thoại, địa chỉ thư điện tử."

# The page itself reaches the server no more; its service worker does.
UNHEARD = """() => {
  const before = window.fetch;
  window.fetch = (what, ...more) =>
    String(what).endsWith("/giao/") ? Promise.reject(new TypeError("away")) : before(what, ...more);
}"""


def sync(page: Page) -> None:
    """What the browser does to the service worker when the network is there again."""
    session = page.context.new_cdp_session(page)
    known: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not known:
        page.evaluate("0")
    origin = page.evaluate("location.origin")
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": origin, "registrationId": known[0], "tag": "deliver", "lastChance": False},
    )


def test_what_was_hidden_is_said_in_each_language_and_not_to_the_next_person(paired: Page) -> None:
    answer_all(paired)
    code = finish(paired, WROTE)
    expect(paired.get_by_role("status").filter(has_text=HIDDEN)).to_be_visible()
    expect(paired.locator("code.receipt")).to_have_text(code)
    paired.locator(".languages").get_by_text("English", exact=True).click()
    expect(paired.locator(".masked")).to_contain_text("a telephone number, an e-mail address.")
    paired.locator(".languages").get_by_text("Tiếng Việt", exact=True).click()
    next_person(paired)
    answer_all(paired)
    finish(paired, "Ghế chờ ít")
    await_delivery(paired)
    expect(paired.locator(".masked")).to_contain_text(WILL_BE)
    assert Remark.objects.count() == 2


def test_without_network_it_says_that_it_will_be_hidden(paired: Page) -> None:
    answer_all(paired)
    paired.context.set_offline(True)
    finish(paired, WROTE)
    expect(paired.locator(".masked")).to_contain_text(WILL_BE)
    # the network comes back while the thanks are still there
    paired.context.set_offline(False)
    expect(paired.locator(".masked")).to_have_text(HIDDEN)


def test_what_the_service_worker_delivered_is_said_by_the_page(paired: Page) -> None:
    """The browser's own background sync may be quicker than the page."""
    works_offline(paired)
    answer_all(paired)
    paired.evaluate(UNHEARD)
    finish(paired, WROTE)
    expect(paired.locator(".masked")).to_contain_text(WILL_BE)
    sync(paired)
    expect(paired.locator(".masked")).to_have_text(HIDDEN)


def test_without_a_remark_nothing_is_said_of_it(paired: Page) -> None:
    answer_all(paired)
    finish(paired)
    assert paired.locator(".masked").count() == 0
