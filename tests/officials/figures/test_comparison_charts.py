"""Where dots, whiskers and the funnel are drawn."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from offices.models import Office
from officials.figures.charts import WIDTH
from officials.figures.comparison_charts import HEIGHT, dot_rows, funnel_chart, scale_of
from reports.showing.comparison import ComparedOffice
from reports.showing.figures import HIDDEN, Figure
from reports.sipas.comparing.difference import Estimate
from reports.sipas.comparing.funnel import funnel
from reports.sipas.comparing.ranking import Rank
from tests.reports.sipas.people import offices


def line_of(estimate: Estimate) -> ComparedOffice:
    low, high = estimate.interval()
    figure = Figure(estimate.share, low, high, estimate.people, 16 * estimate.people)
    office = Office(name="Trung tâm")
    return ComparedOffice(
        office, "Xã", figure, estimate, Rank(1, 1, 1), None, None, None, None, False, ""
    )


lines = st.lists(offices.map(line_of), min_size=1, max_size=6)


@given(lines)
def test_every_whisker_fits_on_the_scale(drawn: list[ComparedOffice]) -> None:
    scale = scale_of([line.figure for line in drawn])
    for row in dot_rows(drawn, scale):
        assert 0 <= row.low <= row.x <= row.high <= WIDTH


@given(lines)
def test_the_ticks_reach_from_one_end_to_the_other(drawn: list[ComparedOffice]) -> None:
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


@given(lines, st.fractions(Fraction(1, 20), 1, max_denominator=50))
def test_the_funnel_holds_its_dots_and_its_centre(
    drawn: list[ComparedOffice], centre: Fraction
) -> None:
    found = funnel(centre, [line.estimate for line in drawn])
    chart = funnel_chart(drawn, found.places, centre)
    assert chart is not None
    assert 0 < chart.centre < HEIGHT
    for dot in chart.dots:
        assert chart.left <= dot.x <= chart.right
        assert 0 < dot.y <= chart.bottom
        assert dot.outer.low <= dot.inner.low <= dot.inner.high <= dot.outer.high
        assert dot.far <= dot.outside
    for mark in chart.numbers:
        assert chart.left <= mark.x <= chart.right


def test_numbers_grow_by_halves_and_doubles() -> None:
    drawn = [line_of(Estimate(Fraction(4, 5), 10, n, 9.0)) for n in (12.0, 900.0)]
    chart = funnel_chart(
        drawn, funnel(Fraction(4, 5), [d.estimate for d in drawn]).places, Fraction(4, 5)
    )
    assert chart is not None
    assert [mark.number for mark in chart.numbers] == [20, 50, 100, 200, 500, 1000]


def test_no_office_makes_no_funnel() -> None:
    assert funnel_chart([], (), Fraction(4, 5)) is None
