"""Both maps of any country, after any reforms: the same people, counted again, never averaged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from offices.models import AdministrativeUnit, Office
from offices.registry.load import load
from offices.registry.rows import COUNTRY
from offices.registry.territory import UnitKey
from officials.figures.choice import Choice
from officials.figures.rows import FigureRow, rows_of_country, rows_of_unit
from reports.counting.layouts import layout_of
from reports.counting.periods import Span, span_of
from reports.counting.stored import ScorePart, inflate, score_of
from reports.models import Period, Score, TerritoryMap
from reports.scores.units import places, rescore_country, rescore_provinces
from reports.showing.parts import parts_of
from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums, count
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry
from tests import factories
from tests.reports.territory import REFORMS, YEARS, Answers, Country, countries

pytestmark = pytest.mark.django_db
SPANS = {year: span_of(Period.YEAR, date(year, 1, 1)) for year in YEARS}
Counted = dict[tuple[UnitKey, int], Sums]

# Every example loads a country of its own into the real tables.
on_the_database = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def form() -> InstrumentEntry:
    """Two criteria."""
    factories.instrument({"A": 1, "B": 1})
    found = catalogue.current().default
    assert found is not None
    return found


def sums_of(layout: Layout, said: Answers) -> Sums:
    """The sums of these people."""
    rows = [[5, 4]] * said.satisfied + [[2, 1]] * said.dissatisfied + [[4, 0]] * said.blank
    return count(layout, np.array(rows, dtype=np.uint8))


def put_into_tables(country: Country, form: InstrumentEntry) -> dict[UnitKey, AdministrativeUnit]:
    """The registry, the scores of its offices, and by the code under test those of all units."""
    load(country.registry)
    keys = dict(Office.objects.values_list("slug", "pk"))
    changed: dict[int, set[Span]] = defaultdict(set)
    for (slug, year), said in country.answers.items():
        part = ScorePart(sums_of(layout_of(form), said), simulated=False)
        row = score_of(part, form.id, SPANS[year], closed=True)
        row.office_id = keys[slug]
        row.save()
        changed[keys[slug]].add(SPANS[year])
    rescore_provinces(changed, None)
    rescore_country(SPANS.values(), None)
    return {UnitKey(unit.code, unit.valid_from): unit for unit in AdministrativeUnit.objects.all()}


def expected(country: Country, layout: Layout, *, today: bool) -> Counted:
    """What every unit must count, office by office from the registry alone."""
    parts: dict[tuple[UnitKey, int], list[Sums]] = defaultdict(list)
    for (slug, year), said in country.answers.items():
        for unit in country.chain(slug, today=today):
            parts[unit, year].append(sums_of(layout, said))
    return {place: total(layout, members) for place, members in parts.items()}


def counted(layout: Layout, territory: TerritoryMap) -> Counted:
    """What the tables say of every unit."""
    scores = Score.objects.filter(unit__isnull=False, map=territory).select_related("unit")
    return {
        (UnitKey(s.unit.code, s.unit.valid_from), s.start.year): inflate(layout, s.sums)
        for s in scores
        if s.unit is not None
    }


def chosen(form: InstrumentEntry, year: int, territory: TerritoryMap) -> Choice:
    """The view of a year on a map."""
    return Choice(SPANS[year], form, territory, (), ())


def satisfied(rows: Iterable[FigureRow]) -> tuple[int, int, Fraction]:
    """People, valid answers and satisfied answers behind the rows of a list."""
    people, answers, well = 0, 0, Fraction(0)
    for row in rows:
        figure = row.figure
        if figure.people is None:
            continue  # an office that nobody answered about stands in the list too
        assert figure.answers is not None
        assert figure.share is not None
        people += figure.people
        answers += figure.answers
        well += figure.share * figure.answers
    return people, answers, well


def of_sums(sums: Sums) -> tuple[int, int, Fraction]:
    """The same of sums."""
    group = sums.layout.group_of("component", "services")
    return sums.people, int(sums.moments[group, 1]), Fraction(int(sums.moments[group, 0]))


@on_the_database
@given(country=countries())
def test_both_maps_count_everybody_once_in_every_unit(
    form: InstrumentEntry, country: Country
) -> None:
    layout = layout_of(form)
    with transaction.atomic():
        put_into_tables(country, form)
        maps = {territory: counted(layout, territory) for territory in TerritoryMap}
        transaction.set_rollback(True)
    for territory, found in maps.items():
        assert found == expected(country, layout, today=territory == TerritoryMap.TODAY)
    for year in YEARS:
        nation = {territory: whole(found, year) for territory, found in maps.items()}
        everybody = [said for (_, when), said in country.answers.items() if when == year]
        assert nation[TerritoryMap.THEN] == nation[TerritoryMap.TODAY]
        assert nation[TerritoryMap.THEN] == (
            total(layout, [sums_of(layout, said) for said in everybody]) if everybody else None
        )


def whole(found: Mapping[tuple[UnitKey, int], Sums], year: int) -> Sums | None:
    """What the country counts."""
    return found.get((UnitKey(COUNTRY, REFORMS[0]), year))


@on_the_database
@given(country=countries())
def test_the_rows_of_every_list_add_up_to_the_figure_above_them(
    form: InstrumentEntry, country: Country
) -> None:
    layout = layout_of(form)
    with transaction.atomic():
        units = put_into_tables(country, form)
        for territory in TerritoryMap:
            for (key, year), sums in counted(layout, territory).items():
                choice = chosen(form, year, territory)
                is_country = key.code == COUNTRY
                parts = parts_of(units[key], choice)
                rows = (
                    rows_of_country(choice, parts)
                    if is_country
                    else rows_of_unit(units[key], choice, parts)
                )
                assert apart(rows) == without_heir(country, layout, key, choice)
                assert satisfied(rows) == of_sums(sums)
        transaction.set_rollback(True)


def apart(rows: Iterable[FigureRow]) -> tuple[int, int, Fraction]:
    """What stands in the row of its own, of what has no single heir."""
    return satisfied(row for row in rows if not row.address)


def without_heir(
    country: Country, layout: Layout, unit: UnitKey, choice: Choice
) -> tuple[int, int, Fraction]:
    """What must stand there: on today's map whoever is followed by no single office of today.

    In the country's list, only who is in no province of today.
    """
    if choice.territory == TerritoryMap.THEN:
        return 0, 0, Fraction(0)
    alone = [
        sums_of(layout, said)
        for (slug, year), said in country.answers.items()
        if year == choice.span.first.year
        and unit in (chain := country.chain(slug, today=True))
        and country.standing_heir(slug) is None
        and (unit.code != COUNTRY or len(chain) == 1)
    ]
    return of_sums(total(layout, alone))


@on_the_database
@given(country=countries())
def test_an_office_has_one_place_on_each_map_and_today_s_units_stand(
    form: InstrumentEntry, country: Country
) -> None:
    with transaction.atomic():
        units = put_into_tables(country, form)
        slugs = dict(Office.objects.values_list("pk", "slug"))
        found = {territory: places(territory) for territory in TerritoryMap}
        transaction.set_rollback(True)
    for territory, located in found.items():
        today = territory == TerritoryMap.TODAY
        assert {slugs[office]: [*place.units] for office, place in located.items()} == {
            slug: [units[key].pk for key in chain[:-1]]
            for slug in slugs.values()
            # What a divided province left without an heir counts in the country alone.
            if len(chain := country.chain(slug, today=today)) > 1
        }
    standing = {unit.pk for unit in units.values() if unit.valid_to is None}
    assert all(standing.issuperset(p.units) for p in found[TerritoryMap.TODAY].values())
