"""A step is somebody's for as long as its lease; whoever dies keeps nobody back for long."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from reports.models import Night, NightStep
from reports.night import leases, nights
from reports.night.leases import Held, LostLease
from tests.overlapping import held as held_before

pytestmark = pytest.mark.django_db
Name, State = NightStep.Name, NightStep.State


@pytest.fixture
def night() -> Night:
    """Last night, of which nobody has begun a step."""
    return nights.start(nights.due_day())


def taken(*, failed: bool = True) -> Held:
    """The next step that is due."""
    step = leases.take(failed=failed)
    assert step is not None
    return step


def begun(night: Night, provinces: int = 1) -> None:
    """`begin` is done, with so many steps that are called province."""
    begin = taken()
    for _ in range(provinces):
        nights.plan_provinces(night, [None])
    leases.finish(begin, {"provinces": provinces})


def age(step: NightStep, **by: float) -> None:
    """Lets the step's times lie further back; negative: in the future."""
    step.refresh_from_db()
    for field in ("lease_until", "began_at", "ended_at"):
        if getattr(step, field) is not None:
            setattr(step, field, getattr(step, field) - timedelta(**by))
    step.save()


def test_steps_come_in_their_order_and_not_before_the_earlier_ones(night: Night) -> None:
    for name in nights.ORDER:
        step = taken()
        assert step.step.name == name
        assert leases.take() is None
        assert leases.count_due() == 0
        if name == Name.BEGIN:
            nights.plan_provinces(night, [None])
        leases.finish(step, {"provinces": 1})
    night.refresh_from_db()
    assert night.ended_at is not None
    assert leases.take() is None


def test_a_lease_that_has_ended_is_taken_over_and_its_first_holder_stops(night: Night) -> None:
    first = taken()
    first.beat("mot-cua-a")
    assert leases.take() is None
    age(first.step, minutes=4)
    second = taken()
    assert (second.step.pk, second.step.attempts, second.at) == (first.step.pk, 2, "mot-cua-a")
    with pytest.raises(LostLease):
        first.beat()
    with pytest.raises(LostLease):
        leases.finish(first, {})
    second.beat()
    leases.finish(second, {"provinces": 0})


def test_a_beat_renews_the_lease(night: Night) -> None:
    step = taken()
    age(step.step, minutes=2)
    step.beat()
    age(step.step, minutes=2)
    assert leases.take() is None
    age(step.step, minutes=2)
    assert leases.take() is not None


def test_a_lease_further_in_the_future_than_a_lease_is_long_has_ended(night: Night) -> None:
    step = taken()
    age(step.step, hours=-5)
    assert taken().step.pk == step.step.pk


def test_the_length_of_a_lease_is_a_setting(night: Night, settings: Settings) -> None:
    settings.NIGHT_LEASE_SECONDS = 10
    step = taken()
    age(step.step, seconds=11)
    assert leases.take() is not None


def test_what_failed_rests_longer_each_time_and_half_an_hour_at_most(night: Night) -> None:
    begun(night)
    night.steps.exclude(name__in=(Name.BEGIN, Name.PROVINCE)).update(state=State.COVERED)
    for attempt, pause in enumerate((2, 4, 8, 16, 30, 30), 1):
        step = taken()
        assert (step.step.name, step.step.attempts) == (Name.PROVINCE, attempt)
        leases.finish(step, {"failed": ["a"]}, "a: ValueError")
        assert leases.take(failed=False) is None
        age(step.step, minutes=pause - 0.1)
        assert leases.take() is None
        age(step.step, minutes=0.2)
        assert leases.count_due() == 1


def test_a_failure_in_the_future_does_not_rest(night: Night) -> None:
    begun(night)
    step = taken()
    leases.finish(step, {}, "a: ValueError")
    age(step.step, hours=-5)
    assert taken().step.pk == step.step.pk


