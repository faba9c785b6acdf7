"""How the questions of an instrument are answered, left blank or not known."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.simulation.habits import (
    CHANNELS,
    DONT_KNOW,
    DONT_KNOW_ELSEWHERE,
    FACTOR_PROFILE,
    OVERLOOKED,
    SKIPPED,
)
from surveys.models import Criterion
from surveys.questionnaires.catalogue import InstrumentEntry

LEVELS = 5


class NotSimulable(Exception):
    """Only instruments whose items are all criteria on five levels can be simulated."""


@dataclass(frozen=True)
class Form:
    """An instrument as the simulation sees it; arrays by the item's position.

    factor_rank: int64[items], -1 without a factor; profile: float64[items], probits; dont_know:
    float64[items], shares; needed: how many answers make a form count.
    """

    instrument: InstrumentEntry
    codes: tuple[str, ...]
    factor_codes: tuple[str, ...]
    factor_rank: NDArray[np.int64]
    profile: NDArray[np.float64]
    dont_know: NDArray[np.float64]
    needed: int

    def answered(self) -> NDArray[np.float64]:
        """float64[items]: the share of the forms that count in which an item has an answer.

        Exact: for each kind of person (who skips or not, and stops after which factor) the number
        of answers is a sum of independent yes-or-no draws, whose distribution is built up item by
        item.
        """
        counted, answering = 0.0, np.zeros(len(self.codes))
        for weight, answers in self._people():
            enough = _at_least(answers, self.needed)
            counted += weight * enough
            for item, share in enumerate(answers):
                if share > 0.0:
                    others = np.delete(answers, item)
                    answering[item] += weight * share * _at_least(others, self.needed - 1)
        return answering / counted

    def _people(self) -> list[tuple[float, NDArray[np.float64]]]:
        """The kinds of people: their share, and the chance of an answer to each item."""
        ends = len(self.factor_codes)
        kinds = []
        for skips, blank in ((True, SKIPPED), (False, OVERLOOKED)):
            answering = 1.0 - blank - self.dont_know
            for end in range(1, ends + 1):
                weight = sum(
                    habit.share
                    * (habit.skipping if skips else 1.0 - habit.skipping)
                    * self._stop_after(habit.leaving, end)
                    for habit in CHANNELS.values()
                )
                kinds.append((weight, np.where(self.factor_rank < end, answering, 0.0)))
        return kinds

    def _stop_after(self, leaving: float, end: int) -> float:
        """The share of those who stop after `end` factors; all of them is finishing."""
        ends = len(self.factor_codes)
        if ends == 1:
            return 1.0
        return 1.0 - leaving if end == ends else leaving / (ends - 1)


def form_of(instrument: InstrumentEntry) -> Form:
    """The form of an instrument. Raises NotSimulable."""
    others = [i.code for i in instrument.items if i.scale != Criterion.Scale.SATISFACTION]
    if others or not instrument.items or not instrument.factors:
        raise NotSimulable(
            f"{instrument.slug} cannot be simulated: its items must all be satisfaction criteria "
            f"in factors{', which ' + others[0] + ' is not' if others else ''}"
        )
    if any(len(item.options) != LEVELS for item in instrument.items):
        raise NotSimulable(f"{instrument.slug} cannot be simulated: its scale has no five levels")
    factor_codes = tuple(factor.code for factor in instrument.factors)
    ranks = {code: rank for rank, code in enumerate(factor_codes)}
    codes = [item.factor_code or "" for item in instrument.items]
    return Form(
        instrument=instrument,
        codes=tuple(item.code for item in instrument.items),
        factor_codes=factor_codes,
        factor_rank=np.array([ranks.get(code, -1) for code in codes]),
        profile=np.array([FACTOR_PROFILE.get(code, 0.0) for code in codes]),
        dont_know=np.array([DONT_KNOW.get(code, DONT_KNOW_ELSEWHERE) for code in codes]),
        needed=max(1, math.ceil(instrument.minimum_answered * len(codes) - 1e-9)),
    )


def _at_least(chances: NDArray[np.float64], needed: int) -> float:
    """The chance that at least `needed` of independent draws succeed."""
    if needed <= 0:
        return 1.0
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, (1.0 - chance, chance))
    return float(distribution[needed:].sum())
