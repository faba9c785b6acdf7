"""A release by two officers, each in a browser of their own: few clicks, nothing before both."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from offices.models import AdministrativeUnit, Membership, User
from reports.models import Release
from reports.night import steps
from tests import factories
from tests.browser.axe import violations
from tests.officials.two import client_of, emptied, holder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 6


@pytest.fixture
def province() -> Iterator[AdministrativeUnit]:
    """June of a province: 14 people in one office."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.province("An Giang", code="91")
    office = factories.office(factories.unit(parent=made), name="Trung tâm Mỹ Thới")
    for _ in range(14):
        factories.answer(office, [5, 4, 4], now=factories.at(date(2025, 6, 10)))
    steps.close(date(2025, 7, 31))
    yield made
    emptied("offices_proposal", "reports_release", "reports_releasecut", "reports_releasefigure")


class Officer:
    """Somebody at a browser; counts what they click."""

    def __init__(self, context: BrowserContext, user: User, address: str) -> None:
        cookie = client_of(user).cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": address}])
        self.page: Page = context.new_page()
        self.clicks = 0

    def click(self, role: str, name: str) -> None:
        """Clicks what has this name."""
        self.page.locator("main").get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.clicks += 1


def test_two_officers_publish_with_few_clicks(
    browser: Browser, live_server: LiveServer, province: AdministrativeUnit
) -> None:
    address = live_server.url
    contexts = [browser.new_context(base_url=address, locale="vi-VN") for _ in range(2)]
    role = Membership.Role.PROVINCIAL_OFFICER
    lan, minh = (Officer(one, holder(province, role), address) for one in contexts)
    lan.page.goto(f"/bao-cao/don-vi/{province.pk}/cong-bo/")
    lan.page.get_by_label("Kỳ đã khóa sổ").select_option("month.2025-06-01")
    lan.click("button", "Tiếp tục")
    lan.click("checkbox", "Tôi đã kiểm tra")
    lan.click("button", "Đề nghị chốt số liệu")
    expect(lan.page.get_by_role("heading", level=1)).to_contain_text("Chốt số liệu")
    assert lan.page.get_by_role("button", name="Duyệt và thực hiện").count() == 0
    assert not Release.objects.exists()
    minh.page.goto("/bao-cao/cho-duyet/")
    assert violations(minh.page) == []
    minh.click("link", "Chốt số liệu")
    expect(minh.page.get_by_text("Trung tâm Mỹ Thới").first).to_be_visible()
    assert violations(minh.page) == []
    minh.click("button", "Duyệt và thực hiện")
    expect(minh.page.get_by_role("status")).to_contain_text("Đã duyệt")
    assert Release.objects.count() == 1
    assert lan.clicks + minh.clicks <= MOST_CLICKS
    lan.page.reload()
    expect(lan.page.get_by_role("link", name="Mở bản chốt số liệu")).to_be_visible()
    for one in contexts:
        one.close()
