"""Finished dossiers from a CSV file, as a one-stop information system exports them.

Columns, in any order and in Vietnamese or English, see `COLUMNS`: the office's short name, the day
(31/12/2025 or 2025-12-31), the field's short name or name (may be missing or empty: not told),
and how many dossiers were finished. The separator is a comma, a semicolon or a tab; the text is
UTF-8. A file is taken whole or not at all.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from offices.models import Field, Office
from offices.names import plain

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 200_000
MOST_DOSSIERS = 1_000_000  # of one office and field on one day: above, it is a slip of the hand
LISTED = 50
COUNTED = 1_000  # after so many mistakes a file is not read on

# What a heading may say, without case, diacritics, spaces and punctuation.
COLUMNS: Mapping[str, frozenset[str]] = {
    "office": frozenset({"office", "officeslug", "slug", "coquan", "macoquan", "bophanmotcua"}),
    "day": frozenset({"day", "date", "ngay"}),
    "field": frozenset({"field", "fieldslug", "linhvuc", "malinhvuc"}),
    "finished": frozenset(
        {"finished", "finisheddossiers", "sohoso", "dagiaiquyet", "hosodagiaiquyet"}
        | {"sohosodagiaiquyet"}
    ),
}
NEEDED = ("office", "day", "finished")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cell:
    """Finished dossiers of one office, day and field; keys of the database, None: not told."""

    office: int
    day: date
    field: int | None
    finished: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a line (from 1), under which heading, and what to do."""

    line: int
    column: str
    text: str


class Refused(Exception):
    """The file has mistakes: the first LISTED of `count`; `more` after it was not read on."""

    def __init__(self, mistakes: Sequence[Mistake], count: int) -> None:
        super().__init__(f"{count} mistakes")
        self.mistakes = tuple(mistakes)
        self.count = count
        self.more = count >= COUNTED


@dataclass(slots=True)
class _Reading:
    """What is known while a file is read."""

    offices: Mapping[str, Office]
    fields: Mapping[str, int]
    today: date
    mistakes: list[Mistake] = field(default_factory=list)
    count: int = 0

    def wrong(self, line: int, column: str, text: str) -> None:
        self.count += 1
        if self.count <= LISTED:
            self.mistakes.append(Mistake(line, column, text))


def read(content: bytes, offices: QuerySet[Office], today: date) -> list[Cell]:
    """The cells of a CSV file, in its order. Raises Refused with everything that is wrong in it.

    offices: those whose counts may be entered; all others are refused.
    """
    reading = _Reading(
        offices={office.slug: office for office in offices},
        fields=_fields(),
        today=today,
    )
    text = _decoded(content)
    cells: list[Cell] = []
    first_seen: dict[tuple[int, date, int | None], int] = {}
    for line, row in _rows(text, reading):
        cell = _cell(line, row, reading)
        if reading.count >= COUNTED:
            break
        if cell is None:
            continue
        before = first_seen.setdefault((cell.office, cell.day, cell.field), line)
        if before != line:
            said = _(
                "The same office, day and field stand in line %(line)s already. Keep one of them."
            )
            reading.wrong(line, "", said % {"line": before})
        cells.append(cell)
    if not cells and not reading.count:
        reading.wrong(1, "", _("The file has no line with counts below its headings."))
    if reading.count:
        raise Refused(reading.mistakes, min(reading.count, COUNTED))
    return cells


def _fields() -> dict[str, int]:
    """Keys of the fields, by short name and by name."""
    known: dict[str, int] = {}
    for key, slug, name in Field.objects.values_list("pk", "slug", "name"):
        known[_written(name)] = key
        known[slug] = key
    return known


