"""What officials come for, by how many presses: each counted from the page on which they begin."""

from collections.abc import Iterator

import pytest
from django.core import mail
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from offices.models import Office
from reports.models import Subscription
from reports.night import steps
from surveys.models import Mark
from tests import factories
from tests.officials.two import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAST = factories.last_month_end()
# Everybody is satisfied with A1, two thirds with A2, a third with B1.
ANSWERS = [bytes([5, 5, 5])] * 20 + [bytes([5, 5, 1])] * 20 + [bytes([5, 1, 1])] * 20


@pytest.fixture
def office() -> Office:
    """One of Hà Tiên beside others, with a closed month."""
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang", code="91")
    made = factories.office(
        factories.unit(parent=province, name="Hà Tiên"),
        name="Trung tâm Phục vụ hành chính công phường Hà Tiên",
    )
    factories.office(factories.unit(parent=province, name="Tô Châu"))
    factories.answered(made, ANSWERS, day=LAST)
    Mark.objects.create(office=made, day=LAST)
    steps.close(LAST)
    return made


@pytest.fixture(params=[(1280, 800), (360, 800)], ids=["desk", "phone"])
def page(
    browser: Browser, live_server: LiveServer, office: Office, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """*Hôm nay* of whoever heads the office."""
    width, height = request.param
    context = browser.new_context(
        base_url=live_server.url, locale="vi-VN", viewport={"width": width, "height": height}
    )
    head = factories.official(office, account=factories.user("dau", email="dau@example.vn"))
    cookie = client_of(head).cookies["sessionid"]
    address = live_server.url
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": address}])
    opened = context.new_page()
    opened.goto("/bao-cao/")
    yield opened
    context.close()


def is_in_sight(what: Locator) -> bool:
    """Whether all of it is within the window, without scrolling."""
    return bool(
        what.evaluate(
            "it => { const box = it.getBoundingClientRect();"
            " return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; }"
        )
    )


def test_how_it_stands_and_what_weighs_is_read_without_scrolling(page: Page) -> None:
    brief, due, weighs = (page.locator(f".is-{name}") for name in ("brief", "due", "weighs li"))
    expect(weighs).to_have_count(2)
    assert weighs.nth(0).inner_text().startswith("B1")
    assert weighs.nth(1).inner_text().startswith("A2")
    expect(brief).to_contain_text("hài lòng, 60 phiếu")
    page.evaluate("scrollTo(0, 0)")
    found = {"brief": brief, "due": due, "first": weighs.nth(0), "second": weighs.nth(1)}
    assert [name for name, what in found.items() if not is_in_sight(what)] == []


def test_what_pulls_the_office_down_is_two_presses_away_with_all_its_levels(
    page: Page, office: Office
) -> None:
    page.get_by_role("link", name="Mọi tiêu chí").click()
    heading = page.locator("#criteria-title")
    expect(heading).to_be_in_viewport()
    worst = page.locator(".criteria tbody tr").first
    expect(worst).to_contain_text("B1")
    worst.get_by_role("link").first.click()
    expect(page.locator("main h1")).to_contain_text("B1")
    assert f"/bao-cao/co-quan/{office.slug}/tieu-chi/B1/" in page.url


def test_one_press_asks_for_the_letter_and_one_ends_it(page: Page) -> None:
    page.get_by_role("button", name="Đăng ký nhận thư").click()
    expect(page.get_by_role("status")).to_contain_text("Từ ngày mai")
    assert Subscription.objects.filter(user__username="dau", nightly=True).exists()
    page.get_by_role("button", name="Ngừng nhận thư").first.click()
    expect(page.get_by_role("status")).to_contain_text("không gửi thư nữa")
    assert not Subscription.objects.exists()
    assert mail.outbox == []


def test_ha_tien_is_found_by_typing_alone(page: Page, office: Office) -> None:
    page.goto(f"/bao-cao/co-quan/{office.slug}/")
    box = page.locator(".find input:visible").first
    if not box.count():
        page.locator("summary:visible").first.click()
    box.fill("ha tien")
    with page.expect_navigation():
        box.press("Enter")
    expect(page.locator("main h1")).to_have_text("Phường Hà Tiên")
    assert f"noi=office%3A{office.pk}" in page.url
