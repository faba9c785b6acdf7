"""Which pages a questionnaire has, and what stands on them."""

from datetime import date

import pytest
from django.utils import translation

from offices import directory
from surveys.citizen.forms import LastForm, page_form, pages_of
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.questionnaires.load import load_instruments
from surveys.questionnaires.terms import unbroken
from tests import factories

pytestmark = pytest.mark.django_db
OFFICE = (("office", "Trung tâm"),)


def codes(instrument: InstrumentEntry) -> list[list[str]]:
    return [[item.code for item in page.items] for page in pages_of(instrument)]


def entry(slug: str) -> InstrumentEntry:
    found = catalogue.current().instrument(slug)
    assert found is not None
    return found


def test_each_factor_has_a_page() -> None:
    made = factories.instrument({"A": 2, "B": 1, "C": 3})
    assert codes(entry(made.slug)) == [["A1", "A2"], ["B1"], ["C1", "C2", "C3"]]


def test_neighbours_of_a_single_question_share_a_page() -> None:
    made = factories.instrument({"A": 1, "B": 1, "C": 2, "D": 1, "E": 1})
    assert codes(entry(made.slug)) == [["A1", "B1"], ["C1", "C2"], ["D1", "E1"]]


def test_no_question_of_a_shipped_form_is_left_out() -> None:
    load_instruments()
    for instrument in catalogue.current().instruments.values():
        asked = [code for page in codes(instrument) for code in page]
        assert asked == [item.code for item in instrument.items if item.scale != "reason"]


def test_the_question_of_several_criteria_is_read_once_a_page() -> None:
    load_instruments()
    form = page_form(entry("sipas-2026-services"), 0, "vi", OFFICE)()
    assert [getattr(field, "question", None) for field in form.fields.values()] == [
        unbroken("Xin Ông/Bà cho biết mức độ hài lòng của Ông/Bà về các nội dung:"),
        "",
        "",
    ]


def test_the_word_for_the_office_stands_in_the_questions() -> None:
    load_instruments()
    instrument = entry("sipas-2026-services")
    office = factories.office()
    place = directory.current().office(office.slug)
    assert place is not None
    for day, word in (
        (date(2025, 6, 30), "Bộ phận tiếp nhận và trả kết quả"),
        (date(2025, 7, 1), "Trung tâm Phục vụ hành chính công"),
    ):
        words = instrument.words(place, day, "vi")
        first = page_form(instrument, 0, "vi", words)().fields["A1"]
        assert first.label == unbroken(
            f"{word} có biển hiệu, hướng dẫn rõ ràng, giúp người dân dễ tìm, dễ thấy."
        )


def test_the_answers_run_from_worst_to_best_and_not_knowing_comes_last() -> None:
    load_instruments()
    with translation.override("vi"):
        form = page_form(entry("sipas-2026-services"), 0, "vi", OFFICE)()
    for field in form.fields.values():
        assert list(getattr(field, "choices", [])) == [
            ("1", "Rất không hài lòng"),
            ("2", "Không hài lòng"),
            ("3", "Bình thường"),
            ("4", "Hài lòng"),
            ("5", "Rất hài lòng"),
            ("9", "Không biết, không có ý kiến"),
        ]


def test_a_page_is_built_once_per_language() -> None:
    made = factories.instrument()
    built = page_form(entry(made.slug), 0, "vi", OFFICE)
    assert page_form(entry(made.slug), 0, "vi", OFFICE) is built
    assert page_form(entry(made.slug), 0, "en", OFFICE) is not built


def test_procedures_are_grouped_by_field_and_may_be_left_out() -> None:
    factories.procedure("1.000001", field="Hộ tịch")
    factories.procedure("1.000002", field="Chứng thực")
    made = factories.office()
    office = directory.current().office(made.slug)
    assert office is not None
    form = LastForm({}, procedures=directory.current().procedures(office))
    choices = list(getattr(form.fields["procedure"], "choices", []))
    assert choices[0][0] == ""
    assert {group for group, _ in choices[1:-2]} == {"Hộ tịch", "Chứng thực"}
    assert form.is_valid()
