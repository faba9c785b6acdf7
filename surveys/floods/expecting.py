"""What an office may expect, and how far chance carries it above that.

Everything here is for the forms of one class (`invited`, `tablet`, `open` …) at one office. Its
rate comes from its own months of last year and is fixed for the year: one that moved would follow
whoever adds a little more each week. The pace comes from the province, which no single office
moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

# Fewer months of a past say too little of it.
FEWEST_MONTHS = 3
# Days of a year on which offices are open, by month.
WORKDAYS = 250 / 12
# So many are no flood wherever they come: a family at one desk, a Sunday on which nobody is
# expected.
LEAST = 3
SUNDAY = 6

# How certain ten honest people must be, and how their months scatter (as a window of 21 days does).
CERTAIN = 0.999
PEOPLE = 10
MONTHS_SCATTER = 0.06
# The quietest month in relation to an ordinary one; the province's own where it is known.
QUIETEST = 0.8
# Months that may gather: parts of a year, so that a group never reaches beyond it.
TURNS = (1, 2, 3, 4, 6, 12)


def rate_of(months: Sequence[float], otherwise: float = 0.0) -> float:
    """Forms a month: the interquartile mean of last year's months, which a campaign cannot lift.

    months: forms of each month, divided by how busy the month was in the province where that is
    known; otherwise: what is expected where fewer than three months are known, the province's forms
    a dossier times the office's dossiers a month.
    """
    if len(months) < FEWEST_MONTHS:
        return otherwise
    ordered = np.sort(np.asarray(months, dtype=float))
    n = len(ordered)
    # A month weighs what of it lies between the quartiles: [i, i + 1] in [n / 4, 3n / 4].
    starts = np.arange(n)
    weights = np.minimum(starts + 1, 0.75 * n) - np.maximum(starts, 0.25 * n)
    return float(np.average(ordered, weights=np.clip(weights, 0.0, None)))


def expected_day(rate: float, weekday: float, month: float) -> float:
    """Forms of one day: an office's forms a month spread over working days.

    weekday, month: the day in relation to a mean working day of the week, and of the year.
    """
    return rate / WORKDAYS * weekday * month


@dataclass(frozen=True)
class Pace:
    """When the people of a province come; the defaults are assumptions for a first year.

    weekdays: Monday to Sunday in relation to a mean working day, together 5; months: a working day
    of each month in relation to one of the year, mean 1; hours: shares of a day's arrivals;
    holidays: like a Sunday; raised: by day of an announced campaign, how many times as many are
    expected.
    """

    weekdays: Sequence[float] = (1.2, 1.02, 0.93, 0.88, 0.79, 0.09, 0.09)
    months: Sequence[float] = (0.85, 0.8, 1.05, 1.0, 1.0, 1.1, 1.2, 1.2, 1.05, 1.0, 0.95, 0.8)
    hours: Sequence[float] = (
        *(0.003,) * 6,
        *(0.012, 0.07, 0.16, 0.181, 0.14, 0.055, 0.02, 0.06, 0.105, 0.095, 0.05, 0.01),
        *(0.005,) * 3,
        *(0.003,) * 3,
    )
    holidays: frozenset[date] = frozenset()
    raised: Mapping[date, float] = field(default_factory=dict)
    # Of a month's forms, by day, and by year from its start until before each day: the same for
    # all offices of a night.
    _shares: dict[date, float] = field(default_factory=dict, init=False, repr=False, compare=False)
    _sums: dict[int, list[float]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if (len(self.weekdays), len(self.months), len(self.hours)) != (7, 12, 24):
            raise ValueError("a pace has 7 weekdays, 12 months and 24 hours")

    def expected(self, rate: float, day: date) -> float:
        """Forms that an office of this rate may expect on this day."""
        return rate * self._share(day)

    def expected_between(self, rate: float, first: date, last: date) -> float:
        """Forms that an office of this rate may expect on these days, both included."""
        return rate * (self._until(last + timedelta(days=1)) - self._until(first)) + rate * sum(
            self._until(date(year, 12, 31)) + self._share(date(year, 12, 31))
            for year in range(first.year, (last + timedelta(days=1)).year)
        )

    def _until(self, day: date) -> float:
        """Of a month's forms, what comes from the beginning of the year until before this day."""
        if day.year not in self._sums:
            begin = date(day.year, 1, 1)
            year = (self._share(begin + timedelta(days=n)) for n in range(366))
            self._sums[day.year] = list(accumulate(year, initial=0.0))
        return self._sums[day.year][day.timetuple().tm_yday - 1]

    def _share(self, day: date) -> float:
        share = self._shares.get(day)
        if share is None:
            weekday = SUNDAY if day in self.holidays else day.weekday()
            share = expected_day(1.0, self.weekdays[weekday], self.months[day.month - 1])
            share = self._shares[day] = share * self.raised.get(day, 1.0)
        return share


