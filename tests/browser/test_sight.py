"""The whole scale is in sight: every answer, "don't know" and the notice, in every window."""

import re

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from offices.models import Office
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.browser.device import LEVELS, answer_all, finish, next_person, pair
from tests.browser.sight import (
    FORMS,
    LARGE_TEXT,
    NAMES,
    SIZES,
    SMALLER,
    every_question,
    longest,
    look,
    resize,
    speak,
)
from tests.browser.survey import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open"),
]


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


@pytest.mark.parametrize("form", FORMS)
def test_the_longest_questions_are_whole_in_every_window(
    tablet: Open, office: Office, form: str
) -> None:
    pair(page := tablet(), office, form)
    broken = []
    for number in every_question(page, form, longest(form)):
        for language in NAMES:
            resize(page, (1280, 800))
            speak(page, language)
            shown = [look(page, form, number, language, size) for size in SIZES]
            assert all(one.seen["answers"] == 5 for one in shown)
            assert all(one.seen["noticed"] == (number == 0) for one in shown)
            broken += [str(one) for one in shown if not one.is_whole]
    assert broken == [], "\n".join(["", *broken])


@pytest.mark.parametrize("text", ["16px", LARGE_TEXT], ids=["usual text", "text at 200 %"])
def test_where_not_all_fits_the_five_answers_are_in_sight_together(
    tablet: Open, office: Office, text: str
) -> None:
    pair(page := tablet(), office, FORMS[0])
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
    sizes = SMALLER if text != LARGE_TEXT else (*SIZES, *SMALLER)
    broken, short = [], 0
    for number in every_question(page, FORMS[0], longest(FORMS[0])):
        for language in NAMES:
            speak(page, language)
            shown = [look(page, FORMS[0], number, language, size) for size in sizes]
            short += sum(one.seen["short"] for one in shown)
            broken += [str(one) for one in shown if one.seen["cut"] or not one.is_neutral]
    assert short > 0, "everything fits, so this shows nothing"
    assert broken == [], "\n".join(["", *broken])


def test_a_window_that_turns_and_a_bar_that_grows_leave_the_question_whole(
    tablet: Open, office: Office
) -> None:
    pair(page := tablet((1080, 1920)), office, FORMS[0])
    for size in ((1080, 1920), (740, 360), (360, 640), (768, 1024)):
        shown = look(page, FORMS[0], 0, "vi", size)
        assert shown.is_whole, str(shown)
    # a bar above that grows takes room without any resizing of the window
    page.locator(".place").evaluate("place => { place.textContent = 'Tên rất dài '.repeat(40); }")
    shown = look(page, FORMS[0], 0, "vi", (768, 1024))
    assert shown.is_whole, str(shown)


def test_nothing_smiles_but_the_answers(tablet: Open, office: Office) -> None:
    """Neither the thanks nor a picture says what would have been welcome."""
    pair(page := tablet(), office, "counter")
    for name in ("Hình ảnh", "Câu chữ"):
        faces = page.locator("svg.face")
        expect(faces).to_have_count(5)
        assert page.locator(".choice svg.face").count() == 5
        others = page.locator("svg:not(.face)").all()
        assert [curves(one.inner_html()) for one in others] == [[]] * len(others)
        page.get_by_role("button", name=name).click()
    thanks = []
    for level in (LEVELS[0], LEVELS[4]):
        answer_all(page, level)
        finish(page)
        expect(page.locator("svg.face")).to_have_count(0)
        thanks.append(page.locator(".thanks-screen svg").evaluate("one => one.outerHTML"))
        next_person(page)
    assert thanks[0] == thanks[1]
    assert curves(thanks[0]) == []


def curves(drawing: str) -> list[str]:
    """The bent lines of a drawing that could be a mouth."""
    return re.findall(r'd="[^"]*[cqsaCQSA][^"]*"', drawing)
