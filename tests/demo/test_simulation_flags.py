"""Marks on simulated forms: few, plausible, and many where somebody made forms up."""

from datetime import date

import numpy as np
import pytest
from django.conf import settings

from demo.simulation import Plan, Wish, expected_people, load, make_plan
from demo.simulation.draw import draw
from demo.simulation.flags import flag
from offices import directory
from offices.opening import usual_week
from surveys.flags.rules import HELPED_CHANNELS, Flag, is_after_hours, is_straight_lined
from surveys.models import Channel, Response, State
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
STAGED = date(2026, 3, 31)


@pytest.fixture
def plan() -> Plan:
    """Two offices with a desk each; at the first one a day is staged."""
    factories.instrument({"A": 3, "B": 4, "C": 3, "D": 3, "E": 3})
    offices = [factories.office(), factories.office()]
    for office in offices:
        office.counters.create(number=1, name="Quầy 1")
    known = directory.current().offices
    wishes = [Wish(known[office.slug], 0.83) for office in offices]
    wishes[0] = Wish(wishes[0].office, 0.83, staged=frozenset({STAGED}))
    instrument = catalogue.current().default
    assert instrument is not None
    return make_plan(wishes, FIRST, LAST, instrument, directory.current(), seed=1)


def test_a_small_share_of_forms_is_marked_and_as_the_intake_would(plan: Plan) -> None:
    load(plan, 6000, seed=1)
    entry = plan.form.instrument
    week = {span.weekday: [span] for span in usual_week(settings.OFFICE_HOURS)}
    for row in Response.objects.exclude(day=STAGED):
        flags = Flag(row.flags)
        if row.state != State.FINISHED:
            assert flags == Flag(0)
            continue
        levels = entry.levels(bytes(row.answers))
        assert (Flag.STRAIGHT_LINED in flags) == is_straight_lined(levels)
        assert row.hour is not None
        late = is_after_hours(row.hour, week.get(row.day.isoweekday(), ()))
        assert (Flag.AFTER_HOURS in flags) == late
        assert (Flag.ASSISTED in flags) or row.channel not in HELPED_CHANNELS
        assert Flag.BURST not in flags or row.channel == Channel.TABLET
    everybody = np.array(Response.objects.values_list("flags", flat=True))
    shares = {flag: np.count_nonzero(everybody & flag.value) / len(everybody) for flag in Flag}
    few = [flag for flag in Flag if flag not in (Flag.ASSISTED, Flag.UNSTARTED)]
    assert all(0 < shares[flag] < 0.12 for flag in few)
    assert shares[Flag.UNSTARTED] == 0
    assert 0.15 < shares[Flag.ASSISTED] < 0.25


def test_a_staged_day_has_a_crowd_that_is_very_satisfied_at_one_tablet(plan: Plan) -> None:
    load(plan, 6000, seed=1)
    staged, elsewhere = (wish.office.id for wish in plan.wishes)
    day = Response.objects.filter(day=STAGED)
    assert day.filter(office=staged).count() > 2 * day.filter(office=elsewhere).count()
    bursts = [row for row in day.filter(office=staged) if Flag.BURST in Flag(row.flags)]
    assert len(bursts) >= 20
    made_up = [row for row in bursts if Flag.IDENTICAL_RUN in Flag(row.flags)]
    assert len(made_up) > 0.9 * len(bursts)
    for row in made_up:
        assert bytes(row.answers) == bytes([5] * 16)
        assert (row.channel, row.state, row.valid) == (Channel.TABLET, State.FINISHED, True)
        assert row.counter_id == plan.wishes[0].office.counters[0].id
    others = Response.objects.exclude(day=STAGED, office=staged).extra(where=["flags & 4 <> 0"])
    assert others.count() < 0.01 * 6000


def test_marking_is_repeatable_and_changes_no_ordinary_answer(plan: Plan) -> None:
    (people,) = draw(plan, 3000, seed=3)
    first, again = (flag(plan, people, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first.flags, again.flags)
    assert np.array_equal(first.answers, again.answers)
    ordinary = (people.day != plan.days.index(STAGED)) | (people.office != 0)
    assert np.array_equal(first.answers[ordinary], people.answers[ordinary])
    assert not np.array_equal(first.answers, people.answers)
    assert not people.flags.any()


def test_a_staged_day_counts_as_a_crowd() -> None:
    factories.instrument()
    slug = factories.office().slug
    office = directory.current().offices[slug]
    wish = Wish(office, 0.8, 10, staged=frozenset({STAGED}))
    # a Tuesday (1.1) in a March (1.05), four times as many
    assert expected_people([wish], [STAGED]) == pytest.approx(10 * 1.1 * 1.05 * 4)
