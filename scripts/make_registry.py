"""Makes offices/registry/{units,successions,designations,offices}.csv.

From the package vietnamadminunits 1.0.4 (MIT), of which only the data files are read, and from
offices/registry/corrections.yaml. Run it from the top of the repository:

    .venv/bin/pip install --no-deps --target FOLDER vietnamadminunits==1.0.4
    .venv/bin/python -m scripts.make_registry FOLDER
"""

import csv
import json
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from offices.registry.heirs import Relation, district_links
from offices.registry.rows import COUNTRY, DesignationRow, OfficeRow, SuccessionRow, UnitRow
from scripts.kien_giang_offices import offices_of

VERSION = "1.0.4"
REGISTRY = Path(__file__).parents[1] / "offices" / "registry"


@dataclass(frozen=True)
class Package:
    """The package's old and new communes, and its converter from one to the other."""

    old: Sequence[dict[str, str]]
    new: Sequence[dict[str, str]]
    converter: dict[str, Any]  # the package's own nesting

    @classmethod
    def read(cls, folder: Path) -> "Package":
        """The package unpacked in `folder`. Raises SystemExit if it is not version 1.0.4."""
        if not (folder / f"vietnamadminunits-{VERSION}.dist-info").is_dir():
            raise SystemExit(f"{folder} does not hold vietnamadminunits {VERSION}.")
        data = folder / "vietnamadminunits" / "data"
        with sqlite3.connect(data / "dataset.db") as database:
            database.row_factory = sqlite3.Row
            old = [dict(row) for row in database.execute("SELECT * FROM admin_units_legacy")]
            new = [dict(row) for row in database.execute("SELECT * FROM admin_units")]
        return cls(old, new, json.loads((data / "converter_2025.json").read_text("utf-8")))


def split_name(full_name: str, kinds: Iterable[str]) -> tuple[str, str]:
    """`Phường Hà Tiên` → (`phường`, `Hà Tiên`). Raises ValueError for an unknown kind."""
    text = " ".join(unicodedata.normalize("NFC", full_name).split())
    for kind in kinds:
        if text.lower().startswith(f"{kind} "):
            return kind, text[len(kind) + 1 :]
    raise ValueError(f"Unknown kind of unit: {full_name}")


PROVINCE_KINDS = ("tỉnh", "thành phố")
DISTRICT_KINDS = ("quận", "huyện", "thị xã", "thành phố")
COMMUNE_KINDS = ("phường", "thị trấn", "xã", "đặc khu")


def make_units(package: Package, corrections: dict[str, Any]) -> list[UnitRow]:
    """The country, the old map and the new map."""
    begin: date = corrections["old_map"]["begins"]
    change: date = corrections["new_map"]["begins"]
    end = change - timedelta(days=1)
    found: dict[tuple[str, date], UnitRow] = {}

    def add(code: str, full: str, kinds: Sequence[str], parent: str, day: date) -> None:
        kind, name = split_name(full, kinds)
        row = UnitRow(code, kind, name, parent, day, end if day == begin else None)
        if found.setdefault((code, day), row) != row:
            raise ValueError(f"Two units with code {code}: {found[code, day]} and {row}")

    for old in package.old:
        add(old["provinceCode"], old["province"], PROVINCE_KINDS, COUNTRY, begin)
        add(old["districtCode"], old["district"], DISTRICT_KINDS, old["provinceCode"], begin)
        if old["wardCode"]:
            add(old["wardCode"], old["ward"], COMMUNE_KINDS, old["districtCode"], begin)
    for new in package.new:
        add(new["provinceCode"], new["province"], PROVINCE_KINDS, COUNTRY, change)
        add(new["wardCode"], new["ward"], COMMUNE_KINDS, new["provinceCode"], change)
    for fix in corrections["units"]:
        key = (fix["code"], fix["unit_from"])
        if getattr(found[key], fix["field"]) != fix["is"]:
            raise ValueError(f"This correction no longer applies: {fix}")
        found[key] = replace(found[key], **{fix["field"]: fix["should_be"]})
    for later in corrections["designations"]:
        key = (later["code"], later["unit_from"])
        found[key] = replace(found[key], **later["now"])
    country = UnitRow(COUNTRY, "nước", "Việt Nam", "", begin, None)
    return [country, *(found[key] for key in sorted(found, key=lambda k: (k[1], len(k[0]), k[0])))]


