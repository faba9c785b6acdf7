"""Geometry of lines of months: plain numbers for the SVG templates. Every chart has its table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor

from reports.showing.figures import Figure
from reports.showing.happened import NEW_METHOD

WIDTH = 640
HEIGHT, SPARK_HEIGHT = 250, 96
LABELS = 60  # room on the left for the percentages
MARGIN = 16
BELOW = 38  # room for the months
MOST_LABELS = 8
# A line of figures that hardly differ is not to look like a mountain range.
SMALLEST_RANGE = 10


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
class Label:
    """A month under the chart, in its year's first with the year."""

    x: float
    day: date


@dataclass(frozen=True)
class Mark:
    """Something that happened with a month: its number in the chart, and what it was."""

    x: float
    number: int
    day: date
    words: str


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
    labels: tuple[Label, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def below(self) -> int:
        """Where the months stand."""
        return self.height - 4


def trend(
    points: Sequence[TrendPoint],
    breaks: Collection[date] = (),
    *,
    whole: bool = False,
    marks: Collection[tuple[date, str]] = (),
) -> Trend | None:
    """The chart of monthly figures; None for fewer than two months with a figure.

    breaks: first days of months with which the line begins anew. whole: the axis runs from 0 to
    100 %, else around the intervals. marks: days and words of what happened; those of other months
    are left out.
    """
    known = _known(points)
    if not known:
        return None
    bottom, top = (0, 100) if whole else _ends(known)
    step = next(one for one in (2, 5, 10, 25) if (top - bottom) / one <= 6)
    bottom, top = floor(bottom / step) * step, min(ceil(top / step) * step, 100)
    place = _Place(known, HEIGHT, bottom, top, left=LABELS, below=BELOW)
    return _drawn(known, breaks, place, range(bottom, top + 1, step), marks=marks)


def spark(points: Sequence[TrendPoint], breaks: Collection[date] = ()) -> Trend | None:
    """A small chart of the same months, on an axis from the lowest to the highest interval.

    It spans at least ten points; its ticks are its two ends. None for fewer than two figures.
    """
    known = _known(points)
    if not known:
        return None
    bottom, top = _ends(known)
    return _drawn(known, breaks, _Place(known, SPARK_HEIGHT, bottom, top), (bottom, top))


def _known(points: Sequence[TrendPoint]) -> list[TrendPoint]:
    """Those with a figure; none where there are fewer than two."""
    known = [point for point in points if point.figure.share is not None]
    return known if len(known) > 1 else []


def _ends(known: Sequence[TrendPoint]) -> tuple[int, int]:
    """Whole percentages around all intervals, at least ten points apart."""
    low = min(p.figure.low or 0.0 for p in known)
    high = max(100.0 if p.figure.high is None else p.figure.high for p in known)
    missing = max(SMALLEST_RANGE - (high - low), 0) / 2
    bottom = max(min(floor(low - missing), 100 - SMALLEST_RANGE), 0)
    return bottom, min(max(ceil(high + missing), bottom + SMALLEST_RANGE), 100)


@dataclass(frozen=True)
class _Place:
    """Where a month and a percentage lie. left, below: room for labels."""

    known: Sequence[TrendPoint]
    height: int
    bottom: int
    top: int
    left: int = MARGIN
    below: int = MARGIN
    months: int = field(init=False)

    def __post_init__(self) -> None:
        months = _months(self.known[0].day, self.known[-1].day)
        object.__setattr__(self, "months", max(months, 1))

    def x(self, day: date) -> float:
        share = _months(self.known[0].day, day) / self.months
        return round(self.left + share * (WIDTH - self.left - MARGIN), 1)

    def y(self, percent: float) -> float:
        share = (self.top - percent) / (self.top - self.bottom)
        return round(MARGIN + share * (self.height - MARGIN - self.below), 1)

    def dot(self, point: TrendPoint) -> Dot:
        figure = point.figure
        return Dot(
            self.x(point.day),
            self.y(float(figure.share or 0) * 100),
            self.y(figure.low or 0.0),
            self.y(100.0 if figure.high is None else figure.high),
            point,
        )


def _drawn(
    known: Sequence[TrendPoint],
    breaks: Collection[date],
    place: _Place,
    ticks: Collection[int],
    marks: Collection[tuple[date, str]] = (),
) -> Trend:
    dots = [place.dot(point) for point in known]
    runs = _runs(dots, {NEW_METHOD, *breaks})
    return Trend(
        WIDTH,
        place.height,
        tuple(" ".join(f"{d.x},{d.y}" for d in run) for run in runs),
        tuple(
            " ".join([f"{d.x},{d.high}" for d in run] + [f"{d.x},{d.low}" for d in reversed(run)])
            for run in runs
        ),
        tuple(dots),
        tuple(Tick(place.y(percent), percent) for percent in ticks),
        known[0],
        known[-1],
        tuple(_labels(place)),
        tuple(_marks(place, marks)),
    )


def _labels(place: _Place) -> list[Label]:
    """At most eight months, equally far apart."""
    first = place.known[0].day
    every = -(-(place.months + 1) // MOST_LABELS)
    numbers = range(first.month - 1, first.month + place.months, every)
    days = [date(first.year + n // 12, n % 12 + 1, 1) for n in numbers]
    return [Label(place.x(day), day) for day in days]


def _marks(place: _Place, marks: Collection[tuple[date, str]]) -> list[Mark]:
    first, last = place.known[0].day, place.known[-1].day
    inside = sorted((day, words) for day, words in marks if first <= day.replace(day=1) <= last)
    return [Mark(place.x(day), number, day, words) for number, (day, words) in enumerate(inside, 1)]


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