def test_a_step_at_which_three_have_died_has_failed_and_others_go_on(night: Night) -> None:
    begun(night)
    for _ in range(3):
        step = taken()
        assert step.step.name == Name.PROVINCE
        step.beat("mot-cua-a")
        age(step.step, minutes=4)
    assert taken().step.name == Name.COUNTRY
    step.step.refresh_from_db()
    assert step.step.state == State.FAILED
    assert step.step.last_error == "mot-cua-a: the process ended here 3 times"


def test_one_that_ends_in_order_makes_earlier_deaths_forgotten(night: Night) -> None:
    begun(night)
    for _ in range(2):
        age(taken().step, minutes=4)
    step = taken()
    leases.finish(step, {}, "a: ValueError")
    nights.try_again(step.step)
    age(taken().step, minutes=4)
    assert taken().step.name == Name.PROVINCE


def test_the_night_is_closed_once_provinces_are_tried_and_the_country_is_written(
    night: Night,
) -> None:
    begun(night)
    leases.finish(taken(), {}, "a: ValueError")
    night.refresh_from_db()
    assert night.closed_at is None
    country = taken()
    assert country.step.name == Name.COUNTRY
    leases.finish(country, {}, "OperationalError")
    night.refresh_from_db()
    assert night.closed_at is None
    nights.try_again(country.step)
    leases.finish(taken(), {})
    night.refresh_from_db()
    assert night.closed_at is not None
    assert night.ended_at is None


def test_nothing_is_closed_where_it_is_not_known_what_there_is(night: Night) -> None:
    leases.finish(taken(), {}, "OperationalError")
    assert leases.take(failed=False) is None


def test_provinces_that_are_known_are_closed_though_settling_failed(night: Night) -> None:
    begin = taken()
    nights.plan_provinces(night, [None])
    leases.finish(begin, {"provinces": 1}, "settle: OperationalError")
    assert taken(failed=False).step.name == Name.PROVINCE


def test_what_is_made_of_a_province_is_made_again_when_it_is_closed_after_all(
    night: Night,
) -> None:
    begun(night)
    province = taken()
    leases.finish(province, {}, "a: ValueError")
    for _ in nights.ORDER[2:]:
        leases.finish(taken(failed=False), {})
    tables = night.steps.get(name=Name.HANDOVER)
    night.steps.filter(pk=tables.pk).update(state=State.RUNNING, lease_until=timezone.now())
    nights.try_again(province.step)
    leases.finish(taken(), {})
    states = dict(night.steps.values_list("name", "state"))
    assert {name for name, state in states.items() if state == State.WAITING} == {
        Name.COUNTRY,
        Name.PROOF,
    }
    # what is running reads what was: it runs once more
    tables.refresh_from_db()
    assert tables.again
    night.refresh_from_db()
    assert night.ended_at is None
    assert night.closed_at is not None


def test_a_step_that_must_run_again_waits_when_it_ends(night: Night) -> None:
    step = taken()
    nights.repeat(night)
    leases.finish(step, {"provinces": 0})
    again = taken()
    assert again.step.pk == step.step.pk
    leases.finish(again, {"provinces": 0})
    assert taken().step.name == Name.COUNTRY


def test_what_is_given_back_is_due_at_once(night: Night) -> None:
    step = taken()
    step.give_back()
    assert taken().step.pk == step.step.pk
    with pytest.raises(LostLease):
        step.beat()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_two_steps_and_no_third(night: Night) -> None:
    begun(night)
    commune = NightStep(night=night, name=Name.PROVINCE, position=1)
    commune.name = "province2"  # a second one at the same place in the order
    commune.save()

    def first() -> Held | None:
        return leases.take()

    with held_before(first, before='SELECT "reports_nightstep"') as running:
        # the first has taken its step
        second = leases.take()
        assert leases.take() is None
    one = running.result()
    assert one is not None
    assert second is not None
    assert one.step.pk != second.step.pk


@pytest.mark.django_db(transaction=True)
def test_a_step_that_is_being_taken_is_not_waited_for(night: Night) -> None:
    def first() -> Held | None:
        with transaction.atomic():
            found = leases.take()
            Night.objects.count()
            return found

    with held_before(first, before='FROM "reports_nightlyrun"') as running:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        assert leases.take() is None
    assert running.result() is not None
