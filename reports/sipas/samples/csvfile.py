"""Responses as a CSV file: one person a row, one criterion a column.

A file that is wrong anywhere is refused whole, with the line to look at: figures from the rest of
it would be figures of other people.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.layout import Layout
from reports.sipas.samples.survey import (
    LARGEST,
    SMALLEST,
    Codes,
    Design,
    DesignError,
    Floats,
    Labels,
    in_range,
)

IDENTIFIER = "response_id"
DELIMITERS = ",;\t"
ANSWERS = {"": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "8": 8, "9": 9}
_BAD = 255
_CRITERION = re.compile(r"[A-Z]{1,2}[0-9]{1,2}")  # how criteria of any form are called
_BOM = b"\xef\xbb\xbf"
_AT_ONCE = 65_536  # rows that stand in memory as text
_NUMBER = re.compile(r"([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?")


class BadFile(ValueError):
    """The file is refused; `line` is the one to look at, from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}.")
        self.line = line


@dataclass(frozen=True)
class Columns:
    """Names of the columns that describe the design; None: there is none."""

    strata: str | None = None
    cluster: str | None = None
    weight: str | None = None
    fpc: str | None = None

    @property
    def of_part(self) -> dict[str, str | None]:
        """The column of each part of a design, by the name of `Design.of` for it."""
        return {
            "strata": self.strata,
            "clusters": self.cluster,
            "weights": self.weight,
            "fpc": self.fpc,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are given."""
        every = (self.strata, self.cluster, self.weight, self.fpc)
        return tuple(name for name in every if name is not None)


@dataclass(frozen=True, eq=False)
class Table:
    """What a file says. answers: uint8[criteria, people], in the layout's order.

    unused: columns beside the criteria that no part of the design was said to be.
    """

    layout: Layout
    answers: NDArray[np.uint8]
    design: Design
    unused: tuple[str, ...] = ()


class _Answers(dict[str, int]):
    """The bytes of answers; what is no answer is `_BAD`."""

    def __missing__(self, text: str) -> int:
        return self.get(text.strip(), _BAD)


class _Named:
    """A column of labels, each kept once."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.blocks: list[Codes] = [np.empty(0, dtype=np.intp)]

    def add(self, column: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Takes a block; yields (row of the block, problem) for the first empty label."""
        known = self.known
        labels = [text.strip() for text in column]
        if "" in labels:
            yield labels.index(""), "is empty"
        self.blocks.append(np.array([known.setdefault(x, len(known)) for x in labels], np.intp))

    def labels(self) -> Labels:
        return Labels(np.concatenate(self.blocks), tuple(self.known))


class _Numbers:
    """A column of numbers with a point or a comma, within what a design may have.

    may_be_0: whether 0 is one of them. meaning: what they say, to tell who writes others.
    """

    def __init__(self, may_be_0: bool, meaning: str) -> None:
        self.may_be_0 = may_be_0
        self.meaning = meaning
        self.blocks: list[Floats] = [np.empty(0)]

    def add(self, column: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Takes a block; yields (row of the block, problem) for the first that cannot be."""
        parsed = {text: _number(text) for text in set(column)}
        values = np.array([parsed[text] for text in column])
        bad = ~(in_range(values) | (self.may_be_0 & (values == 0.0)))
        if bad.any():
            row = int(bad.argmax())
            text = column[row].strip()
            allowed = f"a number from {SMALLEST:g} to {LARGEST:g}{', or 0' * self.may_be_0}"
            problem = f"is {text!r}, not {allowed}" if text else "is empty"
            yield row, f"{problem}. Write {self.meaning}"
        self.blocks.append(values)

    def values(self) -> Floats:
        return np.concatenate(self.blocks)


def read(path: Path, layouts: Sequence[Layout], columns: Columns | None = None) -> Table:
    """The table in the file, UTF-8 with `,`, `;` or tab between fields.

    layouts: the instruments it may be, the one to suppose first; it is the one whose criteria
    the columns are. Raises BadFile with the line, OSError if the file cannot be read.
    """
    columns = columns or Columns()
    with path.open("rb") as file:
        lines = _decoded(file)
        first = next(lines, "")
        if not first.strip():
            raise BadFile(1, "there is no header. Name the columns in the first line")
        delimiter, header = _header(first, {c for layout in layouts for c in _codes(layout)})
        layout, unused = _layout(header, layouts, columns)
        reading = _Reading(header, layout, columns)
        rows = _rows(lines, delimiter)
        while block := list(islice(rows, _AT_ONCE)):
            reading.take(block)
        return replace(reading.table(), unused=unused)


def _decoded(file: BinaryIO) -> Iterator[str]:
    for number, raw in enumerate(file, 1):
        try:
            yield (raw.removeprefix(_BOM) if number == 1 else raw).decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadFile(
                number, f"byte {error.start + 1} is not UTF-8. Save the file as CSV UTF-8"
            ) from None


def _header(line: str, codes: set[str]) -> tuple[str, list[str]]:
    """The delimiter with which most names are known, and the names."""
    found = []
    for delimiter in DELIMITERS:
        try:
            names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter))]
        except csv.Error as error:
            raise BadFile(1, f"not CSV ({error}). Save the file as CSV UTF-8") from None
        found.append((len(codes.intersection(names)), len(names), delimiter, names))
    _, _, delimiter, names = max(found, key=lambda one: one[:2])
    return delimiter, names