def make_successions(package: Package, corrections: dict[str, Any]) -> list[SuccessionRow]:
    """What became of each province and commune, and of the districts that have a single heir."""
    day: date = corrections["new_map"]["begins"]
    bases: dict[str, str] = corrections["new_map"]["communes"]
    provinces = _provinces(package)
    communes, districts = _communes(package)
    for fix in corrections["successions"]:
        communes[fix["code"]] = [(code, relation) for code, relation in fix["successors"]]
    _mark_unchanged(communes)
    for district, members in districts.items():
        links = district_links(members, communes) if members else communes.pop(district)
        if [relation for _, relation in links] != ["split"] * len(links):
            communes[district] = links
    province_of = {new["wardCode"]: new["provinceCode"] for new in package.new}
    rows = [
        SuccessionRow(old, new, day, relation, corrections["new_map"]["provinces"])
        for old, (new, relation) in sorted(provinces.items())
    ]
    for old in sorted(communes, key=lambda code: (len(code), code)):
        for new, relation in sorted(communes[old]):
            rows.append(SuccessionRow(old, new, day, relation, bases.get(province_of[new], "")))
    return rows


def _provinces(package: Package) -> dict[str, tuple[str, str]]:
    old = {row["provinceKey"]: row["provinceCode"] for row in package.old}
    new = {row["provinceKey"]: row["provinceCode"] for row in package.new}
    return {
        old[key]: (new[heir], "unchanged" if len(keys) == 1 else "merged")
        for heir, keys in package.converter["DICT_PROVINCE"].items()
        for key in keys
    }


Heirs = dict[str, list[tuple[str, Relation]]]


def _communes(package: Package) -> tuple[Heirs, dict[str, list[str]]]:
    """The heirs of each commune (five islands: of the district), and the communes by district."""
    code_of: dict[str, str] = {}
    districts: dict[str, list[str]] = defaultdict(list)
    for row in package.old:
        key = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"
        if key in code_of:
            raise ValueError(f"Two old communes are called {key}.")
        code_of[key] = row["wardCode"] or row["districtCode"]
        districts[row["districtCode"]] += [row["wardCode"]] if row["wardCode"] else []
    new = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in package.new}
    heirs: Heirs = {}
    for province, communes in package.converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for heir, keys in communes.items():
            for key in keys:
                heirs[code_of.pop(key)] = [(new[province, heir], "merged")]
    for province, divided in package.converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in divided.items():
            heirs[code_of.pop(key)] = [
                (new[province, part["newWardKey"]], "split") for part in parts
            ]
    if code_of:
        raise ValueError(f"Nothing is known of {sorted(code_of)}.")
    return heirs, districts


def _mark_unchanged(heirs: Heirs) -> None:
    """A commune whose heir took nothing else keeps its territory, whatever its kind or name."""
    predecessors: dict[str, list[str]] = defaultdict(list)
    for old, links in heirs.items():
        for new, _ in links:
            predecessors[new].append(old)
    for olds in predecessors.values():
        if len(olds) == 1 and len(heirs[olds[0]]) == 1:
            heirs[olds[0]] = [(heirs[olds[0]][0][0], "unchanged")]


def make_designations(
    corrections: dict[str, Any], units: Sequence[UnitRow]
) -> list[DesignationRow]:
    """Two rows for each unit that changed its kind or name: before and after."""
    last_days = {(unit.code, unit.valid_from): unit.valid_to for unit in units}
    rows = []
    for later in corrections["designations"]:
        code, on, changed = later["code"], later["unit_from"], later["changed_on"]
        until, last = changed - timedelta(days=1), last_days[later["code"], later["unit_from"]]
        basis = later["legal_basis"]
        rows.append(DesignationRow(code, on, **later["was"], valid_from=on, valid_to=until))
        rows.append(
            DesignationRow(
                code, on, **later["now"], valid_from=changed, valid_to=last, legal_basis=basis
            )
        )
    return rows


def write(name: str, rows: Sequence[UnitRow | SuccessionRow | DesignationRow | OfficeRow]) -> None:
    """One CSV file with a header; an open end is an empty cell."""
    with (REGISTRY / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(rows[0].__dataclass_fields__)
        for row in rows:
            writer.writerow("" if cell is None else cell for cell in row.cells())


def main(folder: str) -> None:
    """Writes the four files and says how many rows each has."""
    package = Package.read(Path(folder))
    corrections = yaml.safe_load((REGISTRY / "corrections.yaml").read_text("utf-8"))
    units = make_units(package, corrections)
    successions = make_successions(package, corrections)
    made: dict[str, Sequence[UnitRow | SuccessionRow | DesignationRow | OfficeRow]] = {
        "units.csv": units,
        "successions.csv": successions,
        "designations.csv": make_designations(corrections, units),
        "offices.csv": offices_of(units, successions),
    }
    for name, rows in made.items():
        write(name, rows)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
