"""What the shipped files say of units: counts, reused codes, Hà Tiên, divided communes."""

import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache

import pytest

from offices.registry.load import Registry, read_registry
from offices.registry.rows import COUNTRY, UnitRow
from offices.registry.territory import UnitKey

LAST_OLD = date(2025, 6, 30)
FIRST_NEW = date(2025, 7, 1)


@cache
def registry() -> Registry:
    """The files, read once."""
    return read_registry()


def units_on(day: date, level: str) -> list[UnitRow]:
    """The units of a level on a day."""
    return [
        unit
        for unit in registry().territory.units.values()
        if unit.level == level
        and unit.valid_from <= day
        and (unit.valid_to is None or day <= unit.valid_to)
    ]


def name_on(code: str, day: date) -> str:
    """Kind and name of the unit with this code, the newest the unit had."""
    territory = registry().territory
    unit = territory.units[territory.on(code, day)]
    return f"{unit.kind} {unit.name}"


def heirs(code: str) -> dict[str, str]:
    """The successors of an old unit, by code, with their relation."""
    territory = registry().territory
    links = territory.links.get(territory.on(code, LAST_OLD), [])
    return {key.code: relation for key, relation in links}


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [
        (date(2008, 8, 1), 63, 696, 10_035),
        (LAST_OLD, 63, 696, 10_035),
        (FIRST_NEW, 34, 0, 3_321),
        (date(2026, 10, 1), 34, 0, 3_321),
    ],
)
def test_counts_by_day(day: date, provinces: int, districts: int, communes: int) -> None:
    assert len(units_on(day, "country")) == 1
    assert len(units_on(day, "province")) == provinces
    assert len(units_on(day, "district")) == districts
    assert len(units_on(day, "commune")) == communes


def test_new_communes_by_kind() -> None:
    started = {row.code: row.kind for row in registry().designations if row.valid_from == FIRST_NEW}
    kinds = Counter(started.get(unit.code, unit.kind) for unit in units_on(FIRST_NEW, "commune"))
    assert kinds == {"xã": 2_621, "phường": 687, "đặc khu": 13}
    newest = Counter(unit.kind for unit in units_on(date(2026, 10, 1), "commune"))
    assert newest == {"xã": 2_611, "phường": 697, "đặc khu": 13}


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("15", "tỉnh Yên Bái", "tỉnh Lào Cai"),
        ("24", "tỉnh Bắc Giang", "thành phố Bắc Ninh"),
        ("44", "tỉnh Quảng Bình", "tỉnh Quảng Trị"),
        ("46", "thành phố Huế", "thành phố Huế"),
        ("52", "tỉnh Bình Định", "tỉnh Gia Lai"),
        ("80", "tỉnh Long An", "tỉnh Tây Ninh"),
        ("82", "tỉnh Tiền Giang", "tỉnh Đồng Tháp"),
        ("91", "tỉnh Kiên Giang", "tỉnh An Giang"),
    ],
)
def test_a_province_code_means_another_province_after_the_reform(
    code: str, before: str, after: str
) -> None:
    assert name_on(code, LAST_OLD) == before
    assert name_on(code, FIRST_NEW) == after


def test_no_other_province_code_changed_its_meaning() -> None:
    old = {unit.code: unit.name for unit in units_on(LAST_OLD, "province")}
    new = {unit.code: unit.name for unit in units_on(FIRST_NEW, "province")}
    changed = {code for code in new if old[code] != new[code]}
    assert changed == {"15", "24", "44", "52", "80", "82", "91"}


def test_code_89_is_retired() -> None:
    assert name_on("89", LAST_OLD) == "tỉnh An Giang"
    assert "89" not in {unit.code for unit in units_on(FIRST_NEW, "province")}
    assert heirs("89") == heirs("91") == {"91": "merged"}


def test_designations_leave_no_gap_and_end_with_the_units_name() -> None:
    territory = registry().territory
    of_unit = defaultdict(list)
    for row in registry().designations:
        of_unit[UnitKey(row.code, row.unit_from)].append(row)
    assert len(of_unit) == 14
    for key, found in of_unit.items():
        unit = territory.units[key]
        first, second = sorted(found, key=lambda row: row.valid_from)
        assert first.valid_from == unit.valid_from
        assert first.valid_to == second.valid_from - timedelta(days=1)
        assert second.valid_to == unit.valid_to
        assert (second.kind, second.name) == (unit.kind, unit.name)
        assert second.legal_basis


def test_the_days_on_which_provinces_became_cities() -> None:
    days = {row.name: row.valid_from for row in registry().designations if row.kind == "thành phố"}
    assert days == {
        "Huế": date(2025, 1, 1),
        "Đồng Nai": date(2026, 4, 30),
        "Quảng Ninh": date(2026, 9, 1),
        "Bắc Ninh": date(2026, 9, 20),
    }


def test_eleven_provinces_did_not_merge() -> None:
    alone = [
        unit.name
        for unit in units_on(LAST_OLD, "province")
        if "unchanged" in heirs(unit.code).values()
    ]
    names = "Hà Nội, Cao Bằng, Điện Biên, Lai Châu, Sơn La, Lạng Sơn, Quảng Ninh, Thanh Hóa"
    assert set(alone) == {*names.split(", "), "Nghệ An", "Hà Tĩnh", "Huế"}
    assert len(alone) == 11


