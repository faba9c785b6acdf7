"""The rows of the registry's files, and how they are read."""

import csv
import types
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import TypeVar, Union, get_args, get_origin, get_type_hints

from offices.validity import Valid

FOLDER = Path(__file__).parent
COUNTRY = "VN"
# The statistics office's codes tell the level by their length.
LEVELS = {2: "province", 3: "district", 5: "commune"}


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """A line of a CSV file: text, numbers and days; an empty cell is None or the default."""

    def cells(self) -> tuple[object, ...]:
        """The values in the order of the file."""
        return astuple(self)


@dataclass(frozen=True, slots=True)
class UnitRow(RegistryRow, Valid):
    """A unit between two days; `parent` is a code valid on the same days."""

    code: str
    kind: str
    name: str
    parent: str
    valid_from: date
    valid_to: date | None = None

    @property
    def level(self) -> str:
        """country, province, district or commune."""
        return "country" if self.code == COUNTRY else LEVELS[len(self.code)]


@dataclass(frozen=True, slots=True)
class SuccessionRow(RegistryRow):
    """`predecessor` is a code valid the day before `effective_on`, `successor` one valid on it."""

    predecessor: str
    successor: str
    effective_on: date
    relation: str
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class DesignationRow(RegistryRow):
    """What the unit `code` that began on `unit_from` was called between two days."""

    code: str
    unit_from: date
    kind: str
    name: str
    valid_from: date
    valid_to: date | None = None
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class OfficeRow(RegistryRow):
    """An office; `unit` is a code valid on the office's days."""

    slug: str
    kind: str
    name: str
    unit: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class CounterRow(RegistryRow):
    """A desk of the office with this slug."""

    office: str
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class FieldRow(RegistryRow):
    """A field of administration."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class ProcedureRow(RegistryRow):
    """A national procedure; `confirmed` is `yes` if code and name were both seen.

    `valid_from`, `valid_to`: its first and last day, or empty; `source` says if one is assumed.
    """

    code: str
    name: str
    field: str
    levels: str
    source: str
    confirmed: str
    valid_from: date | None = None
    valid_to: date | None = None


R = TypeVar("R", bound=RegistryRow)


class BadRow(ValueError):
    """A file of the registry cannot be read; says which and where."""


def read(kind: type[R], name: str, folder: Path = FOLDER) -> list[R]:
    """All rows of one file but for remarks, which begin with #. Raises BadRow, which says where."""
    hints = get_type_hints(kind)
    columns = [field.name for field in fields(kind)]
    found = []
    with (folder / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(line for line in file if not line.startswith("#"))
        if next(reader, []) != columns:
            raise BadRow(f"{name}: the first line must be {','.join(columns)}.")
        for cells in reader:
            try:
                pairs = zip(columns, cells, strict=True)
                found.append(kind(**{key: _value(cell, hints[key]) for key, cell in pairs}))
            except ValueError as error:
                raise BadRow(f"{name}, line {reader.line_num}: {error}") from error
    return found


def _value(cell: str, hint: object) -> object:
    if get_origin(hint) in (Union, types.UnionType):
        if not cell:
            return None
        hint = next(part for part in get_args(hint) if part is not types.NoneType)
    if hint is date:
        return date.fromisoformat(cell)
    if hint is float:
        return float(cell)
    return int(cell) if hint is int else cell
