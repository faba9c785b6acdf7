"""Every question of every offered questionnaire, in every language and window: `make walk`."""

from collections import Counter

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from offices.models import Office
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.browser.device import LEVELS, SHOWN, pair, pass_stage
from tests.browser.sight import FORMS, NAMES, SIZES, every_question, look, resize, speak
from tests.browser.survey import Open

pytestmark = [
    pytest.mark.walk,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open"),
]

Cell = tuple[tuple[int, int], str, str]  # size, form, language


@pytest.fixture(autouse=True)
def khmer_offered(settings: Settings) -> None:
    settings.LANGUAGES = [(code, code) for code in NAMES]


@pytest.fixture
def office() -> Office:
    load_instruments()
    made = factories.office(
        slug="phuong-ha-tien", name="Trung tâm Phục vụ hành chính công phường Hà Tiên"
    )
    made.counters.create(number=3, name="Hộ tịch")
    return made


def table(whole: Counter[Cell], asked: Counter[Cell]) -> str:
    """Sizes down, forms with their languages across: questions with everything in sight / all."""
    columns = [(form, language) for form in FORMS for language in NAMES]
    head = ["size", *(f"{form} {language}" for form, language in columns)]
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    for size in SIZES:
        cells = [(size, form, language) for form, language in columns]
        found = [f"{whole[cell]}/{asked[cell]}" for cell in cells]
        lines.append(" | ".join([f"{size[0]}×{size[1]}", *found]))
    return "\n".join(f"| {line} |" for line in lines)


def test_every_question_is_whole_in_every_window(tablet: Open, office: Office) -> None:
    whole: Counter[Cell] = Counter()
    asked: Counter[Cell] = Counter()
    broken = []
    for form in FORMS:
        pair(page := tablet(), office, form)
        for number in every_question(page, form):
            for language in NAMES:
                resize(page, (1280, 800))
                speak(page, language)
                for size in SIZES:
                    shown = look(page, form, number, language, size)
                    asked[size, form, language] += 1
                    whole[size, form, language] += shown.is_whole
                    broken += [] if shown.is_whole else [str(shown)]
    print(f"\n{table(whole, asked)}")
    assert asked.total() == 31 * len(NAMES) * len(SIZES)
    assert broken == [], "\n".join(["", *broken])


def test_every_reason_and_the_stage_are_whole_in_every_window(tablet: Open, office: Office) -> None:
    """After each question of the one-minute form its reasons, after the first one the stage."""
    pair(page := tablet(), office, "counter")
    broken, looked = [], 0

    def see(number: int) -> None:
        nonlocal looked
        for language in NAMES:
            resize(page, (1280, 800))
            speak(page, language)
            for size in SIZES:
                shown = look(page, "counter", number, language, size)
                looked += 1
                if not shown.is_whole:
                    broken.append(str(shown))
        resize(page, (1280, 800))
        speak(page, "vi")

    for number in range(6):
        page.get_by_role("button", name=LEVELS[0], exact=True).click()
        page.clock.run_for(SHOWN)
        page.locator(".why-screen .choice").first.click()  # whoever touches it is not led on
        see(number)
        page.locator(".why-screen .action").click()
        page.clock.run_for(SHOWN)
        if page.locator(".unknown[data-value='0']").count():
            see(number)
            pass_stage(page)
    expect(page.locator(".remark-screen")).to_be_visible()
    print(f"\n{looked - len(broken)} of {looked} screens of reasons and of the stage are whole")
    assert looked == 7 * len(NAMES) * len(SIZES)
    assert broken == [], "\n".join(["", *broken])
