"""Makes offices/registry/points.csv: a point in the middle of every commune of today.

From the package vietnamadminunits 1.0.4 (MIT), of which only the data file is read, and from the
part `points` of offices/registry/corrections.yaml. Run it from the top of the repository:

    .venv/bin/pip install --no-deps --target FOLDER vietnamadminunits==1.0.4
    .venv/bin/python -m scripts.points FOLDER
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from offices.registry.rows import UnitRow, read
from scripts.make_registry import REGISTRY, VERSION, Package

STEP = 0.005  # degrees, about half a kilometre: enough to say which commune is near
HEAD = (
    "# A point in the middle of every commune, in degrees of WGS 84, rounded to 0.005 (500 m).\n"
    f"# Made by scripts/points.py from vietnamadminunits {VERSION} (MIT, (c) 2025 Tran Ngoc Minh\n"
    "# Hieu) and from corrections.yaml; decision 0061 says what was looked at.\n"
)


def rounded(degrees: float) -> str:
    """To the nearest step: 10.4029 → `10.405`."""
    return f"{round(degrees / STEP) * STEP:.3f}"


def make_points(
    package: Package, units: Sequence[UnitRow], corrections: Mapping[str, Any]
) -> list[str]:
    """The lines `code,latitude,longitude,reach`. Raises ValueError if code and name do not match.

    reach: how many kilometres from the point somebody may be there, where it is not the usual.
    """
    known = {row["wardCode"]: row for row in package.new}
    corrected = {str(one["code"]): one for one in corrections["points"]}
    lines = []
    for unit in units:
        if unit.level != "commune" or unit.valid_to is not None:
            continue
        row = known.pop(unit.code)
        if not row["ward"].casefold().endswith(f" {unit.name.casefold()}"):
            raise ValueError(f"{unit.code} is {unit.name} here and {row['ward']} in the package.")
        fix = corrected.pop(unit.code, {})
        if fix and fix["name"] != unit.name:
            raise ValueError(f"{unit.code} is {unit.name}, not {fix['name']}.")
        latitude, longitude = fix.get("at") or (float(row["wardLat"]), float(row["wardLon"]))
        reach = fix.get("reach", "")
        lines.append(f"{unit.code},{rounded(latitude)},{rounded(longitude)},{reach}")
    if known or corrected:
        raise ValueError(f"No commune of today: {sorted([*known, *corrected])}.")
    return lines


def main(folder: str) -> None:
    """Writes the file and says how many rows it has."""
    corrections = yaml.safe_load((REGISTRY / "corrections.yaml").read_text("utf-8"))
    lines = make_points(Package.read(Path(folder)), read(UnitRow, "units.csv"), corrections)
    text = "\n".join(["code,latitude,longitude,reach", *lines])
    (REGISTRY / "points.csv").write_text(f"{HEAD}{text}\n", "utf-8")
    print(f"points.csv: {len(lines)} rows")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
