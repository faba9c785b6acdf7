"""What one page reads once is told apart by whom and what it is of."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices.models import AdministrativeUnit, Office
from offices.reading import one_page
from reports.briefing.placing import answered_of, place_of
from reports.counting.layouts import instrument_of
from reports.counting.periods import previous, span_of
from reports.models import OfficeRhythm, Period, TerritoryMap, Turn
from reports.night import steps
from reports.showing.parts import offices_of
from reports.showing.rhythms import turn_in
from reports.showing.subjects import Subjects
from reports.showing.summed import kept_scores
from surveys.models import Mark
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()


def test_each_reader_and_each_place_has_its_own() -> None:
    factories.instrument({"A": 2, "B": 1})
    offices = [factories.office() for _ in range(8)]
    # one whose key is none of a unit that its forms count in
    office = next(o for o in offices if o.pk not in {unit.pk for unit in o.unit.chain()})
    quiet = next(one for one in offices if one != office)
    factories.answered(office, [bytes([5, 4, 1])] * 12, day=LAST)
    Mark.objects.create(office=office, day=LAST)
    steps.close(LAST)
    head, other = factories.official(office), factories.official(quiet)
    with one_page():
        assert (place_of(head), place_of(other)) == (office, quiet)
        assert (len(answered_of(office).instruments), answered_of(quiet).instruments) == (1, ())
        # a unit may have the key of an office
        assert answered_of(AdministrativeUnit(pk=office.pk)).instruments == ()
        with CaptureQueriesContext(connection) as captured:
            assert (place_of(head), len(answered_of(office).instruments)) == (office, 1)
    assert not any("reports_score" in query["sql"] for query in captured.captured_queries)


def test_each_map_has_its_own_offices() -> None:
    before, after = factories.province("Kiên Giang"), factories.province("An Giang")
    moved = factories.office(factories.unit(parent=before), today_unit=after)
    with one_page():
        assert list(offices_of(before, TerritoryMap.THEN)) == [moved.pk]
        assert list(offices_of(before, TerritoryMap.TODAY)) == []
        assert list(offices_of(after, TerritoryMap.TODAY)) == [moved.pk]


def test_each_office_and_year_has_its_own_turn() -> None:
    instrument = factories.instrument()
    office, other = factories.office(), factories.office()
    for place, year, turn in ((office, 2026, Turn.NIGHT), (office, 2025, Turn.WEEK)):
        OfficeRhythm.objects.create(office=place, instrument=instrument, year=year, turn=turn)
    months = [span_of(Period.MONTH, LAST.replace(year=year)) for year in (2026, 2025)]
    with one_page():
        found = [turn_in(office.pk, instrument.pk, month) for month in months]
        assert found == [Turn.NIGHT, Turn.WEEK]
        assert turn_in(other.pk, instrument.pk, months[0]) == ""


def test_each_place_and_questionnaire_has_its_own_figures() -> None:
    first = factories.instrument({"A": 2, "B": 1})
    second = factories.instrument({"A": 2, "B": 1}, default=False)
    office, other = factories.office(), factories.office()
    for place, people, form in ((office, 12, first), (office, 14, second), (other, 15, first)):
        factories.answered(place, [bytes([5, 4, 1])] * people, day=LAST, instrument_id=form.pk)
        Mark.objects.create(office=place, day=LAST)
    steps.close(LAST)
    month, before = span_of(Period.MONTH, LAST), previous(span_of(Period.MONTH, LAST))
    of_office, of_other = (Subjects.of_offices([one.pk]) for one in (office, other))
    of_unit = Subjects.of_unit(AdministrativeUnit(pk=office.pk), TerritoryMap.TODAY)
    one, two = instrument_of(first.pk), instrument_of(second.pk)
    with one_page():
        for _ in range(2):
            assert kept_scores(one, [month], of_office)[month].people == 12
            assert kept_scores(two, [month], of_office)[month].people == 14
            assert kept_scores(one, [before, month], of_other)[month].people == 15
            assert kept_scores(one, [before], of_other) == {}
            assert all(s.unit_id == office.pk for s in kept_scores(one, [month], of_unit).values())
        both = Subjects.of_offices(Office.objects.filter(pk__in=[office.pk]))
        assert kept_scores(one, [month], both)[month].people == 12
        with CaptureQueriesContext(connection) as captured:
            assert kept_scores(one, [before, month], of_other)[month].people == 15
        assert len(captured) == 0
