"""The geometry of charts: what is joined by a line, what is never."""

from datetime import date
from fractions import Fraction

import pytest

from officials.figures.charts import WIDTH, axis_of, diverging, pieces, whisker
from officials.figures.trends import TrendPoint, trend
from reports.showing.figures import HIDDEN, CriterionFigure, Figure, Level


def point(year: int, month: int, figure: Figure | None = None) -> TrendPoint:
    """A closed month of 100 people."""
    known = Figure(Fraction(4, 5), 75.0, 85.0, 100, 1600)
    return TrendPoint(date(year, month, 1), figure or known, closed=True)


def runs(*points: TrendPoint) -> list[int]:
    """How many months each line of the trend joins."""
    chart = trend(points)
    assert chart is not None
    return [len(line.split()) for line in chart.lines]


def test_the_line_breaks_between_2021_and_2022_where_the_method_changed() -> None:
    assert runs(*(point(2021, m) for m in (10, 11, 12)), point(2022, 1), point(2022, 2)) == [3, 2]


def test_the_turn_of_any_other_year_is_no_break() -> None:
    assert runs(point(2022, 12), point(2023, 1), point(2023, 2)) == [3]


@pytest.mark.parametrize("gap", [None, HIDDEN])
def test_the_line_breaks_where_a_month_is_missing_or_hidden(gap: Figure | None) -> None:
    months = [point(2026, 1), point(2026, 2), point(2026, 4), point(2026, 5)]
    if gap is not None:
        months.insert(2, point(2026, 3, gap))
    assert runs(*months) == [2, 2]


def test_a_month_across_the_break_keeps_its_place_and_its_band() -> None:
    chart = trend([point(2021, 12), point(2022, 1)])
    assert chart is not None
    assert len(chart.dots) == 2
    assert chart.dots[0].x < chart.dots[1].x
    assert len(chart.bands) == len(chart.lines) == 2


def test_one_month_is_no_trend() -> None:
    assert trend([point(2026, 1), point(2026, 2, HIDDEN)]) is None


@pytest.mark.parametrize(
    ("levels", "shades"),
    [
        ((1, 0, 2), [2, 3, 4]),
        ((1, 1, 1, 1), [1, 2, 4, 5]),
        ((1, 2, 3, 4, 5), [1, 2, 3, 4, 5]),
    ],
)
def test_the_bar_of_a_scale_is_whole_and_keeps_the_middle_neutral(
    levels: tuple[int, ...], shades: list[int]
) -> None:
    told = tuple(Level((answer,), people) for answer, people in enumerate(levels, start=1))
    bar = pieces(CriterionFigure("A1", "A", {}, HIDDEN, told))
    assert [piece.level for piece in bar] == shades
    assert sum(piece.width for piece in bar) == pytest.approx(WIDTH, abs=0.3)
    assert bar[0].x == 0


def test_answers_that_stand_together_have_the_shade_of_their_middle() -> None:
    told = (Level((1, 2, 3), 4), Level((4, 5), 12))
    bar = pieces(CriterionFigure("A1", "A", {}, HIDDEN, told))
    assert [(piece.level, piece.percent) for piece in bar] == [(2, 25), (5, 75)]


def test_a_hidden_figure_has_no_place() -> None:
    assert whisker(HIDDEN) is None


def test_the_axis_of_a_line_fits_the_figures_and_its_ticks_are_round() -> None:
    chart = trend([point(2026, 1), point(2026, 2)])
    assert chart is not None
    percents = [tick.percent for tick in chart.ticks]
    assert percents == [74, 76, 78, 80, 82, 84, 86]
    assert all(
        chart.ticks[0].y >= dot.low >= dot.y >= dot.high >= chart.ticks[-1].y for dot in chart.dots
    )
    assert chart.ticks[0].y < chart.below  # the months stand below it


def test_at_most_eight_months_are_named() -> None:
    chart = trend([point(2024 + n // 12, n % 12 + 1) for n in range(36)])
    assert chart is not None
    assert len(chart.labels) == 8
    assert {label.day.day for label in chart.labels} == {1}
    assert (chart.labels[0].day, chart.labels[1].day) == (date(2024, 1, 1), date(2024, 6, 1))


def test_marks_of_other_months_are_left_out_and_the_others_numbered_by_day() -> None:
    marks = [(date(2026, 2, 9), "b"), (date(2026, 1, 1), "a"), (date(2025, 12, 31), "before")]
    chart = trend([point(2026, 1), point(2026, 2)], marks=[*marks, (date(2026, 3, 1), "after")])
    assert chart is not None
    assert [(mark.number, mark.words) for mark in chart.marks] == [(1, "a"), (2, "b")]


def told(*people: int) -> CriterionFigure:
    """A criterion of five answers."""
    levels = tuple(Level((answer,), number) for answer, number in enumerate(people, start=1))
    return CriterionFigure("A1", "A", {}, HIDDEN, levels)


def test_bars_have_one_scale_and_half_of_the_neutral_on_either_side_of_the_middle() -> None:
    middle, (first, second) = diverging([told(0, 0, 40, 60, 0), told(50, 0, 0, 0, 50)])
    assert middle == pytest.approx(WIDTH * 50 / 130, abs=0.2)
    for bar in (first, second):
        assert sum(piece.width for piece in bar) == pytest.approx(WIDTH * 100 / 130, abs=0.3)
    assert first[2].x + first[2].width / 2 == pytest.approx(middle, abs=0.2)
    assert second[0].x + second[0].width == pytest.approx(middle, abs=0.2)
    assert max(piece.x + piece.width for piece in first + second) == pytest.approx(WIDTH, abs=0.3)
    assert min(piece.x for piece in first + second) == pytest.approx(0, abs=0.2)


def test_the_shared_axis_spans_the_tens_around_all_intervals() -> None:
    def between(low: float, high: float) -> Figure:
        return Figure(Fraction(4, 5), low, high, 100, 100)

    axis = axis_of([between(72.5, 85.0), between(78.0, 91.0), HIDDEN])
    assert (axis.low, axis.high, axis.x(70), axis.x(85), axis.x(100)) == (70, 100, 0, 320, WIDTH)
    assert axis_of([between(100.0, 100.0)]).low == 90
    assert axis_of([between(0.0, 0.0)]).high == 10
    assert axis_of([]).whisker(HIDDEN) is None
