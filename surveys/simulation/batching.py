"""The batches that nights would have made of simulated people, had they come day by day.

As reports.sipas.batches.settle does it: a day's people make a batch if they are enough; those of
too small days are carried over until they are. Written with the rows, because batching a million
rows afterwards takes longer than drawing them.
"""

from collections.abc import Mapping

import numpy as np

from surveys.simulation.draw import NOBODY, Ints, People, is_in_scores
from surveys.simulation.plan import Plan


class Batching:
    """Numbers people as they come: portion after portion, ordered by office and day."""

    def __init__(self, plan: Plan, smallest: int, newest: Mapping[int, int]) -> None:
        """newest: the highest number in use, by the office's key."""
        self.plan = plan
        self.smallest = smallest
        self.number = [1 + newest.get(wish.office.id, 0) for wish in plan.wishes]
        self.waiting = [0] * len(plan.wishes)
        # The last (office, day) seen: a portion may end in the middle of it.
        self.open: tuple[int, int] | None = None

    def numbers(self, people: People) -> Ints:
        """The batch of each person, -1 for those who stand in no score: int64[n]."""
        counted = is_in_scores(people)
        cell = people.office * len(self.plan.days) + people.day
        cells, of, sizes = np.unique(cell, return_inverse=True, return_counts=True)
        counts = np.bincount(of, counted, minlength=len(sizes)).astype(np.int64)
        numbers = np.empty(len(cells), dtype=np.int64)
        for place, (code, count) in enumerate(zip(cells.tolist(), counts.tolist(), strict=True)):
            office, day = divmod(code, len(self.plan.days))
            if self.open != (office, day):
                self._close_day()
                self.open = (office, day)
            self.waiting[office] += count
            numbers[place] = self.number[office]
        return np.where(counted, numbers[of], NOBODY)

    def unfinished(self) -> tuple[list[int], list[int]]:
        """Offices (keys) whose last batch stayed too small, and its number."""
        self._close_day()
        self.open = None
        left = [place for place, people in enumerate(self.waiting) if people]
        return (
            [self.plan.wishes[place].office.id for place in left],
            [self.number[place] for place in left],
        )

    def _close_day(self) -> None:
        if self.open is None:
            return
        office = self.open[0]
        if self.waiting[office] >= self.smallest:
            self.number[office] += 1
            self.waiting[office] = 0
