"""What the rule of rows shows of simulated offices over two years, and what was shown before.

Shares in percent of the figures of a month, quarter or year that at least 2k people stand behind: a
headline of 2k people who count, a factor that 2k people answered, a criterion that 2k people
answered. `before` hid factors and criteria beside others of the same office and its longer periods.
An office's people come by chance around its size; A to D are answered by 90 to 98 of a hundred
people, E as said; people lean as in the family of `coverage`.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding import details
from reports.sipas.hiding.columns import Opened, take
from reports.sipas.hiding.rows import Row, answering, open_together, unfold
from reports.sipas.hiding.suppression import Cell, Policy, Shown, suppress

K = 10
SIZES = (10, 20, 30, 60, 100, 400)
OFTEN, SELDOM = "30-85", "15"
SATISFIED = (85, 98)
FACTORS = {"A": 4, "B": 3, "C": 3, "D": 3, "E": 3}
LAYOUT = Layout(
    tuple(
        Item(f"{f}{n}", "satisfaction", f, "services")
        for f, size in FACTORS.items()
        for n in range(1, size + 1)
    ),
    instrument="utility",
)
PERIODS = {"month": 1, "quarter": 3, "year": 12}
SEED = 20_261_129


def month(rng: np.random.Generator, size: int, often: str, satisfied: int) -> Sums:
    """The sums of the people of one month."""
    people = int(rng.poisson(size))
    share = rng.uniform(0.30, 0.85) if often == OFTEN else 0.15
    leaning = rng.normal(0.0, 1.0, people)
    base = {85: 1.45, 98: 2.9}[satisfied]
    columns: list[np.ndarray] = []
    for item in LAYOUT.items:
        if item.factor == "E":
            asked = _answers_e(rng, people, share, columns)
        else:
            asked = rng.random(people) < rng.uniform(0.90, 0.98)
        content = leaning + rng.normal(0.0, 1.0, people) + base > 0.0
        columns.append(np.where(asked, np.where(content, 5, 2), 0))
    return count(LAYOUT, np.stack(columns, axis=1).astype(np.uint8))


def _answers_e(
    rng: np.random.Generator, people: int, share: float, before: Sequence[np.ndarray]
) -> np.ndarray:
    """Whoever answers one criterion of E answers the others: the first one decides."""
    first = sum(FACTORS.values()) - FACTORS["E"]
    return rng.random(people) < share if len(before) == first else before[first] > 0


def shown(months: Sequence[Sums]) -> Iterator[tuple[str, int, set[str]]]:
    """By period and number: the columns that its figure shows; "h" for the headline."""
    rows: dict[int, Row] = {}
    rests: list[int] = []
    openings: list[tuple[frozenset[int], Opened]] = []
    members: dict[int, tuple[int, ...]] = {}

    def form(of: tuple[int, ...]) -> None:
        sums = total(LAYOUT, [months[n] for n in of])
        unfolded = unfold(sums, K)
        members[of[-1]] = of
        rows[of[-1]] = Row(of[-1], sums, unfolded.columns, unfolded.closed)
        openings.append((frozenset(of), take(sums, unfolded.columns)))

    def gather(within: range) -> None:
        some = [row for n, row in rows.items() if set(members[n]) <= set(within)]
        for numbers, columns in open_together(some, K):
            sums = total(LAYOUT, [rows[n].sums for n in numbers])
            of = frozenset(one for n in numbers for one in members[n])
            openings.append((of, take(sums, columns)))
            for n in numbers:
                row = rows[n]
                rows[n] = Row(n, row.sums, row.shown | columns, row.closed)

    for number, sums in enumerate(months):
        if _counted(sums) >= K:
            form((number,))
        else:
            rests.append(number)
        for length in (3, 12):
            if (number + 1) % length == 0:
                within = range(number + 1 - length, number + 1)
                left = tuple(n for n in rests if n in within)
                if left and sum(_counted(months[n]) for n in left) >= K:
                    form(left)
                    rests = [n for n in rests if n not in left]
                gather(within)
    for period, length in PERIODS.items():
        for start in range(0, len(months), length):
            inside = set(range(start, start + length))
            people = sum(row.sums.people for n, row in rows.items() if set(members[n]) <= inside)
            opened = Opened.total(LAYOUT, [one for of, one in openings if of <= inside])
            columns = {c for c in _columns() if people and opened.shows(c, people)}
            yield period, start, columns | ({"h"} if people else set())


def before(months: Sequence[Sums]) -> Iterator[tuple[str, int, set[str]]]:
    """What the rule before showed: a gate for each figure, and what longer periods withhold."""
    for period, length in PERIODS.items():
        for start in range(0, len(months), length):
            parts = [
                [
                    total(LAYOUT, list(months[n : n + short]))
                    for n in range(start, start + length, short)
                ]
                for short in PERIODS.values()
                if short < length
            ]
            withheld = details.withheld(LAYOUT, parts, K)
            sums = total(LAYOUT, list(months[start : start + length]))
            behind = dict(zip(details.codes(LAYOUT), details.answering(sums).tolist(), strict=True))
            factor_of = {item.code: item.factor or "" for item in LAYOUT.items}
            table = [Cell("", max(sums.people, K), None)]
            table += [
                Cell(code, people, None, factor_of.get(code, ""), withheld=code in withheld)
                for code, people in behind.items()
            ]
            decided = suppress(Policy(), table)
            columns = {
                f"f:{code}" if code in FACTORS else f"i:{code}"
                for code, one in decided.items()
                if code and isinstance(one, Shown)
            }
            yield period, start, columns | ({"h"} if sums.people >= K else set())


def _counted(sums: Sums) -> int:
    """How many people count: who answered the anchor, as far as the sums tell."""
    return answering(sums)["A1"]


def _columns() -> list[str]:
    return [f"f:{f}" for f in FACTORS] + [f"i:{item.code}" for item in LAYOUT.items]


def measure(size: int, often: str, satisfied: int, offices: int) -> dict[str, object]:
    """One line: by period the shares of headlines, factors and criteria, now and before."""
    rng = np.random.default_rng([SEED, size, len(often), satisfied])
    wanted: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str, str]] = Counter()
    for _ in range(offices):
        months = [month(rng, size, often, satisfied) for _ in range(24)]
        for name, rule in (("now", shown), ("before", before)):
            for period, start, columns in rule(months):
                sums = total(LAYOUT, months[start : start + PERIODS[period]])
                behind = answering(sums)
                enough = {"h": _counted(sums)} | {
                    f"{'f' if code in FACTORS else 'i'}:{code}": people
                    for code, people in behind.items()
                }
                for column, people in enough.items():
                    if people >= 2 * K:
                        kind = {"h": "headline", "f": "factors", "i": "criteria"}[column[0]]
                        wanted[period, kind] += name == "now"
                        found[name, period, kind] += column in columns
    shares = {
        name: {
            kind: [
                round(100.0 * found[name, period, kind] / wanted[period, kind], 1)
                if wanted[period, kind]
                else None
                for period in PERIODS
            ]
            for kind in ("headline", "factors", "criteria")
        }
        for name in ("now", "before")
    }
    return {"forms a month": size, "E": often, "satisfied": satisfied, **shares}


def main() -> None:
    """A line for each size, share of E and level of satisfaction; the last one is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("offices", nargs="?", type=int, default=40)
    offices = parser.parse_args().offices
    lines = []
    for often, satisfied, size in product((OFTEN, SELDOM), SATISFIED, SIZES):
        lines.append(measure(size, often, satisfied, offices))
        print(json.dumps(lines[-1]), flush=True)
    print(json.dumps({"offices": offices, "lines": len(lines)}))


if __name__ == "__main__":
    main()
