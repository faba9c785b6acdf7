"""Coverage of the intervals of a component in simulated surveys whose truth is known.

Percent throughout. Of every row:
coverage: 95 % intervals that hold the truth; too_high, too_low: those that lie above or below it;
with_parent: coverage where the parent unit's design effect is lent (here the true one);
naive_coverage: Wilson's interval that takes every answer for a person; before, width_before: of
the revision of the arithmetic before this one; width, naive_width: means;
error: standard error of `coverage` by the number of replications; design_effect: the true one.
People who are all or nothing are a binomial, so for them coverage is also added up exactly, for
every number of people from 10 to 1,000. docs/methodology.md has the tables.
"""

import argparse
import json
import math
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.measures.families import FAMILIES, moments
from reports.sipas.index.headline import FORMULAS, REVISION
from reports.sipas.index.interval import Formula, Interval, design_effect, ratio, wilson

PEOPLE = (10, 30, 100, 1_000)
TRUTHS = (50, 80, 95, 99)
# The family that stands for real forms; the others show what does not depend on it.
MAIN = "ordinal"
SEED = 20_260_701
PROCESSES = 2
AT_ONCE = 20_000  # people drawn together; 16 answers each stay near the processor


ANGRY = (5, 2)  # percent of the people, of whom nobody is satisfied with anything
EXACT = range(10, 1_001)
ANSWERS = 16


@dataclass(frozen=True)
class ExactRow:
    """Where people are all or nothing, by revision of the arithmetic, over all of `EXACT`.

    lowest, at: the lowest coverage, with so many people; missed: how many numbers of people are
    covered by less than 93 %; widths: mean width with 10, 50, 100 and 1,000 people.
    """

    angry: int
    revision: int
    lowest: float
    at: int
    missed: int
    widths: tuple[float, float, float, float]


def exact(people: int, angry: int, formula: Formula) -> tuple[float, float]:
    """Coverage and mean width: added up over all numbers of people who may be satisfied."""
    truth, coverage, width = 1.0 - angry / 100.0, 0.0, 0.0
    for good in range(people + 1):
        chance = math.exp(
            math.lgamma(people + 1)
            - math.lgamma(good + 1)
            - math.lgamma(people - good + 1)
            + good * math.log(truth)
            + (people - good) * math.log1p(-truth)
        )
        if chance < 1e-9:
            continue
        y, m = ANSWERS * good, ANSWERS * people
        row = np.array([y, m, ANSWERS * y, ANSWERS * m, ANSWERS * y])
        found = ratio(people, row, formula=formula)
        assert found is not None
        coverage += chance * (found.low <= 100.0 * truth <= found.high)
        width += chance * (found.high - found.low)
    return 100.0 * coverage, width


def exact_row(angry: int, revision: int) -> ExactRow:
    """All numbers of people."""
    found = {people: exact(people, angry, FORMULAS[revision]) for people in EXACT}
    lowest, at = min((coverage, people) for people, (coverage, _) in found.items())
    missed = sum(coverage < 93.0 for coverage, _ in found.values())
    ten, fifty, hundred, thousand = (round(found[n][1], 1) for n in (10, 50, 100, 1_000))
    return ExactRow(angry, revision, round(lowest, 2), at, missed, (ten, fifty, hundred, thousand))


@dataclass(frozen=True)
class Row:
    """One family, number of people and truth."""

    family: str
    n: int
    truth: int
    coverage: float
    error: float
    too_high: float
    too_low: float
    with_parent: float
    naive_coverage: float
    before: float
    width: float
    width_before: float
    naive_width: float
    design_effect: float
    replications: int


