"""The whole form in the catalogue: its parts, and what stands in place of its placeholders."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from offices import directory
from surveys.questionnaires import catalogue
from surveys.questionnaires.load import load_instruments
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_whole_form_is_stored_with_its_parts_and_local_labels(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parent / "whole_form.yaml", tmp_path)
    load_instruments(tmp_path)
    whole = catalogue.current().instrument("whole")
    office = factories.office(name="Trung tâm phường Hà Tiên")
    place = directory.current().office(office.slug)
    assert whole is not None
    assert place is not None
    assert [(code, title["vi"]) for code, title in whole.parts] == [
        ("B", "Câu hỏi"),
        ("I", "CHÍNH SÁCH"),
        ("II", "DỊCH VỤ"),
    ]
    assert [item.part for item in whole.items] == ["B"] * 6 + ["I", "II", "II"]
    words = whole.words(place, date(2026, 11, 20), "vi")
    assert words == (("commune", "xã"), ("office", "Trung tâm"))
    texts = [item.text["vi"] for item in whole.items] + [
        item.question.get("vi", "") for item in whole.items
    ]
    assert any("{" in text for text in texts)
    assert not any("{" in catalogue.fill(text, words) for text in texts)


def test_a_place_without_a_label_is_the_office_s_own(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "whole_form.yaml").read_text(encoding="utf-8")
    text = text.replace('  commune:\n    - text: {vi: "xã", en: "commune"}\n', "")
    text = text.replace("{commune}", "{commune}, {province}")
    (tmp_path / "whole.yaml").write_text(text, encoding="utf-8")
    load_instruments(tmp_path)
    office = factories.office()
    whole = catalogue.current().instrument("whole")
    place = directory.current().office(office.slug)
    assert whole is not None
    assert place is not None
    words = dict(whole.words(place, date(2026, 11, 20), "vi"))
    assert words == {
        "office": "Trung tâm",
        "commune": office.unit.full_name,
        "province": place.province_name,
    }
    assert words["commune"] != words["province"] != ""


def test_offices_share_the_words_of_a_form_that_names_no_place() -> None:
    load_instruments()
    offices = [factories.office(), factories.office()]
    for form in catalogue.current().instruments.values():
        entries = [directory.current().office(office.slug) for office in offices]
        words = {form.words(entry, date(2026, 11, 20), "vi") for entry in entries if entry}
        assert len(words) == 1
