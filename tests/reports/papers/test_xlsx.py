"""The workbook: every number as a number, texts never as formulas, nothing hidden in it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from offices.models import Office
from reports.papers.facts import facts
from reports.papers.tables import Unit, tables
from reports.papers.xlsx import HEADING_ROW, xlsx_of
from tests.reports.papers.opening import everything, sheets
from tests.reports.papers.reporting import FEW, Reported, of_office, of_unit, reported
from tests.reports.papers.test_pdf import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Reported:
    """Three months of a province."""
    return reported()


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    with override("vi"):
        yield


def test_every_number_of_the_page_stands_there_as_a_number(world: Reported) -> None:
    contents = of_unit(world.province)
    found = sheets(xlsx_of(contents))
    assert list(found) == ["Tóm tắt", "Các yếu tố", "Tiêu chí", "Các tháng", "Các đơn vị"]
    for table in tables(contents):
        heading, *rows = found[table.name][HEADING_ROW:]
        assert list(heading) == [column.title for column in table.columns]
        assert len(rows) == len(table.rows)
        for row, told in zip(rows, table.rows, strict=True):
            for cell, wanted in zip(row, told, strict=True):
                if isinstance(cell, datetime):
                    assert cell.date() == wanted
                else:
                    assert cell == (float(wanted) if isinstance(wanted, Decimal) else wanted)
                    assert isinstance(cell, str) == isinstance(wanted, str)
    value, people = found["Tóm tắt"][5][1], found["Tóm tắt"][8][1]
    headline = contents.figures.headline
    assert headline.value is not None
    assert (value, people) == (float(headline.value), headline.people)


def test_each_fact_says_its_unit(world: Reported) -> None:
    for fact in facts(of_unit(world.province)):
        if fact.unit in (Unit.PERCENT, Unit.LIMIT):
            assert fact.words, fact.name


def test_what_is_hidden_says_so_and_is_nowhere_in_the_file(world: Reported) -> None:
    file = xlsx_of(of_unit(world.province))
    rows = sheets(file)["Các đơn vị"]
    assert ("Trung tâm Thới Sơn", "chưa đủ số phiếu", None, None, None, 41) in rows
    assert f"<v>{FEW}</v>" not in everything(file).replace('t="s"><v>', "")
    for sheet in sheets(file).values():
        assert not any(cell == FEW for row in sheet for cell in row)


def test_the_same_figures_give_the_same_bytes(world: Reported) -> None:
    first, second = (xlsx_of(of_unit(world.province)) for _ in range(2))
    assert first == second


def test_the_head_stays_where_it_is(world: Reported) -> None:
    text = everything(xlsx_of(of_unit(world.province)))
    assert text.count('state="frozen"') == 5


@pytest.mark.parametrize("name", [HOSTILE, "=1+1", "+A1", "-A1", "@A1", "https://example.vn", "12"])
def test_texts_are_texts_whatever_they_hold(name: str) -> None:
    world = reported(months=(6,))
    Office.objects.filter(pk=world.office.pk).update(name=name)
    world.office.refresh_from_db()
    for contents in (of_office(world.office), of_unit(world.province)):
        file = xlsx_of(contents)
        assert name in {cell for sheet in sheets(file).values() for row in sheet for cell in row}
        assert "<f>" not in everything(file)
        assert "hyperlink" not in everything(file)
