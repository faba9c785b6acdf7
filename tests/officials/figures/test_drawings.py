"""Drawings say what lies where, to the eye and to whoever hears the page."""

from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

from django.utils.translation import override

from officials.figures.charts import Piece, Whisker
from officials.figures.drawings import (
    criterion_row,
    levels_drawing,
    place_row,
    trend_drawing,
    whisker_drawing,
)
from officials.figures.results import CriterionRow
from officials.figures.rows import FigureRow
from officials.figures.trends import TrendPoint, trend
from reports.showing.figures import HIDDEN, CriterionFigure, Figure, Level

FIGURE = Figure(Fraction(3, 4), 62.46, 84.0, 1204, 1204)


def read(drawing: str) -> ElementTree.Element:
    """The drawing as a browser takes it."""
    return ElementTree.fromstring(drawing.replace("&nbsp;", "\N{NO-BREAK SPACE}"))


def lines(drawing: ElementTree.Element, kind: str) -> list[tuple[str | None, str | None]]:
    """From where to where the lines of this kind go, across."""
    found = drawing.iterfind(f"line[@class='{kind}']")
    return [(one.get("x1"), one.get("x2")) for one in found]


def test_a_dot_lies_where_the_figure_does_with_its_interval_and_what_is_beside() -> None:
    with override("vi"):
        svg = read(whisker_drawing(FIGURE, Whisker(480.0, 400.0, 537.6), 512.5))
    assert svg.get("aria-label") == "từ 62,5 đến 84,0"
    assert lines(svg, "value") == [("480.0", "480.0")]
    assert lines(svg, "other") == [("512.5", "512.5")]
    interval = svg.find("rect[@class='interval']")
    assert interval is not None
    assert (interval.get("x"), interval.get("width")) == ("400.0", "137.6")


def test_a_narrow_interval_can_be_seen_and_a_hidden_figure_is_not_drawn() -> None:
    thin = read(whisker_drawing(FIGURE, Whisker(480.0, 479.9, 480.1)))
    interval = thin.find("rect")
    assert interval is not None
    assert interval.get("width") == "2.0"
    assert lines(thin, "other") == []
    assert whisker_drawing(HIDDEN, None) == ""
    assert whisker_drawing(HIDDEN, Whisker(1.0, 0.0, 2.0)) == ""


def test_the_answers_of_a_criterion_are_one_bar_that_says_its_numbers() -> None:
    bars = [Piece(2, 0.0, 100.0, 10), Piece(4, 100.0, 540.0, 90)]
    with override("vi"):
        svg = read(levels_drawing(bars, [Level((1, 2), 7), Level((4, 5), 1300)], 320.0))
    assert svg.get("aria-label") == "1–2: 7; 4–5: 1.300"
    drawn = [(one.get("class"), one.get("x"), one.get("width")) for one in svg.iterfind("rect")]
    assert drawn == [("level-2", "0.0", "100.0"), ("level-4", "100.0", "540.0")]
    assert lines(svg, "middle") == [("320.0", "320.0")]
    assert levels_drawing([], [], 320.0) == ""


