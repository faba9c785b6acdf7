"""Who comes together into the figures of an office: blocks of k people, formed once.

People wait; at the end of a day, week or month, by the rhythm of their office, all who wait in a
month become one block if k of them answered the anchor, the criterion that nearly everybody
answers. A night is never cut into tens: whoever sends many answers could otherwise wrap each
honest one in nine of their own. A month that is open holds its newest block back. When it closes,
who still waits makes a block, or joins the one held back, or waits for others of the quarter, then
of the year (`gather_rests`).

The rhythm is fixed a year ahead from an office's own past, so that nobody can read from it how many
answer now (`rhythm`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

# How certain it is to be that k people come together in each turn of the rhythm.
CERTAIN = 0.999
# Variance of the people of a turn: m + c·m², m their mean (docs/methodology.md).
SCATTER = {"night": 0.18, "week": 0.10, "month": 0.06}
WORKDAYS = {"night": 1, "week": 5, "month": 21}


class Rhythm(Enum):
    """How often the open figures of an office move."""

    NIGHT = "night"
    WEEK = "week"
    MONTH = "month"

    def ends_with(self, day: date) -> bool:
        """Whether who waits becomes a block in the night after this day, before the month closes.

        A week ends with its Sunday; by the month nothing moves until it closes.
        """
        return self is Rhythm.NIGHT or (self is Rhythm.WEEK and day.isoweekday() == 7)


@dataclass(frozen=True)
class Waiting:
    """People of one day who are in no block: everybody, and who of them answered the anchor."""

    people: int
    anchored: int

    def __post_init__(self) -> None:
        if not 0 <= self.anchored <= self.people:
            raise ValueError("of those who wait so many answered the anchor, or fewer")


@dataclass(frozen=True)
class Gathered:
    """Where the waiting people of a month go: a block of their own, the one held back, neither."""

    forms: bool = False
    joins: bool = False


def gather(waiting: Iterable[Waiting], *, closing: bool, held: bool, k: int) -> Gathered:
    """What becomes of everybody who waits in ONE month, at the end of a turn or of the month.

    closing: the month closes now; held: a block of it is held back, which nobody has seen. Raises
    ValueError for k below 1.
    """
    found = list(waiting)
    if not any(one.people for one in found):
        return Gathered()
    if _enough(found, k):
        return Gathered(forms=True)
    return Gathered(joins=closing and held)


def gather_rests(
    rests: Mapping[date, Waiting], closed: Iterable[tuple[date, date]], k: int
) -> list[tuple[date, ...]]:
    """Blocks of whoever is left in closed months: groups of days, each of k people or more.

    rests: who waits by day; closed: closed periods, both days inclusive, each before those that
    contain it (quarters, years). Such a block lies in one of these periods. Raises ValueError for k
    below 1.
    """
    left = {day: one for day, one in rests.items() if one.people}
    groups = []
    for first, last in closed:
        days = tuple(sorted(day for day in left if first <= day <= last))
        if _enough([left[day] for day in days], k):
            groups.append(days)
            left = {day: one for day, one in left.items() if day not in days}
    return groups


def rhythm(anchored: Sequence[int], k: int) -> Rhythm:
    """The shortest rhythm in which k people come together with certainty, by an office's past.

    anchored: by past month, how many answered the anchor. In a turn with m people on average their
    number follows a negative binomial distribution of variance m + c·m². Without a past, or where
    no turn is long enough, by the month.
    """
    if not anchored:
        return Rhythm.MONTH
    monthly = sum(anchored) / len(anchored)
    for each in (Rhythm.NIGHT, Rhythm.WEEK):
        mean = monthly * WORKDAYS[each.value] / WORKDAYS[Rhythm.MONTH.value]
        if 1.0 - below(k, mean, SCATTER[each.value]) >= CERTAIN:
            return each
    return Rhythm.MONTH


def below(k: int, mean: float, scatter: float) -> float:
    """Probability of fewer than k people, of a negative binomial of variance mean + scatter·mean².

    With r = 1 / scatter and p = r / (r + mean), P(n) = Γ(n + r) / (n! Γ(r)) pʳ (1 - p)ⁿ.
    """
    if mean <= 0.0:
        return 1.0 if k > 0 else 0.0
    size = 1.0 / scatter
    success = size / (size + mean)
    chance = math.exp(size * math.log(success))
    total = 0.0
    for n in range(k):
        total += chance
        chance *= (n + size) / (n + 1) * (1.0 - success)
    return total


def _enough(waiting: Sequence[Waiting], k: int) -> bool:
    if k < 1:
        raise ValueError("a block holds at least one person")
    return sum(one.anchored for one in waiting) >= k
