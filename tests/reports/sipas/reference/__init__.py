"""What R's package survey says about a small invented survey.

make_inputs.py writes survey.csv, make_reference.R reads it and writes reference.csv, whose first
line names the versions of R and survey. Both results are committed: tests need no R.
"""

import csv
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent


class Reference(NamedTuple):
    """One figure of R: value and se as fractions of 1, deff against drawing with replacement."""

    design: str
    method: str
    figure: str
    value: float
    se: float
    deff: float | None


def survey() -> list[dict[str, str]]:
    """The rows of survey.csv."""
    with (FOLDER / "survey.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def references() -> list[Reference]:
    """The rows of reference.csv."""
    with (FOLDER / "reference.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [
            Reference(
                row["design"],
                row["method"],
                row["figure"],
                float(row["value"]),
                float(row["se"]),
                None if row["deff"] == "NA" else float(row["deff"]),
            )
            for row in rows
        ]


# The columns of survey.csv that make each design.
DESIGNS: dict[str, dict[str, str]] = {
    "simple": {},
    "strata": {"strata": "stratum"},
    "weights": {"weight": "weight"},
    "weights_or_0": {"strata": "stratum", "cluster": "cluster", "weight": "weight_or_0"},
    "strata_clusters": {"strata": "stratum", "cluster": "cluster"},
    "strata_clusters_weights": {"strata": "stratum", "cluster": "cluster", "weight": "weight"},
    "strata_clusters_weights_fpc": {
        "strata": "stratum",
        "cluster": "cluster",
        "weight": "weight",
        "fpc": "fpc_clusters",
    },
    "strata_clusters_weights_fraction": {
        "strata": "stratum",
        "cluster": "cluster",
        "weight": "weight",
        "fpc": "fraction",
    },
    "strata_weights_fpc": {"strata": "stratum", "weight": "weight", "fpc": "fpc_people"},
    # Clusters not drawn by stratum; the column is made of both names.
    "clusters": {"cluster": "both"},
}
