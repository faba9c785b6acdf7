"""What the night works at in these tests, and what must be so when it has ended."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from offices.models import Office
from reports.models import Night, NightStep, Period, Score, Stale, TerritoryMap
from reports.night import nights, steps
from surveys.models import Mark
from tests import factories
from tests.faults.process import NightWorker
from tests.reports.proof.proved import differences
from tests.worker.process import wait_until

State = NightStep.State
PEOPLE = 12


@dataclass(frozen=True)
class Country:
    """The offices of each province."""

    provinces: tuple[tuple[Office, ...], ...]

    @property
    def offices(self) -> list[Office]:
        """All of them."""
        return [office for offices in self.provinces for office in offices]


def make_country() -> Country:
    """Two provinces with two offices each, counted, but no month is closed."""
    factories.instrument({"A": 2, "B": 1})
    last = (nights.due_day() + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    provinces = []
    for _ in range(2):
        province = factories.province()
        provinces.append(tuple(factories.office(factories.unit(parent=province)) for _ in range(2)))
    country = Country(tuple(provinces))
    for office in country.offices:
        for _ in range(PEOPLE):
            factories.answer(office, [5, 4, 1], now=factories.at(last))
    steps.count_marked()
    assert not Mark.objects.exists()
    return country


def running_at(office: Office, worker: NightWorker) -> NightStep:
    """The step that works at the office, once it does."""
    found = NightStep.objects.filter(state=State.RUNNING, at=office.slug)
    wait_until(found.exists, worker)
    return found.get()


def process_of(step: NightStep) -> int:
    """The number of the process that holds the step."""
    return int(step.holder.split(":")[1])


def complete(
    country: Country, worker: NightWorker, since: float, tried: dict[str, int] | None = None
) -> float:
    """Waits until the night has ended and everything is right; how many seconds it took.

    tried: how often the steps of these provinces ("province") or others were begun; once if not
    named.
    """
    wait_until(Night.objects.filter(ended_at__isnull=False).exists, worker, 90)
    seconds = time.monotonic() - since
    night = Night.objects.get()
    assert night.day == nights.due_day()
    assert set(night.steps.values_list("state", flat=True)) == {State.DONE}
    attempts: dict[str, int] = {}
    for name, number in night.steps.values_list("name", "attempts"):
        attempts[name] = max(number, attempts.get(name, 0))
    once: dict[str, int] = {str(name): 1 for name in nights.ORDER}
    assert attempts == {**once, **(tried or {})}
    # a second proof of the night proves all days of one province only, whose turn it is
    again = bool(tried and tried.get("proof", 1) > 1)
    found = (night.responses, night.differences, night.details)
    assert found == (PEOPLE * (2 if again else 4), 0, []), found
    check(country)
    return seconds


def check(country: Country) -> None:
    """Nothing was lost and nothing was done twice."""
    assert not Mark.objects.exists()
    assert not Stale.objects.exists()
    assert differences() == []
    months = Score.objects.filter(period=Period.MONTH, closed=True)
    rows = months.filter(office__isnull=False).values("office").annotate(n=Count("pk"))
    assert sorted(row["office"] for row in rows) == sorted(o.pk for o in country.offices)
    assert {row["n"] for row in rows} == {1}
    whole = months.get(unit__level="country", map=TerritoryMap.TODAY)
    assert (whole.people, whole.satisfied) == (PEOPLE * 4, PEOPLE * 8)
