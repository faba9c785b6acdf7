"""The first sheet of an Excel workbook (.xlsx) as the text of a CSV file.

Only values are read: no formula is computed, nothing outside the file is asked for. Days come out
as 2026-12-31, so that nobody has to guess which number is the month. Whoever made the file may be
anybody: parts are unpacked up to a size, and a declaration of entities ends the reading.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from xml.parsers import expat  # nosec B407 - no entities, see _parse
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

MOST_UNPACKED = 8 * 1024 * 1024  # bytes of a part
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL, LONGEST_FORMAT = 32_767, 255  # letters: Excel's own limits
MOST_DIGITS = 20  # of a number before or behind its point; others stay as they are written
BEGINS = b"PK\x03\x04"
# Formats of days that Excel has by number; others are told by their letters.
DAYS = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
Attributes = Mapping[str, str]


class BadWorkbook(ValueError):
    """The file is no workbook that can be read."""


def as_csv(content: bytes) -> str:
    """The cells of the first sheet, a line for each of its rows. Raises BadWorkbook."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            book = _Book()
            _parse(_part(packed, "xl/workbook.xml"), book.start)
            targets: dict[str, str] = {}
            _parse(
                _part(packed, "xl/_rels/workbook.xml.rels"),
                lambda name, given: targets.update({given.get("Id", ""): given.get("Target", "")}),
            )
            strings, styles = _Strings(), _Styles()
            if "xl/sharedStrings.xml" in packed.namelist():
                _parse(
                    _part(packed, "xl/sharedStrings.xml"), strings.start, strings.end, strings.text
                )
            if "xl/styles.xml" in packed.namelist():
                _parse(_part(packed, "xl/styles.xml"), styles.start, styles.end)
            target = targets[book.first or ""].lstrip("/").removeprefix("xl/")
            sheet = _Sheet(strings.found, styles.of_days(), book.begins)
            _parse(_part(packed, f"xl/{target}"), sheet.start, sheet.end, sheet.text)
    except Exception as problem:
        # of the packing, of its compression, of the XML, of numbers that are none: all the same
        raise BadWorkbook(type(problem).__name__) from None
    return _written(sheet.rows)


