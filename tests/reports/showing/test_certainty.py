"""What is said of a figure that others published is a sentence, with numbers as the reader's."""

import pytest
from django.utils import translation

from reports.showing import reference
from reports.showing.reference import Reference

SOURCE = "https://example.vn/"


def certainty(status: str, language: str = "vi") -> str:
    """What is said of a figure with this status."""
    figure = Reference(2022, "province", "91", "sipas_overall", "74.56", "61", status, SOURCE)
    with translation.override(language):
        return figure.certainty


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("derived = 83.84-1.35", "tính từ số đã công bố: 83,84 − 1,35"),
        (
            "derived 78.44-3.88; rank 59+2",
            "tính từ số đã công bố: 78,44 − 3,88; thứ hạng tính từ thứ hạng đã công bố: 59 + 2",
        ),
        (
            "derived = 84.09-1.12; misprint for 82.90",
            "tính từ số đã công bố: 84,09 − 1,12; chúng tôi coi là lỗi in, vì năm yếu tố "
            "đã công bố cho 82,90",
        ),
        ("derived rank 19-3", "thứ hạng tính từ thứ hạng đã công bố: 19 − 3"),
        ("confirmed", ""),
    ],
)
def test_how_a_figure_was_derived_is_said_in_vietnamese(status: str, said: str) -> None:
    assert certainty(status) == said


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert certainty("derived = 83.84-1.35", "en").endswith("83.84 − 1.35")


def test_no_status_of_the_file_is_passed_over() -> None:
    statuses = {one.status for one in reference._published()}
    unsure = {text for text in statuses if text.startswith(("derived", "computed", "inferred"))}
    assert len(unsure) > 7
    assert {text for text in unsure if not certainty(text)} == set()
