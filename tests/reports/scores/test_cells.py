"""Whose people are told apart for tables, when, and what stays undivided."""

from datetime import date

import pytest
from django.utils import timezone

from offices.models import Office
from reports.counting.periods import span_of
from reports.models import Breakdown, BreakdownMembership, Cell, Partition, Period
from reports.night import steps
from reports.showing.breakdowns import tables
from reports.showing.subjects import Subjects
from surveys.models import Channel, Mark
from surveys.questionnaires.catalogue import current
from tests import factories

pytestmark = pytest.mark.django_db
MAY = date(2025, 5, 12)


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office()


def answered(office: Office, day: date, **people: int) -> None:
    for channel, number in people.items():
        factories.responses(office, number, day=day, channel=Channel[channel.upper()])
    Mark.objects.create(office=office, day=day)


def test_late_people_are_a_row_of_their_own_with_cells_of_their_own(office: Office) -> None:
    answered(office, MAY, phone=20, tablet=20)
    steps.close(date(2025, 5, 31))
    answered(office, MAY, phone=11, tablet=11)
    steps.close(date(2025, 6, 30))
    cells = Cell.objects.order_by("partition", "place").values_list("people", flat=True)
    assert list(cells) == [20, 20, 11, 11]
    assert [p.period for p in Partition.objects.order_by("pk")] == ["month", "month"]


def test_people_of_a_former_table_are_told_apart_by_that_alone(office: Office) -> None:
    answered(office, MAY, phone=20, tablet=20)
    steps.close(date(2025, 5, 30))
    entry = current().default
    assert entry is not None
    former = Breakdown.objects.create(
        unit=office.unit, instrument_id=entry.id, dimension="channel", period="month",
        start=MAY.replace(day=1), columns=[], computed_at=timezone.now(),
    )  # fmt: skip
    BreakdownMembership.objects.create(breakdown=former, office=office, batches=[1], withdrawn=[])
    steps.close(date(2025, 12, 31))
    assert not Partition.objects.exists()


def test_a_table_is_not_shown_where_most_people_are_not_told_apart(office: Office) -> None:
    answered(office, MAY, phone=20, tablet=20)
    factories.rhythm(office)
    for month in range(6, 10):  # one block is by tablet, and one person of it is not
        answered(office, date(2025, month, 3), tablet=14, phone=1)
    steps.close(date(2025, 12, 31))
    entry = current().default
    assert entry is not None
    whole = Subjects.of_offices([office.pk])
    of_month = tables(whole, entry, span_of(Period.MONTH, MAY))
    assert [table.dimension for table in of_month] == ["channel", "quality"]
    of_year = tables(whole, entry, span_of(Period.YEAR, MAY))
    assert [table.dimension for table in of_year] == ["quality"]
