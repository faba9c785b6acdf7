"""Beside an office's closed quarter stands the interval for what lasts, from its weeks."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.test import Client

from offices.models import Office
from reports.counting.periods import Span, span_of
from reports.counting.policy import POLICY
from reports.models import Period, Score
from reports.night import steps
from reports.showing.lasting import lasting_level, weeks_within
from reports.showing.subjects import Subjects
from tests import factories

pytestmark = pytest.mark.django_db
QUARTER = span_of(Period.QUARTER, date(2026, 1, 1))
GOOD, BAD = [5, 5, 5], [2, 2, 2]


def office_of_weeks(good_of_twelve: Sequence[int]) -> Office:
    """An office with twelve people on the Monday of each week of the quarter, which is closed."""
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang", code="91", valid_from=date(2025, 7, 1))
    office = factories.office(factories.unit(parent=province))
    factories.rhythm(office, "week")
    for week, good in zip(weeks_within(QUARTER), good_of_twelve, strict=False):
        for answers, people in ((GOOD, good), (BAD, 12 - good)):
            for _ in range(people):
                factories.answer(office, answers, now=factories.at(week.first))
        steps.close(week.last)
    steps.close(QUARTER.last)
    return office


def score_of(office: Office, span: Span = QUARTER) -> Score:
    return Score.objects.get(office=office, period=span.kind, start=span.first)


def test_weeks_of_a_period_lie_wholly_in_it() -> None:
    weeks = weeks_within(QUARTER)
    assert len(weeks) == 12
    assert (weeks[0].first, weeks[-1].last) == (date(2026, 1, 5), date(2026, 3, 29))
    assert all(week.last - week.first == timedelta(days=6) for week in weeks)
    assert weeks_within(span_of(Period.YEAR, date(2024, 5, 1)))[0].first == date(2024, 1, 1)


def test_good_and_bad_weeks_make_the_lasting_level_less_sure() -> None:
    office = office_of_weeks([12, 4] * 6)
    score = score_of(office)
    found = lasting_level(score, Subjects.of_offices([office.pk]))
    assert found is not None
    assert score.low is not None
    assert score.high is not None
    assert found.low < score.low - 3
    assert found.high > score.high + 3


def test_the_page_says_what_the_interval_is_about() -> None:
    office = office_of_weeks([12, 4] * 6)
    client = Client()
    client.force_login(factories.official(office))
    address = f"/bao-cao/co-quan/{office.slug}/"
    quarter = client.get(address, {"ky": "quarter", "tu": "2026-01-01"}).content.decode()
    month = client.get(address, {"ky": "month", "tu": "2026-01-01"}).content.decode()
    assert "những người của kỳ này" in quarter
    assert "những người của kỳ này" in month
    assert "mức lâu dài" in quarter
    assert "mức lâu dài" not in month


def test_it_needs_eight_weeks_that_the_reader_may_see() -> None:
    office = office_of_weeks([9] * 7)
    subjects = Subjects.of_offices([office.pk])
    assert lasting_level(score_of(office), subjects) is None
    for _ in range(12):
        factories.answer(office, GOOD, now=factories.at(weeks_within(QUARTER)[7].first))
    score = score_of(office)
    score.closed = False
    assert lasting_level(score, subjects) is None


def test_a_stricter_reader_sees_none_of_it() -> None:
    office = office_of_weeks([9] * 12)
    subjects = Subjects.of_offices([office.pk])
    assert lasting_level(score_of(office), subjects) is not None
    assert lasting_level(score_of(office), subjects, POLICY.stricter(13)) is None
    assert lasting_level(score_of(office), subjects, POLICY.stricter(1000)) is None