def _codes(layout: Layout) -> list[str]:
    return [item.code for item in layout.items]


def _layout(
    header: list[str], layouts: Sequence[Layout], columns: Columns
) -> tuple[Layout, tuple[str, ...]]:
    """The instrument of the columns, and the columns that nobody asked for.

    Raises BadFile for missing and doubled ones, and for unknown ones that may be criteria.
    """
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise BadFile(1, f"columns that occur twice: {_listed(twice)}")
    double = sorted({name for name in columns.names if columns.names.count(name) > 1})
    if double:
        raise BadFile(1, f"columns named for two purposes: {_listed(double)}")
    absent = [name for name in (IDENTIFIER, *columns.names) if name not in header]
    if absent:
        raise BadFile(1, f"missing columns: {_listed(absent)}")
    answers = [name for name in header if name != IDENTIFIER and name not in columns.names]
    full = [one for one in layouts if set(_codes(one)) <= set(answers)]
    layout = max(full, key=lambda one: len(one.items), default=layouts[0])
    problems = []
    missing = [code for code in _codes(layout) if code not in answers]
    if missing:
        problems.append(f"missing criteria of {layout.instrument}: {_listed(missing)}")
    unknown = [name for name in answers if name not in _codes(layout)]
    if unknown and (missing or any(_CRITERION.fullmatch(name) for name in unknown)):
        problems.append(
            f"unknown columns: {_listed(unknown)}; remove them, or say what they are with "
            "--strata, --cluster, --weight, --fpc or --instrument"
        )
    if problems:
        raise BadFile(1, ". ".join(problems))
    return layout, tuple(unknown)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name or "(no name)" for name in names)


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line and fields of each row. Empty lines at the end are none, others are refused."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line, empty = 2, 0
    try:
        for row in reader:
            if not row:
                empty = empty or line
            elif empty:
                raise BadFile(empty, "the line is empty. Remove it")
            else:
                yield line, row
            line = reader.line_num + 2
    except csv.Error as error:
        raise BadFile(line, f"not CSV ({error}). Look for a stray quotation mark") from None


