"""What a screen reader says: names, groups, errors, languages; and colours that were forced."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from offices.models import Office
from surveys.questionnaires.catalogue import current, text_in
from tests.browser.survey import Open, arrived, tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]


@pytest.fixture(autouse=True)
def khmer_offered(settings: Settings) -> None:
    settings.LANGUAGES = [(code, code) for code in ("vi", "en", "km")]


def spoken(page: Page, number: int) -> list[str]:
    """A question as the accessibility tree has it, a line each."""
    snapshot = page.locator("fieldset").nth(number).aria_snapshot()
    return [line.strip().removeprefix("- ") for line in snapshot.splitlines()]


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_each_question_is_a_group_with_its_words(
    visit: Open, office: Office, language: str
) -> None:
    page = visit(f"/ks/{office.slug}/counter/?ngon-ngu={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    form = current().instrument("counter")
    assert form is not None
    for number, item in enumerate(form.items):
        question = text_in(item.text, language)
        lines = spoken(page, number)
        assert lines[0] == f'group "{question}":'
        words = [text_in(option.text, language) for option in item.options]
        said = [line for line in lines if line.startswith("radio")]
        assert said[:5] == [f'radio "{word}"' for word in words]
        assert len(said) == 6
        expect(page.get_by_role("group", name=question, exact=True)).to_be_visible()
    tap(page, 0, text_in(form.items[0].options[3].text, language))
    assert f'radio "{text_in(form.items[0].options[3].text, language)}" [checked]' in spoken(
        page, 0
    )


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_the_last_page_and_its_controls_have_names(
    visit: Open, office: Office, language: str
) -> None:
    page = visit(f"/ks/{office.slug}/counter/?ngon-ngu={language}")
    page.locator("form .actions .action").click()
    arrived(page)
    for name in ("procedure", "remark", "contact"):
        expect(page.locator(f"#id_{name}")).to_have_accessible_name(
            page.locator(f"label[for=id_{name}]").inner_text()
        )
    expect(page.locator("#id_remark")).to_have_accessible_description(
        page.locator("#id_remark_helptext").inner_text()
    )
    expect(page.locator("#id_wants_reply")).to_have_accessible_name(
        page.locator("label:has(#id_wants_reply)").inner_text()
    )
    expect(page.locator("#id_helped")).to_have_accessible_name(
        page.locator("label:has(#id_helped)").inner_text()
    )
    assert page.get_by_role("group").count() == 4  # the languages, two questions, the reply
    assert all(spoken(page, number)[0].startswith('group "') for number in (0, 1, 2))


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_errors_are_announced_focused_and_first_in_the_title(
    visit: Open, office: Office, scripts: bool
) -> None:
    page = visit(f"/ks/{office.slug}/counter/", java_script_enabled=scripts)
    for _ in range(2):
        page.locator("form .actions .action").click()
        arrived(page)
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Chưa có câu trả lời hay góp ý nào")
    expect(summary).to_be_focused()
    assert page.title().startswith("Cần sửa")


def test_what_becomes_of_answers_is_said_politely(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    expect(page.get_by_role("status")).to_have_count(1)
    tap(page, 0)
    expect(page.get_by_role("status")).to_have_text("Đã lưu")


def test_parts_in_another_language_say_so(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/?ngon-ngu=en")
    expect(page.locator(".place span")).to_have_attribute("lang", "vi")
    spoken_in = page.locator(".languages > [lang]").evaluate_all(
        "parts => parts.map(part => [part.lang, part.textContent])"
    )
    assert spoken_in == [["vi", "Tiếng Việt"], ["en", "English"], ["km", "ភាសាខ្មែរ"]]
    page.goto("/ks/?ngon-ngu=en")
    expect(page.locator("details").first).to_have_attribute("lang", "vi")


def test_the_title_says_where_one_is(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    first = page.title()
    page.locator("form .actions .action").click()
    expect(page.get_by_text("Phần 2 / 6")).to_be_visible()
    assert page.title() != first
    assert office.name in first
    assert office.name in page.title()


def test_the_chosen_answer_is_seen_in_forced_colours(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/", forced_colors="active")
    tap(page, 0)
    answers = page.locator("fieldset.scale").first.locator(".answer")
    rings = answers.evaluate_all("parts => parts.map(part => getComputedStyle(part).outlineStyle)")
    assert rings == ["none", "none", "none", "solid", "none", "none"]
    expect(answers.nth(3).locator("input")).to_be_checked()
    # the mark of the browser's own radio button, which follows the forced colours
    appearance: str = (
        answers.nth(3).locator("input").evaluate("input => getComputedStyle(input).appearance")
    )
    assert appearance in ("auto", "radio")
