"""Where the stage is asked first, nothing about a result counts of whoever waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from offices.models import Office
from surveys.devices.delivery.sealing import seal
from surveys.models import Criterion, Instrument, Response
from tests import factories
from tests.surveys.devices.test_delivery import DAY, begun, now, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


def test_what_waited_from_before_the_stage_was_asked_first_counts_as_it_was_said(
    office: Office,
) -> None:
    """And from then on nothing about a result counts of whoever waits, whatever a device asked."""
    today = timezone.localdate()
    Instrument.objects.filter(slug="counter").update(stage_first_since=today)
    Criterion.objects.filter(code="A1").update(about_result=True)
    earlier = begun(office, 2, stage=3, at=now() - 2 * DAY)
    assert send(seal(earlier), seal(begun(office, 0, stage=3))) == ["stored", "stored"]
    found = {one.day: bytes(one.answers) for one in Response.objects.all()}
    assert found == {today - timedelta(days=2): bytes([5, 2]), today: bytes([5, 8])}
