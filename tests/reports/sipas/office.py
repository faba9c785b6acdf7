"""A make-believe office whose answers arrive, are put into batches and are shown.

It follows the rules of `reports.sipas.batches` the way the tally and the nightly run do, but
remembers who every person is, so that tests see what a spectator could find out by comparing
figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from reports.sipas.batches import Batch, form, revises, settle, visible

Period = tuple[date, date]
Shown = frozenset[int]  # who is in a figure; empty: nothing is shown
NOBODY: Shown = frozenset()


def periods_of(day: date) -> tuple[Period, ...]:
    """Day, week (from Monday), month, quarter and year that hold `day`."""
    monday = day - timedelta(days=day.weekday())
    quarter = 3 * ((day.month - 1) // 3) + 1
    return (
        (day, day),
        (monday, monday + timedelta(days=6)),
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
    batches: list[Batch] = field(default_factory=list)
    withdrawn: set[int] = field(default_factory=set)
    closed_through: date = date.min
    closed: dict[Period, None] = field(default_factory=dict)
    history: dict[Period, list[Shown]] = field(default_factory=dict)

    def arrive(self, day: date, people: int) -> None:
        self.day_of.extend([day] * people)
        self.look()

    def withdraw(self, person: int) -> None:
        self.withdrawn.add(person)
        self.look()

    def tally(self, today: date) -> None:
        """What the worker does seconds after an answer."""
        waiting = self._waiting(today, today)
        for number in range(form(len(waiting), self.k)):
            self._batch(waiting[number * self.k : (number + 1) * self.k])
        self.look()

    def close(self, through: date) -> None:
        """What the nightly run does: settle each day in order, then close what has ended."""
        for day in sorted({d for d in self.day_of if self.closed_through < d <= through}):
            of_day = self._waiting(day, day)
            carried = self._waiting(date.min, day - timedelta(days=1))
            newest = self.batches[-1] if self.batches else None
            settlement = settle(day, len(of_day), len(carried), newest, self.k)
            if settlement.join:
                self._join(of_day)
            if settlement.form:
                self._batch(carried + ([] if settlement.join else of_day))
            self.look()
        late = self._waiting(date.min, through)
        if len(late) >= self.k:
            self._batch(late)
        self.closed_through = max(through, self.closed_through)
        self.look()

    def look(self) -> None:
        """Everybody looks at every figure, after every step."""
        for period in {period for day in set(self.day_of) for period in periods_of(day)}:
            shown = self._shown(period)
            seen = self.history.setdefault(period, [NOBODY])
            if shown != seen[-1]:
                seen.append(shown)

    def _shown(self, period: Period) -> Shown:
        first, last = period
        inside = frozenset(p for p, day in enumerate(self.day_of) if first <= day <= last)
        if last > self.closed_through:
            numbers = visible(self.batches, first, last)
            # A withdrawn answer stays in its batch until the period is closed.
            return frozenset(p for p in inside if self.batch_of.get(p) in numbers)
        whole = inside - self.withdrawn
        shown = whole if len(whole) >= self.k else NOBODY
        before = self.history.get(period, [NOBODY])[-1]
        # Closing itself asks nobody: the batch held back is what makes it big enough. Only after
        # withdrawals, which may have come from that very batch, has it to be asked as well.
        closing = period not in self.closed and not self.withdrawn
        self.closed.setdefault(period)
        if closing or revises(len(shown - before), len(before - shown), self.k):
            return shown
        return before

    def _waiting(self, first: date, last: date) -> list[int]:
        return [
            person
            for person, day in enumerate(self.day_of)
            if first <= day <= last and person not in self.batch_of and person not in self.withdrawn
        ]

    def _batch(self, people: list[int]) -> None:
        number = len(self.batches) + 1
        days = [self.day_of[person] for person in people]
        self.batches.append(Batch(number, min(days), max(days), len(people)))
        self.batch_of.update(dict.fromkeys(people, number))

    def _join(self, people: list[int]) -> None:
        newest = self.batches[-1]
        self.batches[-1] = Batch(
            newest.number, newest.first_day, newest.last_day, newest.people + len(people)
        )
        self.batch_of.update(dict.fromkeys(people, newest.number))


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
