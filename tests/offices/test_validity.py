"""Between two days: both belong to it, and a missing one means without end."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.models import AdministrativeUnit, Designation, Office, Procedure
from offices.validity import Days
from reports.counting.periods import span_of
from tests import factories

ONE = timedelta(days=1)
FIRST, LAST = date(2025, 7, 1), date(2025, 9, 30)
FEW = st.dates(date(2025, 7, 1), date(2025, 7, 9))
ENDS = st.tuples(st.none() | FEW, st.none() | FEW).filter(
    lambda ends: ends[0] is None or ends[1] is None or ends[0] <= ends[1]
)
# Wide enough for a day before and after all that is drawn.
AROUND = [date(2025, 6, 29) + number * ONE for number in range(13)]


def known(days: Days) -> set[date]:
    """The same, day by day."""
    first, last = days.first or AROUND[0], days.last or AROUND[-1]
    return {day for day in AROUND if first <= day <= last}


def test_both_ends_belong_to_it() -> None:
    days = Days(FIRST, LAST)
    asked = [FIRST - ONE, FIRST, LAST, LAST + ONE]
    assert [days.hold(day) for day in asked] == [False, True, True, False]


def test_a_missing_day_is_without_end() -> None:
    assert Days(None, LAST).hold(date.min)
    assert not Days(None, LAST).hold(LAST + ONE)
    assert Days(FIRST, None).hold(date.max)
    assert not Days(FIRST, None).hold(FIRST - ONE)
    assert Days(None, None).hold(FIRST)


def test_a_shared_day_is_enough_to_touch() -> None:
    days = Days(FIRST, LAST)
    assert days.touch(Days(LAST, None))
    assert not days.touch(Days(LAST + ONE, None))
    assert days.touch(Days(None, FIRST))
    assert not days.touch(Days(None, FIRST - ONE))
    assert days.touch(Days(None, None))


def test_a_period_of_figures_may_be_asked_about() -> None:
    june, july = (span_of("month", day) for day in (FIRST - ONE, FIRST))
    assert not Days(FIRST, None).touch(june)
    assert Days(FIRST, None).touch(july)
    assert Days(FIRST, LAST).cover(july)
    assert not Days(FIRST + ONE, LAST).cover(july)
    assert not Days(FIRST, july.last - ONE).cover(july)
    assert Days(FIRST, july.last).cover(july)


def test_only_what_is_without_end_covers_what_is_without_end() -> None:
    assert Days(None, None).cover(Days(None, None))
    assert not Days(date.min, None).cover(Days(None, None))
    assert not Days(None, date.max).cover(Days(None, None))


@given(ENDS, ENDS)
def test_it_is_the_arithmetic_of_sets_of_days(
    one: tuple[date | None, date | None], other: tuple[date | None, date | None]
) -> None:
    these, those = Days(*one), Days(*other)
    assert {day for day in AROUND if these.hold(day)} == known(these)
    assert these.touch(those) == bool(known(these) & known(those))
    assert these.cover(those) == (known(those) <= known(these))


@pytest.mark.django_db
def test_the_database_says_the_same_also_where_the_first_day_is_not_known() -> None:
    ends = list(product((None, FIRST, LAST), (None, FIRST, LAST)))
    for number, (first, last) in enumerate(ends):
        made = factories.procedure(f"1.{number:06}")
        made.valid_from, made.valid_to = first, last
        made.save()
    every = list(Procedure.objects.all())
    for day in (FIRST - ONE, FIRST, FIRST + ONE, LAST, LAST + ONE):
        held = {p for p in every if p.days.hold(day)}
        assert set(Procedure.objects.on(day)) == held
        assert held
    for asked in (Days(FIRST - ONE, FIRST - ONE), Days(FIRST - ONE, FIRST), Days(LAST, LAST + ONE)):
        assert asked.first is not None
        assert asked.last is not None
        # nothing begins after it ends in tables that say so; procedures may, and are left out here
        sound = [p for p in every if (p.valid_from, p.valid_to) != (LAST, FIRST)]
        found = Procedure.objects.during(asked.first, asked.last)
        assert {p for p in found if p in sound} == {p for p in sound if p.days.touch(asked)}


@pytest.mark.django_db
@pytest.mark.parametrize("last", [LAST, None])
def test_units_and_offices_are_found_from_their_first_to_their_last_day(last: date | None) -> None:
    unit = factories.unit(valid_from=FIRST, valid_to=last)
    office = factories.office(unit, valid_from=FIRST, valid_to=last)
    for day, stands in (
        (FIRST - ONE, False),
        (FIRST, True),
        (LAST, True),
        (LAST + ONE, last is None),
    ):
        assert AdministrativeUnit.objects.on(day).filter(pk=unit.pk).exists() == stands
        assert Office.objects.on(day).filter(pk=office.pk).exists() == stands
        assert office.is_open_on(day) == stands
    assert Office.objects.during(FIRST - ONE, FIRST).get() == office
    assert not Office.objects.during(FIRST - 2 * ONE, FIRST - ONE).exists()
    assert Office.objects.during(LAST, LAST + ONE).get() == office
    assert Office.objects.during(LAST + ONE, LAST + 2 * ONE).exists() == (last is None)


@pytest.mark.django_db
def test_a_unit_is_called_by_the_designation_of_the_day() -> None:
    unit = factories.unit(name="Phú Quốc", kind="thành phố", valid_from=FIRST)
    Designation.objects.create(
        unit=unit, kind="huyện", name="Phú Quốc", valid_from=FIRST, valid_to=LAST
    )
    days = (FIRST, LAST, LAST + ONE)
    assert [unit.full_name_on(day).split()[0] for day in days] == ["Huyện", "Huyện", "Thành"]
