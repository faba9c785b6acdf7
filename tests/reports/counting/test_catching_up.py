"""Whatever is killed or runs at once, units end as the sum of what their offices show."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from pytest_django import Settings

from offices import directory
from offices.models import AdministrativeUnit, Office
from reports.models import Period, Score, Stale, TerritoryMap
from reports.night import steps
from surveys.intake.settling import settle
from surveys.intake.submit import Submission, SubmissionNotTaken, submit
from surveys.models import Instrument, Mark, Response, Stage
from surveys.questionnaires import catalogue
from tests import factories
from tests.reports.proof.proved import differences

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST = factories.last_month_end()


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Three criteria in two factors."""
    return factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province without offices."""
    return factories.province()


def office_in(province: AdministrativeUnit, people: int = 0, **when: object) -> Office:
    """An office in a commune of the province that so many people answered about."""
    office = factories.office(factories.unit(parent=province))
    for _ in range(people):
        factories.answer(office, [5, 4, 1], **when)  # type: ignore[arg-type]
    return office


def people_of(unit: AdministrativeUnit) -> list[int]:
    """The people of a unit's month on the two maps."""
    months = Score.objects.filter(unit=unit, period=Period.MONTH).order_by("map")
    return list(months.values_list("people", flat=True))


def satisfied_of(unit: AdministrativeUnit) -> list[int]:
    """The satisfied answers of a unit's month on the two maps."""
    months = Score.objects.filter(unit=unit, period=Period.MONTH).order_by("map")
    return list(months.values_list("satisfied", flat=True))


def test_who_is_killed_before_the_units_leaves_them_to_the_next_run(
    province: AdministrativeUnit,
) -> None:
    office = office_in(province, 20, now=factories.at(LAST))
    steps.close(LAST)
    Response.objects.filter(office=office).update(answers=b"\x05\x05\x05")
    Mark.objects.create(office=office, day=LAST)
    steps.count_office(office.pk, LAST)
    assert satisfied_of(province) == [40, 40]
    assert not Mark.objects.exists()
    steps.count_marked()
    assert satisfied_of(province) == satisfied_of(factories.country()) == [60, 60]
    assert not Stale.objects.exists()


def test_the_night_sums_what_a_killed_night_left(province: AdministrativeUnit) -> None:
    office = office_in(province, 12, now=factories.at(LAST))
    steps.begin(LAST)
    steps.close_office(office.pk, LAST)
    steps.close(LAST)
    assert people_of(province) == people_of(factories.country()) == [12, 12]
    assert not Stale.objects.exists()


def test_a_province_is_not_summed_while_the_night_closes_its_offices(
    province: AdministrativeUnit,
) -> None:
    offices = [office_in(province, people, now=factories.at(LAST)) for people in (12, 3)]
    steps.begin(LAST)
    steps.close_office(offices[0].pk, LAST)
    Mark.objects.all().delete()  # so that only the night counts the other office
    steps.count_marked()
    assert people_of(province) == []
    Mark.objects.create(office=offices[1], day=LAST)
    steps.close(LAST)
    assert people_of(province) == [12, 12]


def test_an_office_that_cannot_be_counted_does_not_hold_up_the_others(
    province: AdministrativeUnit,
) -> None:
    broken, sound = (office_in(province, 20, now=factories.at(LAST)) for _ in range(2))
    steps.close(LAST)
    Response.objects.filter(office=broken).update(answers=b"\x05")
    Response.objects.filter(office=sound).update(answers=b"\x05\x05\x05")
    for office in (broken, sound):
        Mark.objects.create(office=office, day=LAST)
    with pytest.raises(ExceptionGroup) as raised:
        steps.count_marked()
    assert raised.value.exceptions[0].__notes__ == [f"while counting office {broken.pk}"]
    assert Score.objects.get(office=sound, period=Period.MONTH).satisfied == 60
    assert satisfied_of(province) == [100, 100]
    assert set(Mark.objects.values_list("office_id", flat=True)) == {broken.pk}


@pytest.mark.django_db(transaction=True)
def test_answers_counts_and_a_night_at_once_end_right(
    province: AdministrativeUnit, settings: Settings
) -> None:
    offices = [office_in(province, 11, now=factories.at(LAST)) for _ in range(4)]
    directory.current()
    catalogue.current()
    settings.DIRECTORY_CHECK_SECONDS = 60

    def citizen(number: int) -> None:
        try:
            for turn in range(12):
                factories.answer(offices[(number + turn) % 4], [5, 4, 1 + turn % 5])
        finally:
            connection.close()

    def worker(_: int) -> None:
        try:
            for _ in range(6):
                steps.count_marked()
        finally:
            connection.close()

    def night(_: int) -> None:
        try:
            steps.close(LAST)
        finally:
            connection.close()

    with ThreadPoolExecutor(9) as pool:
        runs = [pool.submit(citizen, n) for n in range(4)]
        runs += [pool.submit(worker, n) for n in range(3)]
        runs += [pool.submit(night, n) for n in range(2)]
        for run in runs:
            run.result()
    steps.count_marked()

    assert differences() == []
    assert not Stale.objects.exists()
    scores = Score.objects.all()
    for place in (province, factories.country()):
        for territory in TerritoryMap:
            of_place = scores.filter(unit=place, map=territory)
            for period, start, people, satisfied in of_place.values_list(
                "period", "start", "people", "satisfied"
            ):
                of_offices = scores.filter(office__in=offices, period=period, start=start)
                assert of_offices.aggregate(p=Sum("people"), s=Sum("satisfied")) == {
                    "p": people,
                    "s": satisfied,
                }
    last = scores.filter(unit=province, period=Period.MONTH, start=LAST.replace(day=1))
    assert set(last.values_list("people", "closed")) == {(44, True)}


@pytest.mark.django_db(transaction=True)
def test_who_finishes_late_as_waiting_is_in_no_batch(settings: Settings) -> None:
    office = factories.office()
    now = timezone.now()
    left = [factories.submission(office, [5, 4, 1], finished=False) for _ in range(90)]
    settings.DIRECTORY_CHECK_SECONDS = 60
    for one in left:
        submit(one, now - timedelta(hours=3))

    def citizen(share: list[Submission]) -> None:
        try:
            for one in share:
                with suppress(SubmissionNotTaken):  # in a batch already: closed
                    submit(replace(one, step=2, finished=True, stage=Stage.WAITING))
        finally:
            connection.close()

    def worker(_: int) -> None:
        try:
            for _ in range(10):
                settle(now)
                steps.count_marked()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        runs = [pool.submit(citizen, left[n::3]) for n in range(3)]
        runs += [pool.submit(worker, n) for n in range(2)]
        for run in runs:
            run.result()
    steps.count_marked()
    assert not Response.objects.filter(stage=Stage.WAITING, batch__isnull=False).exists()
    assert differences() == []
