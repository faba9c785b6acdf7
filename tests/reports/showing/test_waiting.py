"""When a figure comes is said in words that know nothing of answers."""

import re
from datetime import date
from inspect import signature

import pytest
from django.utils import translation

from reports.counting.periods import Span, span_of
from reports.models import Period
from reports.showing.waiting import comes_on, waiting_words

MARCH = span_of(Period.MONTH, date(2026, 3, 1))
QUARTER = span_of(Period.QUARTER, date(2026, 3, 1))
YEAR = span_of(Period.YEAR, date(2026, 3, 1))
WEEK = span_of(Period.WEEK, date(2026, 3, 18))


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    translation.activate("vi")


def words(
    span: Span = MARCH,
    *,
    shown: bool = False,
    through: date | None = date(2026, 3, 19),
    today: date = date(2026, 3, 20),
    days: int = 5,
) -> str:
    return waiting_words(
        span,
        shown=shown,
        through=through,
        today=today,
        working_days=days,
    )


def test_the_figure_of_an_open_month_comes_the_morning_after_it_closes() -> None:
    assert words() == (
        "Số liệu tháng 3/2026 sẽ có sau khi khóa sổ, dự kiến ngày 08/04/2026, nếu khi đó đủ "
        "số người trả lời."
    )
    assert comes_on(MARCH, 5) == date(2026, 4, 8)


def test_the_day_follows_the_setting() -> None:
    assert "01/04/2026" in words(days=0)
    assert "02/04/2026" in words(days=1)


def test_of_a_figure_that_moves_the_whole_is_promised() -> None:
    said = words(shown=True)
    assert said.startswith("Số liệu đầy đủ tháng 3/2026")
    assert "08/04/2026" in said
    assert "đủ số người" not in said


def test_quarters_and_years_have_their_own_day() -> None:
    assert "quý 1/2026" in words(QUARTER)
    assert "08/04/2026" in words(QUARTER)
    assert "năm 2026" in words(YEAR)
    assert "09/01/2027" in words(YEAR)


@pytest.mark.parametrize("shown", [True, False])
def test_a_night_that_is_late_promises_no_day_that_has_passed(shown: bool) -> None:
    late = words(shown=shown, today=date(2026, 4, 8), through=date(2026, 3, 30))
    assert "dự kiến" in words(shown=shown, today=date(2026, 4, 7), through=date(2026, 3, 30))
    assert "sau khi khóa sổ" in late
    assert "dự kiến" not in late


def test_days_and_weeks_are_answered_with_their_month() -> None:
    assert "Số liệu tháng 3/2026" in words(WEEK)
    assert words(WEEK, through=date(2026, 4, 7), today=date(2026, 4, 8)) == (
        "Ngày và tuần chỉ hiển thị trọn từng nhóm đủ số người. Xin xem số liệu tháng 3/2026."
    )


def test_a_week_of_two_months_leads_to_both() -> None:
    across = span_of(Period.WEEK, date(2026, 3, 31))
    said = words(across, through=date(2026, 5, 8), today=date(2026, 5, 9))
    assert said.endswith("Xin xem số liệu tháng 3/2026 và tháng 4/2026.")


def test_a_closed_month_of_too_few_leads_to_its_quarter_and_year() -> None:
    april = span_of(Period.MONTH, date(2026, 4, 1))
    said = words(april, through=date(2026, 5, 8), today=date(2026, 5, 9))
    assert said.startswith("Đã khóa sổ: tháng 4/2026 chưa đủ")
    assert "số liệu quý 2/2026 (dự kiến ngày 08/07/2026)" in said
    assert "số liệu năm 2026 (dự kiến ngày" in said
    quarter = words(QUARTER, through=date(2026, 5, 8), today=date(2026, 5, 9))
    assert "quý 2" not in quarter
    assert "số liệu năm 2026" in quarter
    closed = words(YEAR, through=date(2027, 1, 20), today=date(2027, 1, 21))
    assert closed == "Đã khóa sổ: năm 2026 chưa đủ số người trả lời để có số liệu riêng."


def test_a_longer_period_that_is_closed_too_has_no_day_to_wait_for() -> None:
    said = words(through=date(2026, 4, 20), today=date(2026, 4, 21))
    assert "số liệu quý 1/2026 và" in said
    assert said.count("dự kiến") == 1


def test_nothing_is_said_of_a_closed_figure_that_is_shown() -> None:
    assert words(shown=True, through=date(2026, 4, 7), today=date(2026, 4, 8)) == ""


def test_words_cannot_know_how_many_answers_wait() -> None:
    given = set(signature(waiting_words).parameters)
    assert given == {"span", "shown", "through", "today", "working_days", "own"}
    for said in (words(), words(WEEK), words(through=date(2026, 4, 20), today=date(2026, 4, 21))):
        numbers = re.sub(r"\d\d/\d\d/\d{4}|(tháng|quý) \d+/\d{4}|năm \d{4}", "", said.lower())
        assert not re.search(r"\d", numbers)
