"""The one reader of tables that people upload: CSV, as other systems write it, and workbooks.

    table = UploadedTable(content, SHAPE)
    for line, row in table.rows():
        if row["day"] …:
            table.wrong(line, _("This is no day."), "day")
    table.check()                                       # raises FileRefused

A workbook is read by `offices.workbooks`. The text is UTF-8, or UTF-16 with its mark; the separator
is a comma, a semicolon or a tab, or what a first line as `sep=;` says; the first line that is not
empty holds the headings, in any order, in Vietnamese or English. Whatever cannot be understood is a
mistake, and nothing is passed over but empty lines: a file is taken whole or not at all.
"""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from offices import workbooks
from offices.names import plain
from offices.workbooks import BadWorkbook

SEPARATORS = ",;\t"
SAID_SEPARATOR = re.compile(rf'("?)sep=([{SEPARATORS}])\1[{SEPARATORS}]*\s*', re.IGNORECASE)
WORKBOOKS = (workbooks.BEGINS, b"\xd0\xcf\x11\xe0")  # of Excel today, and until 2003
LISTED = 50
COUNTED = 1_000  # after so many mistakes a file is not read on
LONGEST_HEADING = 40  # letters of it in a mistake
# What no table of ours comes near; what is larger is refused before anything of it is looked at.
MOST_COLUMNS = 100
MOST_EMPTY_LINES = 10_000
LONGEST_KNOWN_HEADING = 200
LONGEST_CELL = 10_000
TITLE_LINES = 20  # so far down headings are looked for, to say where they stand
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """What the person calls a column, and which headings name it.

    headings: without case, diacritics, spaces and punctuation.
    """

    title: Promise
    headings: frozenset[str]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a table by their names in the program, and how large it may be.

    most_lines: below the headings, empty ones not counted.
    """

    columns: Mapping[str, Column]
    most_bytes: int
    most_lines: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a line (from 1), under which heading, and what to do."""

    line: int
    column: str
    text: str


class FileRefused(Exception):
    """The file has mistakes: the first LISTED of `count`; `more`: after them it was not read on."""

    def __init__(self, mistakes: Sequence[Mistake], count: int) -> None:
        super().__init__(f"{count} mistakes")
        self.mistakes = tuple(mistakes)
        self.count = count
        self.more = count >= COUNTED


