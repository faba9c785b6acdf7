"""What stands beside headlines is the sum of openings: of months, then of quarters and years."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection

from offices.models import AdministrativeUnit, Office
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import inflate_opened
from reports.models import BlockRow, Opening, Period, Proof, Score
from reports.night import steps
from reports.scores.anew import make_anew
from reports.showing.figures import figures
from reports.sipas.hiding.columns import Opened
from surveys.models import Instrument, Mark
from tests import factories
from tests.reports.proof.alterations import behind_the_product
from tests.reports.proof.proved import differences

pytestmark = pytest.mark.django_db
MONTHS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30}


@pytest.fixture
def form() -> Instrument:
    return factories.instrument({"A": 1, "B": 1, "E": 1})


def answered(office: Office, month: int, everybody: int, of_e: int, year: int = 2025) -> None:
    """So many people answer A and B in a month, and so many of them E."""
    day = date(year, month, 15)
    factories.responses(office, of_e, day=day, received_on=day, answers=bytes([5, 4, 5]))
    rest = everybody - of_e
    factories.responses(office, rest, day=day, received_on=day, answers=bytes([4, 5, 0]))
    Mark.objects.create(office=office, day=day)


def closed(month: int, year: int = 2025) -> None:
    """The night of the month's last day."""
    steps.close(date(year, month, MONTHS.get(month, 31)))


def shown(office: Office, period: str, start: date) -> set[str]:
    """The factors that the office's page shows of a period."""
    score = Score.objects.get(office=office, period=period, start=start)
    return {f.code for f in figures(score).factors if not f.figure.hidden}


def answers(office: Office, period: str, start: date, code: str) -> int | None:
    score = Score.objects.get(office=office, period=period, start=start)
    return next(f.figure.answers for f in figures(score).factors if f.code == code)


def test_rare_answers_open_with_their_quarter_and_never_by_the_month(form: Instrument) -> None:
    office = factories.office()
    for month, of_e in ((1, 3), (2, 8), (3, 30)):
        answered(office, month, 30, of_e)
        closed(month)
    # January and February closed E with its partner B; March shows everything
    assert shown(office, "month", date(2025, 1, 1)) == {"A"}
    assert shown(office, "month", date(2025, 2, 1)) == {"A"}
    assert shown(office, "month", date(2025, 3, 1)) == {"A", "B", "E"}
    # 11 people of both months together: the quarter shows it, the months never will
    assert shown(office, "quarter", date(2025, 1, 1)) == {"A", "B", "E"}
    assert answers(office, "quarter", date(2025, 1, 1), "E") == 41
    assert shown(office, "month", date(2025, 1, 1)) == {"A"}
    assert [sorted(one.rows) for one in Opening.objects.filter(period="quarter")] == [[1, 2]]
    assert differences() == []


def test_a_column_that_no_form_has_is_found_in_rows_that_opened_together(
    form: Instrument,
) -> None:
    office = factories.office()
    for month, of_e in ((1, 3), (2, 8), (3, 30)):
        answered(office, month, 30, of_e)
        closed(month)
    with behind_the_product(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reports_opening SET columns = array_append(columns, 'f:Z')"
            " WHERE cardinality(rows) = 2"
        )
        assert cursor.rowcount == 1
        assert [
            one for one in differences() if "f:Z" in one and one.startswith("reports_opening.row")
        ]
        assert Proof.objects.latest("pk").unproved == 0


