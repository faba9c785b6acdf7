"""With a known truth behind them, simulated responses give scores that recover it."""

from datetime import date

import pytest
from pytest_django import Settings

from demo.simulation import Plan, Wish, load, make_plan, truth
from offices import directory
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import inflate
from reports.models import Night, Period, Score, TerritoryMap
from reports.night import steps
from reports.sipas.counts.layout import Kind
from reports.sipas.counts.sums import Sums
from reports.sipas.index import interval, percentages
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db
YEAR = date(2025, 1, 1)
# Four standard errors: a right score misses once in 16,000 times.
TOLERANCE = 4.0


@pytest.fixture
def plan(settings: Settings) -> Plan:
    """Two offices of one province, one improving, asked with sixteen criteria for a year."""
    factories.instrument({"A": 3, "B": 4, "C": 3, "D": 3, "E": 3})
    for code, field in (("1.001193", "Hộ tịch"), ("1.012783", "Đất đai"), ("2.000815", "Khác")):
        factories.procedure(code, field)
    province = factories.province()
    good, bad = (factories.office(factories.unit(parent=province)) for _ in range(2))
    known = directory.current().offices
    instrument = catalogue.current().default
    assert instrument is not None
    wishes = [Wish(known[good.slug], 0.91, 2.0), Wish(known[bad.slug], 0.66, 1.0, drift=0.4)]
    made = make_plan(wishes, YEAR, date(2025, 12, 31), instrument, directory.current(), seed=11)
    load(made, 15_000, seed=11)
    settings.DIRECTORY_CHECK_SECONDS = 60  # nothing changes any more, and the night asks often
    steps.close(date(2025, 12, 31))
    return made


def sums_of(score: Score) -> Sums:
    """The sums that the score shows."""
    return inflate(layout_of(instrument_of(score.instrument_id)), score.sums)


def misses(sums: Sums, kind: Kind, code: str, true: float) -> float:
    """How many standard errors the figure is away from what is true."""
    moments = sums.moments[sums.layout.group_of(kind, code)]
    error = interval.standard_error(sums.people, moments)
    assert error is not None
    return abs(100 * int(moments[0]) / int(moments[1]) - true) / error


def test_the_scores_of_offices_factors_and_criteria_recover_the_truth(plan: Plan) -> None:
    for wish in plan.wishes:
        score = Score.objects.get(office=wish.office.id, period=Period.YEAR, start=YEAR)
        true = truth(plan, {wish.office.slug})
        sums = sums_of(score)
        assert score.simulated
        assert sums.people > 4_000
        assert misses(sums, "component", "services", true.overall) < TOLERANCE
        for code, share in true.factors.items():
            assert misses(sums, "factor", code, share) < TOLERANCE
        for position, (code, share) in enumerate(true.criteria.items()):
            row = sums.counts[position]
            found = percentages.criterion(row)
            assert found is not None
            error = 100 * (found * (1 - found) / int(row[1:6].sum())) ** 0.5
            assert abs(100 * float(found) - share) < TOLERANCE * error, code

    assert Night.objects.get().differences == 0

    # The tolerance is fine enough to tell the offices apart.
    good, bad = (
        sums_of(Score.objects.get(office=w.office.id, period=Period.YEAR)) for w in plan.wishes
    )
    truths = [truth(plan, {wish.office.slug}).overall for wish in plan.wishes]
    assert misses(good, "component", "services", truths[1]) > 3 * TOLERANCE
    assert misses(bad, "component", "services", truths[0]) > 3 * TOLERANCE
    assert misses(good, "component", "services", truths[0] + 2) > TOLERANCE

    # One person's answers hang together, so that intervals have something to know.
    services = good.moments[good.layout.group_of("component", "services")]
    deff = interval.design_effect(good.people, services)
    assert deff is not None
    assert 3 < deff < 12


def test_the_province_recovers_the_whole_and_the_quarters_the_rise(plan: Plan) -> None:
    score = Score.objects.get(
        unit__level="province", map=TerritoryMap.TODAY, period=Period.YEAR, start=YEAR
    )
    assert misses(sums_of(score), "component", "services", truth(plan).overall) < TOLERANCE

    office = plan.wishes[1].office
    for first, last in ((YEAR, date(2025, 3, 31)), (date(2025, 10, 1), date(2025, 12, 31))):
        score = Score.objects.get(office=office.id, period=Period.QUARTER, start=first)
        true = truth(plan, {office.slug}, first, last).overall
        assert misses(sums_of(score), "component", "services", true) < TOLERANCE
