"""Tables that people upload: each fault of their form has its line, its column and its advice."""

import re
from datetime import date

import pytest
from django.utils.functional import lazystr
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from offices.tables import (
    COUNTED,
    LISTED,
    Column,
    FileRefused,
    Mistake,
    Shape,
    UploadedTable,
    day_of,
    size_of,
)

SHAPE = Shape(
    columns={
        "code": Column(lazystr("Code"), frozenset({"code", "ma"}), needed=True),
        "day": Column(lazystr("Day"), frozenset({"day", "ngay"}), needed=True),
        "note": Column(lazystr("Note"), frozenset({"note", "ghichu"})),
    },
    most_bytes=4096,
    most_lines=3,
)
Rows = list[tuple[int, dict[str, str]]]


def read(content: str | bytes) -> Rows:
    table = UploadedTable(content if isinstance(content, bytes) else content.encode(), SHAPE)
    rows = list(table.rows())
    table.check()
    return rows


def refused(content: str | bytes) -> list[Mistake]:
    """What is said of a file with mistakes, in English."""
    with override("en"), pytest.raises(FileRefused) as caught:
        read(content)
    assert caught.value.count == len(caught.value.mistakes)
    return list(caught.value.mistakes)


def row(code: str, day: str, note: str = "") -> dict[str, str]:
    return {"code": code, "day": day, "note": note}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_spreadsheets_write_files_in_many_ways(start: str, separator: str, end: str) -> None:
    lines = [["", ""], ["NGÀY", " Mã "], ["2/3/2026", "a"], ["", ""], ["x", '" b, c; d\t"'], []]
    text = start + end.join(separator.join(cells) for cells in lines)
    assert read(text) == [(3, row("a", "2/3/2026")), (5, row("b, c; d", "x"))]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["sep={}", '"sep={}"', "SEP={}", "sep={}{}{}"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_first_line_may_say_the_separator(separator: str, first: str, encoding: str) -> None:
    said = first.replace("{}", separator)
    lines = [said, separator.join(["code", "day"]), separator.join(["ă", "b"])]
    assert read("\r\n".join(lines).encode(encoding)) == [(3, row("ă", "b"))]


def test_a_said_separator_goes_before_the_counted_one() -> None:
    said = refused("sep=,\ncode;x;y,day\na,b")  # more semicolons than commas
    assert [mistake.column for mistake in said] == ["code;x;y", "Code"]


def test_a_cell_may_hold_lines_and_is_told_by_its_first_one() -> None:
    assert read('code,day,note\na,b,"1\n2"\nc,d,\n') == [
        (2, row("a", "b", "1\n2")),
        (4, row("c", "d")),
    ]


@pytest.mark.parametrize(
    ("content", "line", "column", "said"),
    [
        ("", 1, "", "no line below its headings"),
        ("\n\n", 1, "", "no line below its headings"),
        ("code,day\n,\n", 1, "", "no line below its headings"),
        ("code,day,Ngày\na,b,c", 1, "Ngày", "Two columns have this heading"),
        ("code,code,day\na,b,c", 1, "code", "Two columns have this heading"),
        ("code,day,age\na,b,c", 1, "age", "not known. Remove the column or name it"),
        ("code,note\na,b", 1, "Day", "missing"),
        ("\n\ncode,note\na,b", 3, "Day", "missing"),
        ("LIST OF MARCH\n\ncode,day\na,b", 1, "", "stand in line 3 only. Remove the lines above"),
        ("sep=|\ncode;day\na;b", 1, "", "stand in line 2 only"),
        ("sep=;\n\n", 1, "", "no line below its headings"),
        ("sep=;\ncode;day\na;b;c", 3, "", "3 cells, but there are 2 headings"),
        ("code,day\na,b,c", 2, "", "3 cells, but there are 2 headings. Remove"),
        ("code,day\na,b\nc,d,,,e", 3, "", "5 cells, but there are 2 headings"),
        ("code,,day\na,x,b", 2, "", "Column 2 has no heading. Name it or empty"),
        ('code,day\na,b\n"c,d\ne,f\ng,h', 3, "", "quotation mark is not closed"),
        ('code,day\n"a"b,c', 2, "", "quotation mark"),
        (b"code,day\na,b\n\xd2\xea,c", 3, "", "Save the file as “CSV UTF-8”"),
        ("code,day\nQuầy,b".encode("utf-16") + b"\0", 2, "", "Save the file as “CSV UTF-8”"),
        ("code,day\na,b".encode("utf-16-le"), 1, "", "Save the file as “CSV UTF-8”"),
        ("code,day\na,b\nc,\0", 3, "", "Save the file as “CSV UTF-8”"),
        (b"PK\x03\x04\x00\x00", 1, "", "workbook cannot be read. In Excel choose “Save As”"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", 1, "", "workbook cannot be read. In Excel choose “Save As”"),
        ("code,day\na,b\n\nc,d\n\ne,f\n\ng,h", 8, "", "more than 3 lines. Divide it"),
        (b"x" * 4097, 1, "", "larger than 4 KB. Divide it"),
    ],
)
def test_each_fault_is_named_with_its_place_and_what_to_do(
    content: str | bytes, line: int, column: str, said: str
) -> None:
    (mistake,) = refused(content)
    assert (mistake.line, mistake.column) == (line, column)
    assert said in mistake.text


def test_faults_are_told_in_vietnamese() -> None:
    with override("vi"), pytest.raises(FileRefused) as caught:
        read("code,day\na,b,c\n")
    assert "Dòng có 3 ô nhưng chỉ có 2 tiêu đề cột" in caught.value.mistakes[0].text


def test_all_faults_of_the_headings_are_told_at_once() -> None:
    found = refused("age,note,Ghi chú\n1,2,3")
    assert [mistake.column for mistake in found] == ["age", "Ghi chú", "Code", "Day"]


def test_the_reader_of_cells_adds_its_own_mistakes() -> None:
    table = UploadedTable(b"code,day\na,b\nc,d,e\nf,g\n", SHAPE)
    for line, _row in table.rows():
        table.wrong(line, "no such day", "day")
    with pytest.raises(FileRefused) as caught:
        table.check()
    found = [(mistake.line, mistake.column) for mistake in caught.value.mistakes]
    assert found == [(2, "Day"), (3, ""), (4, "Day")]


def test_a_long_list_of_mistakes_is_cut_and_counted() -> None:
    many = Shape(SHAPE.columns, 10**6, 10**6)
    table = UploadedTable(b"code,day\n" + b"a,b,c\n" * (COUNTED + 5), many)
    assert list(table.rows()) == []
    with pytest.raises(FileRefused) as caught:
        table.check()
    assert (len(caught.value.mistakes), caught.value.count, caught.value.more) == (
        LISTED,
        COUNTED,
        True,
    )


@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    with pytest.raises(FileRefused) as caught:
        read(content)
    assert all(mistake.text for mistake in caught.value.mistakes)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip)


@given(
    cells=st.lists(st.tuples(WORDS.filter(bool), WORDS, WORDS), min_size=1, max_size=3),
    separator=st.sampled_from(",;\t"),
)
def test_nothing_that_was_written_is_lost(
    cells: list[tuple[str, str, str]], separator: str
) -> None:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line] for line in cells]
    lines = [["code", "day", "note"], *quoted]
    content = "\n".join(separator.join(line) for line in lines)
    assert [found for _line, found in read(content)] == [row(*line) for line in cells]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2025", date(2025, 12, 31)),
        ("1/2/2025", date(2025, 2, 1)),
        ("2025-12-31", date(2025, 12, 31)),
        ("2025-2-1", None),
        ("31/02/2025", None),
        ("31-12-2025", None),
        ("٠١/٠٣/٢٠٢٦", None),
        ("", None),
    ],
)
def test_a_day_is_written_in_one_of_two_ways(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_sizes_are_said_as_people_say_them() -> None:
    assert (size_of(512 * 1024), size_of(5 * 1024 * 1024)) == ("512 KB", "5 MB")


def test_headings_are_cut_where_they_are_told() -> None:
    (mistake,) = refused("code,day," + "x" * 500 + "\na,b,c")
    assert re.fullmatch("x{40}", mistake.column)
