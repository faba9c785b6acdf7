"""A mark that waits too long is noticed, though it bears no time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from offices.models import Office
from reports.models import MarkWatch, Score
from reports.night import nights, steps
from reports.night.watching import are_marks_late, watch_marks
from reports.proof.run import prove
from surveys.models import Mark
from tests import factories

pytestmark = pytest.mark.django_db


def mark(office: Office) -> Mark:
    """A mark for today."""
    return Mark.objects.create(office=office, day=timezone.localdate())


def pass_by(**time: float) -> None:
    """Lets so much time pass for what is kept."""
    for row in MarkWatch.objects.all():
        row.at -= timedelta(**time)
        row.save()


def test_a_mark_is_late_after_a_quarter_of_an_hour_though_others_are_counted() -> None:
    office = factories.office()
    old = mark(office)
    watch_marks()
    pass_by(minutes=14)
    watch_marks()
    assert not are_marks_late()
    pass_by(minutes=1)
    watch_marks()
    assert are_marks_late()
    old.delete()
    assert not are_marks_late()


def test_a_new_mark_is_not_late_though_there_were_older_ones() -> None:
    office = factories.office()
    old = mark(office)
    watch_marks()
    pass_by(minutes=20)
    old.delete()
    mark(office)
    watch_marks()
    assert not are_marks_late()


def test_where_nobody_looks_any_more_a_mark_is_late() -> None:
    office = factories.office()
    watch_marks()
    mark(office)
    pass_by(minutes=14)
    assert not are_marks_late()
    pass_by(minutes=1)
    assert are_marks_late()


def test_a_system_that_was_just_set_up_is_not_late() -> None:
    mark(factories.office())
    assert not are_marks_late()


def test_an_hour_is_kept_and_nothing_of_the_future() -> None:
    for minutes in (61, 59, -5):
        MarkWatch.objects.create(at=timezone.now() - timedelta(minutes=minutes), newest=0)
    watch_marks()
    ages = [timezone.now() - at for at in MarkWatch.objects.values_list("at", flat=True)]
    assert len(ages) == 2
    assert timedelta() <= min(ages) <= max(ages) <= timedelta(hours=1)


def test_marks_have_growing_numbers() -> None:
    office = factories.office()
    first = mark(office).pk
    Mark.objects.all().delete()
    assert mark(office).pk > first


def test_the_address_says_in_general_words_what_is_amiss(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    mark(factories.office())
    watch_marks()
    pass_by(minutes=16)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "text/plain"
    assert answer.content == b"answers have waited to be counted for over 15 minutes\n"


def test_the_address_is_not_ready_while_the_last_proof_has_failed(client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    for back in (1, 0):
        night = nights.start(yesterday - timedelta(days=back))
        night.steps.filter(name="proof").update(state="failed" if back else "done")
    assert client.get("/readyz").status_code == 200
    night.steps.filter(name="proof").update(state="failed")
    answer = client.get("/readyz")
    assert (answer.status_code, b"could not be proved" in answer.content) == (503, True)


def test_the_address_is_not_ready_while_a_shown_number_differs(client: Client) -> None:
    office = factories.office()
    factories.instrument({"A": 2, "B": 1})
    last = factories.last_month_end()
    for _ in range(20):
        factories.answer(office, [5, 4, 1], now=factories.at(last))
    steps.close(last)
    prove()
    assert client.get("/readyz").status_code == 200
    Score.objects.filter(office=office, period="year").update(people=21)
    prove()
    answer = client.get("/readyz")
    assert (answer.status_code, b"is not what the responses give" in answer.content) == (503, True)
    Score.objects.filter(office=office, period="year").update(people=20)
    prove()
    assert client.get("/readyz").status_code == 200