@lru_cache(maxsize=65_536)
def quantile(mean: float, scatter: float, chance: float) -> int:
    """The smallest n with P(N > n) <= chance; N negative binomial, variance mean + scatter · mean².

    0 for a mean of 0 or less. Exact: the shares are summed from the small end of the tail.
    Raises ValueError for a scatter that is not positive, or a chance outside 0 to 1.
    """
    if scatter <= 0.0 or not 0.0 < chance < 1.0:
        raise ValueError(f"no quantile for scatter {scatter} and chance {chance}")
    if mean <= 0.0:
        return 0
    end = int(mean + 12.0 * (mean + scatter * mean * mean) ** 0.5) + 30
    while True:
        shares, beyond = _shares(mean, scatter, end)
        if beyond <= 1e-9 * chance:
            break
        end *= 2
    # above[n] = P(N > n - 1), falling
    above = np.cumsum(shares[::-1])[::-1]
    return max(0, int(np.count_nonzero(above > chance)) - 1)


def batch_months(rate: float, quietest: float = QUIETEST) -> int | None:
    """For how many months a group of classes 2 to 5 gathers, so that it holds ten honest people.

    By last year's rate alone, because this year's forms prove no people: the fewest months, a part
    of a year, of which ten honest forms are .999 certain even where each is as quiet as `quietest`;
    the number of people has the scatter of a window of 21 days. One month from 42 forms a month,
    two from 21, three from 14, four from 11, six from 7, a year from 4; None below. A Poisson
    number of people would say 23 forms in all and take two months at 12, although months scatter
    more than that.
    """
    for months in TURNS:
        mean = rate * quietest * months
        if mean > 0.0 and chance_below(PEOPLE, mean, MONTHS_SCATTER) <= 1.0 - CERTAIN:
            return months
    return None


def chance_below(n: int, mean: float, scatter: float) -> float:
    """P(N < n) of the negative binomial of variance mean + scatter · mean²."""
    return float(_shares(mean, scatter, n)[0][:n].sum())


def _shares(mean: float, scatter: float, end: int) -> tuple[NDArray[np.float64], float]:
    """P(N = n) for n = 0 … end, and a bound of what lies beyond.

    With r = 1 / scatter: P(0) = (r / (r + mean))ʳ, P(n + 1) = P(n) (n + r) / (n + 1) · q and
    q = mean / (r + mean). Beyond the end each share is at most the last one times a fixed ratio.
    """
    size = 1.0 / scatter
    steps = np.arange(end, dtype=float)
    ratios = (steps + size) / (steps + 1.0) * (mean / (size + mean))
    logs = np.concatenate([[0.0], np.cumsum(np.log(ratios))]) - size * np.log1p(mean / size)
    shares = np.exp(logs)
    ratio = max(float(ratios[-1]), mean / (size + mean)) if end else 1.0
    beyond = float(shares[-1]) * ratio / (1.0 - ratio) if ratio < 1.0 else np.inf
    return shares, beyond
