"""The trend of a report as a drawing: closed months with their intervals, on an axis that fits.

Plain SVG of numbers and months only: no text of anybody else reaches it. The table beside it says
the same.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import pairwise
from math import ceil, floor

from reports.papers.contents import PaperMonth

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 30
STEP = 10  # of the axis, in percent
MOST_LABELS = 8
TYPEFACE = "Libertinus Serif"


def trend_svg(months: Sequence[PaperMonth], breaks: Collection[date]) -> str | None:
    """The drawing; None for fewer than two months with a figure.

    months: in order; breaks: first days of months with which the line begins anew.
    """
    known = [one for one in months if one.figure.share is not None]
    if len(known) < 2:
        return None
    axis = _Axis(known)
    lines = [*axis.grid(), *_line(known, axis, breaks), *_whiskers(known, axis)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{TYPEFACE}" font-size="13">'
        f"{''.join(lines)}</svg>"
    )


def ends(months: Sequence[PaperMonth]) -> tuple[int, int]:
    """The percentages between which the axis runs: whole tens around all intervals."""
    low = min(one.figure.low or 0.0 for one in months)
    high = max(100.0 if one.figure.high is None else one.figure.high for one in months)
    bottom = max(floor(low / STEP) * STEP, 0)
    return bottom, max(min(ceil(high / STEP) * STEP, 100), bottom + STEP)


class _Axis:
    """Where a month and a percentage lie."""

    def __init__(self, known: Sequence[PaperMonth]) -> None:
        self.bottom, self.top = ends(known)
        self.first = known[0].first
        self.months = _months(self.first, known[-1].first)

    def x(self, day: date) -> float:
        share = _months(self.first, day) / self.months
        return round(LEFT + 10 + share * (WIDTH - LEFT - RIGHT - 20), 1)

    def y(self, percent: float) -> float:
        share = (self.top - percent) / (self.top - self.bottom)
        return round(TOP + share * (HEIGHT - TOP - BOTTOM), 1)

    def grid(self) -> Iterator[str]:
        """Lines with their percentages, and the months below."""
        step = STEP if self.top - self.bottom <= 5 * STEP else 2 * STEP
        for percent in range(self.bottom, self.top + 1, step):
            y = self.y(percent)
            yield (
                f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" '
                'stroke="#c4c9d0" stroke-width="0.7"/>'
            )
            yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{percent} %</text>'
        every = -(-(self.months + 1) // MOST_LABELS)
        for number in range(0, self.months + 1, every):
            month = self.first.month - 1 + number
            day = date(self.first.year + month // 12, month % 12 + 1, 1)
            yield (
                f'<text x="{self.x(day)}" y="{HEIGHT - 8}" text-anchor="middle">{day:%m/%Y}</text>'
            )


def _line(known: Sequence[PaperMonth], axis: _Axis, breaks: Collection[date]) -> Iterator[str]:
    """Joins neighbouring months, and never crosses a gap or a break."""
    for before, after in pairwise(known):
        apart = _months(before.first, after.first) > 1
        if apart or any(before.first < one <= after.first for one in breaks):
            continue
        ends_of = (_percent(before), _percent(after))
        yield (
            f'<line x1="{axis.x(before.first)}" y1="{axis.y(ends_of[0])}" '
            f'x2="{axis.x(after.first)}" y2="{axis.y(ends_of[1])}" '
            'stroke="#0b57a4" stroke-width="1.6"/>'
        )


def _whiskers(known: Sequence[PaperMonth], axis: _Axis) -> Iterator[str]:
    for one in known:
        x = axis.x(one.first)
        low = axis.y(one.figure.low or 0.0)
        high = axis.y(100.0 if one.figure.high is None else one.figure.high)
        pen = 'stroke="#46515e" stroke-width="1"'
        yield f'<line x1="{x}" x2="{x}" y1="{high}" y2="{low}" {pen}/>'
        for y in (low, high):
            yield f'<line x1="{x - 3:.1f}" x2="{x + 3:.1f}" y1="{y}" y2="{y}" {pen}/>'
        yield f'<circle cx="{x}" cy="{axis.y(_percent(one))}" r="3.2" fill="#0b57a4"/>'


def _percent(month: PaperMonth) -> float:
    return float(month.figure.share or 0) * 100


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
