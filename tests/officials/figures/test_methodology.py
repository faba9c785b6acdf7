"""The document on the method, its two halves, and the page that shows it."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from officials.figures.method import DOCUMENT, HALVES, method
from tests.reports.showing.hosts import is_unfit

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


def sources() -> list[str]:
    """The rows of the tables of sources, in their order."""
    text = DOCUMENT.read_text("utf-8")
    return re.findall(r"^\| [SF]\d+\w? \| .+ \|$", text, re.M)


def test_documents_come_first_among_the_sources_and_nobody_is_sent_to_a_blog() -> None:
    text = DOCUMENT.read_text("utf-8")
    documents, press = text.index("**Documents ·"), text.index("**News agencies")
    acts = [text.index(row) for row in sources() if re.search(r"(QĐ|CV|Circular) \d+/", row)]
    assert len(acts) >= 4
    assert all(documents < place < press for place in acts)
    hosts = {urlsplit(found).hostname for found in re.findall(r"https?://[^>]+", text)}
    assert len(hosts) > 6
    assert {host for host in hosts if is_unfit(f"{host}")} == set()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_kinds_of_sources_are_named_in_the_readers_language(language: str) -> None:
    html = str(method(language).html)
    kinds = {"vi": ("Văn bản", "Thông tấn và báo chí")}.get(
        language, ("Documents", "News agencies and newspapers")
    )
    assert all(f"<strong>{kind}</strong>" in html for kind in kinds)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_more_is_said_than_the_published_figures_bear(language: str) -> None:
    said = " ".join(half(language).split())
    consistent = {"vi": "phù hợp với số liệu công bố năm 2023 và năm 2024 khi có hai giả định"}.get(
        language, "consistent with the published figures of 2023 and 2024 under two assumptions"
    )
    assert consistent in said
    assert "confirmed on" not in said
    assert "đã xác nhận" not in said
    for number in ("82.49", "83.84 − 1.35", "82.97"):
        assert (number.replace(".", ",") if language == "vi" else number) in said
    assert re.search(r"32 (to|và) 19", said)


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
