"""Whatever happens to the processes, the night ends, and nothing is lost or done twice."""

import os
import signal
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone
from redis import Redis as Client

from launch.redis import Redis
from offices.locks import Lock, holding
from reports.models import MarkWatch, Night, NightStep, Score
from reports.night import nights
from surveys.models import Mark, Response
from tests.faults.conftest import Tried
from tests.faults.country import Country, check, complete, process_of, running_at
from tests.faults.process import LEASE, by_hand, let_pass, night_worker
from tests.worker.process import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
State = NightStep.State


def not_yet() -> None:
    """No night is due until the one that stands there is deleted."""
    now = timezone.now()
    Night.objects.create(day=nights.due_day(), began_at=now, closed_at=now, ended_at=now)


def test_a_child_of_the_pool_is_killed(country: Country, tmp_path: Path, tried: Tried) -> None:
    office = country.offices[0]
    with ExitStack() as until_killed, night_worker(tmp_path) as worker:
        until_killed.enter_context(holding(Lock.OFFICE_COUNT, office.pk))
        os.kill(process_of(running_at(office, worker)), signal.SIGKILL)
        since = time.monotonic()
        until_killed.close()
        seconds = complete(country, worker, since, {"province": 2})
    tried(
        "kill -9 of a pool child in a step",
        "the lease ended, the step was taken again; the other steps ran once",
        seconds,
    )


def test_an_office_ends_every_process(country: Country, tmp_path: Path, tried: Tried) -> None:
    office = country.offices[0]
    step = NightStep.objects.filter(name="province", at=office.slug)
    since = time.monotonic()
    with ExitStack() as until_mended, night_worker(tmp_path) as worker:
        until_mended.enter_context(holding(Lock.OFFICE_COUNT, office.pk))
        for attempt in (1, 2, 3):
            wait_until(step.filter(state=State.RUNNING, attempts=attempt).exists, worker)
            os.kill(process_of(step.get()), signal.SIGKILL)
        wait_until(step.filter(state=State.FAILED).exists, worker)
        assert step.get().last_error == f"{office.slug}: the process ended here 3 times"
        wait_until(NightStep.objects.filter(name="sessions", state=State.DONE).exists, worker)
        closed = Score.objects.filter(period="month", closed=True, office__isnull=False)
        assert set(closed.values_list("office", flat=True)) == {
            other.pk for other in country.offices if other != office
        }
        assert Night.objects.get().closed_at is not None
        rest = time.monotonic() - since
        until_mended.close()
        mended = time.monotonic()
        assert nights.try_again(step.get())
        again = dict.fromkeys(("country", "tables", "handover", "proof"), 2)
        seconds = complete(country, worker, mended, {"province": 4, **again})
    tried(
        "kill -9 of every pool child that comes to one office",
        "after the third the office was named; the others were closed and all later steps done "
        f"after {rest:.1f} s; run again by hand, it followed",
        seconds,
    )


def test_the_whole_worker_is_killed(country: Country, tmp_path: Path, tried: Tried) -> None:
    office = country.offices[0]
    with ExitStack() as until_killed, night_worker(tmp_path) as worker:
        until_killed.enter_context(holding(Lock.OFFICE_COUNT, office.pk))
        running_at(office, worker)
        worker.kill()
        since = time.monotonic()
        until_killed.close()
        worker.restart()
        seconds = complete(country, worker, since, {"province": 2})
    tried(
        "kill -9 of the worker and its clock in a step, then started again",
        "as above",
        seconds,
    )


def test_an_office_cannot_be_counted(country: Country, tmp_path: Path, tried: Tried) -> None:
    office = country.offices[0]
    row = Response.objects.filter(office=office).first()
    assert row is not None
    broken = Response.objects.filter(office=office, pk=row.pk)
    broken.update(answers=b"\x05\x04")
    Mark.objects.create(office=office, day=row.day)
    since = time.monotonic()
    with night_worker(tmp_path) as worker:
        failed = NightStep.objects.filter(name="province", state=State.FAILED)
        wait_until(failed.exists, worker)
        wait_until(NightStep.objects.filter(name="sessions", state=State.DONE).exists, worker)
        step = failed.get()
        assert step.result["failed"] == [office.slug]
        assert office.slug in step.last_error
        closed = Score.objects.filter(period="month", closed=True, office__isnull=False)
        assert set(closed.values_list("office", flat=True)) == {
            other.pk for other in country.offices if other != office
        }
        assert Night.objects.get().closed_at is not None
        rest = time.monotonic() - since
        broken.update(answers=bytes(row.answers))
        mended = time.monotonic()
        assert nights.try_again(step)
        again = dict.fromkeys(("province", "country", "tables", "handover", "proof"), 2)
        seconds = complete(country, worker, mended, again)
    tried(
        "an exception in one office",
        "named; the others were closed and all later steps done after "
        f"{rest:.1f} s; mended and run again by hand, it and what is made of it followed",
        seconds,
    )


