"""What commits while figures are made is neither lost nor half seen."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from queue import SimpleQueue

import pytest
from django.db import connection, transaction
from django.utils import timezone

from offices.models import Office
from reports.counting.recount import recount
from reports.models import Batch, Score
from reports.night import steps
from surveys.intake.settling import settle
from surveys.intake.submit import NotTakenReason, Receipt, Submission, SubmissionNotTaken, submit
from surveys.models import Mark, Response, Stage, State
from tests import factories
from tests.overlapping import PATIENCE, held, on_own_connection, wait_until_blocked_or_done

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Office:
    """An office with a form of three criteria."""
    factories.instrument({"A": 2, "B": 1})
    return factories.office()


DAY = date(2025, 9, 15)


def recounted(office: Office) -> None:
    with transaction.atomic():
        recount(office.pk, None, nights=[DAY])


def test_a_mark_that_commits_during_a_recount_is_kept(office: Office) -> None:
    factories.rhythm(office)
    for _ in range(20):
        factories.answer(office, [5, 5, 5], now=factories.at(DAY))
    # the responses have been read, and the batches are about to be replaced
    with held(lambda: recounted(office), before="WITH made AS"):
        for _ in range(10):
            factories.answer(office, [1, 1, 1], now=factories.at(DAY))
    assert sum(Batch.objects.values_list("people", flat=True)) == 20
    assert Mark.objects.count() == 10
    steps.close(DAY)
    assert sum(Batch.objects.values_list("people", flat=True)) == 30
    assert Score.objects.get(office=office, period="month").people == 20


@pytest.fixture
def left(office: Office) -> list[Submission]:
    """Ten forms that were left unfinished three hours ago and settled."""
    now = timezone.now()
    began = [factories.submission(office, [5, 4, 1], finished=False) for _ in range(10)]
    for one in began:
        submit(one, now - timedelta(hours=3))
    assert settle(now) == 10
    return began


@pytest.fixture
def finishing() -> Iterator[ThreadPoolExecutor]:
    """A thread for whoever finishes meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_nobody_finishes_while_a_batch_is_formed(
    office: Office, left: list[Submission], finishing: ThreadPoolExecutor
) -> None:
    factories.rhythm(office)
    yesterday = timezone.localdate() - timedelta(days=1)
    Response.objects.update(day=yesterday)
    process: SimpleQueue[int] = SimpleQueue()

    def finish() -> Receipt:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            process.put(cursor.fetchone()[0])
        return submit(replace(left[0], step=2, finished=True, stage=Stage.WAITING))

    # who waits for a batch has been counted, and they are about to be put into one
    with held(lambda: recounted(office), "UPDATE surveys_response r SET batch"):
        running: Future[Receipt] = finishing.submit(on_own_connection, finish)
        assert wait_until_blocked_or_done(running, process.get(timeout=PATIENCE))
    with pytest.raises(SubmissionNotTaken) as refused:
        running.result()
    assert refused.value.reason is NotTakenReason.FROZEN
    assert sum(Batch.objects.values_list("people", flat=True)) == 10
    assert Response.objects.filter(batch=1, state=State.SETTLED).count() == 10
