"""Questions that are part of no index: all answers, their shares, and nothing of a few people."""

import re
import shutil
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import Office
from reports.models import Score, TerritoryMap
from reports.night import steps
from reports.showing.figures import figures
from reports.showing.questions import Question, Tallied
from reports.sipas.index import interval
from surveys.questionnaires import catalogue
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.surveys.questionnaires import test_catalogue

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()
FILE = Path(test_catalogue.__file__).parent / "whole_form.yaml"
CRITERIA = {"PA1": 5, "A1": 4, "A2": 2}


@pytest.fixture
def place(tmp_path: Path) -> Office:
    """An office, and the form that has every kind of question."""
    shutil.copy(FILE, tmp_path)
    load_instruments(tmp_path)
    return factories.office()


def answer(place: Office, people: int, answers: Mapping[str, int]) -> None:
    """So many people answer the criteria and these other questions."""
    form = catalogue.current().instrument("whole")
    for _ in range(people):
        factories.answer(place, CRITERIA | dict(answers), now=factories.at(LAST), instrument=form)


def shown(place: Office) -> dict[str, Question]:
    """The other questions of the office's day, by code."""
    steps.close(LAST)
    unfolded = figures(Score.objects.get(office=place, period="month"))
    return {question.code: question for question in unfolded.others}


def people(part: Tallied) -> dict[str, int]:
    """How many people gave each answer, by its Vietnamese words."""
    return {level.text["vi"]: level.people for level in part.levels}


def text_of(address: str) -> str:
    """The words of a page that the operator sees."""
    client = Client()
    client.force_login(factories.user(is_superuser=True))
    page = client.get(f"{address}?ky=month&tu={LAST.replace(day=1)}").content.decode()
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def test_every_level_is_shown_also_those_nobody_chose(place: Office) -> None:
    answer(place, 7, {"N1A": 1, "N1B": 4})
    answer(place, 5, {"N1A": 4, "N1B": 9})
    answer(place, 1, {"N1B": 4})
    question = shown(place)["1"]
    first, second = question.parts
    assert question.text["vi"] == "Mức độ quan tâm theo dõi các chính sách:"
    assert not question.several
    assert people(first) == {
        "Không quan tâm theo dõi": 7,
        "Khá quan tâm theo dõi": 0,
        "Quan tâm theo dõi": 0,
        "Rất quan tâm theo dõi": 5,
    }
    assert first.answered == 12
    assert [level.value for level in first.levels] == [
        *(Decimal("58.33"), Decimal("0.00"), Decimal("0.00"), Decimal("41.67"))
    ]
    limits = interval.wilson(7, 12)
    assert limits is not None
    assert (first.levels[0].low, first.levels[0].high) == (limits.low, limits.high)
    assert second.hidden  # only eight answered, five don't know
    assert second.levels == ()
    assert second.answered == 0


def test_single_choices_and_yes_or_no_have_their_own_words(place: Office) -> None:
    answer(place, 10, {"N4": 3, "N8A": 2})
    answer(place, 2, {"N4": 9, "N8A": 1})
    questions = shown(place)
    (choice,), (experience,) = questions["N4"].parts, questions["8"].parts
    assert people(choice) == {"Bằng phiếu": 0, "Tại cuộc họp": 0, "Trực tuyến": 10}
    assert choice.answered == 10
    assert people(experience) == {"Có": 2, "Không": 10}
    assert experience.levels[0].value == Decimal("16.67")


def test_boxes_stand_together_and_are_of_everybody_who_was_shown_them(place: Office) -> None:
    answer(place, 4, {"N2A": 1, "N2B": 1})
    answer(place, 6, {"N2B": 1})
    answer(place, 2, {})
    question = shown(place)["2"]
    (boxes,) = question.parts
    assert question.several
    assert people(boxes) == {"Qua loa phát thanh {commune}": 4, "Qua mạng internet": 10}
    assert boxes.answered == 12
    assert [level.value for level in boxes.levels] == [Decimal("33.33"), Decimal("83.33")]


def test_the_questions_keep_the_order_of_the_form_and_criteria_are_not_among_them(
    place: Office,
) -> None:
    answer(place, 10, {})
    questions = shown(place)
    assert list(questions) == ["1", "2", "N4", "8"]
    assert all(part.hidden for code in ("1", "N4", "8") for part in questions[code].parts)


def test_nothing_is_shown_where_the_whole_is_hidden(place: Office) -> None:
    answer(place, 9, {"N1A": 1, "N1B": 1, "N4": 1, "N8A": 1})
    assert shown(place) == {}


def test_the_page_shows_them_in_the_form_s_words_with_people_share_and_interval(
    place: Office,
) -> None:
    answer(place, 12, {"N1A": 2, "N2A": 1, "N4": 3, "N8A": 1})
    answer(place, 9, {"N1B": 4})
    steps.close(LAST)
    for address in (
        reverse("officials:office", args=[place.slug]),
        reverse("officials:unit", args=[place.unit.pk]),
    ):
        text = text_of(address)
        assert "Các câu hỏi khác" in text
        assert "1. Mức độ quan tâm theo dõi các chính sách:" in text
        assert "N1A. Chính sách phát triển kinh tế ở địa phương" in text
        assert "12 người trả lời." in text
        assert "Khá quan tâm theo dõi 12 100,00\N{NO-BREAK SPACE}%" in text
        assert "Không quan tâm theo dõi 0 0,00\N{NO-BREAK SPACE}%" in text
        assert "Chưa đủ câu trả lời: chỉ hiển thị khi có từ 10 người trả lời trở lên." in text
        assert "Qua loa phát thanh xã, phường, đặc khu 12 57,14\N{NO-BREAK SPACE}%" in text
        assert "21 người được hỏi" in text
        assert "{" not in text


def test_a_form_of_criteria_only_has_no_such_section() -> None:
    factories.instrument({"A": 2})
    place = factories.office()
    for _ in range(12):
        factories.answer(place, [5, 5], now=factories.at(LAST))
    steps.close(LAST)
    assert "Các câu hỏi khác" not in text_of(reverse("officials:office", args=[place.slug]))


def test_a_province_counts_the_people_of_its_offices_and_never_their_shares(place: Office) -> None:
    other = factories.office(place.unit)
    answer(place, 10, {"N4": 1})
    answer(other, 30, {"N4": 2})
    steps.close(LAST)
    province = place.unit.parent
    score = Score.objects.get(unit=province, map=TerritoryMap.TODAY, period="month")
    (choice,) = next(q for q in figures(score).others if q.code == "N4").parts
    assert people(choice) == {"Bằng phiếu": 10, "Tại cuộc họp": 30, "Trực tuyến": 0}
    assert choice.levels[0].value == Decimal("25.00")
