"""Texts that are made to keep a worker busy: what they cost is counted, not timed."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from accounts.people import clean_name
from accounts.throttle import _folded
from offices.letters import MOST_MARKS, composed
from offices.names import in_order, person_in_order, plain, province_in_order
from offices.registry.slugs import ascii_slug
from offices.tables import Column, FileRefused, Shape, UploadedTable
from surveys.invitations.dossier import dossier_code, national_code
from surveys.remarks import masking, patterns
from surveys.remarks.masking import mask
from surveys.remarks.text import clean_text
from tests.test_house import ROOT, tracked

# Dot below and acute have to change places, again and again.
ALTERNATING = "a" + "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}" * 25_000
OURS = ("accounts", "audit", "config", "demo", "offices", "officials", "reports", "surveys")


def as_headings(text: str) -> None:
    day = Column(gettext_lazy("Date"), frozenset({"ngay"}), needed=True)
    table = UploadedTable(f"{text},{text}\n1,2\n".encode(), Shape({"day": day}, 1_000_000, 10))
    list(table.rows())
    with pytest.raises(FileRefused):
        table.check()


PARSERS: tuple[Callable[[str], object], ...] = (
    *(clean_name, _folded, in_order, person_in_order, plain, province_in_order, ascii_slug),
    *(as_headings, dossier_code, national_code, clean_text),
)


@pytest.mark.parametrize("parse", PARSERS)
def test_no_parser_orders_more_marks_than_any_writing_has(
    parse: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    given_to: list[str] = []

    def counting(form: Any, text: str, real: Any = unicodedata.normalize) -> str:
        given_to.append(text)
        return str(real(form, text))

    monkeypatch.setattr(unicodedata, "normalize", counting)
    parse(ALTERNATING)
    for text in given_to:
        marks = "".join("m" if unicodedata.combining(letter) else " " for letter in text)
        assert max(map(len, marks.split()), default=0) <= MOST_MARKS


def test_letters_are_composed_in_one_place() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in map(Path, tracked("*.py"))
        if path.relative_to(ROOT).parts[0] in OURS
        and "unicodedata.normalize(" in path.read_text("utf-8")
    }
    # the latter asks of one letter at a time
    assert found == {"offices/letters.py", "surveys/remarks/spelling.py"}


@given(st.text(), st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_what_anybody_writes_is_composed_as_ever(text: str, form: Any) -> None:
    assert composed(text, form) == unicodedata.normalize(form, text)


def test_marks_that_are_too_many_are_cut() -> None:
    assert len(composed(ALTERNATING, "NFD")) == 1 + MOST_MARKS
    assert composed(f"{ALTERNATING} Hà Tiên").endswith(" Hà Tiên")
    khmer = "ស្ត្រី ក្រុមប្រឹក្សា"
    assert composed(khmer) == unicodedata.normalize("NFC", khmer)


class Counting:
    """Reads as `READER` does, and counts the letters between where it began and where it ended."""

    def __init__(self, reader: re.Pattern[str]) -> None:
        self.reader = reader
        self.letters = 0

    def search(self, text: str, place: int, end: int) -> re.Match[str] | None:
        found = self.reader.search(text, place, end)
        self.letters += (found.end() if found else min(end, len(text))) - place
        return found


@pytest.mark.parametrize(
    "piece",
    [
        *("09-", "09.", "+12345678", "A1900123", "+00012123", "A2024123", "19001@2024", ".đ"),
        *("11 ", "84 ", "20 12 ", "1.000 ", "2024-", "1 ", "a@", "((", "0912345678"),
    ],
)
def test_every_letter_of_a_remark_is_read_a_few_times_only(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Counting(patterns.READER)
    monkeypatch.setattr(masking, "READER", reader)
    for length in (2_000, 8_000):
        reader.letters = 0
        mask((piece * length)[:length])
        assert reader.letters <= 200 * length
