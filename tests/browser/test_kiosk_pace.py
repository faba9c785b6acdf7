"""How long a tablet leaves people, in a real Chromium: after a tap, before it forgets."""

import re
from collections.abc import Callable

import pytest
import segno
from playwright.sync_api import Page, expect

from offices.addresses import public_url
from surveys.models import Remark, Response, State
from tests.browser.device import (
    LEVELS,
    SHOWN,
    answer_all,
    await_delivery,
    finish,
    next_person,
    readable,
    stand_still,
    tap,
)
from tests.browser.survey import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open", "without_stage"),
]

QUESTIONS = 6
MARKED = "[data-value][aria-pressed=true]"
STAY = "Tôi vẫn đang trả lời"
# A place on the warning's button under which an answer stands.
BENEATH = """() => {
  const box = document.querySelector("#kiosk-countdown button").getBoundingClientRect();
  for (let y = box.top + 4; y < box.bottom - 4; y += 4) {
    for (let x = box.left + 4; x < box.right - 4; x += 4) {
      const stack = document.elementsFromPoint(x, y);
      const covered = stack.some((part) => part.matches("#main button"));
      if (covered && stack[0].closest("#kiosk-countdown button")) return [x, y];
    }
  }
  return null;
}"""

FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
  window.roomAgain = () => { IDBObjectStore.prototype.put = put; };
}"""


@pytest.fixture
def paired(paired: Page) -> Page:
    stand_still(paired)
    return paired


def number(page: Page, shown: int) -> None:
    """Waits for the question with this number."""
    expect(page.get_by_text(f"Câu {shown} trên {QUESTIONS}")).to_be_visible()


def back(page: Page) -> None:
    """To the question before, and past the second in which another tap answers nothing."""
    page.get_by_role("button", name="Quay lại").click()
    page.clock.run_for(1_000)


def centre(page: Page, name: str) -> tuple[float, float]:
    """The middle of a button."""
    box = page.get_by_role("button", name=name).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_the_spot(page: Page) -> Callable[[], None]:
    """Taps where the fourth answer of the first question stands, whatever is there later."""
    box = page.locator(".choice").nth(3).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return lambda: page.touchscreen.tap(x, y)


def with_the_key(page: Page) -> Callable[[], None]:
    """Presses Enter on what was focused: the fourth answer of the first question."""
    page.locator(".choice").nth(3).focus()
    return lambda: page.keyboard.press("Enter")


@pytest.mark.parametrize("way", [on_the_spot, with_the_key], ids=["finger", "key"])
def test_a_second_tap_on_one_spot_answers_nothing(
    paired: Page, way: Callable[[Page], Callable[[], None]]
) -> None:
    again = way(paired)
    again()
    expect(paired.locator(MARKED)).to_have_text(LEVELS[3])
    # the third comes a second and more after the first, less than that after the second
    for later in (830, 830):
        paired.clock.run_for(later)
        number(paired, 1)
        expect(paired.locator(MARKED)).to_have_text(LEVELS[3])
        again()
    paired.clock.run_for(SHOWN)
    number(paired, 2)
    assert paired.locator(MARKED).count() == 0
    paired.clock.run_for(50_000)
    await_delivery(paired)
    assert bytes(Response.objects.get().answers)[:6] == bytes([4, 0, 0, 0, 0, 0])


def test_the_way_back_shows_each_answer_and_lets_it_be_changed(paired: Page) -> None:
    assert paired.get_by_role("button", name="Quay lại").count() == 0
    for level in LEVELS[:3]:
        tap(paired, level)
    for shown in (3, 2):
        back(paired)
        number(paired, shown)
        expect(paired.locator(MARKED)).to_have_text(LEVELS[shown - 1])
    tap(paired, LEVELS[4])
    number(paired, 3)
    # the same answer once more leads on
    tap(paired, LEVELS[2])
    number(paired, 4)
    assert paired.locator(MARKED).count() == 0
    # while a choice is in sight, back leads to the question before that one, and stays there
    paired.get_by_role("button", name=LEVELS[0], exact=True).click()
    back(paired)
    paired.clock.run_for(SHOWN)
    number(paired, 3)
    tap(paired, LEVELS[2])
    answer_all(paired)
    finish(paired)
    await_delivery(paired)
    assert bytes(Response.objects.get().answers)[:6] == bytes([1, 5, 3, 4, 4, 4])


def test_a_remark_that_was_begun_survives_the_way_back_and_reaches_nobody_else(
    paired: Page,
) -> None:
    answer_all(paired)
    paired.locator("textarea").fill("Ghế chờ ít")
    back(paired)
    expect(paired.locator(MARKED)).to_have_text(LEVELS[3])
    tap(paired)
    expect(paired.locator("textarea")).to_have_value("Ghế chờ ít")
    back(paired)
    paired.clock.run_for(41_000)
    number(paired, 1)
    assert "Ghế" not in readable(paired)
    paired.clock.run_for(6_000)
    answer_all(paired)
    expect(paired.locator("textarea")).to_have_value("")


def test_a_second_tap_on_the_way_back_changes_no_answer(paired: Page) -> None:
    answer_all(paired)
    spot = centre(paired, "Quay lại")
    paired.touchscreen.tap(*spot)
    number(paired, QUESTIONS)
    paired.clock.run_for(500)
    paired.touchscreen.tap(*spot)
    paired.clock.run_for(SHOWN)
    number(paired, QUESTIONS)
    expect(paired.locator(MARKED)).to_have_text(LEVELS[3])


def test_a_second_tap_on_the_end_of_the_thanks_begins_no_form(paired: Page) -> None:
    answer_all(paired)
    finish(paired)
    expect(paired.locator(".thanks-screen")).to_be_visible()
    paired.clock.run_for(6_000)
    paired.touchscreen.tap(*centre(paired, "Xong"))
    number(paired, 1)
    # where the button stood an answer may stand now
    paired.clock.run_for(500)
    answer = paired.get_by_role("button", name=LEVELS[3], exact=True)
    answer.tap()
    assert paired.locator(MARKED).count() == 0
    paired.clock.run_for(600)
    answer.tap()
    expect(paired.locator(MARKED)).to_have_text(LEVELS[3])


def test_any_touch_of_the_warning_keeps_the_form(paired: Page) -> None:
    tap(paired, LEVELS[0])
    paired.clock.run_for(21_000)
    paired.locator("#kiosk-countdown .what-happens").tap()
    expect(paired.locator("#kiosk-countdown")).to_be_empty()
    paired.clock.run_for(18_000)
    number(paired, 2)


def test_a_remark_that_was_left_is_warned_of_on_the_question_before(paired: Page) -> None:
    answer_all(paired)
    paired.locator("textarea").fill("Ghế chờ ít")
    back(paired)
    paired.clock.run_for(21_000)
    expect(paired.locator("#kiosk-countdown")).to_contain_text("chưa gửi sẽ bị xóa")


def test_a_tablet_that_can_store_nothing_more_says_so_and_loses_nothing(paired: Page) -> None:
    answer_all(paired)
    paired.evaluate(FULL)
    paired.locator("textarea").fill("Ghế chờ ít")
    paired.get_by_role("button", name="Gửi phiếu", exact=True).click()
    expect(paired.get_by_role("heading")).to_have_text("Máy này chưa giữ được câu trả lời")
    paired.evaluate("() => window.roomAgain()")
    paired.get_by_role("button", name="Thử lại").click()
    expect(paired.locator("textarea")).to_have_value("Ghế chờ ít")
    paired.get_by_role("button", name="Gửi phiếu", exact=True).click()
    expect(paired.locator(".thanks-screen")).to_be_visible()
    await_delivery(paired)
    assert Remark.objects.get().text == "Ghế chờ ít"
    assert bytes(Response.objects.get().answers)[:QUESTIONS] == bytes([4] * QUESTIONS)


def test_a_warning_says_what_happens_and_leaves_twenty_seconds(paired: Page) -> None:
    warning = paired.locator("#kiosk-countdown")
    tap(paired, LEVELS[0])
    paired.clock.run_for(18_000)
    expect(warning).to_be_empty()
    paired.clock.run_for(3_000)
    expect(warning).to_contain_text("được giữ lại và gửi đi")
    expect(warning).to_contain_text("trở về đầu")
    left = re.search(r"Còn (\d+) giây", warning.inner_text())
    assert left is not None
    assert int(left[1]) >= 18
    paired.clock.run_for(17_000)
    expect(warning).not_to_be_empty()
    number(paired, 2)
    # none of the answers is hidden by it
    below = warning.bounding_box()
    first = paired.locator(".choice").first.bounding_box()
    assert below is not None
    assert first is not None
    assert below["y"] + below["height"] <= first["y"]
    paired.get_by_role("button", name=STAY).tap()
    expect(warning).to_be_empty()
    paired.clock.run_for(18_000)
    expect(warning).to_be_empty()
    paired.clock.run_for(23_000)
    number(paired, 1)
    await_delivery(paired)
    response = Response.objects.get()
    assert (response.state, bytes(response.answers)[0]) == (State.OPEN, 1)


def test_a_finger_on_the_warnings_button_answers_nothing_that_stands_beneath(paired: Page) -> None:
    paired.set_viewport_size({"width": 640, "height": 360})
    tap(paired, LEVELS[0])
    paired.clock.run_for(21_000)
    expect(paired.get_by_role("button", name=STAY)).to_be_visible()
    spot = paired.evaluate(BENEATH)
    assert spot is not None
    paired.touchscreen.tap(*spot)
    expect(paired.locator("#kiosk-countdown")).to_be_empty()
    assert paired.locator(MARKED).count() == 0
    number(paired, 2)


def test_who_writes_is_told_that_what_is_not_sent_is_erased(paired: Page) -> None:
    warning = paired.locator("#kiosk-countdown")
    answer_all(paired)
    paired.clock.run_for(61_000)
    expect(warning).to_contain_text("được giữ lại và gửi đi")
    assert "xóa" not in warning.inner_text()
    paired.locator("textarea").fill("Ghế chờ ít")
    expect(warning).to_be_empty()
    paired.clock.run_for(61_000)
    expect(warning).to_contain_text("chưa gửi sẽ bị xóa")
    paired.get_by_role("button", name=STAY).tap()
    expect(paired.locator("textarea")).to_have_value("Ghế chờ ít")
    paired.clock.run_for(81_000)
    number(paired, 1)
    await_delivery(paired)
    assert Response.objects.get().state == State.OPEN
    assert Remark.objects.count() == 0


def test_a_remark_is_thanked_with_the_way_to_its_reply_and_the_code_stands_in_no_address(
    paired: Page,
) -> None:
    answer_all(paired)
    finish(paired)
    expect(paired.locator(".thanks-screen")).to_be_visible()
    assert paired.locator(".qr").count() == 0
    next_person(paired)
    answer_all(paired)
    finish(paired, "Ghế chờ ít")
    expect(paired.locator(".keep")).to_contain_text("/ks/phan-hoi/")
    drawn = paired.locator(".qr svg").evaluate("drawing => drawing.outerHTML")
    code = segno.make(public_url("/ks/phan-hoi/"), error="m", micro=False)
    wanted = re.search(r'class="qrline" stroke="#000" d="([^"]+)"', code.svg_inline(border=4))
    assert wanted is not None
    assert wanted[1] in drawn
    paired.clock.run_for(55_000)
    expect(paired.locator(".qr")).to_be_visible()
    paired.clock.run_for(6_000)
    number(paired, 1)


def test_the_officials_panel_closes_after_a_minute_without_a_touch(paired: Page) -> None:
    paired.get_by_text("Dành cho cán bộ").press("Enter")
    panel = paired.locator("dialog")
    expect(panel).to_be_visible()
    paired.clock.run_for(50_000)
    panel.locator("h2").tap()
    paired.clock.run_for(50_000)
    expect(panel).to_be_visible()
    paired.clock.run_for(11_000)
    expect(panel).to_have_count(0)
    number(paired, 1)


def test_a_browser_that_keeps_nothing_says_what_to_do(tablet: Open) -> None:
    page = tablet()
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page.reload()
    expect(page.get_by_role("heading")).to_have_text("Máy này chưa giữ được câu trả lời")
    expect(page.locator("#main")).to_contain_text("cửa sổ thường")
    expect(page.locator("#main")).to_contain_text("phiếu giấy")
    with page.expect_navigation():
        page.get_by_role("button", name="Thử lại").click()
