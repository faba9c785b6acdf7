"""A unit and all above it: walked over objects and keys, and in SQL."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices.chain import lookups, upward, within
from offices.models import AdministrativeUnit, Office
from tests import factories

PARENTS = {"commune": "district", "district": "province", "province": "country", "country": None}


def test_a_chain_goes_from_the_lowest_to_the_country() -> None:
    assert list(upward("district", PARENTS.__getitem__)) == ["district", "province", "country"]
    assert list(upward("country", PARENTS.__getitem__)) == ["country"]
    assert list(upward(None, PARENTS.__getitem__)) == []


def test_lookups_reach_the_country_from_a_commune() -> None:
    assert lookups("unit") == (
        "unit",
        "unit__parent",
        "unit__parent__parent",
        "unit__parent__parent__parent",
    )
    assert lookups() == ("pk", "parent", "parent__parent", "parent__parent__parent")


@pytest.fixture
def units() -> dict[str, AdministrativeUnit]:
    """One unit of every level, each within the next, as read one by one."""
    province = factories.province()
    district = factories.unit("district", province)
    commune = factories.unit("commune", district)
    made = (commune, district, province, factories.country())
    return {unit.level: AdministrativeUnit.objects.get(pk=unit.pk) for unit in made}


@pytest.mark.django_db
def test_a_unit_knows_its_chain_and_province(units: dict[str, AdministrativeUnit]) -> None:
    assert [unit.level for unit in units["commune"].chain()] == list(PARENTS)
    for level in ("commune", "district", "province"):
        assert units[level].province == units["province"]
    assert units["country"].province == units["country"]
    alone = factories.unit("commune")
    assert alone.province == alone


@pytest.mark.django_db
def test_the_province_is_reached_without_reading_the_country(
    units: dict[str, AdministrativeUnit],
) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert units["commune"].province.level == "province"
    assert len(captured.captured_queries) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("root", list(PARENTS))
def test_all_below_a_unit_is_found_on_both_maps(
    units: dict[str, AdministrativeUnit], root: str
) -> None:
    elsewhere = factories.unit("commune", factories.unit("district", factories.province()))
    levels = list(PARENTS)
    for level, unit in units.items():
        then = factories.office(unit, today_unit=elsewhere, slug=f"{level}-then")
        factories.office(elsewhere, today_unit=then.unit, slug=f"{level}-today")
    below = set(levels[: levels.index(root) + 1])
    others = {"-then", "-today"} if root == "country" else set()
    for column, name in (("unit", "-then"), ("today_unit", "-today")):
        found = set(Office.objects.within(units[root], column).values_list("slug", flat=True))
        assert {slug for slug in found if slug.endswith(name)} == {level + name for level in below}
        assert {slug for slug in found if not slug.endswith(name)} == (
            {level + end for level in levels for end in others if end != name}
        )
    beneath = AdministrativeUnit.objects.filter(within("", [units[root].pk]))
    assert {unit.level for unit in beneath if unit in units.values()} == below
    assert set(beneath).isdisjoint({elsewhere}) == (root != "country")
