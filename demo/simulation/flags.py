"""Marks on simulated forms as the intake would have put them there, and days that were staged.

What the form itself says (the same answer to everything, the hour, the channel) is judged by the
rules of `surveys.flags.rules`; what its seconds would have said is drawn. A staged day is one on
which somebody at the office fills in forms on the tablet, all of them very satisfied.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from demo.simulation.draw import NOBODY, People
from demo.simulation.habits import (
    BURSTS,
    EVENING,
    EVENING_CHANNELS,
    FAST,
    FAST_STRAIGHT_LINERS,
    FLOODS,
    HELPED_AT_TABLET,
    MACHINES,
    RUNS,
    STAGED_FORMS,
    WRONG_CLOCKS,
)
from demo.simulation.plan import Plan
from surveys.flags.rules import HELPED_CHANNELS, TELLING_ANSWERS, Flag
from surveys.models import Channel, State

Bools = NDArray[np.bool_]
EVENING_HOURS = (18, 22)
# Before the office closes. The first forms of a burst and of a run carry no mark yet.
STAGED_HOUR = 16
STAGED_MARKED = 0.85
_EVENING = np.array(list(EVENING_CHANNELS))
_HELPED = np.array(list(HELPED_CHANNELS))


def flag(plan: Plan, people: People, rng: np.random.Generator) -> People:
    """The same people with `flags`, some of them in the evening, and staged days staged."""
    people = _in_the_evening(_staged(plan, people, rng), rng)
    n, tablet = len(people.office), people.channel == Channel.TABLET
    phone = people.channel == Channel.PHONE
    straight = _straight_lined(people.answers)
    page_by_page = people.step > 1
    marked = {
        Flag.STRAIGHT_LINED: straight,
        Flag.TOO_FAST: page_by_page
        & (rng.random(n) < np.where(straight, FAST_STRAIGHT_LINERS, FAST)),
        Flag.BURST: tablet & (rng.random(n) < BURSTS),
        Flag.IDENTICAL_RUN: straight & (rng.random(n) < RUNS),
        Flag.AFTER_HOURS: people.hour >= EVENING_HOURS[0],
        Flag.ASSISTED: np.isin(people.channel, _HELPED)
        | tablet & (rng.random(n) < HELPED_AT_TABLET),
        Flag.CLOCK_SKEW: tablet & (rng.random(n) < WRONG_CLOCKS),
        Flag.SUSPICIOUS: phone & (rng.random(n) < MACHINES),
        Flag.SURGE: phone & (rng.random(n) < FLOODS),
    }
    flags = people.flags.copy()
    for flag, who in marked.items():
        flags |= np.where(who, flag.value, 0)
    return replace(people, flags=np.where(people.state == State.FINISHED, flags, 0))


def _straight_lined(answers: NDArray[np.uint8]) -> Bools:
    given = (answers >= 1) & (answers <= 5)
    highest = np.where(given, answers, np.uint8(0)).max(axis=1)
    lowest = np.where(given, answers, np.uint8(9)).min(axis=1)
    same: Bools = (given.sum(axis=1) >= TELLING_ANSWERS) & (highest == lowest)
    return same


def _in_the_evening(people: People, rng: np.random.Generator) -> People:
    n = len(people.office)
    later = np.isin(people.channel, _EVENING) & (rng.random(n) < EVENING)
    return replace(people, hour=np.where(later, rng.integers(*EVENING_HOURS, n), people.hour))


def _staged(plan: Plan, people: People, rng: np.random.Generator) -> People:
    """The people of staged days, most of them replaced by whoever sits at the tablet."""
    at_stake = [place for place, wish in enumerate(plan.wishes) if wish.staged]
    rows = np.flatnonzero(np.isin(people.office, at_stake))
    chance = rng.random((len(rows), 2))
    staged = np.array(
        [plan.days[people.day[row]] in plan.wishes[people.office[row]].staged for row in rows],
        dtype=bool,
    )
    rows, chance = rows[staged], chance[staged]
    rows, chance = rows[chance[:, 0] < STAGED_FORMS], chance[chance[:, 0] < STAGED_FORMS]
    if not len(rows):
        return people
    changed = {
        name: getattr(people, name).copy()
        for name in (
            *("channel", "counter", "state", "step", "answers", "valid"),
            *("received_on", "hour", "remark", "flags"),
        )
    }
    desks = [wish.office.counters for wish in plan.wishes]
    changed["counter"][rows] = [
        desks[place][0].id if desks[place] else NOBODY for place in people.office[rows]
    ]
    changed["channel"][rows] = Channel.TABLET.value
    changed["state"][rows] = State.FINISHED.value
    changed["step"][rows] = len(plan.form.factor_codes) + 1
    changed["answers"][rows] = 5
    changed["valid"][rows] = True
    changed["received_on"][rows] = people.day[rows]
    changed["hour"][rows] = STAGED_HOUR
    changed["remark"][rows] = 0
    noticed = (Flag.BURST | Flag.IDENTICAL_RUN | Flag.TOO_FAST).value
    changed["flags"][rows] = np.where(chance[:, 1] < STAGED_MARKED, noticed, Flag.TOO_FAST.value)
    return replace(people, **changed)
