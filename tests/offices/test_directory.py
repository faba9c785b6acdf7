"""What a process keeps in memory, and how it notices that it has changed."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from offices import directory
from offices.models import Counter, Designation, Office, Procedure
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_asks_for_nothing_on_a_warm_process(settings: Settings) -> None:
    office = factories.office()
    directory.current()
    settings.DIRECTORY_CHECK_SECONDS = 3600
    with CaptureQueriesContext(connection) as captured:
        assert directory.current().office(office.slug) is not None
    assert not captured.captured_queries


def test_a_check_is_one_statement() -> None:
    factories.office()
    directory.current()
    with CaptureQueriesContext(connection) as captured:
        directory.current()
    assert len(captured.captured_queries) == 1


def test_a_change_by_any_way_is_noticed() -> None:
    office = factories.office()
    Counter.objects.create(office=office, number=1, name="Một")
    entry = directory.current().office(office.slug)
    assert entry is not None
    assert [c.name for c in entry.counters] == ["Một"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offices_counter SET name = 'Hai'")
    entry = directory.current().office(office.slug)
    assert entry is not None
    assert [c.name for c in entry.counters] == ["Hai"]
    Office.objects.filter(pk=office.pk).delete()
    assert directory.current().office(office.slug) is None


def test_a_province_that_the_process_has_not_noticed_yet_is_read(settings: Settings) -> None:
    known = factories.province("An Giang")
    assert directory.provinces([known.pk]) == {known.pk: known}
    settings.DIRECTORY_CHECK_SECONDS = 3600
    made = factories.province("Cà Mau")
    assert directory.provinces([known.pk, made.pk]) == {known.pk: known, made.pk: made}
    assert directory.provinces([made.pk + 1000]) == {}


def test_what_a_unit_was_called_is_noticed_when_it_changes() -> None:
    unit = factories.province("Huế")
    assert directory.designations_of(unit.pk) == ()
    named = Designation.objects.create(
        unit=unit, kind="tỉnh", name="Thừa Thiên Huế", valid_from=date(2004, 1, 1)
    )
    assert directory.designations_of(unit.pk) == (named,)


def test_an_instrument_that_appears_is_noticed() -> None:
    assert catalogue.current().default is None
    made = factories.instrument()
    default = catalogue.current().default
    assert default is not None
    assert default.id == made.pk


def test_procedures_are_those_of_the_level_of_the_office() -> None:
    factories.procedure("1.000001", levels="commune")
    factories.procedure("1.000002", levels="district, commune")
    factories.procedure("1.000003", levels="province")
    office = factories.office()
    entry = directory.current().office(office.slug)
    assert entry is not None
    codes = {p.code for p in directory.current().procedures(entry)}
    assert codes == {"1.000001", "1.000002"}
    assert directory.current().procedure(entry, "1.000003") is None


def test_a_procedure_is_offered_from_its_first_to_its_last_day() -> None:
    made = factories.procedure("1.000001")
    Procedure.objects.filter(pk=made.pk).update(
        valid_from=date(2025, 7, 1), valid_to=date(2025, 12, 31)
    )
    office = factories.office()
    entry = directory.current().office(office.slug)
    assert entry is not None
    days = [date(2025, 6, 30), date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1)]
    offered = [bool(directory.current().procedures(entry, day)) for day in days]
    assert offered == [False, True, True, False]


def test_what_is_repealed_is_not_offered_today_and_kept_for_history() -> None:
    # A day of margin, so that a midnight during the test changes nothing.
    today = timezone.localdate()
    for code, last in (
        ("1.000001", None),
        ("1.000002", today + timedelta(days=1)),
        ("1.000003", today - timedelta(days=1)),
    ):
        Procedure.objects.filter(pk=factories.procedure(code).pk).update(valid_to=last)
    office = factories.office()
    now = directory.current()
    entry = now.office(office.slug)
    assert entry is not None
    assert {p.code for p in now.procedures(entry)} == {"1.000001", "1.000002"}
    assert now.procedure(entry, "1.000002") is not None
    assert now.procedure(entry, "1.000003") is None
    assert len(now.by_level["commune"]) == 3
