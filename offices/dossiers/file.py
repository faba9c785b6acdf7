"""Finished dossiers from a CSV file, as a one-stop information system exports them.

Columns, see `SHAPE`: the office's short name, the day (31/12/2025 or 2025-12-31), the field's short
name or name (may be missing or empty: not told), and how many dossiers were finished. How the file
is read: `offices.tables`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from offices.letters import composed
from offices.models import Field, Office, OfficeAddress
from offices.tables import Column, Shape, UploadedTable, day_of

MOST_DOSSIERS = 1_000_000  # of one office and field on one day: above, it is a slip of the hand

SHAPE = Shape(
    columns={
        "office": Column(
            pgettext_lazy("column", "Office"),
            frozenset({"office", "officeslug", "slug", "coquan", "macoquan", "bophanmotcua"}),
            needed=True,
        ),
        "day": Column(
            pgettext_lazy("column", "Day"), frozenset({"day", "date", "ngay"}), needed=True
        ),
        "field": Column(
            pgettext_lazy("column", "Field"),
            frozenset({"field", "fieldslug", "linhvuc", "malinhvuc"}),
        ),
        "finished": Column(
            pgettext_lazy("column", "Finished dossiers"),
            frozenset(
                {"finished", "finisheddossiers", "sohoso", "dagiaiquyet", "hosodagiaiquyet"}
                | {"sohosodagiaiquyet"}
            ),
            needed=True,
        ),
    },
    most_bytes=5 * 1024 * 1024,
    most_lines=200_000,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Finished dossiers of one office, day and field; keys of the database, None: not told.

    line: where it stands in its file.
    """

    office: int
    day: date
    field: int | None
    finished: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known while a file is read, and the file."""

    offices: Mapping[str, Office]
    fields: Mapping[str, int]
    today: date
    table: UploadedTable


def read(content: bytes, offices: QuerySet[Office], today: date) -> list[Cell]:
    """The cells of a file, in its order. Raises FileRefused with everything that is wrong in it.

    offices: those whose counts may be entered; all others are refused.
    """
    table = UploadedTable(content, SHAPE)
    known = _Known(_offices(offices), _fields(), today, table)
    cells: list[Cell] = []
    first_seen: dict[tuple[int, date, int | None], int] = {}
    for line, row in table.rows():
        cell = _cell(line, row, known)
        if cell is None:
            continue
        before = first_seen.setdefault((cell.office, cell.day, cell.field), line)
        if before != line:
            said = _(
                "The same office, day and field stand in line %(line)s already. Keep one of them."
            )
            table.wrong(line, said % {"line": before})
        cells.append(cell)
    table.check()
    return cells


def _offices(offices: QuerySet[Office]) -> dict[str, Office]:
    """By every short name that they have or had: a portal may not have heard of a new one."""
    by_key = {office.pk: office for office in offices}
    former = OfficeAddress.objects.filter(office__in=by_key).values_list("slug", "office_id")
    return {slug: by_key[key] for slug, key in former} | {
        office.slug: office for office in by_key.values()
    }


def _fields() -> dict[str, int]:
    """Keys of the fields, by short name and by name."""
    known: dict[str, int] = {}
    for key, slug, name in Field.objects.values_list("pk", "slug", "name"):
        known[_written(name)] = key
        known[slug] = key
    return known


def _written(text: str) -> str:
    """However it was typed: composed letters, single spaces, no capitals."""
    return " ".join(composed(text).casefold().split())


def _cell(line: int, row: Mapping[str, str], known: _Known) -> Cell | None:
    """The cell of a line; None, with the mistakes noted, where anything in it is wrong."""
    noted = known.table.mistakes
    day = _day(line, row["day"], known)
    office = _office(line, row["office"], day, known)
    told = _field(line, row["field"], known)
    finished = _finished(line, row["finished"], known)
    if known.table.mistakes > noted or day is None or office is None or finished is None:
        return None
    return Cell(office.pk, day, told, finished, line)


def _day(line: int, text: str, known: _Known) -> date | None:
    day = day_of(text)
    if day is None:
        said = _("“%(text)s” is no day. Write it as 31/12/2025 or 2025-12-31.")
        known.table.wrong(line, said % {"text": text[:40]}, "day")
    elif day > known.today:
        said = _("%(day)s is still to come. Enter dossiers that are finished.")
        known.table.wrong(line, said % {"day": f"{day:%d/%m/%Y}"}, "day")
        return None
    return day


def _office(line: int, slug: str, day: date | None, known: _Known) -> Office | None:
    office = known.offices.get(slug)
    if office is None:
        said = _(
            "“%(slug)s” is none of the offices whose counts you may enter. "
            "Write the office's short name as in the address of its page."
        )
        known.table.wrong(line, said % {"slug": slug[:60]}, "office")
    elif day is not None and not office.is_open_on(day):
        said = _("%(office)s was not open on %(day)s. Check the day and the office.")
        day_said = f"{day:%d/%m/%Y}"
        known.table.wrong(line, said % {"office": office.name, "day": day_said}, "office")
    return office


def _field(line: int, text: str, known: _Known) -> int | None:
    if not text:
        return None
    key = known.fields.get(_written(text))
    if key is None:
        said = _(
            "There is no field “%(text)s”. Write its short name or name, or leave the cell empty."
        )
        known.table.wrong(line, said % {"text": text[:60]}, "field")
    return key


def _finished(line: int, text: str, known: _Known) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) < 12 and int(text) <= MOST_DOSSIERS:
        return int(text)
    said = _(
        "“%(text)s” is no count. Write a whole number from 0 to %(most)s, "
        "without sign, comma or dot."
    )
    known.table.wrong(line, said % {"text": text[:40], "most": MOST_DOSSIERS}, "finished")
    return None
