"""The whole way with a real worker: answers in, figures out, whatever happens to the worker."""

from datetime import date

import pytest
from django.db.models import Sum

from reports.models import Batch, Night, Period, Score, TerritoryMap
from reports.night import nights
from reports.tasks import run_step
from surveys.models import Mark
from tests import factories
from tests.worker.process import Worker, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


# Two days of a month that is not closed, however early in its own month this test runs.
TENTH = factories.last_month_end().replace(day=10)
ELEVENTH = factories.last_month_end().replace(day=11)


def night_of(day: date, worker: Worker) -> None:
    """Lets the worker make the night of this day."""
    night = nights.start(day)
    run_step.apply_async(queue=worker.queue)
    ended = Night.objects.filter(pk=night.pk, ended_at__isnull=False, differences=0)
    wait_until(ended.exists, worker)


@pytest.mark.usefixtures("guarded")
def test_the_second_night_moves_the_figures_of_office_and_province(worker: Worker) -> None:
    factories.instrument({"A": 2, "B": 1})
    province = factories.province()
    office = factories.office(factories.unit(parent=province))
    factories.rhythm(office)
    for number in range(30):
        factories.answer(office, [5, 4, 1 + number % 5], now=factories.at(TENTH))
    shown = Score.objects.filter(period=Period.MONTH, unit=province, map=TerritoryMap.TODAY)
    wait_until(lambda: not Mark.objects.exists(), worker)
    assert not Batch.objects.exists()
    night_of(TENTH, worker)
    assert list(Batch.objects.values_list("office", "people")) == [(office.pk, 30)]
    assert not shown.filter(people__gt=0).exists()
    for _ in range(10):
        factories.answer(office, [5, 4, 1], now=factories.at(ELEVENTH))
    night_of(ELEVENTH, worker)
    assert list(shown.values_list("people", "closed")) == [(30, False)]
    assert not Mark.objects.exists()


@pytest.mark.usefixtures("guarded")
def test_a_killed_worker_loses_and_doubles_nothing(worker: Worker) -> None:
    factories.instrument({"A": 2, "B": 1})
    offices = [factories.office() for _ in range(5)]
    for office in offices:
        factories.rhythm(office)
        for _ in range(10):
            factories.answer(office, [5, 4, 1], now=factories.at(TENTH))
    wait_until(lambda: Mark.objects.count() < len(offices), worker)
    worker.kill()
    for office in offices:
        for _ in range(10):
            factories.answer(office, [5, 4, 1], now=factories.at(TENTH))
    assert Mark.objects.exists()
    worker.restart()
    wait_until(lambda: not Mark.objects.exists(), worker)
    night_of(TENTH, worker)
    people = Batch.objects.values_list("office").annotate(Sum("people")).order_by("office")
    assert list(people) == [(office.pk, 20) for office in offices]


@pytest.mark.usefixtures("guarded")
def test_the_night_is_spread_over_provinces_and_closes_them_all(worker: Worker) -> None:
    last = factories.last_month_end()
    factories.instrument({"A": 2, "B": 1})
    offices = [factories.office() for _ in range(3)]
    for office in offices:
        for _ in range(12):
            factories.answer(office, [5, 4, 1], now=factories.at(last))
    night = nights.start(last)
    run_step.apply_async(queue=worker.queue)
    ended = Night.objects.filter(pk=night.pk, ended_at__isnull=False, differences=0)
    wait_until(ended.exists, worker)
    assert night.steps.filter(name="province", state="done", attempts=1).count() == 3
    closed = Score.objects.filter(period=Period.MONTH, start=last.replace(day=1), closed=True)
    assert closed.filter(office__isnull=False).count() == 3
    country = closed.get(unit__level="country", map=TerritoryMap.TODAY)
    assert (country.people, country.satisfied, country.answered) == (36, 72, 108)
