"""One question a screen on phones, with faces, keys, and the browser's own ways."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import Settings

from benchmarks.measures.phone import first_page
from offices.models import Office
from surveys.models import Response, State
from tests.browser.axe import violations
from tests.browser.sight import NAMES
from tests.browser.survey import Open, arrived
from tests.browser.test_first_page import MOST

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = {"width": 360, "height": 640}
# What of a question and its buttons is not whole within the window, and how many answers are seen.
CUT = """async () => {
  await document.fonts.ready;
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const seen = [...document.querySelectorAll(
    ".sheet.one :is(.progress, legend, .question, .hint, .answer, .actions button)")]
    .filter((part) => part.checkVisibility());
  const cut = seen.filter((part) => {
    const box = part.getBoundingClientRect();
    return box.top < 0 || box.left < 0 || box.bottom > innerHeight + .5 || box.right > innerWidth;
  });
  const low = [...document.querySelectorAll(".answer, .actions button")]
    .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height < 44);
  const answers = seen.filter((part) => part.matches(".answer")).length;
  return [answers, cut.map((part) => part.textContent.trim()), low.length, scrollY];
}"""


def asks(page: Page, code: str, number: int, count: int = 7) -> None:
    """Waits until this question alone is in sight and has the focus, and it is said which it is."""
    arrived(page)
    expect(page.locator("fieldset.scale:visible")).to_have_attribute("id", f"id_{code}")
    expect(page.locator(".progress")).to_have_text(f"Câu {number} trên {count}")
    expect(page.locator(".progress")).to_have_role("status")


def press(page: Page, name: str) -> None:
    """Presses a button once the question has stood there for a moment."""
    expect(page.locator("form[data-came]")).to_have_count(0)
    page.get_by_role("button", name=name).click()


def choose(page: Page, word: str) -> None:
    page.locator("fieldset.scale:visible").get_by_text(word, exact=True).click()


def test_its_first_page_is_as_small_as_any_other(visit: Open, office: Office) -> None:
    run = first_page(visit("about:blank"), f"/ks/{office.slug}/counter/")
    assert run.requests <= 3
    assert run.bytes_without_fonts <= MOST


def test_a_minute_is_eight_taps_and_the_first_is_stored_at_once(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/counter/", viewport=SMALL)
    asks(page, "O1", 1)
    choose(page, "Bình thường")
    expect(page.locator(".saving")).to_have_text("Đã lưu")
    stored = Response.objects.get()
    assert (bytes(stored.answers)[:6], stored.valid) == (bytes([3, 0, 0, 0, 0, 0]), True)
    asks(page, "stage", 2)
    choose(page, "Đã nhận được kết quả")
    for number, code in enumerate(("A1", "B1", "C1", "D1", "E1"), start=3):
        asks(page, code, number)
        expect(page.locator(f"#id_{code} > legend")).to_be_focused()
        choose(page, "Hài lòng")
    expect(page.locator("textarea")).to_be_visible()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator("#thanks")).to_be_visible()
    stored.refresh_from_db()
    assert (bytes(stored.answers)[:6], stored.state) == (bytes([3, 4, 4, 4, 4, 4]), State.FINISHED)


def test_who_has_said_enough_ends_it_after_the_first(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/", viewport=SMALL)
    expect(page.get_by_role("button", name="Gửi, thế là xong")).to_be_hidden()
    choose(page, "Hài lòng")
    page.get_by_role("button", name="Gửi, thế là xong").click()
    expect(page.locator("#thanks")).to_be_visible()
    stored = Response.objects.get()
    assert (bytes(stored.answers)[:6], stored.state) == (bytes([4, 0, 0, 0, 0, 0]), State.FINISHED)


def test_keys_back_forward_and_a_reload(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    page.keyboard.press("4")  # nothing of the form has the focus yet
    page.locator("#id_O1 input").first.focus()
    page.keyboard.press("5")
    asks(page, "stage", 2)
    page.keyboard.press("1")
    asks(page, "A1", 3)
    assert bytes(Response.objects.get().answers)[0] == 5
    page.keyboard.press("k")
    asks(page, "B1", 4)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # looks through the answers, and stays
    page.keyboard.press("Enter")
    asks(page, "C1", 5)
    page.keyboard.press("ArrowLeft")
    asks(page, "B1", 4)
    page.go_back()
    asks(page, "C1", 5)
    page.go_back()
    asks(page, "B1", 4)
    expect(page.locator("#id_B1 input").nth(1)).to_be_checked()
    page.reload()
    asks(page, "B1", 4)
    expect(page.locator("#id_B1 input").nth(1)).to_be_checked()
    page.go_back()
    asks(page, "A1", 3)
    expect(page.locator("#id_A1 input[value='9']")).to_be_checked()
    page.go_back()
    asks(page, "stage", 2)
    page.go_back()
    asks(page, "O1", 1)
    press(page, "Kể thêm")
    asks(page, "stage", 2)
    press(page, "Kể thêm")
    asks(page, "A1", 3)
    press(page, "Quay lại")
    asks(page, "stage", 2)
    press(page, "Quay lại")
    asks(page, "O1", 1)
    press(page, "Kể thêm")
    asks(page, "stage", 2)
    press(page, "Kể thêm")
    asks(page, "A1", 3)
    press(page, "Tiếp tục")
    asks(page, "B1", 4)
    # a second tap passes over no question that nobody answered
    page.evaluate("() => [1, 2].forEach(() => document.querySelector('.actions .action').click())")
    asks(page, "C1", 5)
    for number, code in enumerate(("D1", "E1"), start=6):
        page.keyboard.press("ArrowRight")
        asks(page, code, number)
    page.keyboard.press("ArrowRight")
    page.locator("textarea").fill("Số 5, quầy 3")
    expect(page.locator("textarea")).to_have_value("Số 5, quầy 3")
    expect(page.locator("textarea")).to_be_focused()


def test_every_question_is_whole_on_a_small_phone(
    visit: Open, office: Office, settings: Settings
) -> None:
    """The one-minute form's; and the longest of the official form, once it is asked this way."""
    settings.LANGUAGES = [(code, code) for code in NAMES]
    call_command("ask_one_by_one", "sipas-2026-services.1", stdout=StringIO())
    looked = [("counter", language, 7) for language in NAMES]
    for form, language, most in [*looked, ("sipas-2026-services", "km", 3)]:
        page = visit(f"/ks/{office.slug}/{form}/?ngon-ngu={language}", viewport=SMALL)
        for number in range(most):
            expect(page.locator("fieldset.scale:visible")).to_have_count(1)
            answers = 3 if form == "counter" and number == 1 else 6
            assert page.evaluate(CUT) == [answers, [], 0, 0], f"{form} {language} {number}"
            if number == 1 and language == "vi":
                assert violations(page) == []
            if number:
                page.keyboard.press("ArrowRight")
            else:
                page.locator(".actions .action").click()
            arrived(page)
