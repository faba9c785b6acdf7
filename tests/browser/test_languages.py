"""Khmer and the change of language as a person in front of a phone meets them."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from offices.models import Office
from surveys.models import Remark, Response, State
from surveys.questionnaires.load import load_instruments
from surveys.remarks.receipts import receipt_code
from tests import factories
from tests.browser.survey import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SATISFIED = {"vi": "Hài lòng", "km": "ពេញចិត្ត", "en": "Satisfied"}
GO_ON = {"vi": "Tiếp tục", "km": "បន្ត", "en": "Continue"}
NAMES = {"vi": "Tiếng Việt", "km": "ភាសាខ្មែរ", "en": "English"}
SMALL, PHONE = 320, 390
# Deep stacks: subscripts below, vowels and signs above; and Vietnamese letters with two marks.
DEEPEST = {"km": "ស្ត្រីខ្ញុំឃ្លៀងគ្រឿងប្រក្រឹត្យឡើងប៊្រូស៊ី", "vi": "ỂẪỘẶỹỵ"}

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def khmer_offered(settings: Settings) -> None:
    settings.LANGUAGES = [(code, code) for code in ("vi", "en", "km")]


@pytest.fixture
def office() -> Office:
    load_instruments()
    factories.procedure()
    return factories.office(
        slug="phuong-ha-tien", name="Trung tâm Phục vụ hành chính công phường Hà Tiên"
    )


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Opens an address on a phone; `width` in CSS pixels, `scripts` whether JavaScript runs."""
    contexts: list[BrowserContext] = []

    def opened(address: str, width: int = PHONE, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=scripts, locale="vi-VN"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()


def answer(page: Page, language: str) -> int:
    """Says satisfied to every question of the page; how many there were."""
    questions = page.locator("fieldset.scale")
    for number in range(questions.count()):
        questions.nth(number).get_by_label(SATISFIED[language], exact=True).check()
    return questions.count()


def switch(page: Page, language: str) -> None:
    page.locator(".languages").get_by_text(NAMES[language], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_three_languages_one_response(phone: Open, office: Office, scripts: bool) -> None:
    page = phone(f"/ks/{office.slug}/", scripts=scripts)
    answered = answer(page, "vi")
    press(page, GO_ON["vi"])
    # one answer of page 2 in Vietnamese, then Khmer: it is still there
    page.locator("fieldset.scale").first.get_by_label(SATISFIED["vi"], exact=True).check()
    switch(page, "km")
    first = page.locator("fieldset.scale").first.get_by_label(SATISFIED["km"], exact=True)
    expect(first).to_be_checked()
    while page.locator("fieldset.scale").count():
        answered += answer(page, "km")
        press(page, GO_ON["km"])
        expect(page.locator("html")).to_have_attribute("lang", "km")
    page.get_by_label("បានទទួលលទ្ធផលហើយ").check()
    page.locator("textarea").fill("Ghế chờ ít quá")
    switch(page, "en")
    expect(page.get_by_label("Yes, I have received it")).to_be_checked()
    expect(page.locator("textarea")).to_have_value("Ghế chờ ít quá")
    press(page, "Send")
    expect(page.get_by_text("Thank you.")).to_be_visible()
    code = page.locator("code.receipt").inner_text()
    switch(page, "km")
    expect(page.locator("code.receipt")).to_have_text(code)
    stored = Response.objects.get()
    assert answered == 16
    assert (stored.state, bytes(stored.answers)) == (State.FINISHED, bytes([4] * 16))
    assert stored.language == "en"
    assert Remark.objects.get().text == "Ghế chờ ít quá"
    cookies = page.context.cookies()
    assert [(cookie.get("name"), cookie.get("value")) for cookie in cookies] == [
        ("django_language", "km")
    ]


def test_the_enter_key_goes_on_and_does_not_change_the_language(
    phone: Open, office: Office
) -> None:
    page = phone(f"/ks/{office.slug}/")
    page.locator("fieldset.scale input").first.press("Enter")
    expect(page.get_by_text("Phần 2")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def fonts(page: Page, selector: str) -> set[str]:
    """The families whose glyphs Chromium really draws in the first element of a selector."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {font["familyName"] for font in used if font["isCustomFont"]} | {
        "the machine's" for font in used if not font["isCustomFont"]
    }


def fetched(page: Page) -> list[str]:
    """The font files that were fetched, without their hashes."""
    page.evaluate("document.fonts.ready")
    names: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    found = [name.rsplit("/", 1)[1] for name in names if name.endswith(".woff2")]
    return sorted(re.sub(r"\.\w+\.woff2$", "", name) for name in found)


def test_khmer_is_drawn_with_noto_sans_khmer(phone: Open, office: Office) -> None:
    page = phone(f"/ks/{office.slug}/?ngon-ngu=km")
    assert "noto-sans-khmer-khmer-400" in fetched(page)
    page.locator("details.notice summary").click()
    for selector in (".introduction", "h1", "legend", ".answer span", ".actions button"):
        families = fonts(page, selector)
        assert "Noto Sans Khmer" in families, selector
        assert "the machine's" not in families, selector


def test_a_vietnamese_page_fetches_no_khmer_font(phone: Open, office: Office) -> None:
    page = phone(f"/ks/{office.slug}/")
    expect(page.get_by_text(NAMES["km"])).to_be_visible()
    assert "the machine's" not in fonts(page, '.languages [lang="km"]')
    files = fetched(page)
    assert [name for name in files if "khmer-khmer" in name] == []
    assert "noto-sans-khmer-name-400" in files
    assert any(name.startswith("be-vietnam-pro-vietnamese") for name in files)


INK = """([selector, text]) => {
  const style = getComputedStyle(document.querySelector(selector));
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const ink = canvas.measureText(text);
  return [ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent, parseFloat(style.lineHeight)];
}"""


@pytest.mark.parametrize("language", DEEPEST)
@pytest.mark.parametrize("selector", ["h1", "legend", ".answer span", ".introduction", ".notice"])
def test_lines_leave_room_for_the_deepest_letters(
    phone: Open, office: Office, language: str, selector: str
) -> None:
    page = phone(f"/ks/{office.slug}/?ngon-ngu={language}")
    fetched(page)
    ink, line = page.evaluate(INK, [selector, DEEPEST[language]])
    assert 0 < ink <= line


def khmer_pages(page: Page, office: Office, base: str) -> Iterator[str]:
    """Leads a Khmer reader through all that a citizen may see; yields the name of each page."""
    root = f"{base}/ks/"
    page.goto(f"{root}?ngon-ngu=km")
    yield "offices"
    page.goto(f"{root}?tim=khong+co")
    yield "no office found"
    page.goto(f"{root}{office.slug}/")
    while page.locator("fieldset.scale").count():
        answer(page, "km")
        yield "questions"
        press(page, GO_ON["km"])
    yield "last page"
    page.locator("textarea").evaluate("area => { area.removeAttribute('maxlength'); }")
    page.locator("textarea").fill("ក" * 2001)
    press(page, "ផ្ញើ")
    expect(page.locator(".error-summary")).to_be_visible()
    yield "last page with an error"
    page.locator("textarea").fill("ទូរស័ព្ទ 0912345678")
    press(page, "ផ្ញើ")
    expect(page.locator("#thanks")).to_be_visible()
    yield "receipt"
    page.locator(".languages input[name=B1]").evaluate("field => { field.value = '1'; }")
    switch(page, "vi")
    switch(page, "km")
    yield "frozen"
    code = receipt_code(Remark.objects.get().response_id)
    today = timezone.localdate()
    changes: dict[str, dict[str, Any]]  # Any: fields of a remark
    changes = {
        "kept": {"reply": ""},
        "with the office": {"released_on": today, "due_on": today},
        "answered": {"state": Remark.State.ANSWERED, "reply": "សូមអរគុណ"},
        "not found": {"receipt": b"another"},
    }
    for name, change in changes.items():
        Remark.objects.update(**change)
        page.goto(f"{root}phan-hoi/")
        page.locator("#code").fill(code)
        with page.expect_navigation():
            page.get_by_role("button", name="មើលការឆ្លើយតប").click()
        expect(page.locator("#code")).to_have_count(0)
        yield name
    page.goto(f"{root}phan-hoi/")
    yield "code"
    page.locator("#code").fill("ABC")
    with page.expect_navigation():
        page.get_by_role("button", name="មើលការឆ្លើយតប").click()
    expect(page.locator(".error-summary")).to_be_visible()
    yield "code with an error"
    Remark.objects.update(state=Remark.State.PUBLISHED, text="កៅអីតិច")
    slug = office.slug
    for address in (f"{slug}/tra-loi/", f"{slug}/poster/", f"{slug}/thong-bao/"):
        page.goto(root + address)
        yield address
    for address in ("huong-dan-can-bo/", "khong-co/"):
        page.goto(root + address)
        yield address
    Office.objects.update(valid_to="2020-01-01")
    page.goto(f"{root}{office.slug}/")
    yield "closed"


# What is left of a page's text without other languages, codes, addresses and what people wrote.
OTHER_LETTERS = r"""() => {
  const skipped = "script, code, .address, .brand, .said, .replied, select, textarea";
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    const language = parent.closest("[lang]").getAttribute("lang");
    if (language !== "km" || parent.closest(skipped)) continue;
    const text = walk.currentNode.textContent.replace(/ABCDE-FGHIJ-KLMNO|QR|https?:\S+/g, "");
    if (/\p{Script=Latin}/u.test(text)) found.push(text.trim());
  }
  return found;
}"""


def test_khmer_pages_are_khmer_throughout_and_fit_the_smallest_phone(
    phone: Open, office: Office, live_server: LiveServer
) -> None:
    page = phone("/ks/", SMALL)
    seen = []
    for name in khmer_pages(page, office, live_server.url):
        seen.append(name)
        expect(page.locator("html")).to_have_attribute("lang", "km")
        fetched(page)
        width: int = page.evaluate("document.documentElement.scrollWidth")
        assert (name, width) == (name, SMALL)
        strangers: list[Any] = page.evaluate(OTHER_LETTERS)
        assert (name, strangers) == (name, [])
    assert len(seen) == 23
