"""Draws people and their answers, many at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.simulation.calendar import HOUR_SHARES, HOURS
from demo.simulation.habits import (
    CHANNELS,
    DISSATISFIED,
    LANGUAGES,
    NEUTRAL,
    ONE_STEP,
    OVERLOOKED,
    PERSON,
    REMARKS_OF_HAPPY,
    REMARKS_OF_UNHAPPY,
    RESPONDENT_NOT_SAID,
    SKIPPED,
    VERY_SATISFIED,
)
from demo.simulation.plan import SHIFT_OF_STAGE, STAGES, Plan, stage_shares
from surveys.models import Channel, Respondent, State
from surveys.models.standing import CHANNEL_APART, STAGE_APART
from surveys.questionnaires.catalogue import BLANK, DONT_KNOW

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# People drawn at once: 65,536 x 16 answers stay near the processor.
AT_ONCE = 65_536
# A form filled in on paper is entered up to three days later.
ENTERED_LATER = 4
NOBODY = -1
_CODES = np.array(list(Channel))
_SKIPPING = np.array([habit.skipping for habit in CHANNELS.values()])
_LEAVING = np.array([habit.leaving for habit in CHANNELS.values()])
_ONE_STEP = np.array([channel in ONE_STEP for channel in CHANNELS])
_TABLET = list(CHANNELS).index(Channel.TABLET)
_PAPER = list(CHANNELS).index(Channel.PAPER)
LANGUAGE_CODES = tuple(LANGUAGES)


@dataclass(frozen=True)
class People:
    """Some simulated responses, one row each: arrays of one length, ordered by office and day.

    office: index of the plan's wish; office_id, procedure, counter: database keys,
    -1 for none; day, received_on: indices of the plan's days; language: index of LANGUAGE_CODES;
    answers: uint8[n, items]; flags: surveys.flags.rules.Flag, 0 as drawn (`marks` sets them);
    batch: number, -1 for none; remark: 0 none, 1 happy, 2 unhappy.
    """

    office: Ints
    office_id: Ints
    procedure: Ints
    counter: Ints
    channel: Ints
    stage: Ints
    respondent: Ints
    state: Ints
    step: Ints
    answers: NDArray[np.uint8]
    valid: Bools
    day: Ints
    received_on: Ints
    hour: Ints
    language: Ints
    flags: Ints
    batch: Ints
    id: NDArray[np.uint8]
    remark: Ints


@dataclass(frozen=True, slots=True)
class Visits:
    """Who came, and why; all int64[n]. channel and menu are indices, stage the code."""

    office: Ints
    day: Ints
    menu: Ints
    channel: Ints
    stage: Ints


def draw(plan: Plan, responses: int, seed: int) -> Iterator[People]:
    """Exactly `responses` people, in portions; the same seed gives the same people."""
    rng = np.random.default_rng([seed, 2])
    pencil = Pencil(plan, rng)
    cells = rng.multinomial(responses, plan.weights.ravel())
    ends = np.cumsum(cells)
    for start in range(0, responses, AT_ONCE):
        numbers = np.arange(start, min(start + AT_ONCE, responses))
        cell = np.searchsorted(ends, numbers, side="right")
        yield pencil.people(cell // len(plan.days), cell % len(plan.days))


class Pencil:
    """Draws people for given offices and days."""

    def __init__(self, plan: Plan, rng: np.random.Generator) -> None:
        self.plan = plan
        self.rng = rng
        offices = [wish.office for wish in plan.wishes]
        self.ids = np.array([office.id for office in offices])
        self.drift = np.array([wish.drift for wish in plan.wishes])
        self.base = plan.base.astype(np.float32)
        self.menus = list(plan.menus.values())
        names = list(plan.menus)
        self.menu_of = np.array([names.index(office.level) for office in offices])
        # All menus behind one another, so that one index finds a procedure and its habit.
        starts = np.cumsum([0, *(len(menu.shares) for menu in self.menus)])
        self.menu_start = starts[:-1]
        self.procedure = np.concatenate(
            [[NOBODY, *(procedure.id for procedure in menu.procedures)] for menu in self.menus]
        ).astype(np.int64)
        habits = [habit for menu in self.menus for habit in menu.habits]
        self.shift = np.array([habit.shift for habit in habits])
        self.organisations = np.array([habit.organisations for habit in habits])
        self.stage_ends = np.cumsum([stage_shares(habit) for habit in habits], axis=1)[:, :-1]
        self.counters = [np.array([c.id for c in o.counters], dtype=np.int64) for o in offices]

    def people(self, office: Ints, day: Ints) -> People:
        """One person for each pair of office and day."""
        visits = self._visits(office, day)
        n, channel = len(office), visits.channel
        self.rng.random(n)  # once who resolved it: a seed goes on giving the same people
        ends = len(self.plan.form.factor_codes)
        leaves = (self.rng.random(n) < _LEAVING[channel]) & (ends > 1)
        stop = np.where(leaves, self.rng.integers(1, max(ends, 2), n), ends)
        answers = self._answers(visits, stop)
        given = ((answers >= 1) & (answers <= 5)).sum(axis=1)
        satisfied = ((answers >= 4) & (answers <= 5)).sum(axis=1)
        later = np.where(channel == _PAPER, self.rng.integers(0, ENTERED_LATER, n), 0)
        return People(
            office=office,
            office_id=self.ids[office],
            procedure=self.procedure[visits.menu],
            counter=self._counters(office, channel),
            channel=_CODES[channel],
            stage=visits.stage,
            respondent=self._respondents(visits),
            state=np.where(leaves, State.SETTLED.value, State.FINISHED.value),
            step=np.where(_ONE_STEP[channel], 1, np.where(leaves, stop, ends + 1)),
            answers=answers,
            valid=given >= self.plan.form.needed,
            day=day,
            received_on=np.minimum(day + later, len(self.plan.days) - 1),
            hour=HOURS[self._pick(HOUR_SHARES, n)],
            language=self._pick(np.array(list(LANGUAGES.values())), n),
            flags=np.zeros(n, dtype=np.int64),
            batch=np.full(n, NOBODY),
            id=self._ids(n),
            remark=self._remarks(~leaves, 2 * satisfied >= given),
        )

    def _visits(self, office: Ints, day: Ints) -> Visits:
        n = len(office)
        menu = np.zeros(n, dtype=np.int64)
        for number, choices in enumerate(self.menus):
            here = np.flatnonzero(self.menu_of[office] == number)
            menu[here] = self.menu_start[number] + self._pick(choices.shares, len(here))
        place = (self.rng.random(n)[:, None] >= self.stage_ends[menu]).sum(axis=1)
        shares = np.array([habit.share for habit in CHANNELS.values()])
        return Visits(office, day, menu, self._pick(shares, n), np.array(STAGES)[place])

    def _answers(self, visits: Visits, stop: Ints) -> NDArray[np.uint8]:
        """uint8[n, items]: a person's leaning and each answer's own chance, cut into five."""
        form, n = self.plan.form, len(stop)
        shape = (n, len(form.codes))
        visit = self.shift[visits.menu] + SHIFT_OF_STAGE[visits.stage]
        visit += self.drift[visits.office] * self.plan.years[visits.day]
        # Divided out again by the person's share of the spread, so that the place is in probits.
        spread = np.float32(np.hypot(1.0, PERSON))
        leaning = PERSON * self.rng.standard_normal(n, dtype=np.float32)
        latent = self.rng.standard_normal(shape, dtype=np.float32)
        latent += self.base[visits.office] * spread
        latent += (visit.astype(np.float32) * spread + leaning)[:, None]
        answers = np.ones(shape, dtype=np.uint8)
        for limit in (DISSATISFIED, NEUTRAL, 0.0, VERY_SATISFIED):
            answers += latent > np.float32(limit)
        skips = self.rng.random(n) < _SKIPPING[visits.channel]
        chance = self.rng.random(shape, dtype=np.float32)
        blank = np.where(skips, SKIPPED, OVERLOOKED).astype(np.float32)[:, None]
        answers[chance >= np.float32(1.0) - form.dont_know.astype(np.float32)] = DONT_KNOW
        answers[(chance < blank) | (form.factor_rank >= stop[:, None])] = BLANK
        return answers

    def _respondents(self, visits: Visits) -> Ints:
        chance = self.rng.random(len(visits.menu))
        organisation = chance < self.organisations[visits.menu]
        respondent = np.where(organisation, Respondent.ORGANISATION, Respondent.CITIZEN)
        return np.where(chance >= 1.0 - RESPONDENT_NOT_SAID, Respondent.UNKNOWN, respondent)

    def _counters(self, office: Ints, channel: Ints) -> Ints:
        counters = np.full(len(office), NOBODY)
        chance = self.rng.random(len(office))
        for number in np.unique(office):
            desks = self.counters[number]
            if len(desks):
                here = (office == number) & (channel == _TABLET)
                counters[here] = desks[(chance[here] * len(desks)).astype(np.int64)]
        return counters

    def _remarks(self, finished: Bools, happy: Bools) -> Ints:
        chance = self.rng.random(len(happy))
        writes = finished & (chance < np.where(happy, REMARKS_OF_HAPPY, REMARKS_OF_UNHAPPY))
        return np.where(writes, np.where(happy, 1, 2), 0)

    def _ids(self, n: int) -> NDArray[np.uint8]:
        """uint8[n, 16]: UUIDs of version 4, from the seed."""
        ids = np.frombuffer(self.rng.bytes(16 * n), np.uint8).reshape(n, 16).copy()
        ids[:, 6] = ids[:, 6] & 0x0F | 0x40
        ids[:, 8] = ids[:, 8] & 0x3F | 0x80
        return ids

    def _pick(self, shares: NDArray[np.float64], n: int) -> Ints:
        """Indices drawn by their shares."""
        ends = np.cumsum(shares)
        return np.searchsorted(ends[:-1] / ends[-1], self.rng.random(n), side="right")


def is_in_scores(people: People) -> Bools:
    """Whose answers count in scores: enough of them, not waiting any more, not interviewed."""
    counted: Bools = (
        people.valid & (people.stage != STAGE_APART) & (people.channel != CHANNEL_APART)
    )
    return counted