class UploadedTable:
    """A file that somebody sent, and the mistakes that were found in it so far."""

    def __init__(self, content: bytes, shape: Shape) -> None:
        self._content = content
        self._shape = shape
        self._mistakes: list[Mistake] = []
        self.mistakes = 0
        self._by_heading = {
            heading: name for name, column in shape.columns.items() for heading in column.headings
        }

    def wrong(self, line: int, text: str, column: str = "") -> None:
        """Notes a mistake in a line, where it belongs to one column with that column's name."""
        self._note(line, text, str(self._shape.columns[column].title) if column else "")

    def check(self) -> None:
        """Raises FileRefused if there was any mistake."""
        if self.mistakes:
            raise FileRefused(self._mistakes, min(self.mistakes, COUNTED))

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each line that is not empty: its number and its cells, "" where the column is missing.

        Lines with mistakes of their form are noted and left out; too many mistakes end the reading.
        """
        text = self._text()
        if text is None:
            return
        names: list[str | None] | None = None
        lines = empty = 0
        for line, cells in _records(text, self):
            if not any(cells):
                empty += 1
                if empty <= MOST_EMPTY_LINES:
                    continue
                said = _("The file has more than %(lines)s empty lines. Delete them.")
                self.wrong(line, said % {"lines": MOST_EMPTY_LINES})
                return
            if names is None:
                names = self._names(line, cells, text)
                if names is None:
                    return
                continue
            lines += 1
            if lines > self._shape.most_lines:
                said = _("The file has more than %(lines)s lines. Divide it and send its parts.")
                self.wrong(line, said % {"lines": self._shape.most_lines})
                return
            if self._fits(line, cells, names):
                found = {name: cell for name, cell in zip(names, cells, strict=False) if name}
                yield line, dict.fromkeys(self._shape.columns, "") | found
            if self.mistakes >= COUNTED:
                return
        if not lines and not self.mistakes:
            self.wrong(1, _("The file has no line below its headings."))

    def _note(self, line: int, text: str, column: str) -> None:
        self.mistakes += 1
        if self.mistakes <= LISTED:
            self._mistakes.append(Mistake(line, column, text))

    def _text(self) -> str | None:
        """The text of the file; None, with the mistake noted, where it is none."""
        content = self._content
        if len(content) > self._shape.most_bytes:
            said = _("The file is larger than %(size)s. Divide it and send its parts.")
            self.wrong(1, said % {"size": size_of(self._shape.most_bytes)})
            return None
        try:
            text = decoded(content)
            broken = text.find("\0")
            before = text[: max(broken, 0)].count("\n")
        except BadWorkbook:
            broken = before = 0
        except UnicodeDecodeError as error:
            broken = error.start
            before = content.count(b"\n", 0, broken)
        if broken < 0:
            return text
        said = _("The text is not UTF-8. Save the file as “CSV UTF-8” and send it again.")
        if content.startswith(WORKBOOKS):
            said = _(
                "This workbook cannot be read. In Excel choose “Save As”, the kind “CSV UTF-8 "
                "(Comma delimited)”, and send that file; or copy the cells and paste them."
            )
        self.wrong(before + 1, said)
        return None

    def _name_of(self, heading: str) -> str | None:
        if len(heading) > LONGEST_KNOWN_HEADING:
            return None
        return self._by_heading.get(re.sub(r"[^a-z]", "", plain(heading)))

    def _names(self, line: int, heading: Sequence[str], text: str) -> list[str | None] | None:
        """What stands in each column; None, with mistakes noted, where the headings do not do."""
        needed = {name for name, column in self._shape.columns.items() if column.needed}
        names = [self._name_of(title) for title in heading]
        if not any(names) and (below := self._headings_below(text, needed)):
            said = _("The headings stand in line %(line)s only. Remove the lines above them.")
            self.wrong(line, said % {"line": below})
            return None
        seen: set[str] = set()
        for title, name in zip(heading, names, strict=True):
            if name is None and title:
                said = _(
                    "This heading is not known. Remove the column or name it as the page shows."
                )
            elif name is not None and name in seen:
                said = _("Two columns have this heading. Remove one of them.")
            else:
                seen |= {name} if name else set()
                continue
            self._note(line, said, title[:LONGEST_HEADING])
        for name in self._shape.columns:
            if name in needed and name not in names:
                said = _("This column is missing. The first line must hold the headings.")
                self.wrong(line, said, name)
        return None if self.mistakes else names

    def _headings_below(self, text: str, needed: set[str]) -> int | None:
        """The first line that names all columns that are needed, under a title as people write."""
        for number, line in enumerate(islice(_lines(text), TITLE_LINES), 1):
            titles = line.split(_separator(line), MOST_COLUMNS)
            names = {self._name_of(title) for title in titles[:MOST_COLUMNS]}
            if needed <= names:
                return number
        return None

    def _fits(self, line: int, cells: Sequence[str], names: Sequence[str | None]) -> bool:
        """Whether each cell stands under a heading; notes the mistake where one does not."""
        if any(cells[len(names) :]):
            said = _(
                "The line has %(found)s cells, but there are %(wanted)s headings. Remove what is "
                "too much; put a cell that holds a comma or semicolon between quotation marks."
            )
            self.wrong(line, said % {"found": len(cells), "wanted": len(names)})
            return False
        for at, (name, cell) in enumerate(zip(names, cells, strict=False), 1):
            if cell and name is None:
                said = _("Column %(number)s has no heading. Name it or empty the cell.")
                self.wrong(line, said % {"number": at})
                return False
        return True


def size_of(count: int) -> str:
    """A number of bytes as people say it: `5 MB`, `512 KB`."""
    kilobytes = count // 1024
    return f"{kilobytes // 1024} MB" if kilobytes % 1024 == 0 else f"{kilobytes} KB"


def day_of(text: str) -> date | None:
    """The day that is written as 31/12/2025 or 2025-12-31; None if it is none."""
    found = ISO_DAY.fullmatch(text)
    reverse = VIETNAMESE_DAY.fullmatch(text)
    parts = found.groups() if found else reverse.groups()[::-1] if reverse else None
    try:
        return date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        return None


def decoded(content: bytes) -> str:
    """The text of a file; of a workbook its first sheet. Raises UnicodeDecodeError, BadWorkbook."""
    if content.startswith(workbooks.BEGINS):
        return workbooks.as_csv(content)
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return content.decode("utf-16" if marked else "utf-8-sig")


def text_of(content: bytes) -> str:
    """The text of a file, to be mended by whoever brought it; empty where it cannot be read."""
    try:
        return decoded(content)
    except (UnicodeDecodeError, BadWorkbook):
        return ""


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")  # ends as they stand: LF, CR LF or CR


def _separator(line: str) -> str:
    return max(SEPARATORS, key=line.count)


def _records(text: str, table: UploadedTable) -> Iterator[tuple[int, list[str]]]:
    """The line in which each record begins, and its cells; the first bad one is the last."""
    begun = islice(_lines(text), MOST_EMPTY_LINES + 1)
    first = next((line for line in begun if line.strip()), "")
    said_separator = SAID_SEPARATOR.fullmatch(first)
    separator = said_separator[2] if said_separator else _separator(first)
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    if said_separator:
        next(record for record in reader if "".join(record).strip())
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error:
            said = _(
                "The line cannot be read: a quotation mark is not closed or stands inside a cell."
            )
            table.wrong(line, said)
            return
        if record is None:
            return
        if "".join(record[MOST_COLUMNS:]).strip():
            said = _(
                "The line has more than %(most)s columns. Remove those that are not asked for."
            )
            table.wrong(line, said % {"most": MOST_COLUMNS})
            return
        del record[MOST_COLUMNS:]  # spreadsheets write empty ones
        if any(len(cell) > LONGEST_CELL for cell in record):
            said = _("A cell has more than %(most)s letters. Shorten it.")
            table.wrong(line, said % {"most": LONGEST_CELL})
            return
        yield line, [cell.strip() for cell in record]
