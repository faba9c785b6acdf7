"""Loading the registry: all or nothing, and a second time nothing changes."""

from collections import Counter as Count
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models

from offices.models import (
    AdministrativeUnit,
    Counter,
    Designation,
    DirectoryRevision,
    Field,
    Office,
    Procedure,
    Succession,
)
from offices.registry.load import Registry, load, read_registry
from offices.registry.rows import BadRow, CounterRow, FieldRow, UnitRow, read
from offices.registry.territory import Territory, UnitKey, Unknown

pytestmark = pytest.mark.django_db

TABLES: tuple[type[models.Model], ...] = (
    AdministrativeUnit,
    Succession,
    Designation,
    Office,
    Office.predecessors.through,
    Counter,
    Field,
    Procedure,
)


def contents() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the registry's tables."""
    return {
        table.__name__: list(table._default_manager.order_by("pk").values_list())
        for table in TABLES
    }


def part(*codes: str) -> Registry:
    """Only old Kiên Giang and An Giang, and what came of them: enough to see, and quick."""
    whole = read_registry()
    kept: dict[UnitKey, UnitRow] = {}
    for key, unit in whole.territory.units.items():  # parents come first
        above = whole.territory.parent(key)
        if above is None or unit.code in codes or (above in kept and unit.level != "province"):
            kept[key] = unit
    known = {(code, first) for code, first in kept}
    territory = Territory(
        kept,
        [
            row
            for row in whole.territory.successions
            if all(end in known for end in whole.territory.ends(row))
        ],
    )
    followed = {slug: follows for slug, follows in whole.followed.items() if follows.unit in known}
    return replace(
        whole,
        territory=territory,
        followed=followed,
        offices=[office for office in whole.offices if office.slug in followed],
        designations=[],
    )


def test_the_command_loads_the_country_once() -> None:
    first, second = StringIO(), StringIO()
    call_command("load_registry", stdout=first)
    before, revision = contents(), DirectoryRevision.objects.get().revision
    call_command("load_registry", stdout=second)
    assert "14150 units" in first.getvalue()
    assert "added or corrected: nothing" in second.getvalue()
    assert contents() == before
    assert DirectoryRevision.objects.get().revision == revision


def test_provinces_become_cities_on_their_day() -> None:
    load(read_registry())
    provinces = AdministrativeUnit.objects.filter(level="province").prefetch_related("designations")

    def kinds(day: date) -> dict[str, int]:
        return dict(Count(unit.full_name_on(day).split()[0] for unit in provinces.on(day)))

    assert kinds(date(2024, 12, 31)) == {"Tỉnh": 58, "Thành": 5}
    assert kinds(date(2025, 1, 1)) == {"Tỉnh": 57, "Thành": 6}
    assert kinds(date(2025, 7, 1)) == {"Tỉnh": 28, "Thành": 6}
    assert kinds(date(2026, 4, 29)) == {"Tỉnh": 28, "Thành": 6}
    assert kinds(date(2026, 4, 30)) == {"Tỉnh": 27, "Thành": 7}
    assert kinds(date(2026, 9, 1)) == {"Tỉnh": 26, "Thành": 8}
    assert kinds(date(2026, 9, 20)) == {"Tỉnh": 25, "Thành": 9}
    assert kinds(date(2026, 10, 1)) == {"Tỉnh": 25, "Thành": 9}
    hue = provinces.on(date(2024, 12, 31)).get(code="46")
    assert hue.full_name_on(date(2024, 12, 31)) == "Tỉnh Thừa Thiên Huế"
    assert hue.full_name_on(date(2025, 1, 1)) == "Thành phố Huế"


def test_the_offices_of_ha_tien() -> None:
    load(part("91", "89"))
    desk = Office.objects.get(slug="tp-ha-tien-2025")
    assert desk.name == "Bộ phận Tiếp nhận và Trả kết quả thành phố Hà Tiên"
    assert desk.heir is None
    assert (desk.today_unit.code, desk.today_unit.valid_from) == ("91", date(2025, 7, 1))
    after = desk.successors.order_by("slug").values_list("slug", flat=True)
    assert list(after) == ["phuong-ha-tien", "phuong-to-chau", "xa-tien-hai"]
    assert desk.is_open_on(date(2025, 6, 30))
    assert not desk.is_open_on(date(2025, 7, 1))
    centre = Office.objects.get(slug="phuong-ha-tien")
    assert centre.name == "Trung tâm Phục vụ hành chính công phường Hà Tiên"
    assert centre.is_open_on(date(2025, 7, 1))
    assert [counter.number for counter in centre.counters.all()] == [1, 2, 3, 4]


