"""Questions that are part of no index: how many people gave each answer, all answers shown.

Which levels of a four-level scale the ministry counts is not known (forms.md), so none is counted
for the reader. What is shown has opened (`reports.sipas.hiding.rows`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from reports.showing.beside import Beside
from reports.sipas.counts.sums import Counts
from reports.sipas.index import interval, percentages
from surveys.models import Criterion
from surveys.questionnaires.catalogue import ANSWERS, InstrumentEntry, ItemEntry
from surveys.questionnaires.questionnaire import Texts

TICKED = 1
# Criteria make the index, and reasons stand with their criterion.
APART = (Criterion.Scale.SATISFACTION, Criterion.Scale.REASON)


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

    answered: people the shares are of; of boxes, whoever was shown them and did not say "don't
    know". How many did not answer is not told further apart: these may be few. `levels` is empty
    and `answered` 0 where it is hidden.
    """

    code: str
    text: Texts
    levels: tuple[Level, ...]
    answered: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what was asked under it; `several` if people could tick several answers."""

    code: str
    text: Texts
    several: bool
    parts: tuple[Tallied, ...]


def questions(instrument: InstrumentEntry, beside: Beside) -> Iterator[Question]:
    """The questions without an index in the instrument's order, hidden where few answered."""
    asked = [item for item in instrument.items if item.scale not in APART]
    counts = beside.opened.sums.counts
    shown = {
        item.code
        for item in asked
        if beside.shows(f"i:{item.code}", _answered(item, counts[item.position]))
    }
    for _, together in groupby(asked, key=_question):
        items = list(together)
        several = items[0].scale == Criterion.Scale.BOX
        yield Question(
            items[0].group or items[0].code,
            items[0].question,
            several,
            (_boxes(items, counts, shown),)
            if several
            else tuple(_item(item, counts, item.code in shown) for item in items),
        )


def _question(item: ItemEntry) -> tuple[str, str, bool]:
    """Equal for neighbours that stand under one question; a box beside a scale is another."""
    return (item.part, item.group or item.code, item.scale == Criterion.Scale.BOX)


def _answered(item: ItemEntry, row: Counts) -> int:
    """How many people answered; an empty box is an answer to it, "don't know" is not."""
    return int(row[list(ANSWERS[item.scale])].sum())


def _item(item: ItemEntry, counts: Counts, shown: bool) -> Tallied:
    if not shown:
        return Tallied(item.code, item.text, (), 0, hidden=True)
    row = counts[item.position]
    answered = _answered(item, row)
    levels = tuple(_level(o.text, int(row[o.value]), answered) for o in item.options)
    return Tallied(item.code, item.text, levels, answered)


def _boxes(items: list[ItemEntry], counts: Counts, shown: set[str]) -> Tallied:
    """All boxes, or none: whoever sees the others of a question could tell the hidden one."""
    first = items[0]
    if not all(item.code in shown for item in items):
        return Tallied(first.group, {}, (), 0, hidden=True)
    rows = [counts[item.position] for item in items]
    levels = tuple(
        _level(item.text, int(row[TICKED]), _answered(item, row))
        for item, row in zip(items, rows, strict=True)
    )
    answered = max(_answered(item, row) for item, row in zip(items, rows, strict=True))
    return Tallied(first.group, {}, levels, answered)


def _level(text: Texts, people: int, answered: int) -> Level:
    limits = interval.wilson(people, answered)
    if limits is None:
        raise ValueError("a shown question has been answered by somebody")
    return Level(text, people, Fraction(people, answered), limits.low, limits.high)
