"""Whether a tablet's question can be seen whole: answers, what stands under them, the notice."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Page, expect

from surveys.citizen.forms import pages_of
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import text_in
from tests.browser.device import pass_stage, tap

FORMS = ("sipas-2026-services", "local-9", "counter")
NAMES = {"vi": "Tiếng Việt", "en": "English", "km": "ភាសាខ្មែរ"}
SATISFIED = {"vi": "Hài lòng", "en": "Satisfied", "km": "ពេញចិត្ត"}
UPRIGHT = ((360, 640), (360, 740), (412, 915), (601, 962), (768, 1024), (800, 1280), (1080, 1920))
LYING = ((640, 360), (740, 360), (915, 412), (962, 601), (1024, 768), (1280, 800), (1920, 1080))
SIZES = UPRIGHT + LYING
# Smaller than any that is promised: there the answers stay together, and what is asked may scroll.
SMALLER = ((320, 568), (280, 653), (568, 320))
# How large every button is at least, from which window's shorter side on, in CSS pixels.
PHONE_TARGET, TABLET_TARGET, TABLET = 44, 72, 768
# The text of the machine's settings: a person's own size, in CSS pixels; the usual one is 16.
LARGE_TEXT = "32px"

# Once the fonts are there: what is not whole within the window, and how the answers differ.
SEEN = """async (lines) => {
  const fit = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  // twice: a language that was just chosen asks for its letters only once it is laid out
  for (let time = 0; time < 2; time += 1) {
    await document.fonts.ready;
    await fit();
  }
  const main = document.getElementById("main");
  const box = (part) => part.getBoundingClientRect();
  const frame = box(main);
  const edge = {
    top: Math.max(0, frame.top), bottom: Math.min(innerHeight, frame.bottom),
    left: Math.max(0, frame.left), right: Math.min(innerWidth, frame.right),
  };
  const all = (selector) => [...main.querySelectorAll(selector)];
  const within = (inner, outer) =>
    inner.top >= outer.top - 0.5 && inner.bottom <= outer.bottom + 0.5
    && inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5;
  const cut = (selector) => all(selector).filter((part) => !within(box(part), edge)).length;
  const choices = all(".choice");
  const sides = (side) => choices.map((one) => box(one)[side]);
  const differ = (side) => Math.max(...sides(side)) - Math.min(...sides(side));
  const spilt = all(".choice, .unknown").filter((button) => {
    const range = document.createRange();
    range.selectNodeContents(button);
    const wide = button.scrollWidth > button.clientWidth;
    return wide || !within(range.getBoundingClientRect(), box(button));
  });
  const buttons = [...document.querySelectorAll("#main button, #kiosk-top button")];
  const least = buttons.map((button) => Math.min(box(button).width, box(button).height));
  const type = (part) => parseFloat(getComputedStyle(part).fontSize).toFixed(1);
  return {
    answers: choices.length, cut: cut(".choice"), unknown: cut(".unknown"), notice: cut(".notice"),
    asked: cut("h1") + cut(".hint") + cut(".before") + cut(".pictogram"),
    scrolls: main.scrollHeight - main.clientHeight, spilt: spilt.length,
    sideways: document.documentElement.scrollWidth > innerWidth,
    width: differ("width"), height: differ("height"), least: Math.min(...least),
    type: type(main.querySelector("h1")), label: type(choices[0].querySelector("span")),
    noticed: all(".notice").length, short: main.classList.contains("short"),
  };
}"""


class Shown(NamedTuple):
    """A question on the screen: of which form, which one, in which language and window."""

    form: str
    number: int
    language: str
    size: tuple[int, int]
    seen: dict[str, Any]  # Any: numbers and truth values of SEEN

    @property
    def is_whole(self) -> bool:
        """Whether all that is asked and answered is in sight at once, every answer as large."""
        seen = self.seen
        missing = ("cut", "unknown", "notice", "asked", "spilt", "sideways", "short")
        least = TABLET_TARGET if min(self.size) >= TABLET else PHONE_TARGET
        whole = not any(seen[name] for name in missing) and seen["scrolls"] <= 0
        return whole and seen["least"] >= least and self.is_neutral

    @property
    def is_neutral(self) -> bool:
        """Whether no answer is larger than another."""
        return all(self.seen[side] <= 1 for side in ("width", "height"))

    def __str__(self) -> str:
        width, height = self.size
        return f"{self.form} {self.number} {self.language} {width}×{height}: {self.seen}"


def resize(page: Page, size: tuple[int, int]) -> None:
    """Gives the page a window of this size, in CSS pixels."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def look(page: Page, form: str, number: int, language: str, size: tuple[int, int]) -> Shown:
    """The question that the tablet shows now, seen in a window of this size."""
    resize(page, size)
    return Shown(form, number, language, size, page.evaluate(SEEN))


def speak(page: Page, language: str) -> None:
    """Changes the language with the tablet's own buttons."""
    page.locator(".languages").get_by_text(NAMES[language], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def every_question(page: Page, form: str, chosen: frozenset[int] | None = None) -> Iterator[int]:
    """Leads through the form in Vietnamese; yields each question's number, from 0, while it shows.

    chosen: only these, the last of which ends it.
    """
    instrument = catalogue.current().instrument(form)
    assert instrument is not None
    count = sum(len(one.items) for one in pages_of(instrument))
    for number in range(count):
        if chosen is None or number in chosen:
            yield number
            speak(page, "vi")
        if chosen is not None and number >= max(chosen):
            return
        resize(page, (1280, 800))
        tap(page)
        pass_stage(page)


def longest(form: str) -> frozenset[int]:
    """The question with most letters in each language, and the first, which has the notice."""
    instrument = catalogue.current().instrument(form)
    assert instrument is not None
    items = [item for one in pages_of(instrument) for item in one.items]

    def letters(number: int, language: str) -> int:
        item = items[number]
        parts = (item.text, item.hint, item.question)
        return sum(len(text_in(texts, language)) for texts in parts)

    most = {
        max(range(len(items)), key=lambda number: letters(number, language)) for language in NAMES
    }
    return frozenset({0, *most})