def measure(family: str, people: int, truth: int, replications: int) -> Row:
    """Draws surveys and asks the real functions for the interval of each."""
    rng = np.random.default_rng([SEED, list(FAMILIES).index(family), people, truth])
    at_once = max(1, AT_ONCE // people)
    sizes = [min(at_once, replications - start) for start in range(0, replications, at_once)]
    drawn = np.concatenate(
        [moments(FAMILIES[family], rng, truth / 100.0, size, people) for size in sizes]
    )
    # All surveys together are the parent; so many people have the true design effect.
    parent = design_effect(replications * people, drawn.sum(axis=0))
    own = _limits([ratio(people, row) for row in drawn])
    lent = _limits([ratio(people, row, parent) for row in drawn])
    naive = _limits([wilson(int(row[0]), int(row[1])) for row in drawn])
    before = _limits([ratio(people, row, formula=FORMULAS[REVISION - 1]) for row in drawn])
    too_high, too_low = own[:, 0] > truth, own[:, 1] < truth
    share = float(np.mean(~too_high & ~too_low))
    return Row(
        family=family,
        n=people,
        truth=truth,
        coverage=_percent(share),
        error=_percent(np.sqrt(share * (1.0 - share) / replications)),
        too_high=_percent(np.mean(too_high)),
        too_low=_percent(np.mean(too_low)),
        with_parent=_percent(np.mean((lent[:, 0] <= truth) & (truth <= lent[:, 1]))),
        naive_coverage=_percent(np.mean((naive[:, 0] <= truth) & (truth <= naive[:, 1]))),
        before=_percent(np.mean((before[:, 0] <= truth) & (truth <= before[:, 1]))),
        width=round(float(np.mean(own[:, 1] - own[:, 0])), 2),
        width_before=round(float(np.mean(before[:, 1] - before[:, 0])), 2),
        naive_width=round(float(np.mean(naive[:, 1] - naive[:, 0])), 2),
        design_effect=round(parent or 1.0, 2),
        replications=replications,
    )


def measure_all(replications: int) -> dict[str, list[Row]]:
    """All rows by family, the largest surveys drawn first so that no process waits at the end."""
    cells = sorted(product(FAMILIES, PEOPLE, TRUTHS), key=lambda cell: -cell[1])
    with ProcessPoolExecutor(PROCESSES) as pool:
        asked = {cell: pool.submit(measure, *cell, replications) for cell in cells}
        found = {cell: future.result() for cell, future in asked.items()}
    return {
        family: [found[family, people, truth] for people, truth in product(PEOPLE, TRUTHS)]
        for family in FAMILIES
    }


def table(rows: Sequence[Row]) -> str:
    """Coverage with the naive one in brackets, people down and truths across."""
    lines = [f"{rows[0].family:14}" + "".join(f"{truth:>15} %" for truth in TRUTHS)]
    for people in PEOPLE:
        cells = [
            f"{row.coverage:8.1f} ({row.naive_coverage:5.1f})" for row in rows if row.n == people
        ]
        lines.append(f"{people:14,}" + "".join(f"{cell:>17}" for cell in cells))
    return "\n".join(lines)


def _limits(intervals: Sequence[Interval | None]) -> NDArray[np.float64]:
    """float64[surveys, 2]."""
    found = [(limits.low, limits.high) for limits in intervals if limits is not None]
    if len(found) != len(intervals):
        raise AssertionError("a survey without a single answer was drawn")
    return np.array(found)


def _percent(share: float | np.floating) -> float:
    return round(100.0 * float(share), 2)


def main() -> None:
    """Prints a table of each family, then everything as one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("replications", type=int, nargs="?", default=20_000, help="of each row")
    replications: int = parser.parse_args().replications
    if replications < 2:
        parser.error("at least 2 replications are needed")
    families = measure_all(replications)
    every = [row for rows in families.values() for row in rows]
    bounded = [row.coverage for row in every if row.n >= 100 and row.truth <= 95]
    for rows in families.values():
        print(table(rows))
    exactly = [exact_row(*case) for case in product(ANGRY, sorted(FORMULAS))]
    for one in exactly:
        print(
            f"{one.angry} % angry, revision {one.revision}: lowest {one.lowest} at {one.at} people,"
            f" below 93 for {one.missed} of {len(EXACT)}, width {one.widths}"
        )
    printed = {
        "benchmark": "coverage",
        "unit": "percent",
        "lowest": min(row.coverage for row in every),
        "lowest_with_parent": min(row.with_parent for row in every),
        "highest_from_100_people_up_to_95": max(bounded),
        "lowest_before": min(row.before for row in every),
        "all_or_nothing": [asdict(one) for one in exactly],
        "rows": [asdict(row) for row in families[MAIN]],
        "families": {name: [asdict(row) for row in rows] for name, rows in families.items()},
    }
    print(json.dumps(printed))


if __name__ == "__main__":
    main()
