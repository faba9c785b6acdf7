"""What is derived can be thrown away and made again, figure for figure."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from offices.models import AdministrativeUnit, Membership, Office
from reports.models import Batch, ClosedMonth, Score, Stale
from reports.night import steps
from reports.scores.anew import make_anew
from reports.scores.units import catch_up_country, catch_up_provinces
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import exclude
from surveys.flags.rules import Flag
from surveys.models import Mark, Response
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST = factories.last_month_end()
FIRST = LAST.replace(day=1)
WHY = "Bốn mươi phiếu giống nhau trong ba phút"
COLUMNS = ("people", "answered", "satisfied", "low", "high", "simulated", "closed", "method")
Rows = list[tuple[object, ...]]


def everything() -> tuple[Rows, Rows]:
    """Every batch and every score, without keys and times."""
    place = ("office", "unit", "map", "instrument", "period", "start")
    batch = ("office", "instrument", "number", "day", "people", "moments")
    scores = Score.objects.values_list(*place, *COLUMNS, "sums")
    batches = Batch.objects.values_list(*batch, "sums", "withdrawn")
    return sorted(_plain(scores), key=str), sorted(_plain(batches), key=str)


def _plain(rows: Iterable[tuple[object, ...]]) -> Rows:
    return [tuple(bytes(v) if isinstance(v, memoryview) else str(v) for v in row) for row in rows]


def numbers(office: Office) -> dict[object, int]:
    """The batch of each response that stands in one."""
    rows = Response.objects.filter(office=office, batch__isnull=False)
    return {key: number or 0 for key, number in rows.values_list("id", "batch")}


def answered(office: Office, people: int, day: date, **columns: object) -> None:
    factories.responses(office, people, day=day, **columns)
    Mark.objects.create(office=office, day=day)


@pytest.fixture
def province() -> AdministrativeUnit:
    """Two offices with closed months, a burst that was left out, late answers and open days."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.province()
    auditor = factories.user()
    Membership.objects.create(user=auditor, unit=made, role=Membership.Role.AUDITOR)
    for number in range(2):
        office = factories.office(factories.unit(parent=made))
        for back in (0, 1, 5, 9):
            answered(office, 11 + number + back, LAST - timedelta(days=back))
        answered(office, 4, LAST - timedelta(days=11))
        answered(office, 12, FIRST - timedelta(days=1), simulated=True)
        answered(office, 14, LAST - timedelta(days=2), flags=Flag.BURST.value)
        steps.close(LAST)
        day = LAST - timedelta(days=2)
        exclude(Rule(office.pk, day, day, Flag.BURST), WHY, auditor, approved=1)
        answered(office, 13, LAST - timedelta(days=12), answers=bytes([1, 0, 4]))
        answered(office, 7, FIRST - timedelta(days=2))
        for _ in range(23):
            factories.answer(office, [5, 2, 1])
        steps.count_marked()
    steps.close(LAST)
    return made


def test_every_figure_is_made_again_when_all_derived_tables_are_lost(
    province: AdministrativeUnit,
) -> None:
    before = everything()
    assert any("True" in row for row in before[0])  # closed ones are among them
    responses = list(Response.objects.order_by("id").values_list("id", "batch", "withdrawn"))
    with connection.cursor() as cursor:
        for table in ("batch", "score", "stale"):
            cursor.execute(f"DELETE FROM reports_{table}")
    assert everything() == ([], [])
    for office in Office.objects.all():
        make_anew(office.pk)
    catch_up_provinces(LAST)
    catch_up_country(LAST)
    assert everything() == before
    assert list(Response.objects.order_by("id").values_list("id", "batch", "withdrawn")) == (
        responses
    )
    assert not Stale.objects.exists()


def test_whatever_was_altered_is_mended(province: AdministrativeUnit) -> None:
    before = everything()
    office = Office.objects.filter(unit__parent=province).first()
    assert office is not None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_score SET people = 999, satisfied = 1, low = 3, high = 4")
        cursor.execute("UPDATE reports_batch SET people = 5, moments = '{1,2,3,4,5}'")
        cursor.execute(
            "INSERT INTO reports_batch (office_id, instrument_id, number, day, people, sums) "
            "SELECT office_id, instrument_id, 77, '2026-01-02', 12, sums FROM reports_batch LIMIT 1"
        )
    for office in Office.objects.all():
        make_anew(office.pk)
    catch_up_provinces(LAST)
    catch_up_country(LAST)
    assert everything() == before


def test_new_answers_get_numbers_of_their_own_where_batches_were_lost(
    province: AdministrativeUnit,
) -> None:
    office = Office.objects.filter(unit__parent=province).first()
    assert office is not None
    before = numbers(office)
    Batch.objects.all().delete()
    factories.rhythm(office)
    with time_machine.travel(factories.at(TODAY + timedelta(days=1)), tick=False):
        steps.close(TODAY)
    after = numbers(office)
    assert {key: after[key] for key in before} == before
    assert len(after) > len(before)
    assert min(after[key] for key in after.keys() - before.keys()) > max(before.values())


def test_a_month_closes_once_with_a_seal_of_its_people(province: AdministrativeUnit) -> None:
    office = Office.objects.filter(unit__parent=province).first()
    assert office is not None
    rows = ClosedMonth.objects.filter(office=office).order_by("start")
    before = list(rows.values())
    assert [row["start"] for row in before] == [(FIRST - timedelta(1)).replace(day=1), FIRST]
    closed = Response.objects.filter(office=office, day__gte=FIRST, day__lte=LAST)
    assert before[1]["people"] == closed.filter(batch__lte=before[1]["newest"]).count()
    assert closed.filter(batch__gt=before[1]["newest"]).count() in (0, 13)  # who came late
    answered(office, 12, LAST)
    steps.count_marked()
    steps.close(LAST)
    assert list(rows.values()) == before


def test_a_batch_of_several_months_counts_once_in_the_quarter_and_in_the_year() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    for day, people in (
        (date(2025, 2, 4), 5),  # too few in the month and the quarter, not in the year
        (date(2025, 10, 6), 6),  # too few in the month, not in the quarter
        (date(2025, 11, 5), 6),
        (date(2025, 12, 3), 11),
        (date(2025, 5, 5), 6),
    ):
        answered(office, people, day)
    steps.close(date(2025, 12, 31))
    scores = Score.objects.filter(office=office)
    shown = {(row.period, row.start.month): (row.people, row.answered) for row in scores}
    assert shown == {
        ("month", 2): (0, 0),
        ("month", 5): (0, 0),
        ("month", 10): (0, 0),
        ("month", 11): (0, 0),
        ("month", 12): (11, 33),
        ("quarter", 1): (0, 0),
        ("quarter", 4): (0, 0),
        ("quarter", 10): (23, 69),
        ("year", 1): (34, 102),
    }
