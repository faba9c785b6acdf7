"""How far the dossier is, asked first: on phones by screen and by page, on tablets, offline."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from offices.models import Office
from surveys.models import Response, Stage, State
from tests.browser.axe import violations
from tests.browser.device import (
    NOT_SAID,
    await_delivery,
    await_records,
    await_true,
    finish,
    pair,
    tap,
    works_offline,
)
from tests.browser.sight import NAMES
from tests.browser.survey import Open, arrived, press
from tests.browser.test_first_screen import ROOM
from tests.browser.test_one_by_one import CUT, SMALL, choose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
RECEIVED, REFUSED, WAITING = (
    "Đã nhận được kết quả",
    "Hồ sơ của tôi bị từ chối",
    "Chưa, tôi đang chờ",
)
OWN_WORDS = "Kết quả hoặc văn bản từ chối Ông/Bà nhận được"
CACHED = "async () => (await (await caches.open('hailong-offices')).keys()).length > 0"
SCROLLS = """() => {
  const main = document.getElementById("main");
  return main.scrollHeight - main.clientHeight;
}"""


def shows(page: Page, code: str, said: str) -> None:
    arrived(page)
    expect(page.locator("fieldset.scale:visible")).to_have_attribute("id", f"id_{code}")
    expect(page.locator(".progress")).to_have_text(said)


def test_a_phone_asks_it_on_a_screen_after_the_overall_question(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/counter/", viewport=SMALL)
    shows(page, "O1", "Câu 1 trên 7")
    choose(page, "Không hài lòng")
    shows(page, "stage", "Câu 2 trên 7")
    expect(page.locator("#id_stage legend")).to_be_focused()
    answers, cut, low, scrolled = page.evaluate(CUT)
    assert (answers, cut, low, scrolled) == (3, [], 0, 0)
    assert violations(page) == []
    choose(page, WAITING)
    for number, code in enumerate(("A1", "B1", "C1", "E1"), start=3):
        shows(page, code, f"Câu {number} trên 6")
        choose(page, "Hài lòng")
    expect(page.locator("textarea")).to_be_visible()
    expect(page.locator("#id_stage")).to_have_count(0)
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator("#thanks")).to_be_visible()
    stored = Response.objects.get()
    assert (stored.stage, bytes(stored.answers)[:6]) == (Stage.WAITING, bytes([2, 4, 4, 4, 8, 4]))


def test_keys_say_it_and_the_browser_s_back_button_leads_to_it(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    page.locator("#id_O1 input").first.focus()
    page.keyboard.press("4")
    shows(page, "stage", "Câu 2 trên 7")
    page.keyboard.press("2")
    shows(page, "A1", "Câu 3 trên 7")
    page.go_back()
    shows(page, "stage", "Câu 2 trên 7")
    expect(page.get_by_label(REFUSED)).to_be_checked()
    page.go_forward()
    shows(page, "A1", "Câu 3 trên 7")
    for number, code in enumerate(("B1", "C1", "D1"), start=4):
        page.keyboard.press("ArrowRight")
        shows(page, code, f"Câu {number} trên 7")
    expect(page.locator("#id_D1 > legend")).to_have_text(OWN_WORDS)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_one_line_below_the_questions_leaves_its_first_question_whole(
    visit: Open, office: Office, settings: Settings, scripts: bool
) -> None:
    settings.LANGUAGES = [(code, code) for code in NAMES]
    office.counters.create(number=3, name="Hộ tịch")
    call_command("ask_stage_first", "sipas-2026-services.1", stdout=StringIO())
    first = ROOM.replace("fieldset.scale", "fieldset.scale:not(.stage)")
    for language in NAMES:
        address = f"/ks/{office.slug}/?quay=3&ngon-ngu={language}"
        page = visit(address, viewport=PHONE, java_script_enabled=scripts)
        answers, scrolled, room = page.evaluate(first)
        assert (answers, scrolled) == (6, 0)
        assert room >= 0, f"{language}: {-room} pixels too low"
        small = page.locator(".stage .answer").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().height < 44).length"
        )
        assert small == 0
    page = visit(f"/ks/{office.slug}/", viewport=PHONE, java_script_enabled=scripts)
    page.get_by_label("Đang chờ").check()
    for part in range(2, 5):
        press(page, "Tiếp tục")
        expect(page.locator(".progress")).to_have_text(f"Phần {part} / 5")
    expect(page.locator("fieldset.scale").first).to_have_attribute("id", "id_E1")


def test_a_tablet_asks_it_and_nobody_has_to_say_it(
    tablet: Open, office: Office, always_open: None
) -> None:
    page = tablet()
    pair(page, office)
    tap(page)
    expect(page.locator("h1")).to_have_text("Ông/Bà đã nhận được kết quả chưa?")
    assert page.evaluate(SCROLLS) <= 0
    assert violations(page) == []
    tap(page, WAITING)
    expect(page.get_by_text("Câu 3 trên 6")).to_be_visible()
    for _question in range(4):
        tap(page)
    finish(page)
    await_delivery(page)
    stored = Response.objects.get()
    assert (stored.state, stored.stage) == (State.FINISHED, Stage.WAITING)
    assert bytes(stored.answers)[:6] == bytes([4, 4, 4, 4, 8, 4])
    # the next person is asked anew, may say nothing, and is asked about the result
    page.clock.run_for(1000)
    page.get_by_role("button", name="Xong").click()
    page.clock.run_for(6000)
    tap(page)
    expect(page.locator("[aria-pressed=true][data-value]")).to_have_count(0)
    tap(page, NOT_SAID)
    expect(page.get_by_text("Câu 3 trên 7")).to_be_visible()
    page.get_by_role("button", name="Quay lại").click()
    page.clock.run_for(1100)
    tap(page, REFUSED)
    for _question in range(3):
        tap(page)
    expect(page.locator("h1")).to_have_text(OWN_WORDS)


def test_without_network_it_is_asked_on_the_first_page_too(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto(f"/ks/{office.slug}/counter/")
    choose(page, "Hài lòng")
    expect(page.locator("#id_stage:visible")).to_have_count(1)
    works_offline(page)
    await_true(page, CACHED)
    context.set_offline(True)
    page.goto(f"/ks/{office.slug}/counter/")
    page.get_by_role("button", name="Bắt đầu phiếu mới").click()
    fields = page.locator("fieldset.scale")
    expect(fields.nth(1)).to_have_attribute("id", "id_stage")
    fields.nth(0).get_by_label("Bình thường").check()
    page.get_by_label(WAITING).check()
    page.locator("form .actions .action").click()
    expect(fields).to_have_count(4)
    expect(page.locator("#id_D1")).to_have_count(0)
    page.locator("form .actions .action").click()
    expect(page.locator("textarea")).to_be_visible()
    expect(page.locator("#id_stage")).to_have_count(0)
    page.locator("form .actions .action").click()
    expect(page.locator("#thanks")).to_be_visible()
    context.set_offline(False)
    await_records(page, "(records) => records.length === 0")
    stored = Response.objects.get(state=State.FINISHED)
    assert (stored.stage, bytes(stored.answers)[:6]) == (Stage.WAITING, bytes([3, 0, 0, 0, 8, 0]))
