"""The whole survey without a finger or a mouse."""

from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from offices.models import Office
from surveys.models import Remark, Response, Stage, State
from tests.browser.survey import Open, arrived, chosen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]

FOCUSED = """() => {
  const part = document.activeElement;
  const ring = part.matches(".answer input") ? part.closest(".answer") : part;
  const style = getComputedStyle(ring);
  const box = ring.getBoundingClientRect();
  return {
    what: part.name || part.id || part.textContent.trim().replace(/\\s+/g, " "),
    ring: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
    seen: box.top >= 0 && box.bottom <= innerHeight && box.left >= 0,
  };
}"""


def tab(page: Page, key: str = "Tab") -> str:
    """Goes to the next control, which must come to show that it has the focus; what it is."""
    page.keyboard.press(key)
    with suppress(TimeoutError):
        page.wait_for_function(f"() => {{ const it = ({FOCUSED})(); return it.ring && it.seen; }}")
    focused = page.evaluate(FOCUSED)
    assert (focused["what"], focused["ring"], focused["seen"]) == (focused["what"], True, True)
    return str(focused["what"])


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_the_counter_form_with_the_keyboard_alone(
    visit: Open, office: Office, scripts: bool
) -> None:
    page = visit(f"/ks/{office.slug}/counter/", java_script_enabled=scripts)
    assert tab(page) == "Đến nội dung chính"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    # what is kept and for how long may be opened before the first answer
    assert tab(page) == "Không phải cơ quan này?"
    assert tab(page) == "Ai hỏi, lưu gì, quyền của Ông/Bà"
    order = []
    for _ in range(6):
        order.append(tab(page))
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
    assert order == ["O1", "A1", "B1", "C1", "D1", "E1"]
    assert chosen(page) == ["Bình thường"] * 6
    assert tab(page) == "Tiếp tục"
    page.keyboard.press("Enter")
    expect(page.get_by_text("Phần 2 / 2")).to_be_visible()
    arrived(page)
    # both go on where the skip link led, not at the top
    expect(page.locator("#main:focus, #main h1:focus")).to_have_count(1)
    assert tab(page) == "stage"
    page.keyboard.press("Space")
    # with JavaScript a field with search, whose list the keys open and choose from
    assert tab(page) == ("id_procedure" if scripts else "procedure")
    page.keyboard.press("ArrowDown")
    if scripts:
        page.keyboard.press("Enter")
    assert tab(page) == "respondent"
    page.keyboard.press("Space")
    assert tab(page) == "helped"
    assert tab(page) == "remark"
    page.keyboard.type("Ghế chờ ít quá")
    assert tab(page) == "wants_reply"
    assert tab(page) == "contact"
    assert tab(page) == "Gửi phiếu"
    page.keyboard.press("Enter")
    expect(page.locator("#thanks")).to_be_visible()
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers), stored.stage) == (
        State.FINISHED,
        bytes([3] * 6),
        Stage.RECEIVED,
    )
    assert stored.procedure_id is not None
    assert Remark.objects.get().text == "Ghế chờ ít quá"


def test_back_can_be_reached_and_pressed(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    page.locator("fieldset.scale input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Phần 2 / 6")).to_be_visible()
    page.get_by_role("button", name="Tiếp tục").focus()
    assert tab(page) == "go"
    page.keyboard.press("Space")
    expect(page.get_by_text("Phần 1 / 6")).to_be_visible()
    assert chosen(page) == ["Rất không hài lòng"]


def test_the_notice_of_unfinished_answers_is_met_first(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    page.locator("fieldset.scale input").first.check()
    page.goto(f"/ks/{office.slug}/counter/")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert tab(page) == "Tiếp tục trả lời"
    assert tab(page) == "Bắt đầu phiếu mới"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert tab(page) == "O1"


def test_the_error_leads_to_its_field(visit: Open, office: Office) -> None:
    page = visit("/ks/phan-hoi/")
    page.locator("#code").fill("ABC")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    tab(page)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
