"""What exceeds the expectation at one office in one class, and which whole cells are held.

A cell is a claimed day x the day, hour and counter of arrival. `judge` goes from the narrow to the
wide:

1. hours of arrival, counters, tablets outside hours: the cells of that hour;
2. all arrivals of a day: the cells of that arrival; of it, forms without a start or unfinished;
3. claimed days: what is left of the day;
4. windows of 5 and 21 days, the year to date, forms against dossiers: days of the window.

What a narrow rule holds no wider one sees, so one burst makes one decision. Of 5 or 21 days that
run is held that lies furthest above its expectation (the greatest sum of seen - expected). What
is left of the window is then no more than what is expected of it, and not just below the bound:
what lies between the two would be the forger's. Honest days before a flood are in no such run,
unless they were busy themselves. Of a year all open days are held: what makes a year exceed is a
little on every day, and to choose the busiest would leave the forged forms and hold the honest.

So the days a window held go on counting in it until somebody decides. What comes then is held as
soon as the days that are not held lie together one standard deviation above their expectation, not
after another whole bound. What closed months brought too much is not taken out on who came later.

A hold is one of cells: whoever comes into a held cell afterwards is held as well.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, TypeVar

from surveys.floods.expecting import LEAST, Pace, quantile

Key = TypeVar("Key", bound=Hashable)


class Rule(StrEnum):
    """What was exceeded. The names are stored: they never change."""

    HOUR = "hour"
    COUNTER = "counter"
    OUTSIDE = "outside"
    ARRIVALS = "arrivals"
    STARTLESS = "startless"
    UNFINISHED = "unfinished"
    DAY = "day"
    DAYS_5 = "days_5"
    DAYS_21 = "days_21"
    YEAR = "year"
    DOSSIERS = "dossiers"


@dataclass(frozen=True)
class Window:
    """How many days, how they scatter (variance m + scatter · m²), how rare a false alarm is.

    Assumed, until a closed year tells: `python -m benchmarks floods --refit`.
    """

    days: int
    scatter: float
    chance: float

    def bound(self, mean: float) -> int:
        """The highest number that is still ordinary where `mean` are expected."""
        return max(LEAST, quantile(mean, self.scatter, self.chance))

    def spread(self, mean: float) -> float:
        """The standard deviation where `mean` are expected."""
        return float((mean + self.scatter * mean * mean) ** 0.5)

    def is_exceeded(self, seen: int, mean: float) -> bool:
        """Whether so many are more than the bound; most are not, and need no quantile."""
        return seen > max(LEAST, mean) and seen > self.bound(mean)


# An hour, a claimed day and all arrivals of a day, five days, 21 days, the year to date.
HOUR = Window(1, 0.45, 1e-6)
DAY = Window(1, 0.18, 1e-4)
DAYS_5 = Window(5, 0.10, 1e-3)
DAYS_21 = Window(21, 0.06, 1e-3)
YEAR = Window(366, 0.025, 1e-2)
# Forms of a year to date where the dossiers are known: they tell most of what makes years differ.
OF_DOSSIERS = Window(366, 0.01, 1e-2)

# By judgement, not simulated.
AT_A_COUNTER = 40  # an hour: a form in 90 seconds without a pause
OUTSIDE = 2  # forms of tablets in an hour in which the office is closed: who came last is served
FEW_STARTLESS, SHARE_STARTLESS = 2, 0.05
FEW_UNFINISHED, SHARE_UNFINISHED = 5, 0.30
MORE_OF_DOSSIERS, POINT_OF_DOSSIERS = 1.3, 0.01


class Cell(NamedTuple):
    """Where a form is counted: the day it claims; the day, hour and counter where it came."""

    day: date
    received_on: date
    hour: int
    counter: int | None = None


@dataclass(frozen=True)
class Counts:
    """The finished and settled forms of one office and class.

    cells: of the open months, without what was decided and what a rule of cells or days holds;
    what a window holds undecided stays in (`Standing.waiting`). closed: by claimed day those that
    count, of this year's closed months and of the 20 days before it. startless, unfinished: how
    many of the forms in `cells` are such. outside: days and hours in which the office was closed,
    given for tablets only. dossiers: finished ones by day, from a feed only.
    """

    cells: Mapping[Cell, int]
    closed: Mapping[date, int] = field(default_factory=dict)
    startless: Mapping[Cell, int] = field(default_factory=dict)
    unfinished: Mapping[Cell, int] = field(default_factory=dict)
    outside: Collection[tuple[date, int]] = ()
    dossiers: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """What was held before: claimed days.

    waiting: held by a window, undecided: their forms are in `Counts.cells` and count on in
    windows. apart: held by the day, or decided: neither their forms nor their expectation count.
    emptied: all that came on them is held: windows expect nothing of them, else other days had
    their room; what comes for them later counts.
    """

    waiting: frozenset[date] = frozenset()
    apart: frozenset[date] = frozenset()
    emptied: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Excess:
    """More than the bound: what was seen in the whole window, and the cells that are to be held.

    days: claimed days, or days of arrival where `by_arrival`; hours: none means all of them;
    counter: None means all of them.
    """

    rule: Rule
    days: tuple[date, ...]
    seen: int
    bound: int
    hours: tuple[int, ...] = ()
    by_arrival: bool = False
    counter: int | None = None

    @property
    def first_day(self) -> date:
        """The first of the days."""
        return self.days[0]

    @property
    def last_day(self) -> date:
        """The last of the days."""
        return self.days[-1]

    def holds(self, cell: Cell) -> bool:
        """Whether this cell is one of those held; of STARTLESS and UNFINISHED, such forms in it."""
        day = cell.received_on if self.by_arrival else cell.day
        return (
            day in self.days
            and (not self.hours or cell.hour in self.hours)
            and self.counter in (None, cell.counter)
        )


def share_bound(forms: int, few: int, share: float) -> int:
    """How many of so many forms may be without a start, or unfinished."""
    return max(few, int(share * forms))


def dossier_bound(dossiers: int, share: float) -> int:
    """How many forms so many dossiers may bring, of which last year `share` (0 to 1) answered.

    Not less than chance brings in a year to date, because in January there are few dossiers.
    """
    most = int((MORE_OF_DOSSIERS * share + POINT_OF_DOSSIERS) * dossiers)
    return max(most, OF_DOSSIERS.bound(share * dossiers))


def judge(
    counts: Counts,
    rate: float,
    pace: Pace,
    until: date,
    *,
    since: date,
    open_from: date,
    standing: Standing = Standing(),
    share: float | None = None,
) -> list[Excess]:
    """What exceeds at one office in one class; a cell belongs to the first excess that holds it.

    rate: forms a month (`expecting.rate_of`); since: the oldest claimed day or day of arrival with
    anything new since the last judgement; until: the last day that is over; open_from: the first
    day of the oldest month that is not closed, before which nothing is held; share: last year's
    forms per dossier where a feed knows both. An excess that would hold nothing new is left out.
    """
    judging = _Judging(counts, rate, pace, until, since, open_from, standing)
    judging.hours()
    judging.arrivals()
    judging.days()
    for rule, window in ((Rule.DAYS_5, DAYS_5), (Rule.DAYS_21, DAYS_21)):
        for n in range((until - since).days + 1):
            last = since + timedelta(days=n)
            judging.window(rule, last - timedelta(days=window.days - 1), last, window)
    judging.window(Rule.YEAR, until.replace(month=1, day=1), until, YEAR)
    if share is not None:
        judging.dossiers(share)
    return judging.found


class _Judging:
    """One judgement: the cells that are left, and what was found."""

    def __init__(
        self,
        counts: Counts,
        rate: float,
        pace: Pace,
        until: date,
        since: date,
        open_from: date,
        standing: Standing,
    ) -> None:
        self.counts, self.rate, self.pace = counts, rate, pace
        self.until, self.since, self.open_from = until, since, open_from
        self.before, self.waiting = standing.waiting, set(standing.waiting)
        self.apart, self.emptied = set(standing.apart), set(standing.emptied)
        # What waits is held: narrow rules see the rest only, windows see both.
        self.left = {cell: n for cell, n in counts.cells.items() if cell.day not in self.waiting}
        self.found: list[Excess] = []

    def hours(self) -> None:
        """What came within an hour: in all, at one counter, from tablets of a closed office."""
        seen = self._sums(lambda cell: (cell.received_on, cell.hour))
        for day, hour in self._new(seen):
            mean = self._expected(day) * self.pace.hours[hour]
            if HOUR.is_exceeded(seen[day, hour], mean):
                bound = HOUR.bound(mean)
                self._hold(Excess(Rule.HOUR, (day,), seen[day, hour], bound, (hour,), True))
        outside = self._sums(lambda cell: (cell.received_on, cell.hour))
        for day, hour in self._new(set(self.counts.outside) & outside.keys()):
            if outside[day, hour] > OUTSIDE:
                forms = outside[day, hour]
                self._hold(Excess(Rule.OUTSIDE, (day,), forms, OUTSIDE, (hour,), True))
        desks = self._sums(lambda cell: (cell.received_on, cell.hour, cell.counter))
        for (day, hour, desk), forms in desks.items():
            if desk is not None and forms > AT_A_COUNTER and self.since <= day <= self.until:
                found = Excess(Rule.COUNTER, (day,), forms, AT_A_COUNTER, (hour,), True, desk)
                self._hold(found)

    def arrivals(self) -> None:
        """What arrived on a day: all of it, without a start, unfinished."""
        seen = self._sums(lambda cell: cell.received_on)
        for day in sorted(day for day in seen if self.since <= day <= self.until):
            mean = self._expected(day)
            if DAY.is_exceeded(seen[day], mean):
                of = (Rule.ARRIVALS, (day,), seen[day], DAY.bound(mean))
                self._hold(Excess(*of, by_arrival=True))
                self.emptied.add(day)
                continue
            few = share_bound(seen[day], FEW_STARTLESS, SHARE_STARTLESS)
            self._hold_some(Rule.STARTLESS, day, self.counts.startless, few)
            few = share_bound(seen[day], FEW_UNFINISHED, SHARE_UNFINISHED)
            self._hold_some(Rule.UNFINISHED, day, self.counts.unfinished, few)

    def _hold_some(self, rule: Rule, day: date, such: Mapping[Cell, int], bound: int) -> None:
        """Holds those of a day's arrivals that are such, where they are more than the bound.

        The others of the day stay: else three forms of a stranger would silence an office.
        """
        cells = [cell for cell in such if cell.received_on == day and cell in self.left]
        found = {cell: min(such[cell], self.left[cell]) for cell in cells}
        seen = sum(found.values())
        if seen > bound:
            self.found.append(Excess(rule, (day,), seen, bound, by_arrival=True))
            for cell, forms in found.items():
                self.left[cell] -= forms

    def days(self) -> None:
        """Claimed days, whenever their forms came."""
        seen = self._sums(lambda cell: cell.day)
        for day in sorted(seen):
            if not self.since <= day <= self.until or day in self.waiting | self.apart:
                continue
            mean = self._expected(day)
            if DAY.is_exceeded(seen[day], mean):
                self._hold(Excess(Rule.DAY, (day,), seen[day], DAY.bound(mean)))
                self.apart.add(day)

    def window(self, rule: Rule, first: date, last: date, window: Window) -> None:
        """A window of days, both inclusive; what waits in it already counts on."""
        total = self._seen(first, last)
        mean = self.pace.expected_between(self.rate, first, last)
        without = self.apart | self.emptied
        mean -= sum(self._expected(day) for day in without if first <= day <= last)
        if window.is_exceeded(total, mean):
            left = self._days(first, last)
            expected = {day: 0.0 if day in without else self._expected(day) for day in left}
            self._hold_run(rule, window, expected, total, window.bound(mean))

    def dossiers(self, share: float) -> None:
        """The year's forms against its dossiers, from the first day the feed knows."""
        known = {day: n for day, n in self.counts.dossiers.items() if day not in self.emptied}
        year = [day for day in known if day.year == self.until.year and day <= self.until]
        if not year:
            return
        days = self._days(min(year), self.until)
        total = self._seen(days[0], self.until) if days else 0
        bound = dossier_bound(sum(known.get(day, 0) for day in days), share)
        if total > bound:
            expected = {day: share * known.get(day, 0) for day in days}
            self._hold_run(Rule.DOSSIERS, OF_DOSSIERS, expected, total, bound)

    def _hold_run(
        self, rule: Rule, window: Window, expected: Mapping[date, float], total: int, bound: int
    ) -> None:
        """Holds the run of days furthest above, of those that may be held and are not.

        expected: by day of the window, in order.
        """
        may = [day for day in expected if day >= self.open_from and day not in self.waiting]
        above = [self._by_day.get(day, 0) - expected[day] for day in may]
        if sum(above) <= window.spread(sum(expected[day] for day in may)):
            return
        chosen = may
        if rule in (Rule.DAYS_5, Rule.DAYS_21):
            start, end = _furthest(above)
            chosen = may[start:end]
        self.waiting.update(chosen)
        # Windows that end on several days, after nights were missed, are one excess.
        if self.found and self.found[-1].rule is rule:
            before = self.found.pop()
            chosen = sorted([*before.days, *chosen])
            total, bound = max((total, bound), (before.seen, before.bound))
        self.found.append(Excess(rule, tuple(chosen), total, bound))

    def _hold(self, excess: Excess) -> None:
        self.found.append(excess)
        self.left = {cell: n for cell, n in self.left.items() if not excess.holds(cell)}

    def _new(self, seen: Iterable[tuple[date, int]]) -> list[tuple[date, int]]:
        return sorted(of for of in seen if self.since <= of[0] <= self.until)

    def _sums(self, key: Callable[[Cell], Key]) -> dict[Key, int]:
        sums: dict[Key, int] = defaultdict(int)
        for cell, forms in self.left.items():
            sums[key(cell)] += forms
        return sums

    @cached_property
    def _by_day(self) -> dict[date, int]:
        """By claimed day what counts in windows, once the narrow rules are through."""
        sums = defaultdict(int, self.counts.closed)
        for cell, forms in self.left.items():
            sums[cell.day] += forms
        for cell, forms in self.counts.cells.items():
            if cell.day in self.before:
                sums[cell.day] += forms
        return {day: forms for day, forms in sums.items() if day not in self.apart}

    @cached_property
    def _up_to(self) -> tuple[list[date], list[int]]:
        """The days of `_by_day` in order; how many forms there are before each, and in all."""
        days = sorted(self._by_day)
        return days, [0, *accumulate(self._by_day[day] for day in days)]

    def _seen(self, first: date, last: date) -> int:
        days, forms = self._up_to
        return forms[bisect_right(days, last)] - forms[bisect_left(days, first)]

    def _days(self, first: date, last: date) -> list[date]:
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in span if day not in self.apart]

    def _expected(self, day: date) -> float:
        return self.pace.expected(self.rate, day)


def _furthest(above: Sequence[float]) -> tuple[int, int]:
    """Where the run with the greatest sum begins and ends (exclusive): Kadane's algorithm."""
    best, found = 0.0, (0, 0)
    start, run = 0, 0.0
    for place, one in enumerate(above):
        if run <= 0.0:
            start, run = place, 0.0
        run += one
        if run > best:
            best, found = run, (start, place + 1)
    return found
