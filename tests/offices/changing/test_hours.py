"""Opening hours and days off: what they are, what they change, what they leave alone."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from offices import directory
from offices.changing import holidays, hours
from offices.changing.refusal import ChangeRefused
from offices.directory import OfficeEntry
from offices.models import AdministrativeUnit, Holiday, Office
from offices.opening import OpenSpan
from surveys.flags.rules import NO_FLAG, Flag
from surveys.intake.submit import submit
from surveys.models import Response
from surveys.remarks.workdays import after_working_days, own_days
from tests import factories

pytestmark = pytest.mark.django_db
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
WEEK = [
    OpenSpan(5, time(7, 30), time(11)),
    OpenSpan(5, time(13), time(16, 30)),
    OpenSpan(6, time(8), time(11)),
]


@pytest.fixture
def office() -> Office:
    """An office that asks two questions."""
    factories.instrument({"A": 2})
    return factories.office()


def entry(office: Office) -> OfficeEntry:
    """The office as a process knows it."""
    found = directory.current().office(office.slug)
    assert found is not None
    return found


def flag(office: Office, day: date, hour: int) -> Flag:
    """Of a form finished then."""
    form = factories.submission(office, [5, 4])
    submit(form, factories.at(day, hour))
    return Flag(Response.objects.get(id=form.id).flags)


def test_an_office_without_hours_keeps_the_usual_ones(office: Office, settings: Settings) -> None:
    settings.OFFICE_HOURS = (time(8), time(16))
    assert entry(office).open_spans(FRIDAY) == (OpenSpan(5, time(8), time(16)),)
    assert entry(office).open_spans(SATURDAY) == ()


def test_forms_are_judged_by_the_hours_of_their_office(office: Office) -> None:
    hours.set_week(office, WEEK)
    assert flag(office, FRIDAY, 7) == NO_FLAG
    assert flag(office, FRIDAY, 11) == Flag.AFTER_HOURS
    assert flag(office, FRIDAY, 16) == NO_FLAG
    assert flag(office, SATURDAY, 9) == NO_FLAG
    assert flag(office, date(2026, 11, 19), 9) == Flag.AFTER_HOURS
    assert flag(factories.office(), SATURDAY, 9) == Flag.AFTER_HOURS


def test_what_was_judged_stays_judged(office: Office) -> None:
    assert flag(office, SATURDAY, 9) == Flag.AFTER_HOURS
    hours.set_week(office, WEEK)
    assert Response.objects.get().flags == Flag.AFTER_HOURS


def test_an_answer_costs_no_further_statement(office: Office, settings: Settings) -> None:
    form = factories.submission(office, [5, 4])
    directory.current()
    settings.DIRECTORY_CHECK_SECONDS = 3600
    with CaptureQueriesContext(connection) as before:
        submit(form, factories.at(FRIDAY))
    settings.DIRECTORY_CHECK_SECONDS = 0
    hours.set_week(office, WEEK)
    holidays.add(office.unit.province, FRIDAY, works=False, why="Lễ hội")
    form = factories.submission(office, [5, 4])
    directory.current()
    settings.DIRECTORY_CHECK_SECONDS = 3600
    with CaptureQueriesContext(connection) as after:
        submit(form, factories.at(FRIDAY))
    assert len(after) == len(before)
    assert Response.objects.get(id=form.id).flags == Flag.AFTER_HOURS


def test_the_week_is_changed_whole_and_recorded(office: Office) -> None:
    hours.set_week(office, WEEK)
    hours.set_week(office, WEEK[::-1])
    assert hours.week_of(office) == tuple(WEEK)
    hours.set_week(office, [])
    assert entry(office).hours == ()
    newest, oldest = factories.acts()
    assert oldest.details["now"] == ["5 07:30-11:00", "5 13:00-16:30", "6 08:00-11:00"]
    assert newest.details == {"was": oldest.details["now"], "now": []}


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ([OpenSpan(1, time(9), time(9))], "close after"),
        ([OpenSpan(1, time(9), time(8))], "close after"),
        ([OpenSpan(1, time(8), time(12)), OpenSpan(1, time(11), time(16))], "second span"),
        ([OpenSpan(1, time(h), time(h + 1)) for h in (7, 9, 11)], "more than two"),
    ],
)
def test_impossible_hours_are_refused(office: Office, week: list[OpenSpan], said: str) -> None:
    hours.set_week(office, WEEK)
    with pytest.raises(ChangeRefused, match=said):
        hours.set_week(office, week)
    assert hours.week_of(office) == tuple(WEEK)


def test_a_holiday_of_the_list_is_shut_and_its_saturday_is_open(office: Office) -> None:
    assert entry(office).open_spans(date(2026, 8, 31)) == ()
    (span,) = entry(office).open_spans(date(2026, 8, 22))
    assert (span.weekday, span.opens) == (6, time(7))
    hours.set_week(office, WEEK)
    assert entry(office).open_spans(date(2026, 8, 22)) == (WEEK[2],)
    assert entry(office).open_spans(date(2031, 9, 2)) == ()


def test_a_day_off_is_its_provinces_only_and_moves_what_is_due_later(office: Office) -> None:
    other = factories.office()
    due = after_working_days(FRIDAY, 5, own_days(office.pk))
    assert due == date(2026, 11, 27)
    holidays.add(office.unit.province, date(2026, 11, 24), works=False, why="Lễ hội")
    assert after_working_days(FRIDAY, 5, own_days(office.pk)) == date(2026, 11, 30)
    assert after_working_days(FRIDAY, 5, own_days(other.pk)) == due
    assert flag(office, date(2026, 11, 24), 9) == Flag.AFTER_HOURS
    assert flag(other, date(2026, 11, 24), 9) == NO_FLAG
    assert own_days(0) == {}


def test_the_province_stands_above_the_country_and_both_above_the_list(office: Office) -> None:
    country, province = factories.country(), office.unit.province
    day = date(2026, 9, 2)
    holidays.add(country, day, works=True, why="Trực bầu cử")
    assert entry(office).open_spans(day) != ()
    mine = holidays.add(province, day, works=False, why="Nghỉ bù")
    assert entry(office).open_spans(day) == ()
    holidays.remove(province, mine.pk)
    holidays.remove(province, mine.pk)
    assert entry(office).open_spans(day) != ()
    assert [one.action for one in factories.acts()] == [
        "holiday.removed",
        "holiday.created",
        "holiday.created",
    ]


def test_days_that_change_nothing_or_say_nothing_are_refused(office: Office) -> None:
    country, commune = factories.country(), office.unit
    refused: list[tuple[AdministrativeUnit, date, bool, str]] = [
        (commune, FRIDAY, False, "Lễ hội"),
        (country, FRIDAY, True, "Làm việc"),
        (country, SATURDAY, False, "Nghỉ"),
        (country, SATURDAY, True, " "),
    ]
    for unit, day, works, why in refused:
        with pytest.raises(ChangeRefused):
            holidays.add(unit, day, works=works, why=why)
    holidays.add(country, SATURDAY, works=True, why="Làm bù")
    with pytest.raises(ChangeRefused, match="already"):
        holidays.add(country, SATURDAY, works=True, why="Làm bù")
    assert Holiday.objects.count() == 1


def test_another_provinces_day_is_not_removed(office: Office) -> None:
    other = factories.province()
    mine = holidays.add(office.unit.province, FRIDAY, works=False, why="Lễ hội")
    holidays.remove(other, mine.pk)
    assert Holiday.objects.get() == mine
