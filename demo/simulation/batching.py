"""The batches that nights would have made of simulated people, had they come day by day.

As `reports.sipas.hiding.blocks` does it: by the rhythm of the office all who wait are one batch as
soon as they are enough; what is left of a month stays without. Written with the rows, because
batching a million rows afterwards takes longer than drawing them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from demo.simulation.draw import NOBODY, Ints, People, is_in_scores
from demo.simulation.plan import Plan
from reports.counting.layouts import layout_of
from reports.counting.rhythms import choose
from reports.sipas.hiding.blocks import Rhythm


@dataclass
class _Waiting:
    """Who waits at one office: the number they will have, their newest day, how many count."""

    number: int
    day: date
    people: int = 0


@dataclass
class _Past:
    """An office's people by month, and the rhythm that was chosen from them by year."""

    months: dict[tuple[int, int], int] = field(default_factory=dict)
    rhythms: dict[int, Rhythm] = field(default_factory=dict)

    def rhythm(self, year: int) -> Rhythm:
        """The rhythm of a year: from the year before it, as far as it was drawn."""
        if year not in self.rhythms:
            past = [people for (of, _), people in self.months.items() if of == year - 1]
            self.rhythms[year] = choose(past)
        return self.rhythms[year]


class Batching:
    """Numbers people as they come: portion after portion, ordered by office and day."""

    def __init__(self, plan: Plan, smallest: int, newest: Mapping[int, int]) -> None:
        """newest: the highest number in use, by the office's key."""
        self.plan = plan
        self.layout = layout_of(plan.form.instrument)
        self.smallest = smallest
        self.newest = [newest.get(wish.office.id, 0) for wish in plan.wishes]
        self.past = [_Past() for _ in plan.wishes]
        self.waiting: dict[int, _Waiting] = {}
        self.left: list[tuple[int, int]] = []

    def numbers(self, people: People) -> Ints:
        """The batch of each person, -1 for those who stand in no score: int64[n].

        A day that a portion cuts in two is two days here.
        """
        counted = is_in_scores(people)
        cell = people.office * len(self.plan.days) + people.day
        cells, of, sizes = np.unique(cell, return_inverse=True, return_counts=True)
        known = counted & self.layout.anchored(people.answers)
        counts = np.bincount(of, counted, minlength=len(sizes)).astype(np.int64)
        anchored = np.bincount(of, known, minlength=len(sizes)).astype(np.int64)
        numbers = np.full(len(cells), NOBODY, dtype=np.int64)
        for place, code in enumerate(cells.tolist()):
            if counts[place]:
                office, day = divmod(code, len(self.plan.days))
                numbers[place] = self._number(office, self.plan.days[day], int(anchored[place]))
        return np.where(counted, numbers[of], NOBODY)

    def unfinished(self) -> tuple[list[int], list[int]]:
        """Offices (keys) and the numbers of those of their batches that were not finished."""
        for office, waiting in self.waiting.items():
            self.left.append((office, waiting.number))
        self.waiting.clear()
        return (
            [self.plan.wishes[office].office.id for office, _ in self.left],
            [number for _, number in self.left],
        )

    def _number(self, office: int, day: date, people: int) -> int:
        month = (day.year, day.month)
        past = self.past[office]
        past.months[month] = past.months.get(month, 0) + people
        waiting = self.waiting.get(office)
        if waiting is not None and self._is_over(waiting, past, day):
            del self.waiting[office]
            waiting = None
        if waiting is None:
            self.newest[office] += 1
            waiting = self.waiting[office] = _Waiting(self.newest[office], day)
        waiting.people += people
        waiting.day = day
        return waiting.number

    def _is_over(self, waiting: _Waiting, past: _Past, day: date) -> bool:
        """Whether those who wait are a batch, or stay without one, before this day."""
        enough = waiting.people >= self.smallest
        before = waiting.day
        if (before.year, before.month) != (day.year, day.month):
            if not enough:
                office = next(of for of, one in self.waiting.items() if one is waiting)
                self.left.append((office, waiting.number))
            return True
        match past.rhythm(day.year):
            case Rhythm.NIGHT:
                return enough and before < day
            case Rhythm.WEEK:
                return enough and before.isocalendar()[:2] != day.isocalendar()[:2]
            case Rhythm.MONTH:
                return False
