"""Geometry of the comparison's charts: dots with whiskers, and the funnel."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from officials.figures.charts import WIDTH
from officials.figures.trends import Tick
from reports.showing.comparison import ComparedPlace
from reports.showing.figures import Figure
from reports.sipas.comparing.tiers import Limits, Standing, chance_limits

HEIGHT = 320
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 14, 40  # room for labels that a phone can still show
CURVE = 40  # points of a control limit
DECADE = (1, 2, 5)


@dataclass(frozen=True)
class Scale:
    """A stretch of percentages, from `low` to 100, with a tick at every `step` from `low` on."""

    low: int
    step: int

    def x(self, percent: float) -> float:
        """Where a percentage lies on a line that is `WIDTH` wide."""
        return _round((percent - self.low) / (100 - self.low) * WIDTH)

    @property
    def ticks(self) -> tuple[int, ...]:
        """The percentages with a tick, both ends among them."""
        return tuple(range(self.low, 101, self.step))

    @property
    def positions(self) -> tuple[float, ...]:
        """Where the ticks lie."""
        return tuple(self.x(tick) for tick in self.ticks)


def scale_of(figures: Sequence[Figure]) -> Scale:
    """The stretch that holds all intervals. It need not begin at 0: dots have no length."""
    lowest = min((figure.low for figure in figures if figure.low is not None), default=0.0)
    return _scale_from(lowest)


def _scale_from(lowest: float) -> Scale:
    step = 10 if lowest >= 50 else 20
    return Scale(min(max(int(lowest // step) * step, 0), 90), step)


@dataclass(frozen=True)
class DotRow:
    """The dot of one place: x positions on a line that is `WIDTH` wide."""

    line: ComparedPlace
    x: float
    low: float
    high: float


def dot_rows(lines: Sequence[ComparedPlace], scale: Scale) -> list[DotRow]:
    """The rows, in the given order."""
    return [
        DotRow(
            line,
            scale.x(float(line.figure.share or 0) * 100),
            scale.x(line.figure.low or 0.0),
            scale.x(100.0 if line.figure.high is None else line.figure.high),
        )
        for line in lines
    ]


@dataclass(frozen=True)
class FunnelDot:
    """A place in the funnel; it lies outside the limits at its n exactly where `line.apart`."""

    line: ComparedPlace
    standing: Standing
    x: float
    y: float


@dataclass(frozen=True)
class AxisNumber:
    """A number on the lower axis, and where it stands."""

    x: float
    number: int


@dataclass(frozen=True)
class FunnelChart:
    """The funnel: `band` is what chance explains, as points of a polygon."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    centre: float
    band: str
    dots: tuple[FunnelDot, ...]
    ticks: tuple[Tick, ...]
    numbers: tuple[AxisNumber, ...]


def _corners(edge: Sequence[tuple[float, float]]) -> list[str]:
    """The points of an edge, without those that lie between two of the same height."""
    last = len(edge) - 1
    return [
        f"{x},{y}"
        for at, (x, y) in enumerate(edge)
        if at in (0, last) or not edge[at - 1][1] == y == edge[at + 1][1]
    ]


def funnel_chart(lines: Sequence[ComparedPlace], centre: Fraction) -> FunnelChart | None:
    """The funnel around `centre`; None without a judged figure. Effective n grows logarithmically.

    Its band are the limits by which the offices are judged, so that both say the same.
    """
    judged = [(line, line.standing) for line in lines if line.standing is not None]
    if not judged:
        return None
    error = judged[0][1].error
    sizes = [standing.effective_n for _, standing in judged]
    first, last = min(sizes) / 1.15, max(sizes) * 1.15
    spread = math.log(last / first)
    grid = [first * math.exp(spread * step / (CURVE - 1)) for step in range(CURVE)]
    curve = [chance_limits(centre, size, error) for size in grid]
    shares = [100.0 * float(standing.share) for _, standing in judged]
    typical = chance_limits(centre, sorted(sizes)[len(sizes) // 2], error)
    scale = _scale_from(min(*shares, typical.low))
    low = scale.low

    def x(size: float) -> float:
        return _round(LEFT + math.log(size / first) / spread * (WIDTH - LEFT - RIGHT))

    def y(percent: float) -> float:
        part = (max(percent, low) - low) / (100 - low)
        return _round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM))

    def band(found: Sequence[Limits]) -> str:
        upper = [(x(size), y(limit.high)) for size, limit in zip(grid, found, strict=True)]
        lower = [(x(size), y(limit.low)) for size, limit in zip(grid, found, strict=True)]
        return " ".join(_corners(upper) + _corners(lower)[::-1])

    return FunnelChart(
        WIDTH,
        HEIGHT,
        LEFT,
        WIDTH - RIGHT,
        HEIGHT - BOTTOM,
        y(100.0 * float(centre)),
        band(curve),
        tuple(
            FunnelDot(line, standing, x(size), y(share))
            for (line, standing), size, share in zip(judged, sizes, shares, strict=True)
        ),
        tuple(Tick(y(percent), percent) for percent in scale.ticks),
        tuple(AxisNumber(x(number), number) for number in _round_numbers(first, last)),
    )


def _round_numbers(first: float, last: float) -> list[int]:
    """10, 20, 50, 100 and so on between the two; at most every decade's first where many."""
    powers = range(int(math.log10(max(last, 1.0))) + 1)
    numbers = [factor * 10**power for power in powers for factor in DECADE]
    inside = [number for number in numbers if first <= number <= last]
    return inside if len(inside) < 7 else [n for n in inside if str(n)[0] == "1"]


def _round(number: float) -> float:
    return round(number, 1)
