"""Batches that stand: which are held back, which a figure is the sum of, when people may leave.

A batch is a block of at least k people (`blocks` says how it is formed). It never changes once it
is shown, and days and weeks stay as they were shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

Month = tuple[int, int]  # year and month, 1 to 12


@dataclass(frozen=True)
class BatchExtent:
    """A batch of one office and instrument; first_day and last_day are inclusive."""

    number: int
    first_day: date
    last_day: date
    people: int


def month_of(day: date) -> Month:
    """The month that `day` lies in."""
    return day.year, day.month


def held_back(batches: Iterable[BatchExtent], closed: Collection[Month]) -> set[int]:
    """Numbers of the batches that nobody sees: the newest of each month that is not `closed`."""
    newest: dict[Month, int] = {}
    for batch in batches:
        month = month_of(batch.first_day)
        if month == month_of(batch.last_day) and month not in closed:
            newest[month] = max(batch.number, newest.get(month, batch.number))
    return set(newest.values())


def shown(
    batches: Sequence[BatchExtent], held: Collection[int], first: date, last: date
) -> set[int]:
    """Numbers of the batches that the figure of a period (both days inclusive) is the sum of."""
    return {
        batch.number
        for batch in batches
        if batch.number not in held and first <= batch.first_day and batch.last_day <= last
    }
