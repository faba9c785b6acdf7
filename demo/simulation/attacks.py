"""Forms that somebody makes up at one office, so that whoever judges floods can be trained.

All of them are open ones (nobody vouches for them: a phone, no counter), finished, and satisfied
with everything or nearly everything. They are written as the intake would write them, without a
batch: the next night judges and counts them. `simulated`, as all of the simulation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from django.db import connection, transaction
from psycopg.errors import UniqueViolation

from demo.simulation.calendar import HOURS
from demo.simulation.draw import NOBODY, Ints, Pencil, People
from demo.simulation.flags import EVENING_HOURS
from demo.simulation.load import Loaded, mark, refuse_beside_real
from demo.simulation.plan import CannotSimulate, Plan
from demo.simulation.rows import COPY_IN, HEADER, TRAILER, binary_rows
from surveys.flags.rules import TELLING_ANSWERS, Flag
from surveys.models import Channel, Respondent, Stage, State

# What a stranger sent to an office with 100 honest forms a month, and what an outbox held.
FEW, MANY = 290, 2_000
SIX_WEEKS = 30  # working days
MORE = 0.23  # what goes unseen for a year at even odds (`python -m benchmarks floods`)
OFFICE_HOURS = range(8, 17)
SATISFIED, VERY_SATISFIED = 4, 5

RHYTHM = """
SELECT day, hour, count(*) FROM surveys_response
WHERE office_id = %s AND day BETWEEN %s AND %s AND state IN (1, 2) GROUP BY 1, 2
"""


class Attack(StrEnum):
    """How somebody makes forms up."""

    BURST = "burst"
    THIN = "thin"
    MIMICRY = "mimicry"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Forged:
    """When they claim to be and when they come: places of the plan's days, hours; int64[n]."""

    day: Ints
    received_on: Ints
    hour: Ints


def load_attack(plan: Plan, attack: Attack, seed: int, beside_real_data: bool = False) -> Loaded:
    """Writes one attack on the plan's only office, the last one on the plan's last open day.

    burst: 290 forms within an hour of that day; thin: 290 over the last thirty open days; mimicry:
    23 % more than what stands there, at the same days and hours; file: 2,000 that arrive within an
    hour of that day and claim any day of the plan. Raises CannotSimulate where `load` does, for
    more than one office, and for mimicry where there is no rhythm to follow.
    """
    refuse_beside_real(beside_real_data)
    if len(plan.wishes) != 1:
        raise CannotSimulate("An attack is on one office. Name it with --offices.")
    rng = np.random.default_rng([seed, 5, list(Attack).index(attack)])
    people = _people(plan, FORGE[attack](plan, rng), attack, rng)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            with cursor.copy(COPY_IN) as copy:
                copy.write(HEADER)
                for rows in binary_rows(people, plan.days, plan.form.instrument.id):
                    copy.write(rows)
                copy.write(TRAILER)
            office = plan.wishes[0].office.id
            marks = [(office, plan.days[day]) for day in np.unique(people.day).tolist()]
            mark(cursor, marks)
    except UniqueViolation:
        raise CannotSimulate(
            f"This attack of seed {seed} is already in this database. Choose another --seed."
        ) from None
    return Loaded(len(people.day), 0, len(marks))


def _people(plan: Plan, forged: Forged, attack: Attack, rng: np.random.Generator) -> People:
    n = len(forged.day)
    drawn = Pencil(plan, rng).people(np.zeros(n, dtype=np.int64), forged.day)
    # Only who imitates people varies the answers: nothing below "satisfied", no gaps.
    varied = np.where(drawn.answers == VERY_SATISFIED, VERY_SATISFIED, SATISFIED)
    same = attack is not Attack.MIMICRY
    alike = same and drawn.answers.shape[1] >= TELLING_ANSWERS
    late = np.where(forged.hour >= EVENING_HOURS[0], Flag.AFTER_HOURS.value, 0)
    return replace(
        drawn,
        answers=np.full_like(drawn.answers, VERY_SATISFIED) if same else varied.astype(np.uint8),
        valid=np.ones(n, dtype=np.bool_),
        procedure=np.full(n, NOBODY),
        counter=np.full(n, NOBODY),
        channel=np.full(n, Channel.PHONE.value),
        stage=np.full(n, Stage.RECEIVED.value),
        respondent=np.full(n, Respondent.CITIZEN.value),
        state=np.full(n, State.FINISHED.value),
        received_on=forged.received_on,
        hour=forged.hour,
        flags=late | (Flag.STRAIGHT_LINED.value if alike else 0),
        language=np.zeros(n, dtype=np.int64),
        remark=np.zeros(n, dtype=np.int64),
    )


def _open_days(plan: Plan) -> Ints:
    return np.flatnonzero(plan.weights[0] > 0.0)


def _in_an_hour(plan: Plan, n: int, rng: np.random.Generator, days: Ints) -> Forged:
    """n forms that come within one hour of the last open day and claim some of these days."""
    last = np.full(n, _open_days(plan)[-1])
    return Forged(rng.choice(days, n), last, np.full(n, int(rng.choice(OFFICE_HOURS))))


def _burst(plan: Plan, rng: np.random.Generator) -> Forged:
    return _in_an_hour(plan, FEW, rng, _open_days(plan)[-1:])


def _file(plan: Plan, rng: np.random.Generator) -> Forged:
    return _in_an_hour(plan, MANY, rng, _open_days(plan))


def _thin(plan: Plan, rng: np.random.Generator) -> Forged:
    day = rng.choice(_open_days(plan)[-SIX_WEEKS:], FEW)
    return Forged(day, day, rng.choice(OFFICE_HOURS, FEW))


def _mimicry(plan: Plan, rng: np.random.Generator) -> Forged:
    with connection.cursor() as cursor:
        cursor.execute(RHYTHM, [plan.wishes[0].office.id, plan.days[0], plan.days[-1]])
        rhythm = cursor.fetchall()
    places = {day: place for place, day in enumerate(plan.days)}
    known = [(places[day], hour, n) for day, hour, n in rhythm if day in places]
    if not known:
        raise CannotSimulate(
            "There is no rhythm to follow: nobody has answered at this office in these days. "
            "Simulate ordinary responses first."
        )
    days, hours, numbers = zip(*sorted(known, key=lambda of: (of[0], of[1] or 0)), strict=True)
    weights = np.array(numbers, dtype=float)
    chosen = rng.choice(len(known), round(MORE * weights.sum()), p=weights / weights.sum())
    # Of a closed month the hour is forgotten.
    hour = np.array([rng.choice(HOURS) if hour is None else hour for hour in hours])
    return Forged(np.array(days)[chosen], np.array(days)[chosen], hour[chosen])


FORGE: Mapping[Attack, Callable[[Plan, np.random.Generator], Forged]] = {
    Attack.BURST: _burst,
    Attack.THIN: _thin,
    Attack.MIMICRY: _mimicry,
    Attack.FILE: _file,
}
