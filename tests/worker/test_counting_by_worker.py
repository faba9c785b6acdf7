"""The whole way with a real worker: answers in, figures out, whatever happens to the worker."""

import pytest
from django.db.models import Sum

from reports.models import Batch, Night, Period, Score, TerritoryMap
from reports.night import nights
from reports.tasks import run_step
from surveys.models import Mark
from tests import factories
from tests.worker.process import Worker, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def test_the_thirtieth_answer_moves_the_figures_of_office_and_province(worker: Worker) -> None:
    factories.instrument({"A": 2, "B": 1})
    province = factories.province()
    office = factories.office(factories.unit(parent=province))
    for number in range(30):
        factories.answer(office, [5, 4, 1 + number % 5])
    shown = Score.objects.filter(period=Period.MONTH, unit=province, map=TerritoryMap.TODAY)
    batched = Batch.objects.filter(office=office)
    wait_until(lambda: sum(batched.values_list("people", flat=True)) == 30, worker)
    for _ in range(10):
        factories.answer(office, [5, 4, 1])
    wait_until(lambda: shown.filter(people__gte=10).exists(), worker)
    wait_until(lambda: not Mark.objects.exists(), worker)


def test_a_killed_worker_loses_and_doubles_nothing(worker: Worker) -> None:
    factories.instrument({"A": 2, "B": 1})
    offices = [factories.office() for _ in range(5)]
    for office in offices:
        for _ in range(10):
            factories.answer(office, [5, 4, 1])
    wait_until(lambda: Batch.objects.exists(), worker)
    worker.kill()
    for office in offices:
        for _ in range(10):
            factories.answer(office, [5, 4, 1])
    assert Mark.objects.exists()
    worker.restart()
    wait_until(lambda: not Mark.objects.exists(), worker)
    people = Batch.objects.values_list("office").annotate(Sum("people")).order_by("office")
    wait_until(lambda: list(people) == [(office.pk, 20) for office in offices], worker)


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
