"""With JavaScript each tap is saved; without a network it is tried again."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from offices.models import Office
from surveys.models import Response as Stored
from surveys.models import State
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.browser.device import stand_still
from tests.browser.survey import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office() -> Office:
    load_instruments()
    return factories.office()


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, office: Office) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
    page = context.new_page()
    page.goto(live_server.url + reverse("surveys:start", args=[office.slug]))
    yield page
    context.close()


def answered() -> int:
    """How many questions of the one response have an answer."""
    found = Stored.objects.first()
    return sum(1 for byte in bytes(found.answers) if byte) if found else 0


def saved(response: Response) -> bool:
    """Whether this is the server's word that taps are stored."""
    return response.request.method == "POST" and response.status == 204


def tap(page: Page, number: int) -> None:
    page.locator("fieldset.scale").nth(number).get_by_label("Hài lòng", exact=True).check()


def test_the_first_tap_is_saved_before_the_page_is_sent(phone: Page) -> None:
    tap(phone, 0)
    expect(phone.get_by_role("status")).to_have_text("Đã lưu")
    assert answered() == 1
    with phone.expect_response(saved):
        tap(phone, 1)
    assert answered() == 2
    assert Stored.objects.get().state == State.OPEN


def test_without_a_network_taps_are_kept_and_sent_later(phone: Page) -> None:
    phone.context.set_offline(True)
    tap(phone, 0)
    expect(phone.get_by_role("status")).to_contain_text("Chưa gửi được")
    tap(phone, 1)
    assert answered() == 0
    with phone.expect_response(saved):
        phone.context.set_offline(False)
    assert answered() == 2
    expect(phone.get_by_role("status")).to_have_text("Đã lưu")


def test_what_was_saved_is_one_response_with_what_is_sent(phone: Page) -> None:
    tap(phone, 0)
    expect(phone.get_by_role("status")).to_have_text("Đã lưu")
    press(phone, "Tiếp tục")
    expect(phone.get_by_text("Phần 2")).to_be_visible()
    assert Stored.objects.count() == 1
    assert answered() == 1


def test_a_tap_that_came_too_often_is_tried_again(phone: Page) -> None:
    phone.clock.install()
    stand_still(phone)
    phone.route("**/ks/*/", lambda route: route.fulfill(status=429), times=1)
    tap(phone, 0)
    expect(phone.locator(".saving")).to_contain_text("Chưa gửi được")
    phone.clock.run_for(2_000)
    expect(phone.locator(".saving")).to_have_text("Đã lưu")
    assert answered() == 1
