"""Reports made by a real worker, beside everything else that it does, whatever happens to it."""

import pytest
from django.utils.translation import override

from offices.models import Office
from reports.models import Night, Paper, PaperFile
from reports.night import nights, papers
from reports.papers.kinds import KINDS
from reports.tasks import make_papers, run_step
from tests import factories
from tests.reports.papers.opening import sheets, text
from tests.worker.process import Worker, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
State = Paper.State


def asked_for(worker: Worker, offices: int) -> list[Office]:
    """So many offices of a province with a month that the worker's night closes."""
    last = factories.last_month_end()
    factories.instrument({"A": 2, "B": 1})
    province = factories.province()
    made = [factories.office(factories.unit(parent=province)) for _ in range(offices)]
    for office in made:
        for number in range(12):
            factories.answer(office, [5, 4, 1 + number % 5], now=factories.at(last.replace(day=10)))
    night = nights.start(last)
    run_step.apply_async(queue=worker.queue)
    wait_until(Night.objects.filter(pk=night.pk, ended_at__isnull=False).exists, worker)
    return made


def made() -> int:
    """How many reports are made."""
    return Paper.objects.filter(state=State.MADE).count()


@pytest.mark.usefixtures("guarded")
def test_the_worker_makes_them_once_the_night_is_over_and_they_are_what_a_page_writes(
    worker: Worker,
) -> None:
    (office,) = asked_for(worker, 1)
    wait_until(lambda: made() and not Paper.objects.exclude(state=State.MADE).exists(), worker)
    paper = Paper.objects.get(office=office, period="month")
    contents = papers.contents_of(paper)
    assert contents is not None
    for kind in KINDS:
        file = paper.files.get(ending=kind.ending)
        content = file.unpacked()
        with override("vi"):
            assert kind.fingerprint(contents) == file.fingerprint
            assert kind.write(contents) == content
    assert office.name in text(paper.files.get(ending="pdf").unpacked() or b"")
    assert "Tóm tắt" in sheets(paper.files.get(ending="xlsx").unpacked() or b"")


@pytest.mark.usefixtures("guarded")
def test_a_worker_that_is_killed_goes_on_where_it_was(worker: Worker) -> None:
    asked_for(worker, 6)
    wait_until(lambda: made() >= 2, worker)
    worker.kill()
    before = {one.pk: one.seal for one in PaperFile.objects.filter(paper__state=State.MADE)}
    total = Paper.objects.count()
    assert made() < total
    # what it was at when it died is somebody's until the lease ends
    Paper.objects.update(lease_until=None)
    worker.restart()
    make_papers.apply_async(queue=worker.queue)
    wait_until(lambda: made() == total, worker)
    assert PaperFile.objects.count() == 2 * total
    assert before.items() <= {one.pk: one.seal for one in PaperFile.objects.all()}.items()
