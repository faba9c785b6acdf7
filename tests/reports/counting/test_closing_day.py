"""A month closes on the fifth working day after its end; until then late answers are in time."""

from datetime import date

import pytest
from django.utils import timezone
from pytest_django import Settings

from offices.models import AdministrativeUnit, Office
from reports.counting.closing import closing_day, is_closed
from reports.counting.periods import span_of
from reports.models import ClosedMonth, Night, Period, Score
from reports.night import steps
from reports.release import CannotPublish, publish
from surveys.models import Mark
from tests import factories
from tests.reports.proof.proved import differences

pytestmark = pytest.mark.django_db
AUGUST = span_of(Period.MONTH, date(2025, 8, 1))
QUARTER = span_of(Period.QUARTER, date(2025, 8, 1))


@pytest.fixture(autouse=True)
def five(settings: Settings) -> None:
    settings.CLOSING_WORKING_DAYS = 5


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    made = factories.office(factories.unit(parent=factories.province()))
    answered(made, 20, date(2025, 8, 20))
    return made


def answered(office: Office, people: int, day: date) -> None:
    factories.responses(office, people, day=day)
    Mark.objects.create(office=office, day=day)


def people(office: Office, period: str = "month") -> tuple[int, bool]:
    score = Score.objects.get(office=office, period=period, start__lte=date(2025, 8, 1))
    return score.people, score.closed


def test_the_fifth_working_day_is_counted_over_days_off() -> None:
    # the first and second of September are days off, and the sixth is a Saturday
    assert closing_day(AUGUST) == date(2025, 9, 9)
    assert closing_day(span_of(Period.DAY, date(2025, 8, 31))) == date(2025, 8, 31)
    assert closing_day(span_of(Period.WEEK, date(2025, 8, 31))) == date(2025, 8, 31)
    assert not is_closed(AUGUST, date(2025, 9, 8))
    assert is_closed(AUGUST, date(2025, 9, 9))
    assert not is_closed(AUGUST, None)


def test_nothing_closes_by_an_end_that_has_not_been(settings: Settings) -> None:
    settings.CLOSING_WORKING_DAYS = 0
    assert not is_closed(AUGUST, date(2025, 8, 30))
    assert is_closed(AUGUST, date(2025, 8, 31))


def test_late_answers_are_in_time_until_the_month_closes(office: Office) -> None:
    steps.close(date(2025, 8, 31))
    assert people(office) == (0, False)
    assert not ClosedMonth.objects.exists()
    answered(office, 3, date(2025, 8, 29))
    steps.close(date(2025, 9, 8))
    assert people(office) == (0, False)
    assert differences() == []
    steps.close(date(2025, 9, 9))
    assert people(office) == (23, True)
    assert differences() == []
    answered(office, 4, date(2025, 8, 29))
    steps.close(date(2025, 9, 10))
    assert people(office) == (23, True)


def test_a_quarter_closes_with_its_last_month(office: Office) -> None:
    answered(office, 15, date(2025, 9, 10))
    steps.close(date(2025, 9, 30))
    assert Score.objects.get(office=office, period="quarter").closed is False
    steps.close(closing_day(QUARTER))
    assert closing_day(QUARTER) == date(2025, 10, 7)
    assert Score.objects.get(office=office, period="quarter").closed is True
    assert differences() == []


def test_nobody_publishes_a_month_before_it_closes(office: Office) -> None:
    province = AdministrativeUnit.objects.get(level="province")
    steps.close(date(2025, 9, 8))
    with pytest.raises(CannotPublish, match="09/09/2025"):
        publish(province, AUGUST)
    steps.close(date(2025, 9, 9))
    assert publish(province, AUGUST).people == 20


def test_whom_a_failed_night_left_waiting_close_with_their_month_by_day(office: Office) -> None:
    """The night of the closing day was closed without this office; then one of its days counts."""
    through = closing_day(AUGUST)
    Night.objects.create(day=through, began_at=timezone.now(), closed_at=timezone.now())
    steps.count_marked()
    assert people(office) == (20, True)
    assert differences() == []
