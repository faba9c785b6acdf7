"""What is to be simulated: which offices, which days, how satisfied people really are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from demo.simulation.calendar import busyness, working_days
from demo.simulation.form import Form, form_of
from demo.simulation.habits import (
    NO_PROCEDURE,
    STAGE_NOT_SAID,
    STAGE_SHIFTS,
    STAGED_CROWD,
    FieldHabit,
    habit_of,
)
from demo.simulation.normal import below, probit
from offices.directory import Directory, OfficeEntry, ProcedureEntry
from surveys.models import Stage
from surveys.models.standing import STAGE_APART
from surveys.questionnaires.catalogue import InstrumentEntry

STAGES = tuple(Stage)
COUNTED_STAGES = np.array([stage != STAGE_APART for stage in STAGES])
# By the stage's code, which counts from 0 in the order of STAGES.
SHIFT_OF_STAGE = np.array([STAGE_SHIFTS[stage] for stage in STAGES])

# People at an office of each kind in relation to a commune's, and how much offices of one kind
# differ (standard deviation of the logarithm).
VISITORS: Mapping[str, float] = {"provincial_centre": 4.0, "district_desk": 2.0}
VISITORS_DIFFER = 0.5
# How much the true levels of offices, and of the criteria within one office, differ, in probits.
OFFICES_DIFFER, CRITERIA_DIFFER = 0.25, 0.1
LOWEST_LEVEL, HIGHEST_LEVEL = 0.05, 0.99


class CannotSimulate(Exception):
    """The wish cannot be met; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One office and what is to be true there.

    level: the share, 0 to 1, of satisfied answers among all criteria in the middle of the time;
    drift: how much it rises a year, in probits; volume: people on an ordinary day, or in relation
    to other offices; only: the days on which people are asked, where that is not every day;
    staged: days on which somebody at the office fills in forms on the tablet besides.
    """

    office: OfficeEntry
    level: float
    volume: float = 1.0
    drift: float = 0.0
    only: frozenset[date] | None = None
    staged: frozenset[date] = frozenset()

    def crowd_on(self, day: date) -> float:
        """How many forms come in relation to an ordinary day: 0 where nobody may answer."""
        if not self.asks_on(day):
            return 0.0
        return STAGED_CROWD if day in self.staged else 1.0

    def asks_on(self, day: date) -> bool:
        """Whether anybody may answer there on this day."""
        return self.office.is_open_on(day) and (self.only is None or day in self.only)


@dataclass(frozen=True)
class Menu:
    """The procedures of offices of one level; index 0 is "not said".

    procedures: national procedures; shares: float64[1 + procedures]; habits: one each.
    """

    procedures: tuple[ProcedureEntry, ...]
    shares: NDArray[np.float64]
    habits: tuple[FieldHabit, ...]

    def mixture(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weights and shifts in probits of everybody whose answers count: float64[kinds]."""
        weights = self._weights()
        shifts = np.array([habit.shift for habit in self.habits])[:, None] + SHIFT_OF_STAGE
        kinds, kind = np.unique(shifts.ravel(), return_inverse=True)
        shares: NDArray[np.float64] = np.zeros(len(kinds))
        np.add.at(shares, kind, (weights / weights.sum()).ravel())
        return shares, kinds

    def counted(self) -> float:
        """The share of people whose answers count, that is, who are not still waiting."""
        return float(self._weights().sum())

    def _weights(self) -> NDArray[np.float64]:
        stages = np.array([stage_shares(habit) for habit in self.habits])
        weights: NDArray[np.float64] = self.shares[:, None] * stages * COUNTED_STAGES
        return weights


def stage_shares(habit: FieldHabit) -> NDArray[np.float64]:
    """The shares of the stages in which people answer, in the order of STAGES."""
    shares = {
        Stage.UNKNOWN: STAGE_NOT_SAID,
        Stage.REFUSED: habit.refused,
        Stage.WAITING: habit.waiting,
    }
    shares[Stage.RECEIVED] = 1.0 - sum(shares.values())
    return np.array([shares[stage] for stage in STAGES])


@dataclass(frozen=True)
class Plan:
    """Everything the drawing needs.

    base: float64[offices, items], how satisfied people of an ordinary visit are with each item in
    the middle of the time, in probits; weights: float64[offices, days], sum 1; years: float64
    [days], from the middle of the time.
    """

    wishes: tuple[Wish, ...]
    days: tuple[date, ...]
    form: Form
    base: NDArray[np.float64]
    weights: NDArray[np.float64]
    years: NDArray[np.float64]
    menus: Mapping[str, Menu]


