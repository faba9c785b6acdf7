"""The geometry of charts: what is joined by a line, what is never."""

from datetime import date
from fractions import Fraction

import pytest

from officials.figures.charts import WIDTH, TrendPoint, pieces, trend, whisker
from reports.showing.figures import HIDDEN, CriterionFigure, Figure


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
    [((1, 0, 2), [2, 3, 4]), ((1, 1, 1, 1), [1, 2, 4, 5]), ((1, 2, 3, 4, 5), [1, 2, 3, 4, 5])],
)
def test_the_bar_of_a_scale_is_whole_and_keeps_the_middle_neutral(
    levels: tuple[int, ...], shades: list[int]
) -> None:
    bar = pieces(CriterionFigure("A1", "A", {}, HIDDEN, levels))
    assert [piece.level for piece in bar] == shades
    assert sum(piece.width for piece in bar) == pytest.approx(WIDTH, abs=0.3)
    assert bar[0].x == 0


def test_a_hidden_figure_has_no_place() -> None:
    assert whisker(HIDDEN) is None