def test_what_an_operator_changed_stays() -> None:
    registry = part("91", "89")
    load(registry)
    Office.objects.filter(slug="phuong-ha-tien").update(name="Trung tâm mới", valid_to="2030-01-01")
    Counter.objects.filter(office__slug="phuong-ha-tien", number=4).delete()
    Procedure.objects.filter(code="1.001193").update(name="Khai sinh")
    assert str(load(registry)) == "nothing"
    assert Office.objects.get(slug="phuong-ha-tien").name == "Trung tâm mới"
    assert Counter.objects.filter(office__slug="phuong-ha-tien").count() == 3
    assert Procedure.objects.get(code="1.001193").name == "Khai sinh"


def test_repealed_procedures_are_loaded_with_their_last_day() -> None:
    load(part("91", "89"))
    ended = Procedure.objects.exclude(valid_to=None).values_list("code", "valid_to")
    assert dict(ended) == {"2.001009": date(2025, 12, 31), "2.000986": date(2026, 9, 7)}
    assert not Procedure.objects.exclude(valid_from=None).exists()


def test_units_and_successions_are_brought_back_to_the_files() -> None:
    registry = part("91", "89")
    load(registry)
    before = contents()
    AdministrativeUnit.objects.filter(code="30769").update(name="Sai")
    Succession.objects.filter(predecessor__code="30772").update(relation="split")
    Office.objects.filter(slug="phuong-binh-san-2025").update(heir=None)
    wrong = Succession.objects.create(
        predecessor=AdministrativeUnit.objects.get(code="30772"),
        successor=AdministrativeUnit.objects.get(code="30781", valid_to=None),
        effective_on=date(2025, 7, 1),
        relation="split",
    )
    ours = Office.objects.get(slug="phuong-ha-tien")
    ours.predecessors.add(Office.objects.get(slug="xa-tien-hai-2025"))
    ours.predecessors.remove(Office.objects.get(slug="phuong-binh-san-2025"))
    assert str(load(registry)) == "2 units, 2 successions, 1 offices"
    assert set(ours.predecessors.values_list("slug", flat=True)) == {
        "tp-ha-tien-2025",
        "phuong-dong-ho-2025",
        "phuong-binh-san-2025",
        "phuong-phao-dai-2025",
        "phuong-my-duc-2025",
    }
    assert not Succession.objects.filter(pk=wrong.pk).exists()
    through = Office.predecessors.through.__name__
    assert {**contents(), through: []} == {**before, through: []}


def test_a_failure_halfway_leaves_nothing() -> None:
    registry = part("91", "89")
    broken = replace(registry, fields=[FieldRow("ho-tich", "Hộ tịch")])  # others are missing
    with pytest.raises(KeyError):
        load(broken)
    assert not AdministrativeUnit.objects.exists()
    assert not Office.objects.exists()


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "counters.csv").write_text("office,number,name\na,1,b\na,zwei,b\n", "utf-8")
    with pytest.raises(BadRow, match=r"counters\.csv, line 3"):
        read(CounterRow, "counters.csv", tmp_path)
    (tmp_path / "counters.csv").write_text("office,name\n", "utf-8")
    with pytest.raises(BadRow, match="first line must be office,number,name"):
        read(CounterRow, "counters.csv", tmp_path)


def test_a_unit_that_does_not_exist_on_a_day_is_named() -> None:
    territory = read_registry().territory
    with pytest.raises(Unknown, match="900 on 2025-07-01"):
        territory.on("900", date(2025, 7, 1))


def test_a_bad_registry_stops_the_command(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(
        "code,kind,name,parent,valid_from,valid_to\nVN,nước,Việt Nam,,2008-02-31,\n", "utf-8"
    )
    with pytest.raises(CommandError, match=r"units\.csv, line 2"):
        call_command("load_registry", folder=tmp_path)
    assert not AdministrativeUnit.objects.exists()