def test_redis_is_away_over_the_hour_and_comes_back_empty(
    country: Country, tmp_path: Path, tried: Tried
) -> None:
    not_yet()
    server = Redis(tmp_path / "redis", tmp_path / "redis.log")
    server.start()
    try:
        with night_worker(tmp_path / "worker", REDIS_URL=server.url) as worker:
            wait_until(MarkWatch.objects.exists, worker)  # it works
            server.stop()
            let_pass(1)
            MarkWatch.objects.all().delete()
            Night.objects.all().delete()  # the hour has come
            let_pass(4 * LEASE)
            assert not Night.objects.exists()
            assert worker.process.poll() is None
            since = time.monotonic()
            server.start()
            seconds = complete(country, worker, since)
    finally:
        server.stop()
    tried(
        "Redis gone from before to after the hour, and back empty",
        f"nothing for {4 * LEASE} s; worker and clock connected again by themselves",
        seconds,
    )


def test_redis_goes_during_a_step(country: Country, tmp_path: Path, tried: Tried) -> None:
    office = country.offices[0]
    server = Redis(tmp_path / "redis", tmp_path / "redis.log")
    server.start()
    try:
        with (
            ExitStack() as until_gone,
            night_worker(tmp_path / "worker", REDIS_URL=server.url) as worker,
        ):
            until_gone.enter_context(holding(Lock.OFFICE_COUNT, office.pk))
            running_at(office, worker)
            server.stop()
            since = time.monotonic()
            until_gone.close()
            seconds = complete(country, worker, since)
    finally:
        server.stop()
    tried(
        "Redis gone during a step, for good",
        "whoever held the step went on by itself to the end of the night",
        seconds,
    )


def test_redis_is_wiped_during_a_step(country: Country, tmp_path: Path, tried: Tried) -> None:
    office = country.offices[0]
    server = Redis(tmp_path / "redis", tmp_path / "redis.log")
    server.start()
    try:
        with (
            ExitStack() as until_wiped,
            night_worker(tmp_path / "worker", REDIS_URL=server.url) as worker,
        ):
            until_wiped.enter_context(holding(Lock.OFFICE_COUNT, office.pk))
            os.kill(process_of(running_at(office, worker)), signal.SIGKILL)
            with Client(unix_socket_path=str(server.socket)) as client:
                client.flushall()
            since = time.monotonic()
            until_wiped.close()
            seconds = complete(country, worker, since, {"province": 2})
    finally:
        server.stop()
    tried(
        "Redis wiped while a step's process is killed",
        "nothing was left in the queue; the tick found the step",
        seconds,
    )


def test_two_clocks_at_once(country: Country, tmp_path: Path, tried: Tried) -> None:
    not_yet()
    with (
        night_worker(tmp_path / "one") as first,
        night_worker(tmp_path / "two", queue=first.queue) as second,
    ):
        for worker in (first, second):
            wait_until(lambda log=worker.log: b"go on with" in log.read_bytes(), worker)  # type: ignore[misc]
        since = time.monotonic()
        Night.objects.all().delete()
        seconds = complete(country, first, since)
    tried("two clocks at once", "one night, each step once", seconds)


def test_the_clock_is_down_over_the_hour(country: Country, tmp_path: Path, tried: Tried) -> None:
    # the last night that there was, left halfway
    day = nights.due_day() - timedelta(days=2)
    old = nights.start(day)
    since = time.monotonic()
    with night_worker(tmp_path) as worker:
        ended = Night.objects.filter(day=nights.due_day(), ended_at__isnull=False)
        wait_until(ended.exists, worker)
        seconds = time.monotonic() - since
    assert set(old.steps.values_list("state", flat=True)) == {State.COVERED}
    assert Night.objects.count() == 2
    check(country)
    tried(
        "the clock down over 01:30, the night before left halfway",
        "the first tick made the night, which covered what was left (with the worker's start)",
        seconds,
    )


def test_a_night_by_hand_beside_the_automatic_one(
    country: Country, tmp_path: Path, tried: Tried
) -> None:
    office = country.offices[0]
    with ExitStack() as until_both, night_worker(tmp_path) as worker:
        until_both.enter_context(holding(Lock.OFFICE_COUNT, office.pk))
        running_at(office, worker)
        hand = by_hand(worker)
        wait_until(
            lambda: NightStep.objects.filter(name="province", state=State.DONE).exists(), worker
        )
        since = time.monotonic()
        until_both.close()
        seconds = complete(country, worker, since)
        said, _ = hand.communicate(timeout=60)
        assert hand.returncode == 0, said
        assert "48 responses proved, 0 differences" in said
    tried("a night by hand beside the automatic one", "both ended; each step ran once", seconds)


def test_the_time_is_set_back(country: Country, tmp_path: Path, tried: Tried) -> None:
    office = country.offices[0]
    with ExitStack() as until_killed, night_worker(tmp_path) as worker:
        until_killed.enter_context(holding(Lock.OFFICE_COUNT, office.pk))
        running_at(office, worker)
        worker.kill()
        # seen from a clock that is set back by five hours, all of it lies ahead
        ahead = timedelta(hours=5)
        NightStep.objects.update(
            lease_until=F("lease_until") + ahead,
            began_at=F("began_at") + ahead,
            ended_at=F("ended_at") + ahead,
        )
        MarkWatch.objects.update(at=F("at") + ahead)
        since = time.monotonic()
        until_killed.close()
        worker.restart()
        seconds = complete(country, worker, since, {"province": 2})
    tried(
        "the machine's time set back by five hours, and the worker killed in a step",
        "a lease that ends too far ahead counted as ended",
        seconds,
    )
