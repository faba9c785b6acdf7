"""Geometry of bars and dots: plain numbers for the SVG templates. Every chart has its table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from reports.showing.figures import CriterionFigure, Figure
from reports.showing.questions import Level
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.questionnaires.questionnaire import Texts

WIDTH = 640


@dataclass(frozen=True)
class Whisker:
    """A value with its interval on a scale from 0 to 100 that is `WIDTH` wide."""

    x: float
    low: float
    high: float


def whisker(figure: Figure | Level) -> Whisker | None:
    """Where a figure lies; None if it is hidden or empty."""
    if figure.share is None or figure.low is None or figure.high is None:
        return None
    return Whisker(
        _round(float(figure.share) * WIDTH),
        _round(figure.low / 100 * WIDTH),
        _round(figure.high / 100 * WIDTH),
    )


@dataclass(frozen=True, slots=True)
class Axis:
    """The stretch of a shared line of dots, in whole percent; `WIDTH` wide."""

    low: int
    high: int

    @property
    def middle(self) -> float:
        """The percentage in the middle of it."""
        return (self.low + self.high) / 2

    def x(self, percent: float) -> float:
        """Where a percentage lies, between the ends."""
        inside = min(max(percent, self.low), self.high)
        return _round((inside - self.low) / (self.high - self.low) * WIDTH)

    def whisker(self, figure: Figure) -> Whisker | None:
        """Where a figure lies on it; None if it is hidden or empty."""
        if figure.share is None or figure.low is None or figure.high is None:
            return None
        return Whisker(self.x(float(figure.share) * 100), self.x(figure.low), self.x(figure.high))


STEP = 10


def axis_of(figures: Iterable[Figure]) -> Axis:
    """The tens around all these intervals, so that small differences can be seen."""
    known = [one for one in figures if one.share is not None]
    low = min((one.low for one in known if one.low is not None), default=0.0)
    high = max((one.high for one in known if one.high is not None), default=100.0)
    bottom = max(min(floor(low / STEP) * STEP, 100 - STEP), 0)
    return Axis(bottom, max(min(ceil(high / STEP) * STEP, 100), bottom + STEP))


@dataclass(frozen=True)
class Piece:
    """One level's part of a stacked bar."""

    level: int
    x: float
    width: float
    percent: int


# Which of the five colours a scale of so many levels takes, from very dissatisfied on.
SHADES: Mapping[int, Sequence[int]] = {3: (2, 3, 4), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}


def legend(instrument: InstrumentEntry) -> list[tuple[int, Texts]]:
    """Colours and words of the levels of an instrument that does not have the usual five."""
    options = next((i.options for i in instrument.items if i.factor_code is not None), ())
    if len(options) in (0, 5):
        return []
    return [(shade, o.text) for shade, o in zip(SHADES[len(options)], options, strict=True)]


def pieces(criterion: CriterionFigure) -> list[Piece]:
    """The levels of a criterion as parts of one bar, from very dissatisfied on."""
    whole = sum(level.people for level in criterion.levels)
    if not whole:
        return []
    shades = SHADES[sum(len(level.answers) for level in criterion.levels)]
    parts, x, before = [], 0.0, 0
    for level in criterion.levels:
        together = shades[before : before + len(level.answers)]
        width = level.people / whole * WIDTH
        shade = together[len(together) // 2]
        parts.append(Piece(shade, _round(x), _round(width), round(level.people / whole * 100)))
        x, before = x + width, before + len(level.answers)
    return parts


def diverging(criteria: Sequence[CriterionFigure]) -> tuple[float, list[list[Piece]]]:
    """The bars of these criteria around one middle: dissatisfied ones left, satisfied ones right.

    Whoever is neutral lies across the middle. All bars have one scale and fill `WIDTH` together;
    the first number is where the middle lies.
    """
    bars = [pieces(one) for one in criteria]
    lefts = [_left(bar, one) for bar, one in zip(bars, criteria, strict=True)]
    left = max(lefts, default=0.0)
    right = max((WIDTH - own for own, bar in zip(lefts, bars, strict=True) if bar), default=WIDTH)
    scale = WIDTH / (left + right)
    return _round(left * scale), [
        [
            Piece(
                one.level,
                _round((left - own + one.x) * scale),
                _round(one.width * scale),
                one.percent,
            )
            for one in bar
        ]
        for own, bar in zip(lefts, bars, strict=True)
    ]


def _left(bar: Sequence[Piece], criterion: CriterionFigure) -> float:
    """How much of a bar lies left of the middle of its scale."""
    answers = [level.answers for level in criterion.levels]
    middle = (1 + sum(len(one) for one in answers)) / 2
    left = 0.0
    for part, together in zip(bar, answers, strict=False):
        below = sum(one < middle for one in together) + sum(one == middle for one in together) / 2
        left += part.width * below / len(together)
    return left


def _round(number: float) -> float:
    return round(number, 1)