def make_plan(
    wishes: Sequence[Wish],
    first: date,
    last: date,
    instrument: InstrumentEntry,
    directory: Directory,
    seed: int,
) -> Plan:
    """The plan for these offices from `first` to `last`, both included.

    Offices that are closed all that time are left out. Raises CannotSimulate when none is left,
    and what `working_days` and `form_of` raise.
    """
    days = tuple(working_days(first, last))
    form = form_of(instrument)
    crowd = np.array([[wish.crowd_on(day) for day in days] for wish in wishes], dtype=float)
    kept = [wish for wish, row in zip(wishes, crowd, strict=True) if row.any()]
    if not kept:
        raise CannotSimulate(f"None of the offices is open between {first} and {last}.")
    for wish in kept:
        _check_level(wish.level)
    crowd = crowd[crowd.any(axis=1)]
    volumes = np.array([wish.volume for wish in kept])
    weights = crowd * busyness(days) * volumes[:, None]
    levels = {wish.office.level for wish in kept}
    menus = {level: menu_of(directory.by_level.get(level, ())) for level in levels}
    middle = first.toordinal() + (last - first).days / 2
    rng = np.random.default_rng([seed, 1])
    return Plan(
        wishes=tuple(kept),
        days=days,
        form=form,
        base=_base(kept, form, menus, rng),
        weights=weights / weights.sum(),
        years=np.array([(day.toordinal() - middle) / 365.25 for day in days]),
        menus=menus,
    )


def expected_people(wishes: Iterable[Wish], days: Sequence[date]) -> float:
    """How many people come to these offices on these working days, if volumes are meant a day."""
    ordinary: dict[date, float] = dict(zip(days, busyness(days).tolist(), strict=True))
    return sum(
        wish.volume * sum(busy * wish.crowd_on(day) for day, busy in ordinary.items())
        for wish in wishes
    )


def menu_of(procedures: Sequence[ProcedureEntry]) -> Menu:
    """How often each procedure is asked for: fields by habit, within a field the first ones most.

    procedures: of one level, in the directory's order.
    """
    rank: dict[int, int] = {}
    visits, habits = [NO_PROCEDURE.visits], [NO_PROCEDURE]
    for procedure in procedures:
        habit = habit_of(procedure.field_name)
        rank[procedure.field_id] = rank.get(procedure.field_id, 0) + 1
        habits.append(habit)
        visits.append(1.0 / rank[procedure.field_id])
    fields = np.array([-1, *(procedure.field_id for procedure in procedures)])
    shares = np.array(visits)
    for field_id in np.unique(fields):
        of_field = fields == field_id
        shares[of_field] *= habits[int(np.argmax(of_field))].visits / shares[of_field].sum()
    return Menu(tuple(procedures), shares / shares.sum(), tuple(habits))


def spread_wishes(offices: Collection[OfficeEntry], level: float, seed: int) -> list[Wish]:
    """Wishes for offices around `level`: some better, some worse, some larger, some improving.

    Raises CannotSimulate for an impossible level.
    """
    _check_level(level)
    rng = np.random.default_rng([seed, 0])
    wishes = []
    for office in sorted(offices, key=lambda office: office.slug):
        true = below(np.array([probit(level) + OFFICES_DIFFER * rng.standard_normal()]))
        size = VISITORS.get(office.kind, 1.0) * np.exp(VISITORS_DIFFER * rng.standard_normal())
        wishes.append(
            Wish(
                office,
                level=float(np.clip(true[0], LOWEST_LEVEL, HIGHEST_LEVEL)),
                volume=float(size),
                drift=float(0.08 + 0.12 * rng.standard_normal()),
            )
        )
    return wishes


def _check_level(level: float) -> None:
    if not LOWEST_LEVEL <= level <= HIGHEST_LEVEL:
        raise CannotSimulate(
            f"The level {level} is not between {LOWEST_LEVEL} and {HIGHEST_LEVEL}."
        )


def _base(
    wishes: Sequence[Wish], form: Form, menus: Mapping[str, Menu], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Finds, for each office, where its items must lie so that its pooled share is its level.

    By bisection: the pooled share grows with the place of the items.
    """
    items = form.profile + CRITERIA_DIFFER * rng.standard_normal((len(wishes), len(form.codes)))
    answered = form.answered()
    shares = answered / answered.sum()
    base = np.empty_like(items)
    for level, menu in menus.items():
        here = np.array([wish.office.level == level for wish in wishes])
        wanted = np.array([wish.level for wish in wishes])[here]
        weights, shifts = menu.mixture()
        low, high = np.full(len(wanted), -6.0), np.full(len(wanted), 6.0)
        for _ in range(40):
            middle = (low + high) / 2
            places = items[here] + middle[:, None]
            pooled = weights @ (below(places[:, None, :] + shifts[:, None]) @ shares).T
            low, high = (
                np.where(pooled < wanted, middle, low),
                np.where(pooled < wanted, high, middle),
            )
        base[here] = items[here] + ((low + high) / 2)[:, None]
    return base
