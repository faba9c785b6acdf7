"""Which nights are made, when, and what becomes of older ones."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from reports.models import Night, NightStep
from reports.night import leases, nights
from reports.night.leases import LostLease
from tests import factories
from tests.overlapping import held as held_before

pytestmark = pytest.mark.django_db
State = NightStep.State


def at(hour: int, minute: int) -> datetime:
    """That time in Việt Nam on the second of March."""
    return timezone.make_aware(datetime(2026, 3, 2, hour, minute))


def test_yesterday_is_due_from_half_past_one() -> None:
    assert nights.due_day(at(1, 29)) == date(2026, 2, 28)
    assert nights.due_day(at(1, 30)) == date(2026, 3, 1)
    assert nights.due_day(at(23, 59)) == date(2026, 3, 1)


def test_the_night_that_is_due_is_made_once() -> None:
    made = nights.make_due()
    assert made is not None
    assert made.day == nights.due_day()
    assert made.steps.count() == len(nights.ORDER) - 1
    assert nights.make_due() is None
    assert Night.objects.count() == 1
    assert made.steps.count() == len(nights.ORDER) - 1


def test_no_older_night_is_made_when_the_clock_was_set_back() -> None:
    nights.make_due()
    assert nights.make_due(timezone.now() - timedelta(days=3)) is None
    assert Night.objects.count() == 1


def test_a_night_that_a_version_without_steps_ended_is_left_alone() -> None:
    now = timezone.now()
    Night.objects.create(day=nights.due_day(), began_at=now, closed_at=now, ended_at=now)
    assert nights.make_due() is None
    assert not NightStep.objects.exists()


def test_a_night_that_a_version_without_steps_left_halfway_gets_steps() -> None:
    Night.objects.create(day=nights.due_day(), began_at=timezone.now())
    made = nights.make_due()
    assert made is not None
    assert made.steps.exists()


def test_a_day_that_is_not_over_has_no_night() -> None:
    with pytest.raises(ValueError, match="not over"):
        nights.start(timezone.localdate())
    assert not Night.objects.exists()


def test_what_older_nights_left_is_covered_and_who_works_at_it_stops() -> None:
    day = nights.due_day()
    older = nights.start(day - timedelta(days=1))
    running = leases.take()
    assert running is not None
    newer = nights.start(day)
    assert set(older.steps.values_list("state", flat=True)) == {State.COVERED}
    with pytest.raises(LostLease):
        running.beat()
    step = leases.take()
    assert step is not None
    assert step.step.night == newer


def test_what_is_done_stays_done() -> None:
    day = nights.due_day()
    older = nights.start(day - timedelta(days=1))
    done = leases.take()
    assert done is not None
    leases.finish(done, {"provinces": 0})
    nights.start(day)
    assert older.steps.get(name="begin").state == State.DONE


def test_a_province_is_planned_once_and_so_are_offices_in_none() -> None:
    night = nights.start(nights.due_day())
    province = factories.province()
    for _ in range(2):
        nights.plan_provinces(night, [province.pk, None])
    assert night.steps.filter(name="province").count() == 2


def test_only_what_failed_is_tried_again() -> None:
    night = nights.start(nights.due_day())
    step = night.steps.get(name="begin")
    assert not nights.try_again(step)
    night.steps.filter(pk=step.pk).update(state=State.FAILED)
    assert nights.try_again(step)
    step.refresh_from_db()
    assert step.state == State.WAITING


@pytest.mark.django_db(transaction=True)
def test_two_clocks_make_one_night() -> None:
    with held_before(nights.make_due, before='INSERT INTO "reports_nightstep"') as first:
        pass
    assert first.result() is not None
    with held_before(nights.make_due, before='FROM "reports_nightstep"') as second:
        nights.make_due()
    assert second.result() is None
    assert Night.objects.count() == 1
    assert NightStep.objects.count() == len(nights.ORDER) - 1
