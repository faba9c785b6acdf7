"""Makes offices/registry/centres.csv from units.csv and offices.csv: every commune's centre.

    .venv/bin/python -m scripts.centres

A short name that was decided stays: rows of the file that are there keep theirs. A new one is the
commune's kind and name; where another office or commune has that, its province follows, then its
code.
"""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from offices.registry.centres import usual_slug
from offices.registry.rows import FOLDER, OfficeRow, UnitRow, read
from offices.registry.slugs import ascii_slug

FILE = "centres.csv"
NAME = "Trung tâm Phục vụ hành chính công"


def centres_of(
    units: Sequence[UnitRow],
    offices: Sequence[OfficeRow],
    decided: Mapping[tuple[str, date], str],
) -> list[OfficeRow]:
    """A row for each commune of today's map. decided: short names by code and first day."""
    provinces = {u.code: u.name for u in units if u.level == "province" and u.valid_to is None}
    communes = [u for u in units if u.level == "commune" and u.valid_to is None]
    shipped = {(o.unit, o.valid_from): o.slug for o in offices if o.kind == "commune_centre"}
    known = {**decided, **shipped}
    taken = {o.slug for o in offices} | set(known.values())
    usual = Counter(usual_slug(u.kind, u.name) for u in communes)
    rows = []
    for unit in communes:
        key = (unit.code, unit.valid_from)
        slug = known.get(key)
        if slug is None:
            short = usual_slug(unit.kind, unit.name)
            place = ascii_slug(provinces[unit.parent])
            tries = [short] if usual[short] == 1 else []
            tries += [f"{short}-{place}", f"{short}-{place}-{unit.code}"]
            slug = next(one for one in tries if one not in taken)
            taken.add(slug)
        name = f"{NAME} {unit.kind} {unit.name}"
        rows.append(OfficeRow(slug, "commune_centre", name, unit.code, unit.valid_from))
    return rows


def main() -> None:
    """Writes the file and says how many rows it has."""
    path = FOLDER / FILE
    decided = (
        {(r.unit, r.valid_from): r.slug for r in read(OfficeRow, FILE)} if path.exists() else {}
    )
    rows = centres_of(read(UnitRow, "units.csv"), read(OfficeRow, "offices.csv"), decided)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(OfficeRow.__dataclass_fields__)
        for row in rows:
            writer.writerow("" if cell is None else cell for cell in row.cells())
    print(f"{FILE}: {len(rows)} rows")


if __name__ == "__main__":
    main()