def _written(rows: Mapping[int, Mapping[int, str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number in range(1, max(rows, default=0) + 1):
        cells = rows.get(number, {})
        writer.writerow([cells.get(at, "") for at in range(1, max(cells, default=0) + 1)])
    return out.getvalue()


def _part(packed: ZipFile, name: str) -> bytes:
    """A part, unpacked up to its limit, which only Deflate keeps to; Excel packs with no other."""
    if packed.getinfo(name).compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadWorkbook("packed in an unusual way")
    with packed.open(name) as file:
        content = file.read(MOST_UNPACKED + 1)
    if len(content) > MOST_UNPACKED:
        raise BadWorkbook("too large")
    return content


def _parse(
    content: bytes,
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Calls back with the elements' names, without the prefix of their namespace."""

    def refuse(*_given: object) -> None:
        raise BadWorkbook("a declaration of a document type")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, given: start(name.rpartition(":")[2], given)
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda name: ended(name.rpartition(":")[2])
    parser.buffer_text = True  # else each line of a text is told by itself
    parser.CharacterDataHandler = text
    parser.Parse(content, True)


class _Book:
    """Which sheet is the first that is shown, and with which day its days begin."""

    def __init__(self) -> None:
        self.first: str | None = None
        self.begins = date(1899, 12, 30)

    def start(self, name: str, given: Attributes) -> None:
        if name == "workbookPr" and given.get("date1904") in ("1", "true"):
            self.begins = date(1904, 1, 1)
        if name == "sheet" and self.first is None and given.get("state", "visible") == "visible":
            ids = [value for key, value in given.items() if key.rpartition(":")[2] == "id"]
            self.first = ids[0]


class _Strings:
    """The texts that cells share, in their order; readings beside a text are no part of it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.parts: list[str] = []
        self.kept = self.read = False

    def start(self, name: str, _given: Attributes) -> None:
        if name == "si":
            self.parts = []
        self.kept = False if name == "rPh" else self.kept or name == "si"
        self.read = name == "t" and self.kept

    def end(self, name: str) -> None:
        self.read = False
        self.kept = self.kept or name == "rPh"
        if name == "si":
            self.found.append("".join(self.parts))

    def text(self, written: str) -> None:
        if self.read:
            self.parts.append(written)


class _Styles:
    """Which styles of cells show a number as a day."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self.inside = False

    def start(self, name: str, given: Attributes) -> None:
        if name == "numFmt":
            self.codes[int(given["numFmtId"])] = given.get("formatCode", "")
        self.inside = self.inside or name == "cellXfs"
        if name == "xf" and self.inside:
            self.formats.append(int(given.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        self.inside = self.inside and name != "cellXfs"

    def of_days(self) -> Sequence[bool]:
        days = {number for number in set(self.formats) if number in DAYS or self._says_day(number)}
        return [number in days for number in self.formats]

    def _says_day(self, number: int) -> bool:
        code = self.codes.get(number, "")
        if len(code) > LONGEST_FORMAT:
            raise BadWorkbook("the format of a number")
        letters = LITERAL.sub("", code).casefold()
        return "d" in letters and ("m" in letters or "y" in letters)


class _Sheet:
    """The cells of a sheet by row and column, from 1."""

    def __init__(self, strings: Sequence[str], of_days: Sequence[bool], begins: date) -> None:
        self.rows: dict[int, dict[int, str]] = {}
        self.strings, self.of_days, self.begins = strings, of_days, begins
        self.row = self.column = self.letters = 0
        self.kind, self.style, self.parts = "n", 0, list[str]()
        self.read = self.beside = False

    def start(self, name: str, given: Attributes) -> None:
        if name == "row":
            self.row, self.column = int(given.get("r", self.row + 1)), 0
            if not 1 <= self.row <= MOST_ROWS:
                raise BadWorkbook("too many rows")
        elif name == "c":
            self.column = _column(given["r"]) if "r" in given else self.column + 1
            self.kind, self.style = given.get("t", "n"), int(given.get("s", "0"))
            self.parts = []
        self.beside = self.beside or name == "rPh"
        self.read = name in ("v", "t") and not self.beside

    def text(self, written: str) -> None:
        if self.read:
            self.parts.append(written)

    def end(self, name: str) -> None:
        self.read = False
        self.beside = self.beside and name != "rPh"
        written = "".join(self.parts) if name == "c" else ""
        if written:
            self._keep(self._value(written))

    def _keep(self, value: str) -> None:
        """Nothing is passed over: what is too much ends the reading, before it is built."""
        self.letters += len(value)
        if self.column > MOST_COLUMNS or len(value) > LONGEST_CELL or self.letters > MOST_UNPACKED:
            raise BadWorkbook("too many columns, or too much text")
        self.rows.setdefault(self.row, {})[self.column] = " ".join(value.split())

    def _value(self, written: str) -> str:
        if self.kind == "s":
            number = int(written) if len(written) < MOST_DIGITS else -1
            if number < 0:
                raise BadWorkbook("the number of a text")
            return self.strings[number]
        if self.kind != "n":
            return written[:10] if self.kind == "d" else written
        try:
            value = Decimal(written) if len(written) <= LONGEST_CELL else Decimal("NaN")
        except InvalidOperation:
            return written
        if not value.is_finite() or abs(value.adjusted()) >= MOST_DIGITS:
            return written
        if self.style < len(self.of_days) and self.of_days[self.style]:
            return (self.begins + timedelta(days=int(value))).isoformat()
        whole = value.to_integral_value()
        return f"{whole if value == whole else value:f}"


def _column(name: str) -> int:
    """The number of a column from 1, of a cell's name such as `AB12`."""
    found = CELL.fullmatch(name)
    if found is None:
        raise BadWorkbook("the name of a cell")
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
