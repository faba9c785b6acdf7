"""A demonstration closes its month before it is over; nothing else does."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from reports.counting.periods import span_of
from reports.models import Night, Period, Score
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_current_month_is_closed_with_everybody_and_the_clock_stays() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    for _ in range(12):
        factories.answer(office, [5, 4, 1])
    before = timezone.now()
    call_command("pass_time", verbosity=0)
    month = span_of(Period.MONTH, before.astimezone(timezone.get_current_timezone()).date())
    assert Night.objects.get().day == month.last
    score = Score.objects.get(office=office, period=Period.MONTH)
    assert (score.start, score.people, score.closed) == (month.first, 12, True)
    assert timezone.now() - before < timedelta(hours=1)


def test_it_refuses_where_people_really_answer(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration"):
        call_command("pass_time")
    assert not Night.objects.exists()
