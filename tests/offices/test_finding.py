"""Offices found as citizens type places: in the whole country, and in small ones made for it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices import directory
from offices.finding import MOST_FOUND, find, serving_after
from offices.models import AdministrativeUnit, Designation, Office, Succession
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
LAST = date(2025, 6, 30)
FIRST = date(2025, 7, 1)


def slugs(typed: str) -> list[str]:
    return [one.office.slug for one in find(typed, TODAY)]


def said(typed: str) -> list[tuple[str, str, str]]:
    return [(one.office.slug, one.former, one.today) for one in find(typed, TODAY)]


def follow(before: AdministrativeUnit, *after: AdministrativeUnit) -> None:
    relation = "merged" if len(after) == 1 else "split"
    for one in after:
        Succession.objects.create(
            predecessor=before, successor=one, effective_on=FIRST, relation=relation
        )


def place(name: str, kind: str = "phường", province: str = "An Giang") -> Office:
    """An office that serves today."""
    above = AdministrativeUnit.objects.filter(name=province, level="province").first()
    unit = factories.unit(
        parent=above or factories.province(province), name=name, kind=kind, valid_from=FIRST
    )
    title = f"Trung tâm Phục vụ hành chính công {kind} {name}"
    return factories.office(unit, name=title, valid_from=FIRST)


@pytest.fixture
def ha_tien() -> Office:
    """A ward of today; the city of before, which was divided, and two of its wards."""
    ward, other = place("Hà Tiên"), place("Tô Châu")
    before = factories.province("Kiên Giang", valid_to=LAST)
    follow(before, ward.unit.province)
    city = factories.unit("district", before, name="Hà Tiên", kind="thành phố", valid_to=LAST)
    for name, heirs in {"Bình San": [ward.unit], "Pháo Đài": [ward.unit, other.unit]}.items():
        follow(factories.unit(parent=city, name=name, kind="phường", valid_to=LAST), *heirs)
    factories.office(
        city,
        name="Bộ phận Tiếp nhận và Trả kết quả thành phố Hà Tiên",
        kind=Office.Kind.DISTRICT_DESK,
        valid_to=LAST,
        today_unit=ward.unit.province,
    )
    return ward


@pytest.mark.parametrize(
    "typed",
    [
        *("Hà Tiên", "ha tien", "hatien", "HÀ TIÊN", "P. Hà Tiên", "p ha tien", "phuong-ha-tien"),
        *("UBND phường Hà Tiên", "một cửa Hà Tiên", "TP Hà Tiên", "TP.HÀ TIÊN", "TX Hà Tiên"),
        *("Hà Tiên, An Giang", "Hà Tiên tỉnh An Giang", "An Giang Hà Tiên", "HCC Hà Tiên"),
        *("Trung tâm Phục vụ hành chính công phường Hà Tiên", "PVHCC p.Hà Tiên"),
        *("Hà Tiên, Kiên Giang", "Bộ phận Tiếp nhận và Trả kết quả thành phố Hà Tiên"),
        *("Bình San", "phường Bình San", "Bình San Hà Tiên", "Bình San, TP Hà Tiên, Kiên Giang"),
        *("phường Pháo Đài", "phao dai", "phaodai", "Ha Ti", "Hà Tiên."),
    ],
)
def test_each_way_to_type_it_finds_the_office(ha_tien: Office, typed: str) -> None:
    assert slugs(typed)[0] == ha_tien.slug


def test_a_place_of_before_says_where_it_lies_now(ha_tien: Office) -> None:
    assert said("Bình San") == [
        (ha_tien.slug, "Phường Bình San (Tỉnh Kiên Giang)", "Phường Hà Tiên")
    ]
    other = Office.objects.get(unit__name="Tô Châu").slug
    assert [slug for slug, _, _ in said("Pháo Đài")] == [ha_tien.slug, other]
    city = "Thành phố Hà Tiên (Tỉnh Kiên Giang)"
    assert said("TP Hà Tiên") == [
        (ha_tien.slug, city, "Phường Hà Tiên"),
        (other, city, "Phường Tô Châu"),
    ]
    assert said("phường Hà Tiên")[0] == (ha_tien.slug, "", "")


def test_a_place_that_was_called_otherwise_is_found_by_both_names() -> None:
    hue = place("Phú Xuân", province="Huế")
    province = hue.unit.province
    factories.office(province, slug="tp-hue", name="Trung tâm Phục vụ hành chính công Huế")
    Designation.objects.create(
        unit=province, kind="tỉnh", name="Thừa Thiên Huế", valid_from=factories.BEGIN, valid_to=LAST
    )
    assert said("Thừa Thiên Huế")[0] == ("tp-hue", "Tỉnh Thừa Thiên Huế", "Tỉnh Huế")


def test_whole_words_come_before_parts() -> None:
    long, other = place("Tân An Phú"), place("An Phước")
    short = place("An Phú")
    place("Phú An", province="An Phú Xa")
    assert slugs("An Phú")[:2] == [short.slug, long.slug]
    assert other.slug not in slugs("An Phú")
    assert set(slugs("An Ph")) == {long.slug, short.slug, other.slug}


def test_namesakes_are_told_by_province_kind_and_diacritics() -> None:
    ward = place("An Phú", province="Hồ Chí Minh")
    commune = place("An Phú", "xã", "An Giang")
    marked = place("An Phụ", "xã", "Vĩnh Long")
    assert slugs("An Phú, An Giang")[0] == commune.slug
    assert slugs("phường An Phú")[0] == ward.slug
    assert slugs("xã An Phú")[0] == commune.slug
    assert slugs("An Phụ")[0] == marked.slug
    assert set(slugs("an phu")) == {ward.slug, commune.slug, marked.slug}


def test_a_district_with_a_number_is_not_its_wards() -> None:
    today, other = place("Sài Gòn", province="Hồ Chí Minh"), place("Bàn Cờ", province="Hồ Chí Minh")
    city = today.unit.province
    for number, heir in (("1", today), ("3", other)):
        above = factories.unit("district", city, name=number, kind="quận", valid_to=LAST)
        name = "Bến Nghé" if number == "1" else "1"
        follow(factories.unit(parent=above, name=name, valid_to=LAST), heir.unit)
    assert slugs("Quận 1") == [today.slug, other.slug]
    assert slugs("Phường 1")[0] == other.slug


@pytest.mark.parametrize("typed", ["Ea H\u2019leo", "Ea H'leo", "ea hleo", "Ea H leo", "eahleo"])
def test_an_apostrophe_is_typed_as_one_likes(typed: str) -> None:
    there = place("Ea H'Leo", "xã")
    assert slugs(typed) == [there.slug]


def test_a_name_that_begins_like_a_kind_is_found() -> None:
    there, other = place("Tịnh Biên"), place("Biên")
    assert slugs("tinh bien")[0] == there.slug
    assert slugs("tỉnh Biên") != [other.slug]
    assert slugs("phường Biên")[0] == other.slug


@pytest.mark.parametrize("typed", ["một cửa", "trung tâm", "hành chính công"])
def test_only_fixed_words_find_the_offices_that_are_called_so(typed: str) -> None:
    for _ in range(MOST_FOUND + 1):
        place("Hà Tiên")
    ours = factories.office(name="Bộ phận một cửa của xã").slug
    assert (slugs(typed) == [ours]) is (typed == "một cửa")
    assert len(slugs(typed)) in (1, MOST_FOUND)


@pytest.mark.parametrize("typed", ["", "...", "%", "\0", "x" * 500, "không có", "\\m.*", "’"])
def test_other_words_find_nothing(ha_tien: Office, typed: str) -> None:
    assert find(typed, TODAY) == []


def test_an_office_that_is_closed_today_is_not_found(ha_tien: Office) -> None:
    Office.objects.filter(pk=ha_tien.pk).update(valid_to=date(2026, 11, 29))
    assert ha_tien.slug not in slugs("Hà Tiên")


def test_an_office_with_several_heirs_names_them_all(ha_tien: Office) -> None:
    known = directory.current()
    desk = next(o for o in known.offices.values() if o.kind == Office.Kind.DISTRICT_DESK)
    assert [one.unit_name for one in serving_after(desk, TODAY)] == [
        "Phường Hà Tiên",
        "Phường Tô Châu",
    ]
    assert serving_after(known.offices[ha_tien.slug], TODAY) == []


def test_a_search_of_a_warm_process_reads_only_the_revision(ha_tien: Office) -> None:
    find("Hà Tiên", TODAY)
    for typed in ("Hà Tiên", "phường Pháo Đài", "không có", "một cửa"):
        with CaptureQueriesContext(connection) as done:
            find(typed, TODAY)
        assert len(done) <= 2, done.captured_queries


def test_the_whole_country_is_searched() -> None:
    factories.the_whole_country()
    for typed in ("Bình San", "phường Pháo Đài", "TP Hà Tiên", "hatien", "Hà Tiên, An Giang"):
        assert slugs(typed)[0] == "phuong-ha-tien", typed
    assert slugs("Ea H\u2019leo")[0] == "xa-ea-h-leo"
    called = find("An Phú", TODAY)
    assert len(called) <= MOST_FOUND
    assert [one.former for one in called[:5]] == [""] * 5
    assert all("An Phú" in one.office.name for one in called[:5])
    assert len({one.office.province_name for one in called[:5]}) == 5
    assert slugs("UBND xã An Phú, An Giang")[0] == slugs("An Phú An Giang")[0]
    assert find("phường", TODAY)
    assert len(find("an", TODAY)) == MOST_FOUND


@pytest.mark.parametrize("typed", ["hà tiên", "trung tâm"])
def test_namesakes_elsewhere_take_no_room_from_ones_own(typed: str) -> None:
    for _ in range(MOST_FOUND):
        place("Hà Tiên", province="Cà Mau")
    own = place("Hà Tiên", province="An Giang")
    assert len(find(typed, TODAY)) == MOST_FOUND
    assert [one.office.id for one in find(typed, TODAY, {own.pk})] == [own.pk]
