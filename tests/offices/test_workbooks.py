"""Workbooks as Excel and others write them, and files that only look so."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from offices import workbooks
from offices.workbooks import MOST_ROWS, BadWorkbook, as_csv

Cell = str | int | float | bool | date | None
ROWS: list[list[Cell]] = [
    ["Mã hồ sơ", "Ngày", "Liên hệ"],
    ["H15-1, “a”", date(2026, 11, 5), 912000001],
    [None, None, None],
    ["dòng\nđôi", datetime(2026, 5, 11, 13, 30), 0.5],
    ["đúng", True, "0912 000 001"],
]
TEXT = (
    "Mã hồ sơ,Ngày,Liên hệ\n"
    '"H15-1, “a”",2026-11-05,912000001\n'
    "\n"
    "dòng đôi,2026-05-11,0.5\n"
    "đúng,1,0912 000 001\n"
)


def by_openpyxl(rows: list[list[Cell]]) -> bytes:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(rows: list[list[Cell]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "[$-42A]dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Tháng 11")
        book.add_worksheet("Khác").write(0, 0, "không đọc")
        for number, cells in enumerate(rows):
            for at, cell in enumerate(cells):
                sheet.write(number, at, cell)
    return out.getvalue()


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])
def test_a_workbook_is_read_line_by_line(write: Callable[[list[list[Cell]]], bytes]) -> None:
    assert as_csv(write(ROWS)) == TEXT


def test_days_that_begin_in_1904_are_the_same_days() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"date_1904": True}) as book:
        day = book.add_format({"num_format": "d/m/yyyy"})
        book.add_worksheet().write_datetime(0, 0, datetime(2026, 11, 5), day)
    assert as_csv(out.getvalue()) == "2026-11-05\n"


@pytest.mark.parametrize(
    ("shown_as", "read_as"),
    [
        ("m/d/yyyy", "2026-11-05"),
        ("dd.mm.yy", "2026-11-05"),
        ('"ngày" dd/mm', "2026-11-05"),
        ("0.00", "46331"),
        ('0 "dm"', "46331"),
        ("[red]0", "46331"),
        ("h:mm", "46331"),
    ],
)
def test_a_number_is_a_day_where_excel_shows_one(shown_as: str, read_as: str) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_number(0, 0, 46331, book.add_format({"num_format": shown_as}))
    assert as_csv(out.getvalue()) == f"{read_as}\n"


def test_hidden_sheets_before_the_first_shown_one_are_passed_over() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        hidden, shown = book.add_worksheet(), book.add_worksheet()
        hidden.write(0, 0, "ẩn")
        shown.write(0, 0, "hiện")
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
    assert as_csv(out.getvalue()) == "hiện\n"


def changed(part: str, old: str, new: str) -> bytes:
    """A workbook with something else in one of its parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(by_xlsxwriter(ROWS))) as before,
        zipfile.ZipFile(out, "w") as after,
    ):
        for name in before.namelist():
            text = before.read(name).decode()
            if name.endswith(part):
                assert old in text
                text = text.replace(old, new, 1)
            after.writestr(name, text)
    return out.getvalue()


def repeated(text: str, times: int) -> bytes:
    """A workbook in which many cells share one long text."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(10, 10 + times)
    )
    made = changed("sheet1.xml", "</sheetData>", f"{rows}</sheetData>")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name).decode()
            if name.endswith("sharedStrings.xml"):
                content = content.replace("<si><t>Mã hồ sơ</t></si>", f"<si><t>{text}</t></si>")
                assert text in content
            after.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("written", ["1E+3000000", "-1E+3000000", "1E-3000000", "NaN", "Infinity"])
@pytest.mark.parametrize("style", ["", ' s="1"'])
def test_a_number_that_nobody_writes_stays_as_it_is_written(written: str, style: str) -> None:
    old = "<v>912000001</v>"
    cell = re.search(r'<c r="C2"[^>]*>' + old, sheet_of(by_xlsxwriter(ROWS)))
    assert cell is not None
    new = f'<c r="C2"{style}><v>{written}</v>'
    assert written in as_csv(changed("sheet1.xml", cell[0], new))


def test_the_lines_of_a_cell_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a cell of many lines would be put together line by line, each time as a whole."""
    told: list[str] = []
    text = workbooks._Strings.text

    def counted(self: workbooks._Strings, said: str) -> None:
        told.append(said)
        text(self, said)

    monkeypatch.setattr(workbooks._Strings, "text", counted)
    as_csv(changed("sharedStrings.xml", "đúng", "đ" + "\n" * 10_000))
    assert len(told) < 100


