"""The document on the method, its two halves, and the page that shows it."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from officials.figures.method import DOCUMENT, HALVES, method

PAGE = reverse("officials:methodology") if settings.configured else ""


def half(language: str) -> str:
    text = DOCUMENT.read_text("utf-8")
    return next(p for p in text.split("\n## ")[1:] if p.startswith(HALVES[language]))


def numbers(table_row: str) -> list[str]:
    return re.findall(r"\d+", table_row)


def tables(text: str) -> list[list[str]]:
    """The rows of each table that hold numbers in every language alike."""
    found, current = [], []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            current.append(line)
        elif current:
            found.append(current)
            current = []
    return found


def test_both_halves_have_the_same_sections_and_tables() -> None:
    english, vietnamese = half("en"), half("vi")
    assert english.count("\n### ") == vietnamese.count("\n### ") > 10
    assert [len(table) for table in tables(english)] == [len(table) for table in tables(vietnamese)]


def test_tables_of_figures_hold_the_same_figures() -> None:
    for english, vietnamese in zip(tables(half("en")), tables(half("vi")), strict=True):
        for one, other in zip(english, vietnamese, strict=True):
            if len(numbers(one)) > 4:
                assert numbers(one) == numbers(other)


def test_everything_that_is_quoted_has_its_source() -> None:
    text = DOCUMENT.read_text("utf-8")
    groups = re.findall(r"\[((?:[SF]\d+\w?(?:, )?)+)\]", text)
    quoted = {code for group in groups for code in group.split(", ")}
    listed = set(re.findall(r"^\| ([SF]\d+\w?) \|", text, re.M))
    assert quoted <= listed
    assert len(quoted) > 5


def test_files_it_names_are_there() -> None:
    text = DOCUMENT.read_text("utf-8")
    named = set(re.findall(r"`([\w/-]+\.(?:py|csv|yaml|md))`", text))
    assert named
    assert {name for name in named if not (settings.BASE_DIR / name).exists()} == set()


@pytest.mark.parametrize("method_name", ["Benjamini", "Newcombe", "Wilson", "Welch", "MOVER"])
def test_both_halves_name_the_same_methods(method_name: str) -> None:
    assert (method_name in half("en")) == (method_name in half("vi"))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_public_and_in_the_readers_language(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(PAGE)
    assert page.status_code == 200
    text = page.content.decode()
    for section in method(language).sections:
        assert f'href="#{section.anchor}"' in text
        assert text.count(f'id="{section.anchor}"') == 1
    other = method("en" if language == "vi" else "vi")
    assert other.sections[0].title not in text
    assert "<table>" in text
    assert "style=" not in text


def test_the_first_thing_it_says_is_that_this_is_not_sipas() -> None:
    assert "SIPAS" in method("vi").sections[0].title
    assert "không phải" in method("vi").sections[0].title
    assert method("km") == method("vi") or method("km").html == method("vi").html