def _written(text: str) -> str:
    """However it was typed: composed letters, single spaces, no capitals."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _decoded(content: bytes) -> str:
    """The text of the file. Raises Refused where it is too large or no UTF-8."""
    if len(content) > MOST_BYTES:
        said = _("The file is larger than %(size)s MB. Divide it, for example by months.")
        raise Refused([Mistake(1, "", said % {"size": MOST_BYTES // 1024 // 1024})], 1)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        said = _("The text is not UTF-8. Save the file as “CSV UTF-8” and send it again.")
        raise Refused([Mistake(line, "", said)], 1) from None


def _rows(text: str, reading: _Reading) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and cells by column of each line below the headings that is not empty."""
    heading = text.split("\n", 1)[0]
    separator = max(",;\t", key=heading.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: dict[str, int] | None = None
    try:
        for row in lines:
            if columns is None:
                columns = _columns(row, reading)
                if columns is None:
                    return
                width = len(row)
                continue
            line = lines.line_num
            if line > MOST_LINES + 1:
                said = _(
                    "The file has more than %(lines)s lines. Divide it, for example by months."
                )
                reading.wrong(line, "", said % {"lines": MOST_LINES})
                return
            if not any(cell.strip() for cell in row):
                continue
            if any(cell.strip() for cell in row[width:]):
                said = _("The line has %(found)s cells, but there are %(wanted)s headings.")
                reading.wrong(line, "", said % {"found": len(row), "wanted": width})
                continue
            yield (
                line,
                {name: row[at].strip() for name, at in columns.items() if at < len(row)},
            )
    except csv.Error:
        said = _("The line cannot be read: a quotation mark is not closed or stands inside a cell.")
        reading.wrong(max(lines.line_num, 1), "", said)


def _columns(heading: Sequence[str], reading: _Reading) -> dict[str, int] | None:
    """Where each column stands; None, with the mistakes noted, where the headings do not do."""
    found: dict[str, int] = {}
    good = True
    for at, title in enumerate(heading):
        if not title.strip():
            continue
        key = re.sub(r"[^a-z]", "", plain(title))
        name = next((name for name, titles in COLUMNS.items() if key in titles), None)
        if name is None:
            said = _("This heading is not known. Remove the column or name it as the page shows.")
        elif name in found:
            said = _("Two columns have this heading. Remove one of them.")
        else:
            found[name] = at
            continue
        good = False
        reading.wrong(1, title.strip()[:40], said)
    for name in NEEDED:
        if name not in found:
            good = False
            said = _("This column is missing. The first line must hold the headings.")
            reading.wrong(1, _title(name), said)
    return found if good else None


def _title(column: str) -> str:
    """How a column is called to the person who sent the file."""
    return {
        "office": pgettext("column", "Office"),
        "day": pgettext("column", "Day"),
        "field": pgettext("column", "Field"),
        "finished": pgettext("column", "Finished dossiers"),
    }[column]


def _cell(line: int, row: Mapping[str, str], reading: _Reading) -> Cell | None:
    """The cell of a line; None, with the mistakes noted, where anything in it is wrong."""
    noted = reading.count
    day = _day(line, row.get("day", ""), reading)
    office = _office(line, row.get("office", ""), day, reading)
    told = _field(line, row.get("field", ""), reading)
    finished = _finished(line, row.get("finished", ""), reading)
    if reading.count > noted or day is None or office is None or finished is None:
        return None
    return Cell(office.pk, day, told, finished)


def _day(line: int, text: str, reading: _Reading) -> date | None:
    found = ISO_DAY.fullmatch(text)
    reverse = VIETNAMESE_DAY.fullmatch(text)
    parts = found.groups() if found else reverse.groups()[::-1] if reverse else None
    try:
        day = date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        day = None
    if day is None:
        said = _("“%(text)s” is no day. Write it as 31/12/2025 or 2025-12-31.")
        reading.wrong(line, _title("day"), said % {"text": text[:40]})
    elif day > reading.today:
        said = _("%(day)s is still to come. Enter dossiers that are finished.")
        reading.wrong(line, _title("day"), said % {"day": f"{day:%d/%m/%Y}"})
        return None
    return day


def _office(line: int, slug: str, day: date | None, reading: _Reading) -> Office | None:
    office = reading.offices.get(slug)
    if office is None:
        said = _(
            "“%(slug)s” is none of the offices whose counts you may enter. "
            "Write the office's short name as in the address of its page."
        )
        reading.wrong(line, _title("office"), said % {"slug": slug[:60]})
    elif day is not None and not office.is_open_on(day):
        said = _("%(office)s was not open on %(day)s. Check the day and the office.")
        reading.wrong(
            line, _title("office"), said % {"office": office.name, "day": f"{day:%d/%m/%Y}"}
        )
    return office


def _field(line: int, text: str, reading: _Reading) -> int | None:
    if not text:
        return None
    key = reading.fields.get(_written(text))
    if key is None:
        said = _(
            "There is no field “%(text)s”. Write its short name or name, or leave the cell empty."
        )
        reading.wrong(line, _title("field"), said % {"text": text[:60]})
    return key


def _finished(line: int, text: str, reading: _Reading) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) < 12 and int(text) <= MOST_DOSSIERS:
        return int(text)
    said = _(
        "“%(text)s” is no count. Write a whole number from 0 to %(most)s, "
        "without sign, comma or dot."
    )
    reading.wrong(line, _title("finished"), said % {"text": text[:40], "most": MOST_DOSSIERS})
    return None