class _Reading:
    """The columns of a file, block by block."""

    def __init__(self, header: list[str], layout: Layout, columns: Columns) -> None:
        self.layout = layout
        self.columns = columns
        self.fields = len(header)
        self.place = {name: i for i, name in enumerate(header)}
        self.bytes_of = _Answers(ANSWERS)
        self.seen: dict[str, int] = {}
        self.named = {name: _Named() for name in (columns.strata, columns.cluster) if name}
        self.numbers: dict[str, _Numbers] = {}
        if columns.weight:
            self.numbers[columns.weight] = _Numbers(True, "how many people the respondent is for")
        if columns.fpc:
            self.numbers[columns.fpc] = _Numbers(
                False, "how many clusters the stratum has, or the fraction of them that was drawn"
            )
        self.answers = [np.empty((layout.n_items, 0), dtype=np.uint8)]
        self.lines = [np.empty(0, dtype=np.int64)]

    def take(self, block: Sequence[tuple[int, list[str]]]) -> None:
        """Takes rows with their lines. Raises BadFile for the first line that is wrong."""
        lines = [line for line, _ in block]
        wrong = (i for i, (_, row) in enumerate(block) if len(row) != self.fields)
        whole = next(wrong, len(block))
        problems: list[tuple[int, str]] = []
        if whole < len(block):
            found = len(block[whole][1])
            problems.append((whole, f"{found} fields where the header has {self.fields}"))
        if whole:
            texts = list(zip(*(row for _, row in block[:whole]), strict=True))
            problems += _identify(texts[self.place[IDENTIFIER]], lines, self.seen)
            problems += self._answer(texts, whole)
            kinds: dict[str, _Named | _Numbers] = {**self.named, **self.numbers}
            for name, kind in kinds.items():
                wrong_there = kind.add(texts[self.place[name]])
                problems += [(row, f"{name} {problem}") for row, problem in wrong_there]
        if problems:
            row, problem = min(problems)
            raise BadFile(lines[row], problem)
        self.lines.append(np.array(lines, dtype=np.int64))

    def _answer(self, texts: Sequence[Sequence[str]], people: int) -> Iterator[tuple[int, str]]:
        """Takes the criteria; yields (row of the block, problem) for the first of each."""
        taken = np.empty((self.layout.n_items, people), dtype=np.uint8)
        for i, code in enumerate(_codes(self.layout)):
            column = texts[self.place[code]]
            taken[i] = np.frombuffer(bytes(map(self.bytes_of.__getitem__, column)), np.uint8)
            if taken[i].max() == _BAD:
                row = int(taken[i].argmax())
                given = column[row].strip()
                yield (
                    row,
                    f"{code} is {given!r}, not 1 to 5, 8 (not asked), 9 (don't know) or blank",
                )
        self.answers.append(taken)

    def table(self) -> Table:
        """All that was taken. Raises BadFile for a design that cannot be."""
        lines = np.concatenate(self.lines)
        strata, cluster = self.columns.strata, self.columns.cluster
        weight, fpc = self.columns.weight, self.columns.fpc
        try:
            design = Design.of(
                len(lines),
                self.named[strata].labels() if strata else None,
                self.named[cluster].labels() if cluster else None,
                self.numbers[weight].values() if weight else None,
                self.numbers[fpc].values() if fpc else None,
            )
        except DesignError as error:
            blamed = [name for name in map(self.columns.of_part.get, error.parts) if name]
            where = f" (column{'s' * (len(blamed) > 1)} {', '.join(blamed)})" if blamed else ""
            raise BadFile(int(lines[error.row]), f"{error}{where}") from None
        return Table(self.layout, np.concatenate(self.answers, axis=1), design)


def _identify(
    column: Sequence[str], lines: Sequence[int], seen: dict[str, int]
) -> Iterator[tuple[int, str]]:
    """Notes the ids in `seen`; yields (row of the block, problem) for the first that is wrong."""
    for row, (text, line) in enumerate(zip(column, lines, strict=False)):
        identifier = text.strip()
        if not identifier:
            yield row, f"{IDENTIFIER} is empty"
            return
        if seen.setdefault(identifier, line) != line:
            yield row, f"{IDENTIFIER} {identifier} is also in line {seen[identifier]}"
            return


def _number(text: str) -> float:
    text = text.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else math.nan
