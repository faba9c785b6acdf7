"""Comparing offices in a browser: with the keyboard alone, on a phone, with few presses."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from offices.models import AdministrativeUnit
from reports.night import steps
from tests import factories
from tests.browser.axe import violations
from tests.browser.test_keyboard import tab
from tests.officials.figures.comparing import BAD, GOOD, LAST, office_in, official
from tests.officials.two import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_PRESSES = 3
SCREENS, SCREEN = 6, 800
MOST_BYTES = 100_000
NAMES = ("Hà Tiên", "Tiên Hải", "Đông Hồ", "Rạch Giá", "Tô Châu")
OVERFLOWING = """() => [...document.querySelectorAll(".sheet *")].filter(one =>
  !one.closest(".scrolled") && !one.closest(".visually-hidden") &&
  one.getBoundingClientRect().right > one.closest(".sheet").getBoundingClientRect().right + 1
).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def province() -> AdministrativeUnit:
    """Five offices, one of them clearly low, and one with too few forms."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.province("An Giang", code="91")
    for name in NAMES:
        answers = BAD if name == "Rạch Giá" else GOOD
        office_in(made, name, [(answers, 30), (GOOD, 2 * len(name))])
    office_in(made, "Ít Phiếu", [(GOOD, 9)])
    steps.close(LAST)
    return made


@pytest.fixture(params=[1280, 360])
def page(
    browser: Browser,
    live_server: LiveServer,
    province: AdministrativeUnit,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """The comparison of the month, on a desk and on a phone."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="vi-VN",
        viewport={"width": request.param, "height": 800},
    )
    cookie = client_of(official(province)).cookies["sessionid"]
    address = live_server.url
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": address}])
    opened = context.new_page()
    opened.goto(f"/bao-cao/don-vi/{province.pk}/so-sanh/?ky=month&tu={LAST.replace(day=1)}")
    yield opened
    context.close()


def names(page: Page) -> list[str]:
    """The places of the table, in their order."""
    found = page.locator(".compared tbody .is-ten a").all_inner_texts()
    return [name.removeprefix("Phường ") for name in found]


def press(page: Page, what: str, key: str) -> None:
    """Goes to a control of the table with the keyboard alone, and presses it."""
    page.locator(".compared input[type=search]").focus()
    for _ in range(40):
        if tab(page).startswith(what):
            break
    with page.expect_navigation():
        page.keyboard.press(key)


def test_sorting_and_filtering_with_the_keyboard(page: Page) -> None:
    assert names(page)[-1] == "Rạch Giá"
    presses = 0
    press(page, "Số phiếu", "Enter")
    presses += 1
    assert "sap=-so-phieu" in page.url
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Số phiếu")
    many = names(page)
    assert set(many) == set(NAMES)
    page.locator(".compared input[type=search]").focus()
    page.keyboard.type("tien")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    presses += 1
    assert names(page) == [name for name in many if "Tiên" in name]
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Số phiếu")
    assert presses <= MOST_PRESSES


def test_the_address_of_a_view_is_copied_by_a_press(page: Page) -> None:
    page.context.grant_permissions(["clipboard-write"])
    button = page.locator("button[data-copies-address]")
    if page.evaluate("innerWidth < 400"):  # phones have a way of their own to share a page
        expect(button).to_be_hidden()
        return
    done = button.get_attribute("data-copied") or ""
    button.click()
    expect(button).to_have_text(done)


def test_two_ticks_and_a_press_put_places_side_by_side(page: Page) -> None:
    boxes = page.locator("input[name=canh]")
    clicks = [boxes.nth(0), boxes.nth(4), page.get_by_role("button", name="Đặt cạnh nhau")]
    assert len(clicks) <= MOST_PRESSES
    for one in clicks:
        one.click()
    expect(page.locator("table.beside")).to_contain_text("Rạch Giá")
    expect(page.locator("table.beside thead th")).to_have_count(4)
    assert violations(page) == []
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_province_of_a_hundred_offices_is_six_screens_high(
    browser: Browser, live_server: LiveServer
) -> None:
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang", code="91")
    for number in range(102):
        office = office_in(province, f"Vĩnh Thạnh Trung {number}", [(GOOD, 1)])
        good, bad = bytes([5, 5, 5]), bytes([1, 5, 5])
        factories.answered(office, [good] * 9 + [bad] * (number % 7 + 1), day=LAST)
    steps.close(LAST)
    page = browser.new_page(
        base_url=live_server.url, locale="vi-VN", viewport={"width": 1280, "height": SCREEN}
    )
    cookie = client_of(official(province)).cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    shown = page.goto(f"/bao-cao/don-vi/{province.pk}/so-sanh/")
    assert shown is not None
    expect(page.locator(".tiles li")).to_have_count(102)
    expect(page.locator(".compared tbody tr")).to_have_count(50)
    height = page.evaluate("document.documentElement.scrollHeight")
    size = len(shown.body())
    page.context.close()
    assert (height <= SCREENS * SCREEN, size <= MOST_BYTES) == (True, True), (
        f"{height} px, {size} bytes"
    )
