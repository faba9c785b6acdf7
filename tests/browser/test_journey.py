"""From a citizen's phone to the province's screen, with a real worker between."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from offices.models import Membership
from reports.counting.periods import span_of
from reports.models import Period, Score
from reports.night import steps
from surveys.models import Mark, Response, State
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.browser.survey import press
from tests.worker.process import running_worker, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PASSWORD = "mot-mat-khau-dai-de-thu"


def opened(context: BrowserContext, foreign: list[str], base: str) -> Page:
    """A page that notes every request to another host."""
    page = context.new_page()
    page.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((base, "data:")) else None
        ),
    )
    return page


def answer_all(page: Page, word: str) -> None:
    """Taps the same word on every question, page by page, up to the receipt."""
    for _ in range(10):
        questions = page.locator("fieldset.scale")
        for number in range(questions.count()):
            questions.nth(number).get_by_label(word, exact=True).check()
        last = page.get_by_role("button", name="Gửi phiếu")
        if last.count():
            page.get_by_label("Đã nhận được kết quả").check()
            last.click()
            return
        press(page, "Tiếp tục")
    raise AssertionError("the survey has no end")


def test_a_citizen_answers_and_the_province_sees_it(
    browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    load_instruments()
    province = factories.province("An Giang")
    ward = factories.unit(parent=province, name="Hà Tiên")
    office = factories.office(
        ward, slug="phuong-ha-tien", name="Trung tâm Phục vụ hành chính công phường Hà Tiên"
    )
    officer = factories.user("tinh", PASSWORD)
    Membership.objects.create(user=officer, unit=province, role=Membership.Role.PROVINCIAL_OFFICER)
    month = span_of(Period.MONTH, timezone.localdate())
    shown = Score.objects.filter(unit=province, period=Period.MONTH, map="today")
    foreign: list[str] = []
    with (
        running_worker(tmp_path) as worker,
        browser.new_context(viewport=PHONE, locale="vi-VN") as phone,
    ):
        for _ in range(29):
            factories.answer(
                office,
                {f"A{n}": 5 for n in (1, 2, 3)}
                | dict.fromkeys(("B1", "B2", "B3", "B4", "C1", "C2", "C3"), 2),
            )
        others = set(Response.objects.values_list("id", flat=True))
        citizen = opened(phone, foreign, live_server.url)
        citizen.goto(f"{live_server.url}/ks/{office.slug}/")
        expect(citizen.locator("html")).to_have_attribute("lang", "vi")
        answer_all(citizen, "Rất hài lòng")
        expect(citizen.locator("#thanks")).to_be_visible()
        # the receipt says when the answer will count
        expect(citizen.locator("main")).to_contain_text(
            "trong đêm, khi hết tuần hoặc khi khóa tháng"
        )
        assert phone.cookies() == []
        stored = Response.objects.exclude(id__in=others).get()
        assert (stored.state, bytes(stored.answers)) == (State.FINISHED, bytes([5] * 16))
        wait_until(lambda: not Mark.objects.exists() and shown.exists(), worker)
    # nobody has been counted by day; when the month is over, everybody is
    assert list(shown.values_list("people", "closed")) == [(0, False)]
    with time_machine.travel(factories.at(month.last + timedelta(days=1), 2), tick=True):
        steps.close(month.last)
    with browser.new_context(viewport=DESKTOP, locale="vi-VN") as desk:
        official = opened(desk, foreign, live_server.url)
        official.goto(f"{live_server.url}{reverse('officials:home')}")
        official.locator("input[name=username]").fill("tinh")
        official.locator("input[name=password]").fill(PASSWORD)
        official.locator("main").get_by_role("button", name="Đăng nhập").click()
        # what they should know first, and one press further the whole figure
        expect(official.locator("p.brief")).to_contain_text("33,66\u00a0% hài lòng, 30 phiếu")
        official.locator(".rail").get_by_role("link", name="Kết quả").click()
        headline = official.locator("data.headline")
        expect(headline).to_have_attribute("data-n", "30")
        expect(headline).to_have_attribute("value", "33.66")
        expect(headline).to_have_text("33,66\u00a0%")
    assert foreign == []


def test_the_survey_works_with_javascript_switched_off(
    browser: Browser, live_server: LiveServer
) -> None:
    load_instruments()
    office = factories.office(slug="xa-tien-hai")
    with browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=False) as phone:
        page = phone.new_page()
        page.goto(f"{live_server.url}/ks/{office.slug}/")
        answer_all(page, "Hài lòng")
        expect(page.locator("#thanks")).to_be_visible()
        assert Response.objects.get().state == State.FINISHED


def test_going_back_loses_nothing(browser: Browser, live_server: LiveServer) -> None:
    load_instruments()
    office = factories.office()
    with browser.new_context(viewport=PHONE, locale="vi-VN") as phone:
        page = phone.new_page()
        page.goto(f"{live_server.url}/ks/{office.slug}/")
        page.locator("fieldset.scale").first.get_by_label("Hài lòng", exact=True).check()
        press(page, "Tiếp tục")
        press(page, "Quay lại")
        first = page.locator("fieldset.scale").first.get_by_label("Hài lòng", exact=True)
        expect(first).to_be_checked()