def sheet_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read("xl/worksheets/sheet1.xml").decode()


def packed_with(method: int, blanks: int = 0) -> bytes:
    """A workbook whose parts are packed in another way; blanks: at the end of its sheet."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(by_xlsxwriter(ROWS))) as before,
        zipfile.ZipFile(out, "w", method) as after,
    ):
        for name in before.namelist():
            more = b" " * blanks if name.endswith("sheet1.xml") else b""
            after.writestr(name, before.read(name) + more)
    return out.getvalue()


def test_what_is_packed_as_excel_does_is_read() -> None:
    assert as_csv(packed_with(zipfile.ZIP_DEFLATED)) == TEXT


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        by_openpyxl(ROWS)[:-200],
        by_openpyxl(ROWS)[:200],
        changed("sheet1.xml", "<worksheet", f"{ENTITIES}<worksheet"),
        changed("sharedStrings.xml", "<sst", f"{ENTITIES}<sst"),
        changed("workbook.xml.rels", "worksheets/sheet1.xml", "worksheets/none.xml"),
        changed("sheet1.xml", '<row r="2"', '<row r="99999999"'),
        changed("sheet1.xml", '<row r="2"', '<row r="zwei"'),
        changed("sheet1.xml", 'r="A2"', 'r="2A"'),
        changed("sheet1.xml", "<v>1</v>", "<v>99</v>"),
        changed("sheet1.xml", "</worksheet>", ""),
        changed("workbook.xml", "<sheets>", "<sheets/><x>"),
        changed("sheet1.xml", 'r="A2"', 'r="GS2"'),
        changed("sheet1.xml", '<row r="2"', '<row r="0"'),
        changed("sheet1.xml", "<v>1</v>", "<v>-1</v>"),
        changed("sheet1.xml", "<v>1</v>", f"<v>{'9' * 5000}</v>"),
        changed("sharedStrings.xml", "đúng", "a" * 40_000),
        repeated("b" * 30_000, 300),
        packed_with(zipfile.ZIP_BZIP2),
        packed_with(zipfile.ZIP_LZMA),
        changed("styles.xml", 'formatCode="', f'formatCode="{"[" * 1_000_000}'),
        packed_with(zipfile.ZIP_DEFLATED, blanks=workbooks.MOST_UNPACKED + 1),
    ],
    ids=range(23),
)
def test_what_is_no_workbook_or_made_to_do_harm_is_refused(content: bytes) -> None:
    with pytest.raises(BadWorkbook):
        as_csv(content)


def test_a_part_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 20_000)
    assert as_csv(by_openpyxl(ROWS[:1])).startswith("Mã hồ sơ")
    with pytest.raises(BadWorkbook):
        as_csv(changed("sheet1.xml", "<sheetData>", f"<!--{' ' * 20_000}--><sheetData>"))


@given(at=st.integers(0, 6_000), to=st.binary(min_size=1, max_size=3))
def test_no_damaged_workbook_breaks_the_reader(at: int, to: bytes) -> None:
    content = bytearray(by_openpyxl(ROWS))
    content[at : at + len(to)] = to
    with suppress(BadWorkbook):
        assert as_csv(bytes(content)).count("\n") <= MOST_ROWS
