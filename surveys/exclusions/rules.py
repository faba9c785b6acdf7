"""Whom rules leave out, and by how many people two sets of rules differ. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from offices.validity import Days
from surveys.flags.rules import NO_FLAG, Flag
from surveys.models import Channel


@dataclass(frozen=True, slots=True)
class Rule:
    """Which forms of an office are meant: of these days, both included, with any of these flags.

    No flag: whatever flags they have. channel, counter_id: None for any.
    """

    office_id: int
    first_day: date
    last_day: date
    flags: Flag = NO_FLAG
    channel: Channel | None = None
    counter_id: int | None = None


class Cell(NamedTuple):
    """So many people of one office who are the same to every rule."""

    instrument_id: int
    day: date
    channel: Channel
    counter_id: int | None
    flags: Flag
    people: int


def matches(rule: Rule, cell: Cell) -> bool:
    """Whether the rule means the cell's people; the office is taken to be the same."""
    return (
        Days(rule.first_day, rule.last_day).hold(cell.day)
        and (not rule.flags or bool(rule.flags & cell.flags))
        and rule.channel in (None, cell.channel)
        and rule.counter_id in (None, cell.counter_id)
    )


def states_of(history: Sequence[tuple[Rule, datetime, datetime | None]]) -> set[frozenset[Rule]]:
    """Which rules held together at some time: none at first, then those after every change.

    history: each rule with when it was made and lifted (None: not yet).
    """
    changes = {moment for _, *times in history for moment in times if moment is not None}
    after = {
        frozenset(
            rule
            for rule, made, lifted in history
            if made <= moment and (lifted is None or lifted > moment)
        )
        for moment in changes
    }
    return {frozenset(), *after}


def counts_by_difference(
    cells: Sequence[Cell], one: Collection[Rule], other: Collection[Rule]
) -> Counter[int]:
    """By instrument: how many people one set of rules leaves out and the other does not.

    Both directions count.
    """
    differing: Counter[int] = Counter()
    for cell in cells:
        by_one = any(matches(rule, cell) for rule in one)
        if by_one != any(matches(rule, cell) for rule in other):
            differing[cell.instrument_id] += cell.people
    return differing
