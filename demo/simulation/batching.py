"""The batches that nights would have made of simulated people, had they come day by day.

As reports.sipas.hiding.batches does it: a day of enough people is a batch, smaller days of one
month are carried until they are enough, and what is left of a month stays without. Written with the
rows, because batching a million rows afterwards takes longer than drawing them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from demo.simulation.draw import NOBODY, Ints, People, is_in_scores
from demo.simulation.plan import Plan


@dataclass
class _Carried:
    """Small days of one office and month: the number they will have, and their people so far."""

    month: tuple[int, int]
    number: int
    people: int = 0


class Batching:
    """Numbers people as they come: portion after portion, ordered by office and day."""

    def __init__(self, plan: Plan, smallest: int, newest: Mapping[int, int]) -> None:
        """newest: the highest number in use, by the office's key."""
        self.plan = plan
        self.smallest = smallest
        self.newest = [newest.get(wish.office.id, 0) for wish in plan.wishes]
        self.carried: dict[int, _Carried] = {}
        self.left: list[tuple[int, int]] = []

    def numbers(self, people: People) -> Ints:
        """The batch of each person, -1 for those who stand in no score: int64[n].

        A day that a portion cuts in two is two days here.
        """
        counted = is_in_scores(people)
        cell = people.office * len(self.plan.days) + people.day
        cells, of, sizes = np.unique(cell, return_inverse=True, return_counts=True)
        counts = np.bincount(of, counted, minlength=len(sizes)).astype(np.int64)
        numbers = np.full(len(cells), NOBODY, dtype=np.int64)
        for place, (code, count) in enumerate(zip(cells.tolist(), counts.tolist(), strict=True)):
            if count:
                office, day = divmod(code, len(self.plan.days))
                numbers[place] = self._number(office, self.plan.days[day], count)
        return np.where(counted, numbers[of], NOBODY)

    def unfinished(self) -> tuple[list[int], list[int]]:
        """Offices (keys) and the numbers of those of their batches that stayed too small."""
        for office in list(self.carried):
            self._leave(office)
        return (
            [self.plan.wishes[office].office.id for office, _ in self.left],
            [number for _, number in self.left],
        )

    def _number(self, office: int, day: date, people: int) -> int:
        if people >= self.smallest:
            self.newest[office] += 1
            return self.newest[office]
        month = (day.year, day.month)
        if office in self.carried and self.carried[office].month != month:
            self._leave(office)
        if office not in self.carried:
            self.newest[office] += 1
            self.carried[office] = _Carried(month, self.newest[office])
        carried = self.carried[office]
        carried.people += people
        if carried.people >= self.smallest:
            del self.carried[office]
        return carried.number

    def _leave(self, office: int) -> None:
        self.left.append((office, self.carried.pop(office).number))
