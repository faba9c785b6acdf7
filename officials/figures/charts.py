"""Geometry of the charts: plain numbers for the SVG templates. Every chart has its table."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from reports.showing.figures import CriterionFigure, Figure
from reports.showing.questions import Level
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.questionnaires.questionnaire import Texts

WIDTH = 640
LABELS = 40  # room on the left for the axis of the trend


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


@dataclass(frozen=True)
class TrendPoint:
    """One month of the trend; `figure` may be hidden."""

    day: date
    figure: Figure
    closed: bool


@dataclass(frozen=True)
class Dot:
    """A month's place in the chart."""

    x: float
    y: float
    low: float
    high: float
    point: TrendPoint


@dataclass(frozen=True)
class Tick:
    """A line across the chart and its percentage."""

    y: float
    percent: int


@dataclass(frozen=True)
class Trend:
    """Lines that never cross a gap or the change of method of 2022, and the bands around them."""

    width: int
    height: int
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    first: TrendPoint
    last: TrendPoint


NEW_METHOD = date(2022, 1, 1)
HEIGHT = 220
MARGIN = 16


def trend(points: Sequence[TrendPoint], breaks: Collection[date] = ()) -> Trend | None:
    """The chart of monthly figures, 0 to 100 %; None for fewer than two months with a figure.

    breaks: first days of months with which the line begins anew.
    """
    known = [p for p in points if p.figure.share is not None]
    if len(known) < 2:
        return None
    return _drawn(known, breaks, HEIGHT, 0, 100, ticks=(0, 25, 50, 75, 100))


def _drawn(
    known: Sequence[TrendPoint],
    breaks: Collection[date],
    height: int,
    bottom: int,
    top: int,
    ticks: Sequence[int] = (),
) -> Trend:
    """bottom, top: the percentages between which the axis runs.

    ticks: which lines are labelled within the chart; without any, its ends are lines alone.
    """
    first = known[0].day
    months = max(_months(first, known[-1].day), 1)
    left = LABELS if ticks else MARGIN
    usable = WIDTH - left - MARGIN

    def y(percent: float) -> float:
        return _round(MARGIN + (top - percent) / (top - bottom) * (height - 2 * MARGIN))

    dots = [
        Dot(
            _round(left + _months(first, p.day) / months * usable),
            y(float(p.figure.share or 0) * 100),
            y(p.figure.low or 0.0),
            y(100.0 if p.figure.high is None else p.figure.high),
            p,
        )
        for p in known
    ]
    runs = _runs(dots, {NEW_METHOD, *breaks})
    return Trend(
        WIDTH,
        height,
        tuple(" ".join(f"{d.x},{d.y}" for d in run) for run in runs),
        tuple(
            " ".join([f"{d.x},{d.high}" for d in run] + [f"{d.x},{d.low}" for d in reversed(run)])
            for run in runs
        ),
        tuple(dots),
        tuple(Tick(y(percent), percent) for percent in ticks or (bottom, top)),
        known[0],
        known[-1],
    )


SPARK_HEIGHT = 96
# A line of figures that hardly differ is not to look like a mountain range.
SMALLEST_RANGE = 10


def spark(points: Sequence[TrendPoint], breaks: Collection[date] = ()) -> Trend | None:
    """A small chart of the same months, on an axis from the lowest to the highest interval.

    It spans at least ten points; its ticks are its two ends. None for fewer than two figures.
    """
    known = [p for p in points if p.figure.share is not None]
    if len(known) < 2:
        return None
    low = min(p.figure.low or 0.0 for p in known)
    high = max(100.0 if p.figure.high is None else p.figure.high for p in known)
    missing = max(SMALLEST_RANGE - (high - low), 0) / 2
    bottom = max(min(floor(low - missing), 100 - SMALLEST_RANGE), 0)
    top = min(max(ceil(high + missing), bottom + SMALLEST_RANGE), 100)
    return _drawn(known, breaks, SPARK_HEIGHT, bottom, top)


def _runs(dots: Sequence[Dot], breaks: Collection[date]) -> list[list[Dot]]:
    runs: list[list[Dot]] = []
    for dot in dots:
        before = runs[-1][-1].point.day if runs else None
        joined = (
            before is not None
            and _months(before, dot.point.day) == 1
            and not any(before < one <= dot.point.day for one in breaks)
        )
        if joined:
            runs[-1].append(dot)
        else:
            runs.append([dot])
    return runs


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _round(number: float) -> float:
    return round(number, 1)
