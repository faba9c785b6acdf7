"""Posters and table cards say nothing but the words of their language."""

import pytest

from surveys.print.texts import words
from surveys.questionnaires.minutes import usual_minutes
from tests.surveys.print.pdf_reading import Pdf, squeezed
from tests.upgrade.old import HA_TIEN
from tests.walk.conftest import browser
from tests.walk.words import WORD

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("filled")]
NAME = "Trung tâm Phục vụ hành chính công phường Hà Tiên"


@pytest.mark.parametrize("sheet", ["ap-phich.pdf", "ap-phich.pdf?chu-to=1", "the-ban.pdf"])
def test_a_sheet_in_vietnamese_has_vietnamese_words_only(sheet: str) -> None:
    pdf = Pdf(browser("").get(f"/ks/{HA_TIEN}/{sheet}").content)
    left = "".join(pdf.text(page) for page in pdf.pages)
    assert squeezed(words("vi", usual_minutes())["question"]) in left
    known = [*words("vi", usual_minutes()).values(), NAME, f"testserver/ks/{HA_TIEN}/", "Hài Lòng"]
    for text in sorted(known, key=len, reverse=True):
        left = left.replace(squeezed(text), " ")
    assert WORD.findall(left) == []
