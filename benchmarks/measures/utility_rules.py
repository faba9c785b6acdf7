"""What the rule of rows shows of an office's months, and what the rule before showed.

`before` hid factors and criteria beside others of the same office and its longer periods. An
office's people come by chance around its size; A to D are answered by 90 to 98 of a hundred people,
E as said; people lean as in the family of `coverage`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding import details
from reports.sipas.hiding.columns import Opened, take
from reports.sipas.hiding.rows import Row, answering, open_together, unfold
from reports.sipas.hiding.suppression import Cell, Policy, Shown, suppress

K = 10
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
KINDS = ("headline", "factors", "criteria", "opened")
# Period, first month, columns that its figure shows, and by month those that opened within it.
Figure = tuple[str, int, set[str], dict[int, set[str]]]


def drawn(rng: np.random.Generator, people: int, share: float, base: float) -> Sums:
    """The sums of so many people; share: of E; base: what is added to everybody's leaning."""
    leaning = rng.normal(0.0, 1.0, people)
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


def shown(months: Sequence[Sums]) -> Iterator[Figure]:
    """By period and number: the columns that its figure shows; "h" for the headline.

    `months` besides: which columns of its months have opened within it.
    """
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

    def gather(within: range, year: range) -> None:
        of_year = [row for n, row in rows.items() if set(members[n]) <= set(year)]
        some = [row for row in of_year if set(members[row.number]) <= set(within)]
        earlier = [row for row in of_year if row not in some]
        for numbers, columns in open_together(some, K, earlier):
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
        ended = [
            range(number + 1 - length, number + 1)
            for length in (3, 12)
            if (number + 1) % length == 0
        ]
        for within in ended:
            left = tuple(n for n in rests if n in within)
            if left and sum(_counted(months[n]) for n in left) >= K:
                form(left)
                rests = [n for n in rests if n not in left]
        for within in ended:
            gather(within, ended[-1])
    for period, length in PERIODS.items():
        for start in range(0, len(months), length):
            inside = set(range(start, start + length))
            people = sum(row.sums.people for n, row in rows.items() if set(members[n]) <= inside)
            opened = Opened.total(LAYOUT, [one for of, one in openings if of <= inside])
            columns = {c for c in _columns() if people and opened.shows(c, people)}
            parts = {
                n: {c for of, one in openings if n in of <= inside for c in _columns(one)}
                for n in inside
            }
            yield period, start, columns | ({"h"} if people else set()), parts


def before(months: Sequence[Sums]) -> Iterator[Figure]:
    """What the rule before showed: a gate for each figure, and what longer periods withhold."""
    known: dict[int, set[str]] = defaultdict(set)
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
            inside = range(start, start + length)
            for n in inside:
                known[n] |= columns
            of_months = {n: set(known[n]) for n in inside}
            yield period, start, columns | ({"h"} if sums.people >= K else set()), of_months


def _counted(sums: Sums) -> int:
    """How many people count: who answered the anchor, as far as the sums tell."""
    return answering(sums)["A1"]


def _columns(opened: Opened | None = None) -> list[str]:
    columns = [f"f:{f}" for f in FACTORS] + [f"i:{item.code}" for item in LAYOUT.items]
    return [c for c in columns if opened is None or opened.people(c)]


class Tally:
    """How many figures at least 2k people stand behind, and how many of them are shown.

    headline, factors, criteria: of the figure of a period itself. opened: of the factors of the
    months in it, those that have opened, for the month alone or with other months, by its end.
    """

    def __init__(self) -> None:
        self.wanted: Counter[tuple[str, str]] = Counter()
        self.found: Counter[tuple[str, str, str]] = Counter()

    def add(self, months: Sequence[Sums]) -> None:
        """Counts an office: whole years."""
        of_months = [_enough(one) for one in months]
        for period, length in PERIODS.items():
            for start in range(0, len(months), length):
                for column in _enough(total(LAYOUT, list(months[start : start + length]))):
                    self.wanted[period, _kind(column)] += 1
            self.wanted[period, "opened"] += sum(c[0] == "f" for of in of_months for c in of)
        for name, rule in (("now", shown), ("before", before)):
            for period, start, columns, parts in rule(months):
                enough = _enough(total(LAYOUT, list(months[start : start + PERIODS[period]])))
                for column in enough & columns:
                    self.found[name, period, _kind(column)] += 1
                for n, opened in parts.items():
                    self.found[name, period, "opened"] += sum(
                        column[0] == "f" for column in of_months[n] & opened
                    )

    def merge(self, other: "Tally") -> None:
        """Takes in what another one counted."""
        self.wanted += other.wanted
        self.found += other.found

    def percent(self, name: str, kind: str) -> list[float | None]:
        """By period the share that is shown; None where nothing was asked for."""
        return [
            round(100.0 * self.found[name, period, kind] / self.wanted[period, kind], 1)
            if self.wanted[period, kind]
            else None
            for period in PERIODS
        ]

    def shares(self) -> dict[str, dict[str, list[float | None]]]:
        """Now and before, by kind and period."""
        return {
            name: {kind: self.percent(name, kind) for kind in KINDS} for name in ("now", "before")
        }


def _enough(sums: Sums) -> set[str]:
    """The columns that 2k people of these answered."""
    behind = answering(sums)
    found = {f"{'f' if c in FACTORS else 'i'}:{c}" for c, n in behind.items() if n >= 2 * K}
    return found | ({"h"} if _counted(sums) >= 2 * K else set())


def _kind(column: str) -> str:
    return {"h": "headline", "f": "factors", "i": "criteria"}[column[0]]
