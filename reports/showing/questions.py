"""Questions that are part of no index: how many people gave each answer, all answers shown.

Which levels of a four-level scale the ministry counts is not known (forms.md), so none is counted
for the reader. Every number has passed the suppression policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from reports.sipas.counts.sums import Counts, Sums
from reports.sipas.hiding.suppression import Cell, Policy, Shown, suppress
from reports.sipas.index import interval, percentages
from surveys.models import Criterion
from surveys.questionnaires.catalogue import ANSWERS, BLANK, DONT_KNOW, InstrumentEntry, ItemEntry
from surveys.questionnaires.questionnaire import Texts

TICKED = 1


@dataclass(frozen=True, slots=True)
class Level:
    """One answer: how many gave it, their share of those who answered, limits in percent."""

    text: Texts
    people: int
    share: Fraction
    low: float
    high: float

    @property
    def value(self) -> Decimal:
        """The percentage, two decimals, half up."""
        return percentages.percent(self.share)


@dataclass(frozen=True, slots=True)
class Tallied:
    """What was asked at once: an item, or all boxes of a multiple choice.

    answered: people the shares are of. A box left empty is no tick and no blank, so of boxes it is
    whoever was shown them and did not say "don't know", and `blank` is None. `levels` is empty and
    all numbers are 0 where it is hidden.
    """

    code: str
    text: Texts
    levels: tuple[Level, ...]
    answered: int
    blank: int | None
    dont_know: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what was asked under it; `several` if people could tick several answers."""

    code: str
    text: Texts
    several: bool
    parts: tuple[Tallied, ...]


def questions(instrument: InstrumentEntry, sums: Sums, policy: Policy) -> Iterator[Question]:
    """The questions without an index in the instrument's order, hidden where few answered."""
    asked = [item for item in instrument.items if item.scale != Criterion.Scale.SATISFACTION]
    behind = {item.code: _answered(item, sums.counts[item.position]) for item in asked}
    decided = suppress(policy, [Cell(code, people, code) for code, people in behind.items()])
    shown = {code for code, outcome in decided.items() if isinstance(outcome, Shown)}
    for _, together in groupby(asked, key=_question):
        items = list(together)
        several = items[0].scale == Criterion.Scale.BOX
        yield Question(
            items[0].group or items[0].code,
            items[0].question,
            several,
            (_boxes(items, sums, shown),)
            if several
            else tuple(_item(item, sums, item.code in shown) for item in items),
        )


def _question(item: ItemEntry) -> tuple[str, str, bool]:
    """Equal for neighbours that stand under one question; a box beside a scale is another."""
    return (item.part, item.group or item.code, item.scale == Criterion.Scale.BOX)


def _answered(item: ItemEntry, row: Counts) -> int:
    """How many people answered; an empty box is an answer to it, "don't know" is not."""
    return int(row[list(ANSWERS[item.scale])].sum())


def _item(item: ItemEntry, sums: Sums, shown: bool) -> Tallied:
    if not shown:
        return Tallied(item.code, item.text, (), 0, 0, 0, hidden=True)
    row = sums.counts[item.position]
    answered = _answered(item, row)
    levels = tuple(_level(o.text, int(row[o.value]), answered) for o in item.options)
    blank, dont_know = int(row[BLANK]), int(row[DONT_KNOW])
    return Tallied(item.code, item.text, levels, answered, blank, dont_know)


def _boxes(items: list[ItemEntry], sums: Sums, shown: set[str]) -> Tallied:
    """All boxes, or none: whoever sees the others of a question could tell the hidden one."""
    first = items[0]
    if not all(item.code in shown for item in items):
        return Tallied(first.group, {}, (), 0, None, 0, hidden=True)
    rows = [sums.counts[item.position] for item in items]
    levels = tuple(
        _level(item.text, int(row[TICKED]), _answered(item, row))
        for item, row in zip(items, rows, strict=True)
    )
    answered = max(_answered(item, row) for item, row in zip(items, rows, strict=True))
    dont_know = max(int(row[DONT_KNOW]) for row in rows)
    return Tallied(first.group, {}, levels, answered, None, dont_know)


def _level(text: Texts, people: int, answered: int) -> Level:
    limits = interval.wilson(people, answered)
    if limits is None:
        raise ValueError("a shown question has been answered by somebody")
    return Level(text, people, Fraction(people, answered), limits.low, limits.high)
