"""Places as people type them: each way that finds a place, and what must not find it."""

import pytest

from offices.models import AdministrativeUnit, Office
from offices.search import (
    find_offices,
    find_units,
    is_called,
    offices_called,
    units_called,
    with_words,
    words_of,
)
from tests import factories

pytestmark = pytest.mark.django_db
UNITS = AdministrativeUnit.objects


@pytest.fixture
def place() -> AdministrativeUnit:
    """Ward 4 of Đà Lạt, in a province."""
    above = factories.province("Lâm Đồng", code="68")  # no number that is typed below
    return factories.unit(parent=above, name="04 Đà Lạt", kind="phường", code="24778")


@pytest.mark.parametrize(
    "typed", ["da lat", "Đà LẠT", "p. 4", "P.04 da", "phuong 4", "24778", "lat phuong", "đa-lat"]
)
def test_a_place_is_found_as_people_type_it(place: AdministrativeUnit, typed: str) -> None:
    assert find_units(UNITS.all(), typed, 5) == [place]
    assert list(units_called(UNITS.all(), typed)) == [place]
    assert is_called(f"{place.full_name} {place.code}", typed), "a list that is read already"


# not a part of a word, not a part of a number, not some of the words, no signs of the database
@pytest.mark.parametrize("typed", ["alat", "p. 2", "2477", "da nang", ".*", "%", "_", "\\m", "d[a"])
def test_other_words_find_nothing(place: AdministrativeUnit, typed: str) -> None:
    assert find_units(UNITS.exclude(level="country"), typed, 5) == []
    if words_of(typed):
        assert not units_called(UNITS.all(), typed).exists()
        assert not is_called(f"{place.full_name} {place.code}", typed)


@pytest.mark.parametrize("typed", ["m'drak", "M\u2019Đrăk", "mdrak"])
@pytest.mark.parametrize("written", ["M'Drắk", "M\u2019Drắk"])
def test_an_apostrophe_parts_no_word(written: str, typed: str) -> None:
    place = factories.unit(name=written, kind="xã")
    assert find_units(UNITS.all(), typed, 5) == [place]


def test_words_of_what_a_place_lies_in_narrow_the_search(place: AdministrativeUnit) -> None:
    office = factories.office(place, name="Bộ phận một cửa phường 4")
    factories.office(name="Bộ phận một cửa phường 4")
    assert list(units_called(UNITS.all(), "da lat lam dong")) == [place]
    assert list(offices_called(Office.objects.all(), "tt 4")) == []
    assert list(offices_called(Office.objects.all(), "mot cua 4 lam dong")) == [office]
    assert list(find_offices(Office.objects.all(), "lam dong")) == []


def test_an_office_is_found_by_its_short_name_and_the_code_of_its_unit(
    place: AdministrativeUnit,
) -> None:
    office = factories.office(place, name="Một cửa", slug="p-4-da-lat")
    for typed in ("p-4-da", "24778", "P-4-DA-LAT"):
        assert list(find_offices(Office.objects.all(), typed)) == [office]
    assert list(find_offices(Office.objects.all(), "?")) == []
    assert office in find_offices(Office.objects.all(), " ")


def test_a_person_called_h_is_no_district() -> None:
    person = factories.official(factories.country(), factories.Role.ANALYST)
    person.last_name, person.first_name = "Nguyễn H", "Đức"
    person.save()
    people = type(person).objects.all()
    assert list(with_words(people, words_of("duc h"))) == [person]
    assert list(with_words(people, words_of("uc"))) == []
