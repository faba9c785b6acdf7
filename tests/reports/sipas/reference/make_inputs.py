"""Writes survey.csv, an invented sample: 4 strata, 24 clusters, 259 people, 16 criteria.

Run from the repository: python -m tests.reports.sipas.reference.make_inputs
Then: Rscript tests/reports/sipas/reference/make_reference.R
"""

import csv
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
CRITERIA = [
    f"{f}{i}" for f, n in zip("ABCDE", (3, 4, 3, 3, 3), strict=True) for i in range(1, n + 1)
]
# Clusters drawn, clusters in the population, people in the population of each stratum.
STRATA = {"đồng bằng": (8, 40, 9000), "miền núi": (6, 18, 2500), "đô thị": (7, 90, 30000)}
STRATA["hải đảo"] = (3, 4, 300)
SEED = 20260704


def main() -> None:
    """Writes the file; the same bytes every time."""
    rng = np.random.default_rng(SEED)
    header = ["response_id", *CRITERIA, "stratum", "cluster", "weight"]
    header += ["fpc_clusters", "fraction", "fpc_people", "weight_or_0"]
    rows: list[list[object]] = []
    for stratum, (drawn, clusters, people) in STRATA.items():
        level = rng.normal(1.1, 0.3)
        for cluster in range(1, drawn + 1):
            mood = level + rng.normal(0, 0.5)
            for _ in range(int(rng.integers(4, 17))):
                rows.append(
                    [
                        f"r{len(rows) + 1:04}",
                        *_answers(rng, mood),
                        stratum,
                        cluster,
                        f"{people / drawn / 10 * rng.uniform(0.5, 1.5):.3f}",
                        clusters,
                        drawn / clusters,
                        people,
                    ]
                )
    for number, row in enumerate(rows):
        row.append(0 if number % 13 == 5 else row[header.index("weight")])
    with (FOLDER / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _answers(rng: np.random.Generator, mood: float) -> list[str]:
    """One person's answers; factor E is asked of one in eight, 6 % are blank, 4 % don't know."""
    person = mood + rng.normal(0, 0.8)
    asked_e = rng.random() < 0.125
    answers = []
    for code in CRITERIA:
        level = int(np.clip(np.round(3 + person + rng.normal(0, 0.9)), 1, 5))
        chance = rng.random()
        if code.startswith("E") and not asked_e:
            answers.append("8")
        elif chance < 0.06:
            answers.append("")
        elif chance < 0.10:
            answers.append("9")
        else:
            answers.append(str(level))
    return answers


if __name__ == "__main__":
    main()
