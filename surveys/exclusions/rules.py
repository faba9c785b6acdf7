"""Whom rules leave out, and by how many people two sets of rules differ. Pure."""

from collections import Counter, defaultdict
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


class Meant(NamedTuple):
    """So many people of one questionnaire whom the same rules mean, out of all that were asked."""

    instrument_id: int
    rules: frozenset[Rule]
    people: int


def meant_by(cells: Sequence[Cell], rules: Collection[Rule]) -> list[Meant]:
    """Whom these rules mean, each rule and cell looked at once, however many states follow."""
    people: dict[tuple[int, frozenset[Rule]], int] = defaultdict(int)
    distinct = frozenset(rules)
    for cell in cells:
        mean = frozenset(rule for rule in distinct if matches(rule, cell))
        people[cell.instrument_id, mean] += cell.people
    return [Meant(instrument, mean, number) for (instrument, mean), number in people.items()]


def counts_by_difference(
    meant: Sequence[Meant], one: Collection[Rule], other: Collection[Rule]
) -> Counter[int]:
    """By instrument: how many people one set of rules leaves out and the other does not.

    Both directions count. meant: by rules of which both sets are made.
    """
    first, second = frozenset(one), frozenset(other)
    differing: Counter[int] = Counter()
    for instrument, rules, people in meant:
        if rules.isdisjoint(first) != rules.isdisjoint(second):
            differing[instrument] += people
    return differing
