"""Showing in batches: every shown figure is a sum of groups of at least k people.

Whoever sees a figure before and after one answer knows that answer; whoever sees a week and six
of its days knows the seventh. So the people who answered one instrument at one office are put
into batches of at least k, and a figure, of whatever period, unit and map, open or closed, is the
sum of the shown batches that lie wholly within it. A batch never changes once it is shown. No sum
or difference of figures can then single out fewer than k people (docs/methodology.md):

1. While a day runs, its people without a batch make batches of k, first come first in (`form`).
2. When a day is over, its remaining people join its last batch while that is held back; else a
   day of k people makes a batch, and smaller days are carried until they are k together. Nobody is
   carried over the end of a month (`gather_days`).
3. Each month that is not closed holds its newest batch back (`held_back`). When the month is
   closed, who is still carried joins it, and it is shown.
4. What is left without a batch in closed months (small months, late answers) makes a batch once k
   are together in the month; in the quarter once it is closed; in the year (`gather_rests`).
5. Withdrawn answers leave the figures of months and longer when k of them, in one of these
   periods, leave together (`may_withdraw`), and only from batches that were shown before; days and
   weeks stay as they were shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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


@dataclass(frozen=True)
class Gathering:
    """What becomes of people without a batch whose days are over.

    join: days whose people join the standing batch that is held back; form: groups of days whose
    people make a new batch each, in this order; what is in neither is carried on.
    """

    join: tuple[date, ...]
    form: tuple[tuple[date, ...], ...]


def month_of(day: date) -> Month:
    """The month that `day` lies in."""
    return day.year, day.month


def form(pending: int, k: int) -> int:
    """How many batches of exactly k a running day's `pending` people make now; the rest waits."""
    _check(pending, k)
    return pending // k


def gather_days(
    waiting: Mapping[date, int], held: BatchExtent | None, closing: bool, k: int
) -> Gathering:
    """Settle the days of ONE month that are over; `waiting`: people without a batch by day.

    held: the month's newest batch while nobody has seen it; None if there is none or the month
    was shown closed. closing: the month is being closed now, so that nobody is carried on if
    there is a batch to join. Raises ValueError for days of two months.
    """
    if len({month_of(day) for day in waiting}) > 1:
        raise ValueError("the days of two months are settled apart")
    join: list[date] = []
    made: list[list[date]] = []
    carried: list[date] = []
    for day, people in sorted(waiting.items()):
        _check(people, k)
        if not people:
            continue
        if not made and held is not None and held.first_day == held.last_day == day:
            join.append(day)
        elif people >= k:
            made.append([day])
        else:
            carried.append(day)
            if sum(waiting[d] for d in carried) >= k:
                made.append(carried)
                carried = []
    if closing and carried:
        if made:
            made[-1] += carried
        elif held is not None:
            join += carried
    return Gathering(tuple(join), tuple(tuple(sorted(days)) for days in made))


def gather_rests(
    rests: Mapping[date, int], closed: Iterable[tuple[date, date]], k: int
) -> list[list[date]]:
    """Batches that people left over in closed months make together.

    rests: people without a batch by day; closed: closed periods, both days inclusive, each before
    those that contain it (months, quarters, years). Returns groups of days, each of k people or
    more within one of these periods.
    """
    left = {day: people for day, people in rests.items() if people}
    groups = []
    for first, last in closed:
        days = sorted(day for day in left if first <= day <= last)
        if sum(left[day] for day in days) >= k:
            groups.append(days)
            for day in days:
                del left[day]
    return groups


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


def may_withdraw(changes: int, remaining: int, k: int) -> bool:
    """Whether the withdrawals that wait in a period may leave its figure now.

    changes: people of the period's shown batches who leave or come back; remaining: people who
    then stand in them.
    """
    _check(changes, k)
    _check(remaining, k)
    return changes >= k and (remaining == 0 or remaining >= k)


def _check(people: int, k: int) -> None:
    if k < 1:
        raise ValueError("a batch holds at least one person")
    if people < 0:
        raise ValueError("a negative number of people")
