"""What a phone shows before it is scrolled: where, how long, the notice, the first question."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from offices.models import Office
from surveys.questionnaires import catalogue
from surveys.questionnaires.minutes import minutes
from tests.browser.axe import violations
from tests.browser.sight import FORMS, NAMES
from tests.browser.survey import Open, tap

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
# How far the lower edge of the first question's last answer is above the window's, in CSS pixels.
ROOM = """() => {
  const [asked] = document.querySelectorAll("fieldset.scale");
  const boxes = [...asked.querySelectorAll(".answer")].map((one) => one.getBoundingClientRect());
  return [boxes.length, scrollY, innerHeight - Math.max(...boxes.map((box) => box.bottom))];
}"""


@pytest.fixture(autouse=True)
def khmer_offered(settings: Settings) -> None:
    settings.LANGUAGES = [(code, code) for code in NAMES]


@pytest.fixture
def counter_office(office: Office) -> Office:
    office.counters.create(number=3, name="Hộ tịch")
    return office


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["y"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("form", FORMS)
def test_the_first_question_is_whole_in_every_language(
    visit: Open, counter_office: Office, form: str, scripts: bool
) -> None:
    for language in NAMES:
        address = f"/ks/{counter_office.slug}/{form}/?quay=3&ngon-ngu={language}"
        page = visit(address, viewport=PHONE, java_script_enabled=scripts)
        answers, scrolled, room = page.evaluate(ROOM)
        assert (answers, scrolled) == (6, 0)
        assert room >= 0, f"{form} {language}: {-room} pixels too low"


def test_where_how_long_and_the_notice_come_before_the_first_question(
    visit: Open, counter_office: Office
) -> None:
    page = visit(f"/ks/{counter_office.slug}/?quay=3", viewport=PHONE)
    expect(page.locator(".place")).to_contain_text(f"{counter_office.name} · Quầy 3 · Hộ tịch")
    usual = catalogue.current().default
    assert usual is not None
    said = f"Không ghi tên · không bắt buộc · khoảng {minutes(usual)} phút"
    expect(page.locator(".promise")).to_have_text(said)
    order = [top(page, part) for part in (".place", ".promise", "details.notice", "fieldset")]
    assert order == sorted(order)
    # one line, and one press away from what is kept
    promise = page.locator(".promise").bounding_box()
    assert promise is not None
    assert promise["height"] < 32
    expect(page.locator(".introduction")).to_be_hidden()
    page.locator("details.notice summary").click()
    expect(page.locator(".introduction")).to_be_visible()
    assert violations(page) == []


def test_each_form_says_its_own_minutes_and_the_poster_those_of_the_usual_one(
    visit: Open, office: Office
) -> None:
    told = {}
    for form in FORMS:
        page = visit(f"/ks/{office.slug}/{form}/")
        told[form] = page.locator(".promise").inner_text()
    assert len(set(told.values())) == len(FORMS)
    usual = visit(f"/ks/{office.slug}/").locator(".promise").inner_text()
    assert usual == told[FORMS[0]]
    assert visit(f"/ks/{office.slug}/poster/").locator(".promise").inner_text() == usual


def test_another_office_is_one_press_away_and_nothing_is_asked_for_it(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/", viewport=PHONE)
    page.get_by_role("link", name="Không phải cơ quan này?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ông/Bà đã làm thủ tục ở đâu?")
    page = visit(f"/ks/{office.slug}/", viewport=PHONE)
    tap(page, 0)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text(re.compile("Phần 2"))).to_be_visible()
    expect(page.get_by_role("link", name="Không phải cơ quan này?")).to_have_count(0)
