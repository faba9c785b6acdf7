"""The order of Vietnamese names: in Python and in the database, tested on every name there is."""

import unicodedata
from datetime import date
from functools import cmp_to_key
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offices.models import Field, Office, Procedure
from offices.names import Named, in_order, person_in_order, province_in_order, told_apart
from offices.registry.rows import UnitRow, read
from tests import factories

# The letters in their order, each with its six tones: none, huyền, hỏi, ngã, sắc, nặng.
LETTERS = (
    *("aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "b", "c", "d", "đ", "eèẻẽéẹ", "êềểễếệ", "f", "g", "h"),
    *("iìỉĩíị", "j", "k", "l", "m", "n", "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "p", "q", "r", "s"),
    *("t", "uùủũúụ", "ưừửữứự", "v", "w", "x", "yỳỷỹýỵ", "z"),
)
PLACE = {form: place for place, forms in enumerate(LETTERS) for form in forms}
TONE = {form: tone for forms in LETTERS for tone, form in enumerate(forms)}


def compare_words(one: str, other: str) -> int:
    """Less than, equal to or more than 0: letter by letter, then the tones."""
    if one.isdigit() != other.isdigit():
        return -1 if one.isdigit() else 1
    if one.isdigit():
        return int(one) - int(other)
    for mine, theirs in zip(one, other, strict=False):
        if PLACE[mine] != PLACE[theirs]:
            return PLACE[mine] - PLACE[theirs]
    if len(one) != len(other):
        return len(one) - len(other)
    return max(TONE[letter] for letter in one) - max(TONE[letter] for letter in other)


def compare(one: str, other: str) -> int:
    """The same for names: word by word, and a name before what goes on."""
    mine, theirs = (
        name.lower().replace("'", "").replace("-", " ").split() for name in (one, other)
    )
    for word, another in zip(mine, theirs, strict=False):
        if (found := compare_words(word, another)) != 0:
            return found
    return len(mine) - len(theirs)


def names_of_today() -> list[str]:
    """The names of the communes of today's map."""
    return [
        unit.name
        for unit in read(UnitRow, "units.csv")
        if unit.level == "commune" and unit.valid_to is None
    ]


def test_all_communes_of_today_are_in_the_order_of_a_dictionary() -> None:
    names = names_of_today()
    assert len(names) == 3321
    ordered = sorted(names, key=in_order)
    assert [pair for pair in pairwise(ordered) if compare(*pair) > 0] == []
    slowly = sorted(names, key=cmp_to_key(compare))
    assert [name for name, other in zip(ordered, slowly, strict=True) if compare(name, other)] == []


@pytest.mark.parametrize(
    "names",
    [
        ["Da", "Dĩ An", "Duy", "Đà Nẵng", "Đắk Lắk", "Đồng Nai", "Ea Súp"],
        ["An", "Ăn", "Ân", "Ba"],
        ["Tan", "Tàn", "Tản", "Tãn", "Tán", "Tạn", "Tang", "Tăn", "Tân", "Tấn"],
        ["Co", "Coz", "Cô", "Cơ", "Cu", "Cuz", "Cư", "Cy"],
        ["E", "Ez", "Ê", "Fa", "Ga"],
        ["I", "Ja", "Ka", "Va", "Wa", "Xa", "Y", "Za"],
        ["Tuân thủ", "Tuần chay", "Tuần thủ", "Tuấn"],
        ["Ba Tri", "Ba Vì", "Bà Rịa", "Bá Thước", "Bạ", "Bac", "Bạc Liêu"],
        ["Hà", "Hà Đông", "Hà Tiên", "Hải", "Han"],
        ["Phường 2", "Phường 10", "Phường 10 Tây", "Phường 11", "Phường An", "Phường B"],
        ["1 Bảo Lộc", "2 Bảo Lộc", "10 Bảo Lộc", "An"],
        ["Phường 002", "Phường 3", "Phường 010"],
        ["B'Lao", "Bo", "Cư M'gar", "Cư Mốt", "M'Drắk", "Mê Linh"],
        ["Lâm Viên", "Lâm Viên - Đà Lạt", "Lâm Viên Hạ"],
        ["HÀ TIÊN", "Hà Tiên", "hà Tiên", "Hà Tiên An", "hà tiên Bắc"],
        ["Hòa Bình", "Hoà Bình An", "Hòa Bình Bắc", "Hoà Bình Cao"],
    ],
    ids=lambda names: names[0],
)
def test_letters_then_tones_word_by_word_and_numbers_by_value(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=in_order) == names


def test_decomposed_text_is_the_same_name() -> None:
    for name in names_of_today():
        assert in_order(unicodedata.normalize("NFD", name)) == in_order(name)
    assert province_in_order(unicodedata.normalize("NFD", "Tỉnh Đắk Lắk")) == in_order("Đắk Lắk")


def test_people_are_looked_for_under_their_given_name() -> None:
    names = ["Trần Thị Ánh", "Lê Văn Đức", "Nguyễn Văn Đức", "Đinh Ê", "admin"]
    assert sorted(names, key=person_in_order) == [
        "admin",
        "Trần Thị Ánh",
        "Lê Văn Đức",
        "Nguyễn Văn Đức",
        "Đinh Ê",
    ]


def keys_in_the_database(texts: list[str]) -> list[str]:
    """What the database's function makes of the texts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT offices_name_key(one) FROM unnest(%s::text[]) AS one", [texts])
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.django_db
def test_the_database_has_the_same_keys_for_all_names() -> None:
    names = [unit.name for unit in read(UnitRow, "units.csv")]
    assert len(names) > 14000
    assert keys_in_the_database(names) == [in_order(name) for name in names]


# Letters in both forms of Unicode, capitals, signs, digits and what no Vietnamese name has.
ODD = st.text(
    "".join(LETTERS) + "ĐÂƠỮ 0123456789''’-–(),./!\"#$%&{|}~\t\u0300\u0301\u0323\u0302éöñ中ក"
)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ODD, max_size=20))
def test_the_database_has_the_same_key_for_any_text(texts: list[str]) -> None:
    assert keys_in_the_database(texts) == [in_order(text) for text in texts]


@pytest.mark.django_db
def test_offices_fields_and_procedures_come_in_this_order_whoever_wrote_them() -> None:
    for number, name in enumerate(["Xã Ô Môn", "Xã Đất Đỏ", "Xã Dầu Giây", "Phường 10"]):
        factories.office(slug=f"o-{number}", name=name)
        Field.objects.create(slug=f"f-{number}", name=name)
    Office.objects.filter(slug="o-3").update(name="Phường 2")
    factories.office(name="Phường 10")
    assert list(Office.objects.values_list("name", flat=True)) == [
        *("Phường 2", "Phường 10", "Xã Dầu Giây", "Xã Đất Đỏ", "Xã Ô Môn")
    ]
    assert [field.name for field in Field.objects.all()] == [
        *("Phường 10", "Xã Dầu Giây", "Xã Đất Đỏ", "Xã Ô Môn")
    ]
    for code, field in (("1.000001", "f-0"), ("1.000002", "f-1"), ("1.000003", "f-2")):
        Procedure.objects.create(code=code, name="Cấp", field=Field.objects.get(slug=field))
    assert [procedure.code[-1] for procedure in Procedure.objects.all()] == ["3", "2", "1"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("let_go_again")
def test_the_column_goes_and_comes_back() -> None:
    office = factories.office(name="Trung tâm Đ")
    call_command("migrate", "offices", "0003", verbosity=0)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_proc WHERE proname = 'offices_name_key'")
            assert cursor.fetchone() == (0,)
    finally:
        call_command("migrate", verbosity=0)
    assert Office.objects.get(pk=office.pk).name_key == in_order("Trung tâm Đ")


def listed(name: str, *above: str, ended: date | None = None) -> Named:
    """Something in a list; it stands on its own from the day after the old map on."""
    return Named(name, above, date(2008, 8, 1) if ended else date(2025, 7, 1), ended)


OLD = date(2025, 6, 30)


def test_a_name_that_stands_alone_stays_as_it_is() -> None:
    names = [listed("Tỉnh An Giang", "Việt Nam"), listed("Tỉnh Cà Mau", "Việt Nam", ended=OLD)]
    assert told_apart(names) == ["Tỉnh An Giang", "Tỉnh Cà Mau"]
    assert told_apart([]) == []


def test_namesakes_of_two_maps_say_their_days() -> None:
    names = [listed("Tỉnh An Giang", "Việt Nam"), listed("Tỉnh An Giang", "Việt Nam", ended=OLD)]
    assert told_apart(names) == [
        "Tỉnh An Giang (từ ngày 01/07/2025)",
        "Tỉnh An Giang (đến hết ngày 30/06/2025)",
    ]
    assert told_apart(names, with_last_days=True) == ["Tỉnh An Giang"] * 2


def test_namesakes_in_several_places_say_the_nearest_one_that_differs() -> None:
    names = [
        listed("Bộ phận Một cửa", "Xã Vĩnh Phú", "Huyện Giồng Riềng", "Tỉnh Kiên Giang", ended=OLD),
        listed("Bộ phận Một cửa", "Xã Vĩnh Phú", "Huyện Thoại Sơn", "Tỉnh An Giang", ended=OLD),
    ]
    apart = ["Bộ phận Một cửa (Huyện Giồng Riềng)", "Bộ phận Một cửa (Huyện Thoại Sơn)"]
    assert told_apart(names) == apart
    assert told_apart(names, with_last_days=True) == apart


def test_namesakes_that_neither_place_nor_day_tells_apart_say_both() -> None:
    names = [
        listed("Xã Tân An", "Tỉnh A", ended=OLD),
        listed("Xã Tân An", "Tỉnh A"),
        listed("Xã Tân An", "Tỉnh B"),
    ]
    assert told_apart(names) == [
        "Xã Tân An (Tỉnh A, đến hết ngày 30/06/2025)",
        "Xã Tân An (Tỉnh A, từ ngày 01/07/2025)",
        "Xã Tân An (Tỉnh B, từ ngày 01/07/2025)",
    ]


def test_names_are_the_same_however_they_are_written() -> None:
    names = [listed("Xã Hòa An", "Tỉnh A"), listed("xã Hoà An", "Tỉnh B")]
    assert told_apart(names) == ["Xã Hòa An (Tỉnh A)", "xã Hoà An (Tỉnh B)"]


def test_one_thing_listed_twice_is_no_namesake_of_itself() -> None:
    twice = listed("Tỉnh Cà Mau", "Việt Nam")
    assert told_apart([twice, twice]) == ["Tỉnh Cà Mau", "Tỉnh Cà Mau"]


def test_all_provinces_of_both_maps_are_told_apart() -> None:
    units = read(UnitRow, "units.csv")
    provinces = [
        Named(u.name, (u.parent,), u.valid_from, u.valid_to) for u in units if u.level == "province"
    ]
    assert len(set(told_apart(provinces))) == len(provinces) > len({p.name for p in provinces})
