"""Writes a report as XLSX: a sheet a table, numbers as numbers, texts never as formulas.

The same contents give the same bytes: the only time in the file is that at which the figure was
computed.
"""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.papers import sentences
from reports.papers.contents import Contents
from reports.papers.facts import Fact, facts
from reports.papers.tables import Cell, PaperTable, Unit, tables

# Never a formula, an address or a number out of somebody's text.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS = {
    Unit.COUNT: "#,##0",
    Unit.PERCENT: "0.00",
    Unit.LIMIT: "0.0",
    Unit.MONTH: "mm/yyyy",
    Unit.TEXT: "@",
}
NARROW, BROAD, TEXTS = 14, 60, 100  # in letters
HEADING_ROW = 2


def xlsx_of(contents: Contents) -> bytes:
    """The workbook; the same bytes for the same contents in the same language."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    book.set_properties({"title": sentences.title(contents), "created": _made(contents)})
    pens = _Pens(book)
    _summary(book.add_worksheet(_("Summary")), contents, pens)
    for table in tables(contents):
        _table(book.add_worksheet(table.name), table, pens)
    book.close()
    return file.getvalue()


def source_data(contents: Contents) -> str:
    """Everything that the workbook says, as a text."""
    heads = (_("Summary"), *_heads())
    said = (sentences.title(contents), _made(contents), heads, _said(contents))
    return repr((*said, list(facts(contents)), list(tables(contents))))


def _made(contents: Contents) -> datetime:
    return timezone.localtime(contents.computed_at).replace(tzinfo=None, microsecond=0)


def _heads() -> tuple[str, str, str]:
    return _("What"), _("Value"), _("Unit")


class _Pens:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"italic": True})
        self.of: dict[Unit, Format] = {
            unit: book.add_format({"num_format": code, "valign": "top", "align": "right"})
            for unit, code in FORMATS.items()
        }
        self.of[Unit.TEXT] = self.text


def _summary(sheet: Worksheet, contents: Contents, pens: _Pens) -> None:
    sheet.set_column(0, 0, BROAD)
    sheet.set_column(1, 2, NARROW * 2)
    sheet.write_string(0, 0, sentences.title(contents), pens.title)
    for column, words in enumerate(_heads()):
        sheet.write_string(HEADING_ROW, column, words, pens.head)
    sheet.freeze_panes(HEADING_ROW + 1, 0)
    row = HEADING_ROW + 1
    for fact in facts(contents):
        _fact(sheet, row, fact, pens)
        row += 1
    for said in _said(contents):
        row += 1
        sheet.write_string(row, 0, said, pens.text)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _said(contents: Contents) -> list[str]:
    simulated = [_("Simulated data")] if contents.simulated else []
    return [
        *simulated,
        sentences.draft(),
        *sentences.behind(contents),
        sentences.change(contents),
        *sentences.coverage(contents),
        *contents.evidence,
        *sentences.method(contents),
        sentences.again(contents),
    ]


def _fact(sheet: Worksheet, row: int, fact: Fact, pens: _Pens) -> None:
    sheet.write_string(row, 0, fact.name, pens.text)
    _write(sheet, row, 1, fact.value, fact.unit, pens)
    sheet.write_string(row, 2, fact.words, pens.text)


def _table(sheet: Worksheet, table: PaperTable, pens: _Pens) -> None:
    sheet.write_string(0, 0, table.title, pens.title)
    sheet.write_string(1, 0, table.note, pens.plain)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, BROAD if column.broad else NARROW)
        sheet.write_string(HEADING_ROW, place, column.title, pens.head)
    sheet.freeze_panes(HEADING_ROW + 1, 0)
    for number, row in enumerate(table.rows, HEADING_ROW + 1):
        for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, number, place, cell, column.unit, pens)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW)


def _write(sheet: Worksheet, row: int, place: int, cell: Cell, unit: Unit, pens: _Pens) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, place, cell, pens.text)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, pens.of[unit])
    else:
        number = float(cell) if isinstance(cell, Decimal) else cell
        sheet.write_number(row, place, number, pens.of[unit])