@pytest.mark.parametrize(
    ("code", "before", "after", "heir"),
    [
        ("30769", "phường Đông Hồ", "phường Hà Tiên", "30769"),
        ("30772", "phường Bình San", None, "30769"),
        ("30775", "phường Pháo Đài", None, "30769"),
        ("30778", "phường Mỹ Đức", None, "30769"),
        ("30766", "phường Tô Châu", "phường Tô Châu", "30766"),
        ("30784", "xã Thuận Yên", None, "30766"),
        ("30805", "xã Dương Hòa", None, "30766"),  # of huyện Kiên Lương
        ("30781", "xã Tiên Hải", "xã Tiên Hải", "30781"),
        ("31078", "phường Dương Đông", "đặc khu Phú Quốc", "31078"),
        ("31105", "xã Thổ Châu", "đặc khu Thổ Châu", "31105"),
        ("31108", "xã Hòn Tre", "đặc khu Kiên Hải", "31108"),
    ],
)
def test_reused_commune_codes_around_ha_tien(
    code: str, before: str, after: str | None, heir: str
) -> None:
    assert name_on(code, LAST_OLD) == before
    assert list(heirs(code)) == [heir]
    if after is None:
        assert code not in {unit.code for unit in units_on(FIRST_NEW, "commune")}
    else:
        assert name_on(code, FIRST_NEW) == after


def test_the_ward_of_to_chau_took_a_commune_of_another_district() -> None:
    units = registry().territory.units
    parents = {
        units[old].parent
        for old, links in registry().territory.links.items()
        if ("30766", FIRST_NEW) in [key for key, _ in links]
    }
    assert parents == {"900", "902"}


def test_ha_tien_city_has_no_heir() -> None:
    assert heirs("900") == {}


def test_only_districts_that_went_whole_into_one_commune_have_an_heir() -> None:
    links = registry().territory.links
    names = {
        registry().territory.units[key].name: [heir.code for heir, _ in heirs]
        for key, heirs in links.items()
        if len(key.code) == 3
    }
    assert len(names) == 14
    assert names["Kiên Hải"] == ["31108"]
    assert names["Trường Sa"] == ["22736"]
    assert {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"} < set(names)


def test_communes_that_were_divided() -> None:
    divided = {
        key: links
        for key, links in registry().territory.links.items()
        if len(key.code) == 5 and any(relation == "split" for _, relation in links)
    }
    assert len(divided) == 442
    assert Counter(len(links) for links in divided.values()) == {2: 370, 3: 55, 4: 16, 5: 1}
    kien_giang = {unit.code for unit in units_on(LAST_OLD, "district") if unit.parent == "91"}
    units = registry().territory.units
    assert not [key for key in divided if units[key].parent in kien_giang]


def test_wards_of_one_name_do_not_lend_each_other_their_heirs() -> None:
    assert heirs("25462") == {"25459": "merged"}  # Phường 4, Tây Ninh
    assert heirs("27691") == {"27694": "merged"}  # Phường 4, Tân An


def test_new_communes_across_old_district_borders() -> None:
    districts: dict[str, set[str]] = defaultdict(set)
    for old, links in registry().territory.links.items():
        for new, _ in links:
            if len(old.code) == 5:
                districts[new.code].add(registry().territory.units[old].parent)
    assert sum(len(parents) > 1 for parents in districts.values()) == 297


def test_everything_but_districts_has_a_successor_and_a_predecessor() -> None:
    territory = registry().territory
    for key, unit in territory.units.items():
        if unit.valid_to and unit.level != "district":
            assert territory.links[key]
    reached = {new for links in territory.links.values() for new, _ in links}
    new = {key for key in territory.units if key.valid_from == FIRST_NEW}
    assert reached == new


def test_communes_follow_their_province() -> None:
    territory = registry().territory
    for old, links in territory.links.items():
        if len(old.code) == 5:
            district = territory.parent(old)
            assert district is not None
            province = territory.parent(district)
            assert province is not None
            assert {territory.parent(new) for new, _ in links} == {territory.place(province)}


def test_parents_hold_on_the_same_days() -> None:
    territory = registry().territory
    above = {"province": "country", "district": "province"}
    for key, unit in territory.units.items():
        parent = territory.parent(key)
        if parent is None:
            assert unit.code == COUNTRY
            continue
        level = above.get(unit.level, "district" if unit.valid_to else "province")
        assert territory.units[parent].level == level
        assert territory.units[parent].valid_to in (unit.valid_to, None)


def test_every_old_unit_is_in_one_row_of_todays_map() -> None:
    territory = registry().territory
    rows = Counter(
        territory.units[territory.place(key)].level
        for key, unit in territory.units.items()
        if unit.level == "commune" and unit.valid_to
    )
    assert rows == {"commune": 10_035 - 442, "province": 442}
    assert territory.place(UnitKey("900", date(2008, 8, 1))) == ("91", FIRST_NEW)


def test_names_are_clean() -> None:
    for unit in registry().territory.units.values():
        assert unit.name == unicodedata.normalize("NFC", unit.name)
        assert unit.name == " ".join(unit.name.split())
        assert len(unit.name) <= 80
        assert unit.name[0] == unit.name[0].upper()
