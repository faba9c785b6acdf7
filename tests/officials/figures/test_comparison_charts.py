"""Where dots, whiskers and the funnel are drawn."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from offices.models import Office
from officials.figures.charts import WIDTH
from officials.figures.comparison_charts import HEIGHT, dot_rows, funnel_chart, scale_of
from reports.models import Score
from reports.showing.comparison import ComparedPlace
from reports.showing.figures import HIDDEN, Figure
from reports.sipas.comparing.tiers import Standing

CENTRE = Fraction(4, 5)


def line_of(share: Fraction, n: float, centre: Fraction = CENTRE) -> ComparedPlace:
    """An office whose answers are worth `n`."""
    standing = Standing(share, centre, n, n, 0.01)
    figure = Figure(share, standing.reach.low, standing.reach.high, 40, 640)
    return ComparedPlace(Office(name="Trung tâm"), "Xã", figure, standing, None, Score())


shares = st.fractions(0, 1, max_denominator=50)
lines = st.lists(st.builds(line_of, shares, st.floats(2, 2000)), min_size=1, max_size=6)


@given(lines)
def test_every_whisker_fits_on_the_scale(drawn: list[ComparedPlace]) -> None:
    scale = scale_of([line.figure for line in drawn])
    for row in dot_rows(drawn, scale):
        assert 0 <= row.low <= row.x <= row.high <= WIDTH


@given(lines)
def test_the_ticks_reach_from_one_end_to_the_other(drawn: list[ComparedPlace]) -> None:
    scale = scale_of([line.figure for line in drawn])
    assert scale.ticks[0] == scale.low
    assert scale.ticks[-1] == 100
    assert scale.positions[0] == 0
    assert scale.positions[-1] == WIDTH
    assert 2 <= len(scale.ticks) <= 6


def test_the_scale_begins_below_the_lowest_limit() -> None:
    assert scale_of([Figure(Fraction(9, 10), 83.5, 94.0, 50, 800)]).ticks == (80, 90, 100)
    assert scale_of([Figure(Fraction(6, 10), 31.0, 80.0, 10, 160)]).ticks == (20, 40, 60, 80, 100)
    assert scale_of([Figure(Fraction(1), 99.0, 100.0, 900, 9000)]).ticks == (90, 100)
    assert scale_of([HIDDEN]).low == 0


@given(lines)
def test_the_funnel_holds_its_dots_and_its_centre(drawn: list[ComparedPlace]) -> None:
    chart = funnel_chart(drawn, CENTRE)
    assert chart is not None
    assert 0 < chart.centre < HEIGHT
    for dot in chart.dots:
        assert chart.left <= dot.x <= chart.right
        assert 0 < dot.y <= chart.bottom
    for mark in chart.numbers:
        assert chart.left <= mark.x <= chart.right


@given(lines)
def test_a_dot_leaves_the_band_exactly_where_the_office_is_told_apart(
    drawn: list[ComparedPlace],
) -> None:
    """Where the band is drawn at the office's n, as far as pixels of a tenth can say."""
    chart = funnel_chart(drawn, CENTRE)
    assert chart is not None
    points = [tuple(map(float, point.split(","))) for point in chart.band.split()]
    xs = [x for x, _ in points]
    turn = xs.index(max(xs)) + 1  # up to here the upper edge, then the lower one, backwards
    upper, lower = points[:turn], points[turn:][::-1]
    for dot in chart.dots:
        above, below = (
            float(np.interp(dot.x, [x for x, _ in edge], [y for _, y in edge]))
            for edge in (upper, lower)
        )
        if min(abs(dot.y - above), abs(dot.y - below)) > 6:
            assert dot.line.apart == (not above < dot.y < below)


def test_numbers_grow_by_halves_and_doubles() -> None:
    chart = funnel_chart([line_of(CENTRE, n) for n in (12.0, 900.0)], CENTRE)
    assert chart is not None
    assert [mark.number for mark in chart.numbers] == [20, 50, 100, 200, 500, 1000]


def test_no_judged_office_makes_no_funnel() -> None:
    line = line_of(CENTRE, 20.0)
    assert funnel_chart([], CENTRE) is None
    assert funnel_chart([replace(line, standing=None)], CENTRE) is None
