"""Larger letters and reading aloud, on a phone and a tablet; gone with the tab or the person."""

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from offices.models import Office
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.browser.axe import violations
from tests.browser.device import pair, stand_still, tap
from tests.browser.survey import Open, answer_page, press

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open", "by_page"),
]

# A device with these voices; what it says stands in `said`. Chromium on a server has none.
VOICES = """(languages) => {
  globalThis.said = [];
  globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  speechSynthesis.getVoices = () => languages.map((lang) => ({ lang, localService: true }));
  speechSynthesis.speak = ({ text, lang }) => said.push([text, lang]);
}"""
AIDS, READ = "Chữ to, đọc to", "Đọc to"
FIVE_IN_SIGHT = """() => {
  const { bottom } = document.getElementById("main").getBoundingClientRect();
  const boxes = [...document.querySelectorAll(".choice")].map((one) => one.getBoundingClientRect());
  return boxes.filter((box) => box.top >= 0 && box.bottom <= bottom + 1).length;
}"""


@pytest.fixture
def office() -> Office:
    """An office with the form of one minute."""
    load_instruments()
    made = factories.office(slug="ha-tien", name="Trung tâm PVHCC phường Hà Tiên")
    made.counters.create(number=3, name="Hộ tịch")
    return made


def letters(page: Page) -> float:
    """How many pixels a rem has."""
    size: float = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    return size


def test_letters_of_a_phone_grow_for_this_sitting_and_nothing_is_cut(
    visit: Open, office: Office
) -> None:
    page = visit("/ks/ha-tien/counter/", viewport={"width": 360, "height": 740})
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    page.get_by_role("button", name=AIDS).click()
    page.get_by_role("button", name="rất to", exact=True).click()
    assert letters(page) == 24
    assert len([url for url in told if "/aids" in url]) == 1  # loaded when it is wanted
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    expect(page.get_by_role("button", name=READ, exact=True)).to_have_count(
        0
    )  # no voice, no recording
    answer_page(page)
    press(page, "Tiếp tục")
    assert letters(page) == 24
    page.reload()
    expect(page.locator("textarea")).to_be_visible()
    page.wait_for_function("document.documentElement.style.fontSize === '150%'")
    assert page.context.cookies() == []
    other = page.context.new_page()
    other.goto(page.url)
    assert letters(other) == 16


@pytest.mark.parametrize(("voices", "reads"), [(["en-US"], 0), (["en-US", "vi_VN"], 6)])
def test_only_a_voice_of_the_language_reads(
    visit: Open, office: Office, voices: list[str], reads: int
) -> None:
    page = visit("/ks/ha-tien/counter/")
    page.evaluate(VOICES, voices)
    page.get_by_role("button", name=AIDS).click()
    expect(page.get_by_role("button", name="rất to", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=READ, exact=True)).to_have_count(reads)
    if not reads:
        return
    question = page.locator("fieldset.scale").first
    question.get_by_role("button", name=READ).click()
    said = page.evaluate("said")
    assert said[0][0] == question.locator("legend").inner_text()
    assert [text for text, _ in said[-6:]] == question.locator(".answer").all_inner_texts()
    assert {language for _, language in said} == {"vi_VN"}
    question.get_by_role("button", name="Dừng đọc").click()
    expect(question.get_by_role("button", name=READ)).to_be_visible()


def test_reasons_are_read_with_their_question_while_they_are_asked(
    visit: Open, office: Office
) -> None:
    load_instruments()  # the version with reasons as well
    page = visit("/ks/ha-tien/counter/")
    page.evaluate(VOICES, ["vi-VN"])
    page.get_by_role("button", name=AIDS).click()
    question = page.locator("#id_O1")
    why, chips = question.locator(".reasons legend"), question.locator(".chip")
    button = question.get_by_role("button", name=READ)
    button.click()
    assert why.text_content() not in [text for text, _ in page.evaluate("said")]
    question.get_by_role("button", name="Dừng đọc").click()
    question.locator("input[value='2']").first.check()
    expect(button).to_have_count(1)
    page.evaluate("said.length = 0")
    button.click()
    read = [text for text, _ in page.evaluate("said")]
    assert read[-6:] == [why.inner_text(), *chips.all_inner_texts()]


def test_how_a_question_is_meant_is_read_before_it(visit: Open, office: Office) -> None:
    call_command("ask_stage_first", "sipas-2026-services.1", stdout=StringIO())
    page = visit("/ks/ha-tien/?gd=tu-choi")
    page.evaluate(VOICES, ["vi-VN"])
    page.get_by_role("button", name=AIDS).click()
    for _page in range(3):
        press(page, "Tiếp tục")
    for question in page.locator("fieldset.scale").all():
        page.evaluate("said.length = 0")
        question.get_by_role("button", name=READ).click()
        assert page.evaluate("said[0][0]").startswith("Hồ sơ bị từ chối:")
        question.get_by_role("button", name="Dừng đọc").click()


def test_a_tablet_keeps_its_five_answers_in_sight_and_forgets_the_size(
    tablet: Open, office: Office
) -> None:
    page = tablet()
    pair(page, office)
    stand_still(page)
    for width, height in ((1280, 800), (360, 640)):
        page.set_viewport_size({"width": width, "height": height})
        for size in ("to", "rất to", "thường"):
            page.locator(".size").click()
            expect(page.locator(".size")).to_have_accessible_name(f"Cỡ chữ: {size}")
            page.wait_for_function("!document.querySelector('#main').getAnimations().length")
            assert page.evaluate(FIVE_IN_SIGHT) == 5, (width, size)
    page.locator(".size").click()
    page.evaluate(VOICES, ["vi-VN"])
    tap(page)
    page.get_by_role("button", name=READ, exact=True).click()
    assert len(page.evaluate("said")) >= 7
    assert letters(page) == 20
    page.clock.run_for(60_000)
    assert letters(page) == 16
