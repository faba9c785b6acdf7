"""Simulated offices, who adds forms to them, and the nights of a year.

Assumed, because no office has been counted yet; a first closed year replaces it (`floods --refit`):

- forms of an hour are Poisson around rate x weekday x month x hour x noise, and the noise is a
  product of gamma variables of mean 1: of the year (variance .005, last year and this), the month
  (.02), the week (.03), the day (.09) and the hour (.27): somewhat less than the windows of
  `surveys.floods.bounds` allow for, so that an ordinary office sees about one false alarm in three
  years;
- weekdays, months and hours are those of `demo.simulation.calendar`; forms come on the spot, on
  working days only;
- the rate comes from the twelve months before (`rate_of`, each divided by the province's month);
- a campaign is five working days with three times as many forms, twice a year, not announced; a
  new poster brings half as many again from July on, and the new level is set with its first
  decision;
- a month closes on the tenth of the next. Whoever decides does so then, for the whole month: one
  decision, rightly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from demo.simulation.calendar import (
    HOUR_SHARES,
    HOURS,
    MONTHS,
    WEEKDAYS,
    busyness,
    working_days,
)
from surveys.floods.bounds import Cell, Counts, Excess, Rule, Standing, judge
from surveys.floods.expecting import WORKDAYS, Pace, rate_of

YEAR = 2026
YEARS_DIFFER, MONTHS_DIFFER, WEEKS_DIFFER = 0.005, 0.02, 0.03
DAYS_DIFFER, HOURS_DIFFER = 0.09, 0.27
CAMPAIGN_DAYS, CAMPAIGNS, CAMPAIGN = 5, 2, 3.0
POSTER_FROM, POSTER = date(YEAR, 7, 1), 1.5
CLOSES = 10
WORKING = working_days(date(YEAR, 1, 1), date(YEAR, 12, 31))
PLACES = {day: place for place, day in enumerate(WORKING)}
BEFORE = working_days(date(YEAR - 1, 1, 1), date(YEAR - 1, 12, 31))
_SHARES = HOUR_SHARES / HOUR_SHARES.sum()
# What is left of a mean hour comes at night, so that one form then is no miracle.
_NIGHT = 0.002


def _hours() -> tuple[float, ...]:
    shares = np.full(24, _NIGHT)
    shares[HOURS] = _SHARES * (1.0 - _NIGHT * (24 - len(HOURS)))
    return tuple(shares.tolist())


PACE = Pace(
    weekdays=(*(WEEKDAYS / WEEKDAYS.mean()).tolist(), 0.02, 0.02),
    months=tuple(MONTHS.tolist()),
    hours=_hours(),
    holidays=frozenset(
        day
        for day in (date(YEAR, 1, 1) + timedelta(days=n) for n in range(365))
        if day.weekday() < 5 and day not in set(WORKING)
    ),
)


class Kind(Enum):
    """What else happens in an honest year."""

    ORDINARY = "ordinary"
    CAMPAIGNS = "campaigns"
    POSTER = "new poster"


@dataclass(frozen=True)
class Office:
    """One office and its year: the rate it is judged by, and its honest forms.

    forms: int64[working days, hours of `HOURS`]; past: the same of the days `BEFORE`.
    """

    rate: float
    forms: NDArray[np.int64]
    kind: Kind = Kind.ORDINARY
    past: NDArray[np.int64] | None = None


def office(rng: np.random.Generator, size: float, kind: Kind = Kind.ORDINARY) -> Office:
    """An office with `size` forms in an ordinary month."""
    past = rng.poisson(_means(rng, size, BEFORE))
    months = np.bincount([day.month - 1 for day in BEFORE], past.sum(axis=1), 12)
    open_days = np.bincount([day.month - 1 for day in BEFORE], minlength=12)
    means = _means(rng, size, WORKING)
    if kind is Kind.CAMPAIGNS:
        for start in rng.integers(0, len(WORKING) - CAMPAIGN_DAYS, CAMPAIGNS):
            means[start : start + CAMPAIGN_DAYS] *= CAMPAIGN
    if kind is Kind.POSTER:
        means[[day >= POSTER_FROM for day in WORKING]] *= POSTER
    rate = rate_of((months / (MONTHS * open_days / WORKDAYS)).tolist())
    return Office(rate, rng.poisson(means), kind, past)


def _means(rng: np.random.Generator, size: float, days: Sequence[date]) -> NDArray[np.float64]:
    """What comes on average in each hour of these days, noise included: float64[days, hours]."""
    of_month = np.array([day.month for day in days])
    of_week = np.array([day.isocalendar()[1] for day in days])
    noise = (
        _gamma(rng, YEARS_DIFFER, 1)
        * _gamma(rng, MONTHS_DIFFER, 13)[of_month]
        * _gamma(rng, WEEKS_DIFFER, 54)[of_week]
        * _gamma(rng, DAYS_DIFFER, len(days))
    )
    # A mean working day is one of the mean weekday, so that `size` is an ordinary month's.
    by_day = size / WORKDAYS / WEEKDAYS.mean() * busyness(days) * noise
    hours = _gamma(rng, HOURS_DIFFER, len(days) * len(HOURS)).reshape(len(days), -1) * _SHARES
    means: NDArray[np.float64] = by_day[:, None] * hours
    return means


def _gamma(rng: np.random.Generator, variance: float, n: int) -> NDArray[np.float64]:
    return rng.gamma(1.0 / variance, variance, n)


@dataclass(frozen=True)
class Outcome:
    """A year of nights: months in which something was decided; whose forms were held.

    forged: what share the forged ones would be of all forms of the year, if nobody judged;
    counted: what share they are of those that count; waited: what share of the honest ones was
    held until its month closed.
    """

    decisions: int
    forged: float
    counted: float
    waited: float


def nights(office: Office, forged: NDArray[np.int64] | None = None) -> Outcome:
    """Judges every night of the year as the product does.

    forged: like `Office.forms`, added to them; all of what was held of a flood is refused, the
    honest forms in its cells with it.
    """
    extra = np.zeros_like(office.forms) if forged is None else forged
    year = _Nights(office, office.forms + extra)
    for day in (date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)):
        year.night(day)
    counts = ~year.held
    return Outcome(
        decisions=len(year.decided),
        forged=_share(extra.sum(), office.forms.sum()),
        counted=_share(extra[counts].sum(), office.forms[counts].sum()),
        waited=_share(office.forms[year.held].sum(), office.forms[counts].sum()),
    )


def _share(of: int, others: int) -> float:
    return float(of / max(1, of + others))


class _Nights:
    """What is held so far: bool[working days, hours]; by the month, what was decided."""

    def __init__(self, office: Office, forms: NDArray[np.int64]) -> None:
        self.kind, self.rate, self.forms = office.kind, office.rate, forms
        self.held = np.zeros(forms.shape, dtype=bool)
        self.waiting: set[date] = set()
        self.apart: set[date] = set()
        self.decided: set[int] = set()
        self.cells: dict[Cell, int] = {}
        self.closed: dict[date, int] = {}
        self.open_from = WORKING[0].replace(day=1)

    def night(self, day: date) -> None:
        """The night after this day: what closes closes, then the day is judged."""
        if day.day == CLOSES and day.month > 1:
            self._close(day.replace(day=1))
        place = PLACES.get(day)
        if place is None:
            return
        for n in np.flatnonzero(self.forms[place]).tolist():
            self.cells[Cell(day, day, int(HOURS[n]))] = int(self.forms[place, n])
        standing = Standing(frozenset(self.waiting), frozenset(self.apart))
        counts = Counts(self.cells, self.closed)
        for excess in judge(
            counts, self.rate, PACE, day, since=day, open_from=self.open_from, standing=standing
        ):
            self._hold(excess)

    def _hold(self, excess: Excess) -> None:
        self.decided |= {day.month for day in excess.days}
        for day in excess.days:
            place = PLACES.get(day)
            if place is not None:
                self.held[place, [n - int(HOURS[0]) for n in excess.hours] or slice(None)] = True
        if excess.rule in (Rule.HOUR, Rule.ARRIVALS, Rule.DAY):
            self.cells = {cell: n for cell, n in self.cells.items() if not excess.holds(cell)}
            if not excess.hours:
                self.apart.update(excess.days)
        else:
            self.waiting.update(excess.days)

    def _close(self, now: date) -> None:
        """The months before this one: what is held in them is decided, the rest counts."""
        if self.kind is Kind.POSTER and any(day >= POSTER_FROM for day in self.waiting):
            self.rate, self.kind = self.rate * POSTER, Kind.ORDINARY
        over = {day for day in self.waiting if day < now}
        self.waiting -= over
        self.apart |= over
        for cell, n in self.cells.items():
            if cell.day < now and cell.day not in self.apart:
                self.closed[cell.day] = self.closed.get(cell.day, 0) + n
        self.cells = {cell: n for cell, n in self.cells.items() if cell.day >= now}
        self.open_from = now
