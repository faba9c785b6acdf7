"""Dates and numbers as people write them in each language."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

DAY = date(2026, 11, 3)
TEMPLATES = Path(__file__).parents[2] / "templates"


def shown(language: str, template: str, **given: object) -> str:
    with translation.override(language):
        return Template(template).render(Context(given))


@pytest.mark.parametrize(
    ("language", "written"),
    [("vi", "03/11/2026"), ("en", "3 November 2026"), ("km", "03/11/2026")],
)
@pytest.mark.parametrize("name", ["DATE_FORMAT", "SHORT_DATE_FORMAT"])
def test_a_day(language: str, written: str, name: str) -> None:
    assert shown(language, f'{{{{ day|date:"{name}" }}}}', day=DAY) == written


@pytest.mark.parametrize(
    ("language", "written"), [("vi", "1.234,5"), ("en", "1,234.5"), ("km", "1.234,5")]
)
def test_a_number(language: str, written: str) -> None:
    assert shown(language, '{{ number|floatformat:"1g" }}', number=1234.5) == written


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_the_day_comes_first_wherever_a_day_is_typed(language: str) -> None:
    with translation.override(language):
        assert forms.DateField().clean("03/11/2026") == DAY


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_times_have_24_hours(language: str) -> None:
    moment = datetime(2026, 11, 3, 15, 30)
    assert shown(language, '{{ at|date:"TIME_FORMAT" }}', at=moment) == "15:30"


def test_citizens_pages_write_days_in_the_readers_way() -> None:
    for path in (TEMPLATES / "surveys").rglob("*.html"):
        for part in path.read_text("utf-8").split("|date:")[1:]:
            assert part[1:].startswith(("SHORT_DATE_FORMAT", "DATE_FORMAT")), path.name


def test_no_text_is_cut_by_words() -> None:
    """Khmer has no blanks between words: ten words may be a page."""
    guilty = [
        path.name for path in TEMPLATES.rglob("*.html") if "truncatewords" in path.read_text()
    ]
    assert guilty == []