@pytest.mark.parametrize(
    "statement",
    [
        # a column of a row once more, in an opening of its own
        "INSERT INTO reports_opening (office_id, instrument_id, period, start, rows, columns, sums,"
        " opened_at) SELECT office_id, instrument_id, period, start, rows, columns[1:1], sums,"
        " opened_at FROM reports_opening WHERE cardinality(rows) = 1 AND cardinality(columns) > 1"
        " ORDER BY id LIMIT 1",
        # a row once more in the opening that it is in
        "UPDATE reports_opening SET rows = array_append(rows, rows[1]) WHERE cardinality(rows) = 2",
    ],
)
def test_what_is_shown_twice_is_found_for_itself(form: Instrument, statement: str) -> None:
    """Not by its figures alone: a recount makes them of the openings, and nothing differs then."""
    office = factories.office()
    for month, of_e in ((1, 3), (2, 8), (3, 30)):
        answered(office, month, 30, of_e)
        closed(month)
    assert differences() == []
    with behind_the_product(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1
        assert [one for one in differences() if one.startswith("reports_opening.row")]


def test_what_opens_with_a_quarter_whose_last_month_nobody_answered_is_in_the_year(
    form: Instrument,
) -> None:
    office = factories.office()
    for month, of_e in ((1, 5), (2, 8)):
        answered(office, month, 30, of_e)
        closed(month)
    closed(3)
    assert shown(office, "quarter", date(2025, 1, 1)) == {"A", "B", "E"}
    assert answers(office, "year", date(2025, 1, 1), "E") == 13
    assert differences() == []


def test_what_does_not_open_with_the_quarter_waits_for_the_year(form: Instrument) -> None:
    office = factories.office()
    for month, of_e in ((1, 3), (2, 4), (3, 0), (4, 5), (5, 0), (6, 0)):
        answered(office, month, 20, of_e)
        closed(month)
    # of the quarter, 13 of 60 people waited: B is shown by the others who are fewer than 80 of 100
    assert shown(office, "quarter", date(2025, 1, 1)) == {"A"}
    steps.close(date(2025, 12, 31))
    assert shown(office, "year", date(2025, 1, 1)) == {"A", "B", "E"}
    assert answers(office, "year", date(2025, 1, 1), "E") == 12
    assert shown(office, "quarter", date(2025, 1, 1)) == {"A"}
    assert differences() == []


def test_a_quarter_that_is_left_alone_stays_so_where_the_year_is_shown_without_it(
    form: Instrument,
) -> None:
    office = factories.office()
    for month, of_e in ((1, 8), (4, 12), (7, 20), (10, 6), (11, 6)):
        answered(office, month, 30, of_e)
    for month in range(1, 12):
        steps.close(date(2025, month, MONTHS.get(month, 28)))
    assert shown(office, "quarter", date(2025, 1, 1)) == {"A"}
    steps.close(date(2025, 12, 31))
    # January is 30 of 150 people: the year shows B and E of the others
    together = Opening.objects.filter(period="quarter").values_list("rows", flat=True)
    assert [len(rows) for rows in together] == [2]
    assert answers(office, "year", date(2025, 1, 1), "E") == 44
    assert differences() == []


def test_its_last_quarter_opens_with_it_where_the_year_would_not_show_it(form: Instrument) -> None:
    office = factories.office()
    for month, of_e in ((1, 8), (4, 12), (10, 6), (11, 6)):
        answered(office, month, 30, of_e)
    for month in range(1, 12):
        steps.close(date(2025, month, MONTHS.get(month, 28)))
    steps.close(date(2025, 12, 31))
    together = Opening.objects.filter(period="year", columns__contains=["f:E"])
    assert [len(one.rows) for one in together] == [3]
    assert shown(office, "quarter", date(2025, 10, 1)) == {"A"}
    assert shown(office, "year", date(2025, 1, 1)) == {"A", "B", "E"}
    assert answers(office, "year", date(2025, 1, 1), "E") == 32
    assert differences() == []


def test_nothing_beside_headlines_is_shown_of_an_open_month(form: Instrument) -> None:
    office = factories.office()
    factories.rhythm(office)
    answered(office, 1, 30, 30)
    steps.close(date(2025, 1, 15))
    day = date(2025, 1, 16)
    factories.responses(office, 12, day=day)  # the newest, which is held back
    Mark.objects.create(office=office, day=day)
    steps.close(day)
    score = Score.objects.get(office=office, period="month")
    assert not bytes(score.opened)
    assert {f.figure.hidden for f in figures(score).factors} == {True}


def test_late_answers_are_a_row_of_their_own(form: Instrument) -> None:
    office = factories.office()
    answered(office, 1, 30, 30)
    closed(1)
    answered(office, 1, 12, 12)
    closed(2)
    assert answers(office, "month", date(2025, 1, 1), "E") == 30
    closed(3)
    assert [row.blocks for row in BlockRow.objects.order_by("number")] == [[1], [2]]
    assert answers(office, "month", date(2025, 1, 1), "E") == 42
    assert differences() == []


def of_offices(unit: AdministrativeUnit, period: str) -> Iterator[Score]:
    return Score.objects.filter(office__unit__parent=unit, period=period).iterator()


def test_units_show_what_their_offices_show_and_no_more(form: Instrument) -> None:
    province = factories.province()
    rare, often = (factories.office(factories.unit(parent=province)) for _ in range(2))
    answered(rare, 1, 20, 3)
    answered(often, 1, 40, 40)
    closed(1)
    whole = Score.objects.get(unit=province, map="today", period="month")
    layout = layout_of(instrument_of(form.pk))
    opened = inflate_opened(layout, whole.opened)
    together = Opened.total(
        layout, [inflate_opened(layout, one.opened) for one in of_offices(province, "month")]
    )
    assert opened.to_bytes() == together.to_bytes()
    assert opened.people("f:E") == 40
    # 40 of 60 people are fewer than 80 of 100
    assert {f.code for f in figures(whole).factors if not f.figure.hidden} == {"A"}
    answered(often, 2, 100, 100)
    closed(2)
    closed(3)
    quarter = Score.objects.get(unit=province, map="then", period=Period.QUARTER)
    (of_e,) = (f.figure for f in figures(quarter).factors if f.code == "E")
    assert (of_e.people, of_e.answers) == (140, 140)
    assert differences() == []


def test_openings_stay_when_everything_is_counted_anew(form: Instrument) -> None:
    office = factories.office()
    for month, of_e in ((1, 3), (2, 8), (3, 30)):
        answered(office, month, 30, of_e)
        closed(month)

    def stand() -> list[tuple[object, ...]]:
        rows = Opening.objects.order_by("pk").values_list("rows", "columns", "period", "sums")
        scores = Score.objects.order_by("office", "unit", "map", "period", "start")
        return [*rows, *scores.values_list("period", "start", "opened")]

    before = stand()
    Opening.objects.update(sums=b"")
    make_anew(office.pk)
    steps.count_marked()
    assert stand() == before


def test_months_closed_before_there_were_openings_get_them_with_the_next_count(
    form: Instrument,
) -> None:
    office = factories.office()
    for month, of_e in ((1, 3), (2, 8), (3, 30)):
        answered(office, month, 30, of_e)
        closed(month)
    before = [tuple(row) for row in Opening.objects.order_by("pk").values_list("rows", "columns")]
    opened = list(Score.objects.order_by("pk").values_list("period", "start", "opened"))
    Opening.objects.all().delete()
    BlockRow.objects.all().delete()
    Score.objects.update(opened=b"")
    for month in (1, 2, 3):
        Mark.objects.create(office=office, day=date(2025, month, 1))
    steps.count_marked()
    after = [tuple(row) for row in Opening.objects.order_by("pk").values_list("rows", "columns")]
    assert after == before
    known = Score.objects.order_by("pk").values_list("period", "start", "opened")
    assert sorted(known) == sorted(opened)
    assert differences() == []
