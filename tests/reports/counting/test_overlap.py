"""What commits while figures are made is neither lost nor half seen."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from queue import SimpleQueue

import pytest
from django.db import connection, transaction
from django.utils import timezone

from offices.models import Office
from reports.counting.tally import recount
from reports.models import Batch, Tally
from reports.night import steps
from surveys.intake.settling import settle
from surveys.intake.submit import NotTakenReason, Receipt, Submission, SubmissionNotTaken, submit
from surveys.models import Mark, Response, Stage, State
from tests import factories
from tests.overlapping import PATIENCE, held, on_own_connection, wait_until_blocked_or_done
from tests.reports.proof.proved import differences

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Office:
    """An office with a form of three criteria."""
    factories.instrument({"A": 2, "B": 1})
    return factories.office()


def recounted(office: Office) -> None:
    with transaction.atomic():
        recount(office.pk)


def test_a_mark_that_commits_during_a_recount_is_kept(office: Office) -> None:
    factories.answer(office, [5, 5, 5])
    # the responses have been read, and the tally is about to be replaced
    with held(lambda: recounted(office), before='DELETE FROM "reports_tally"'):
        factories.answer(office, [1, 1, 1])
    assert Tally.objects.get().people == 1
    assert Mark.objects.count() == 1
    steps.count_marked()
    assert Tally.objects.get().people == 2
    assert differences() == []


def test_tallies_are_checked_at_one_moment(office: Office) -> None:
    factories.answer(office, [5, 4, 1])
    steps.count_marked()
    # the responses have been read answer by answer, and the tallies are about to be
    with held(differences, before='FROM "reports_tally"') as checking:
        factories.answer(office, [1, 1, 1])
        steps.count_marked()
    assert checking.result() == []
    assert Tally.objects.get().people == 2


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


@pytest.mark.parametrize("days_ago", [0, 1])
def test_nobody_finishes_while_a_batch_is_formed(
    days_ago: int, office: Office, left: list[Submission], finishing: ThreadPoolExecutor
) -> None:
    Response.objects.update(day=timezone.localdate() - timedelta(days=days_ago))
    process: SimpleQueue[int] = SimpleQueue()

    def finish() -> Receipt:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            process.put(cursor.fetchone()[0])
        return submit(replace(left[0], step=2, finished=True, stage=Stage.WAITING))

    # who waits for a batch has been counted, and they are about to be put into one
    with held(lambda: steps.count_office(office.pk, None), "UPDATE surveys_response r SET batch"):
        running: Future[Receipt] = finishing.submit(on_own_connection, finish)
        assert wait_until_blocked_or_done(running, process.get(timeout=PATIENCE))
    with pytest.raises(SubmissionNotTaken) as refused:
        running.result()
    assert refused.value.reason is NotTakenReason.FROZEN
    assert sum(Batch.objects.values_list("people", flat=True)) == 10
    assert Response.objects.filter(batch=1, state=State.SETTLED).count() == 10
