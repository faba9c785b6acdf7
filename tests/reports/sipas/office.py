"""A make-believe office whose answers arrive, are put into batches and are shown.

It follows `reports.sipas.hiding.batches` and `blocks` the way the count and the nights do, but
remembers who every person is, so that tests see what a spectator could find out by comparing
figures.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from reports.sipas.hiding.batches import (
    BatchExtent,
    Month,
    held_back,
    month_of,
    shown,
)
from reports.sipas.hiding.blocks import Waiting, gather, gather_rests

Period = tuple[date, date]
Shown = frozenset[int]  # who is in a figure; empty: nothing is shown
NOBODY: Shown = frozenset()


def periods_of(day: date) -> tuple[Period, ...]:
    """Day, week (from Monday), month, quarter and year that hold `day`."""
    monday = day - timedelta(days=day.weekday())
    return ((day, day), (monday, monday + timedelta(days=6)), *long_periods_of(day))


def long_periods_of(day: date) -> tuple[Period, ...]:
    """Month, quarter and year that hold `day`."""
    quarter = 3 * ((day.month - 1) // 3) + 1
    return (
        (day.replace(day=1), _month_end(day.year, day.month)),
        (date(day.year, quarter, 1), _month_end(day.year, quarter + 2)),
        (date(day.year, 1, 1), date(day.year, 12, 31)),
    )


def _month_end(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass
class Office:
    k: int
    day_of: list[date] = field(default_factory=list)
    batch_of: dict[int, int] = field(default_factory=dict)
    closed_through: date = date.min
    history: dict[Period, list[Shown]] = field(default_factory=dict)

    def arrive(self, day: date, people: int) -> None:
        self.day_of.extend([day] * people)
        self.look()

    def tally(self) -> None:
        """What the worker does seconds after an answer: nobody is put into a batch by day."""
        self.look()

    def close(self, through: date) -> None:
        """What the nightly run does."""
        self._settle(through)
        self.closed_through = max(through, self.closed_through)
        self.look()

    def look(self) -> None:
        """Everybody looks at every figure, after every step."""
        batches = self.batches()
        held = held_back(batches, self._closed_months())
        periods = {
            period for batch in batches for day in batch_days(batch) for period in periods_of(day)
        }
        for period in periods:
            now = self._shown(shown(batches, held, *period))
            seen = self.history.setdefault(period, [NOBODY])
            if now != seen[-1]:
                seen.append(now)

    def batches(self) -> list[BatchExtent]:
        days: dict[int, list[date]] = {}
        for person, number in self.batch_of.items():
            days.setdefault(number, []).append(self.day_of[person])
        return [
            BatchExtent(number, min(of_batch), max(of_batch), len(of_batch))
            for number, of_batch in days.items()
        ]

    def _shown(self, numbers: set[int]) -> Shown:
        return frozenset(p for p, number in self.batch_of.items() if number in numbers)

    def _closed_months(self) -> set[Month]:
        return {
            month_of(day)
            for day in self.day_of
            if long_periods_of(day)[0][1] <= self.closed_through
        }

    def _settle(self, night: date) -> None:
        """All who wait become one batch, month by month; then what is left of closed ones."""
        through = max(night, self.closed_through)
        closed_before = self._closed_months()
        held = {
            month_of(batch.first_day): batch
            for batch in sorted(self.batches(), key=lambda batch: batch.number)
            if batch.number in held_back(self.batches(), closed_before)
        }
        rests: Counter[date] = Counter()
        for month in sorted({month_of(day) for day in self.day_of if day <= night}):
            people = self._waiting({d for d in self.day_of if d <= night and month_of(d) == month})
            ends = long_periods_of(date(*month, 1))[0][1] <= through
            if month in closed_before:
                rests.update(self.day_of[person] for person in people)
                continue
            plan = gather(
                [Waiting(len(people), len(people))], closing=ends, held=month in held, k=self.k
            )
            if plan.forms:
                self._batch(people)
            elif plan.joins:
                self.batch_of.update(dict.fromkeys(people, held[month].number))
            elif ends:
                rests.update(self.day_of[person] for person in people)
        closed = [
            period
            for length in (1, 2)
            for period in sorted({long_periods_of(day)[length] for day in rests})
            if period[1] <= through
        ]
        waiting = {day: Waiting(people, people) for day, people in rests.items()}
        for together in gather_rests(waiting, closed, self.k):
            self._batch(self._waiting(set(together)))

    def _waiting(self, days: set[date]) -> list[int]:
        return [
            person
            for person, day in enumerate(self.day_of)
            if day in days and person not in self.batch_of
        ]

    def _batch(self, people: list[int]) -> None:
        number = max(self.batch_of.values(), default=0) + 1
        self.batch_of.update(dict.fromkeys(people, number))


def batch_days(batch: BatchExtent) -> tuple[date, date]:
    return batch.first_day, batch.last_day


def smallest_change(views: list[Shown]) -> int:
    """Fewest people by which two successive views of one figure differ."""
    changes = [len(a ^ b) for a, b in pairwise(views)]
    return min(changes, default=10**9)


def smallest_part(figures: Iterable[Shown]) -> int:
    """Fewest people that any sums and differences of these figures can single out."""
    memberships: dict[int, list[int]] = {}
    for number, figure in enumerate(set(figures)):
        for person in figure:
            memberships.setdefault(person, []).append(number)
    sizes: dict[tuple[int, ...], int] = {}
    for membership in memberships.values():
        sizes[tuple(membership)] = sizes.get(tuple(membership), 0) + 1
    return min(sizes.values(), default=10**9)
