"""Why somebody is not satisfied: chips below a low answer, on small phones, by keys, scriptless."""

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from offices.models import Office
from surveys.models import Response, State
from tests.browser.axe import violations
from tests.browser.sight import NAMES
from tests.browser.survey import Open, arrived
from tests.browser.test_one_by_one import CUT, SMALL, asks, choose, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASONS = ("WAIT", "TRIP", "RULE", "MANN", "RES")
# Of the chips in sight: how many, the height of the lowest, which are not whole in the window.
CHIPS = """() => {
  const seen = [...document.querySelectorAll(".chip")].filter((one) => one.checkVisibility());
  const boxes = seen.map((one) => one.getBoundingClientRect());
  return [seen.length, Math.min(...boxes.map((box) => box.height)),
    boxes.filter((box) => box.top < 0 || box.left < 0 || box.bottom > innerHeight + .5
      || box.right > innerWidth).length];
}"""


def stored() -> list[int]:
    """The answer to the overall question and which of its reasons were given."""
    answers = bytes(Response.objects.get().answers)
    return [answers[0], *answers[6:11]]


def saved(page: Page) -> None:
    expect(page.locator(".saving")).to_have_text("Đã lưu")


def test_chips_come_below_a_low_answer_and_go_with_it(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/?gd=da-nhan", viewport=SMALL)
    asks(page, "O1", 1, 6)
    group = page.get_by_role("group", name="Vì sao?")
    expect(group).to_be_hidden()
    choose(page, "Rất không hài lòng")
    expect(group).to_be_visible()
    saved(page)
    assert stored() == [1, 2, 2, 2, 2, 2]
    choose(page, "Chờ lâu")
    choose(page, "Thái độ chưa tốt")
    expect(page.get_by_role("checkbox", name="Chờ lâu")).to_be_checked()
    press(page, "Kể thêm")
    asks(page, "A1", 2, 6)
    assert stored() == [1, 1, 2, 2, 1, 2]
    press(page, "Quay lại")
    asks(page, "O1", 1, 6)
    expect(page.get_by_role("checkbox", name="Thái độ chưa tốt")).to_be_checked()
    choose(page, "Hài lòng")
    expect(group).to_be_hidden()
    asks(page, "A1", 2, 6)  # nothing is asked below it, so it leads on by itself
    assert stored() == [4, 0, 0, 0, 0, 0]
    press(page, "Quay lại")
    asks(page, "O1", 1, 6)
    choose(page, "Không hài lòng")
    expect(page.locator("#id_O1 .chip :checked")).to_have_count(0)
    page.get_by_role("button", name="Gửi, thế là xong").click()
    expect(page.get_by_role("heading", name="Cảm ơn Ông/Bà")).to_be_visible()
    assert (stored(), Response.objects.get().state) == ([2, 2, 2, 2, 2, 2], State.FINISHED)


def test_who_takes_no_reason_is_led_on_and_who_touches_anything_stays(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/counter/?gd=da-nhan", viewport=SMALL)
    page.clock.install()
    choose(page, "Không hài lòng")
    expect(page.get_by_role("group", name="Vì sao?")).to_be_visible()
    saved(page)
    page.clock.run_for(2000)
    asks(page, "O1", 1, 6)
    page.clock.run_for(8000)
    asks(page, "A1", 2, 6)
    page.clock.run_for(2000)
    choose(page, "Không hài lòng")
    page.clock.run_for(2000)
    choose(page, "Thiếu chỗ ngồi")
    page.clock.run_for(60_000)
    asks(page, "A1", 2, 6)
    page.get_by_role("button", name="Tiếp tục").click()
    asks(page, "B1", 3, 6)


FOCUS = "document.querySelector('#id_O1 .chip input').focus()"
SELECT = """() => new Promise((done) => {
  document.addEventListener("selectionchange", done, { once: true });
  getSelection().setPosition(document.querySelector("#id_O1 .reasons legend"), 0);
})"""


def tick(route: Route) -> None:
    """The page as a browser has it that fills in what was ticked before."""
    answer = route.fetch()
    chip = 'name="O1_WAIT" value="1"'
    assert chip in answer.text()
    route.fulfill(response=answer, body=answer.text().replace(chip, f"{chip} checked"))


@pytest.mark.parametrize("move", [FOCUS, SELECT])
def test_a_screen_reader_that_only_moves_is_not_led_on(
    visit: Open, office: Office, move: str
) -> None:
    page = visit(f"/ks/{office.slug}/counter/?gd=da-nhan", viewport=SMALL)
    page.clock.install()
    choose(page, "Không hài lòng")
    saved(page)
    page.clock.run_for(2000)
    page.evaluate(move)
    page.clock.run_for(60_000)
    asks(page, "O1", 1, 6)


def test_a_reason_that_was_taken_back_does_not_return_with_the_page(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/counter/?gd=da-nhan", viewport=SMALL)
    chip = page.get_by_role("checkbox", name="Chờ lâu")
    choose(page, "Không hài lòng")
    choose(page, "Chờ lâu")
    press(page, "Kể thêm")
    asks(page, "A1", 2, 6)
    press(page, "Quay lại")
    asks(page, "O1", 1, 6)
    choose(page, "Chờ lâu")
    expect(chip).not_to_be_checked()
    page.route("**/counter/*", tick)
    page.reload()
    asks(page, "O1", 1, 6)
    expect(chip).not_to_be_checked()


def test_everything_is_in_sight_on_a_small_phone(
    visit: Open, office: Office, settings: Settings
) -> None:
    settings.LANGUAGES = [(code, code) for code in NAMES]
    for language in NAMES:
        page = visit(f"/ks/{office.slug}/counter/?gd=da-nhan&ngon-ngu={language}", viewport=SMALL)
        for number, most in enumerate((5, 4, 4, 4, 3, 4)):
            question = page.locator("fieldset.scale:visible")
            question.locator("input[value='2']").first.check()
            shown, height, cut = page.evaluate(CHIPS)
            assert (shown, height >= 44, cut) == (most, True, 0), f"{language} {number}"
            answers, parts, low, scrolled = page.evaluate(CUT)
            assert (parts, low, scrolled) == ([], 0, 0), f"{language} {number} {answers}"
            if number == 0 and language == "vi":
                assert violations(page) == []
            expect(page.locator("form[data-came]")).to_have_count(0)
            page.locator(".actions .action").click()
            arrived(page)


def test_with_keys_alone(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/?gd=da-nhan")
    page.locator("#id_O1 input").first.focus()
    page.keyboard.press("1")
    expect(page.get_by_role("group", name="Vì sao?")).to_be_visible()
    expect(page.locator("#id_O1 input[value='1']").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Chờ lâu")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Chờ lâu")).to_be_checked()
    page.keyboard.press("4")  # in a chip a digit is no answer
    expect(page.locator("#id_O1 input[value='1']").first).to_be_checked()
    for _ in REASONS:
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Kể thêm")).to_be_focused()
    page.keyboard.press("Enter")
    asks(page, "A1", 2, 6)
    assert stored() == [1, 1, 2, 2, 2, 2]


def test_without_scripts_they_come_as_well(visit: Open, office: Office) -> None:
    page = visit(
        f"/ks/{office.slug}/counter/?gd=da-nhan", viewport=SMALL, java_script_enabled=False
    )
    group = page.get_by_role("group", name="Vì sao?")
    expect(group).to_be_hidden()
    choose(page, "Không hài lòng")
    expect(group).to_be_visible()
    choose(page, "Chờ lâu")
    page.get_by_role("button", name="Kể thêm").click()
    expect(page.locator("fieldset.scale")).to_have_count(5)
    assert stored() == [2, 1, 2, 2, 2, 2]
    page.get_by_role("button", name="Quay lại").click()
    expect(page.get_by_role("checkbox", name="Chờ lâu")).to_be_checked()
    choose(page, "Hài lòng")
    page.get_by_role("button", name="Gửi, thế là xong").click()
    expect(page.get_by_role("heading", name="Cảm ơn Ông/Bà")).to_be_visible()
    assert stored() == [4, 0, 0, 0, 0, 0]
