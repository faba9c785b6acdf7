"""A person with a phone, filling in the survey."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

# Opens an address in a new browser; named options are those of Playwright's contexts.
Open = Callable[..., Page]


def press(page: Page, name: str) -> None:
    """Presses a button of the form and waits until the next page is there."""
    page.get_by_role("button", name=name, exact=True).click()
    arrived(page)


def arrived(page: Page) -> None:
    """Waits until no page is on its way."""
    page.wait_for_load_state()  # without JavaScript it is a page of its own
    expect(page.locator("form[aria-busy]")).to_have_count(0)


def tap(page: Page, number: int, word: str = "Hài lòng") -> None:
    """Taps a word of the question with this number on the page, from 0."""
    page.locator("fieldset.scale").nth(number).get_by_label(word, exact=True).check()


def answer_page(page: Page, word: str = "Hài lòng") -> int:
    """Taps the word on every question of the page; how many taps that took."""
    questions = page.locator("fieldset.scale").count()
    for number in range(questions):
        tap(page, number, word)
    return questions


def chosen(page: Page) -> list[str]:
    """The words that are chosen on the page, in order."""
    words: list[str] = page.locator(".answer:has(:checked)").all_inner_texts()
    return words