def test_a_line_of_months_shows_which_are_open_and_which_are_being_checked() -> None:
    doubted = Figure(Fraction(1, 2), 40.0, 60.0, 50, 50, checked=True)
    points = [
        TrendPoint(date(2026, 1, 1), FIGURE, closed=True),
        TrendPoint(date(2026, 2, 1), doubted, closed=False),
    ]
    drawn = trend(points, marks=[(date(2026, 2, 1), "a new form")])
    assert drawn is not None
    with override("vi"):
        svg = read(trend_drawing(drawn, 'by "month" <b>'))
    assert svg.get("aria-label") == 'by "month" <b>'
    dots = [
        (one.get("class"), one.get("cx"), one.get("cy"), one.findtext("title"))
        for one in svg.iterfind("circle")
    ]
    assert dots == [
        ("dot", "60.0", str(drawn.dots[0].y), "01/2026: 75,00\N{NO-BREAK SPACE}%"),
        ("dot open checked", "624.0", str(drawn.dots[1].y), "02/2026: 50,00\N{NO-BREAK SPACE}%"),
    ]
    assert lines(svg, "mark") == [("624.0", "624.0")]
    assert [one.get("points") for one in svg.iterfind("polyline")] == list(drawn.lines)
    assert [one.get("points") for one in svg.iterfind("polygon")] == list(drawn.bands)
    words = [one.text for one in svg.iterfind("text")]
    assert words[: len(drawn.ticks)] == [f"{one.percent}\N{NO-BREAK SPACE}%" for one in drawn.ticks]
    assert words[len(drawn.ticks) :] == [*(f"{one.day:%m/%y}" for one in drawn.labels), "1"]


def cells(row: str) -> list[str]:
    """The texts of a row, cell by cell."""
    found = read(row.replace(" aria-hidden", ""))
    return ["".join(cell.itertext()) for cell in found]


def test_a_place_stands_in_its_row_with_all_that_is_said_of_it() -> None:
    checked = Figure(Fraction(3, 4), 62.46, 84.0, 1204, 1204, checked=True)
    name, address = "Xã <b>Ea H'leo</b> & Co", "/don-vi/7/?ky=a&tu=b"
    made = FigureRow(7, name, "", address, checked, True, "từ 1/6")
    with override("vi"):
        row = place_row(made, Whisker(480.0, 400.0, 537.6), False)
    named, forms, value, _interval = cells(row)
    assert named == f"{name} mô phỏng từ 1/6"
    assert "<b>" not in row
    assert 'href="/don-vi/7/?ky=a&amp;tu=b"' in row
    assert forms == "1.204"
    assert value.startswith("75,00\N{NO-BREAK SPACE}% đang kiểm tra")
    assert "whisker" in row


def test_a_hidden_place_has_no_number_and_what_all_share_is_not_said_of_each() -> None:
    made = FigureRow(None, "Đã giải thể", "", "", HIDDEN, True)
    with override("vi"):
        assert cells(place_row(made, None, True)) == ["Đã giải thể", "chưa đủ số phiếu"]
    assert "href" not in place_row(made, None, True)


def criterion(figure: Figure, levels: tuple[Level, ...] = ()) -> CriterionFigure:
    return CriterionFigure("A1", "A", {"vi": "Nơi <i>ngồi</i> chờ", "en": "Seats"}, figure, levels)


def test_a_criterion_stands_in_its_row_with_all_that_is_said_of_it() -> None:
    checked = Figure(Fraction(3, 4), 62.46, 84.0, 1204, 1204, checked=True)
    answered = criterion(checked, (Level((4, 5), 90),))
    row = CriterionRow(answered, [Piece(4, 100.0, 540.0, 90)], Fraction(1, 8))
    with override("vi"):
        html = criterion_row(row, 320.0, "/tieu-chi/A1/?a=1&b=2")
    name, value, _bar, answers = cells(html)
    assert name == "A1. Nơi <i>ngồi</i> chờ"
    assert "<i>" not in html
    assert 'href="/tieu-chi/A1/?a=1&amp;b=2"' in html
    assert value.startswith("75,00\N{NO-BREAK SPACE}% đang kiểm tra")
    assert answers == "1.204 không trả lời 12,50\N{NO-BREAK SPACE}%"
    assert 'class="stack"' in html


def test_a_criterion_whose_answers_are_not_told_apart_says_so() -> None:
    with override("en"):
        html = criterion_row(CriterionRow(criterion(FIGURE), [], None), 320.0, "/")
        assert cells(html)[2] == "single answers are not told apart"
        hidden = criterion_row(CriterionRow(criterion(HIDDEN), [], None), 320.0, "/")
    assert cells(hidden) == ["A1. Seats", "too few answers"]
