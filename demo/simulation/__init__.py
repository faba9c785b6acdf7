"""Believable responses of people who do not exist, with a known truth behind them.

    wishes = spread_wishes(offices, level=0.83, seed=1)
    plan = make_plan(wishes, first, last, instrument, directory, seed=1)
    load(plan, responses=1_000_000, seed=1)
    truth(plan, {"phuong-ha-tien"}).overall  # what the office's percentage should come out at

Every row is written with `simulated`, and every figure made of it says so. It may use surveys'
questionnaires and models. Start reading at `plan`, which says who comes when.
"""

from demo.simulation.attacks import Attack, load_attack
from demo.simulation.calendar import NoWorkingDays, working_days
from demo.simulation.form import NotSimulable
from demo.simulation.load import Loaded, load
from demo.simulation.plan import (
    CannotSimulate,
    Plan,
    Wish,
    expected_people,
    make_plan,
    spread_wishes,
)
from demo.simulation.remarks import ENGLISH, HAPPY
from demo.simulation.truth import Truth, truth

__all__ = [
    "ENGLISH",
    "HAPPY",
    "Attack",
    "CannotSimulate",
    "Loaded",
    "NoWorkingDays",
    "NotSimulable",
    "Plan",
    "Truth",
    "Wish",
    "expected_people",
    "load",
    "load_attack",
    "make_plan",
    "spread_wishes",
    "truth",
    "working_days",
]
