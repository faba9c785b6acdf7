"""How often a list of equal offices is said to have a high or a low one, and how many are found.

Every list has offices of 20 to 400 people, most of them small, and their unit is their sum. Percent
throughout. Of every row:
error: lists of equal offices in which one is called high or low; found: of the offices that are
really worse than the rest, with the share `worse`, how many are called low, in lists in which every
eighth office is one.
docs/methodology.md has the table.
"""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.measures.families import FAMILIES, moments
from reports.sipas.comparing.tiers import Measured, Standing, Tier, standings

OFFICES = (5, 40, 100)
TRUTHS = (80, 95, 98)
SMALLEST, LARGEST = 20, 400
EIGHTH = 8
SEED = 20_261_129
PROCESSES = 2
AT_ONCE = 25  # lists drawn together


@dataclass(frozen=True)
class Row:
    """One family, number of offices and truth."""

    family: str
    offices: int
    truth: int
    error: float
    worse: float
    found: float
    lists: int


def sizes(offices: int) -> list[int]:
    """How many people answered about each, evenly spread on a logarithmic scale."""
    return [round(n) for n in np.geomspace(SMALLEST, LARGEST, offices).tolist()]


def judged(rows: Sequence[NDArray[np.int64]], people: Sequence[int]) -> list[Standing]:
    """The offices of one list; rows: int64[5] of each."""
    whole = np.sum(rows, axis=0)
    measured = [_measured(row, n) for row, n in zip(rows, people, strict=True)]
    found = standings(list(measured), _measured(whole, sum(people)))
    return [one for one in found if one is not None]


def measure(family: str, offices: int, truth: int, lists: int) -> Row:
    """Draws lists of equal offices, and as many of which some are worse."""
    rng = np.random.default_rng([SEED, list(FAMILIES).index(family), offices, truth])
    people, share = sizes(offices), truth / 100.0
    worse = share - 1.5 * (1.0 - share) if truth > 90 else share - 0.15
    poor = [place % EIGHTH == EIGHTH // 2 for place in range(offices)]
    errors = found = 0
    for _ in range(0, lists, AT_ONCE):
        drawn = [moments(FAMILIES[family], rng, share, AT_ONCE, n) for n in people]
        mixed = [
            moments(FAMILIES[family], rng, worse, AT_ONCE, n) if bad else good
            for n, bad, good in zip(people, poor, drawn, strict=True)
        ]
        for at in range(AT_ONCE):
            equal = [rows[at] for rows in drawn]
            errors += any(one.tier is not Tier.OPEN for one in judged(equal, people))
            told = judged([rows[at] for rows in mixed], people)
            found += sum(one.tier is Tier.LOW and bad for one, bad in zip(told, poor, strict=True))
    done = len(range(0, lists, AT_ONCE)) * AT_ONCE
    return Row(
        family,
        offices,
        truth,
        error=_percent(errors / done),
        worse=_percent(worse),
        found=_percent(found / done / sum(poor)),
        lists=done,
    )


def measure_all(lists: int) -> list[Row]:
    """All rows; the longest lists first, so that no process waits at the end."""
    cells = list(product(FAMILIES, OFFICES, TRUTHS))
    with ProcessPoolExecutor(PROCESSES) as pool:
        asked = {
            cell: pool.submit(measure, *cell, lists)
            for cell in sorted(cells, key=lambda cell: -cell[1])
        }
        return [asked[cell].result() for cell in cells]


def table(rows: Sequence[Row]) -> str:
    """The error of equal offices, with the worse ones that are found in brackets."""
    lines = [f"{rows[0].family:16}" + "".join(f"{truth:>15} %" for truth in TRUTHS)]
    for offices in OFFICES:
        cells = [f"{row.error:8.1f} ({row.found:5.1f})" for row in rows if row.offices == offices]
        lines.append(f"{offices:16}" + "".join(f"{cell:>17}" for cell in cells))
    return "\n".join(lines)


def _measured(row: NDArray[np.int64], people: int) -> Measured:
    return Measured(Fraction(int(row[0]), int(row[1])), people, row)


def _percent(share: float) -> float:
    return round(100.0 * share, 2)


def main() -> None:
    """Prints a table of each family, then everything as one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("lists", type=int, nargs="?", default=1_000, help="of each row")
    rows = measure_all(parser.parse_args().lists)
    for family in FAMILIES:
        print(table([row for row in rows if row.family == family]))
    printed = {
        "benchmark": "verdicts",
        "unit": "percent",
        "highest_error": max(row.error for row in rows),
        "rows": [asdict(row) for row in rows],
    }
    print(json.dumps(printed))


if __name__ == "__main__":
    main()
