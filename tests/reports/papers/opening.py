"""Opens the files of a report with readers that know nothing of the writers."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pypdf

Value = object


def pages(file: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(file)).pages]


def text(file: bytes) -> str:
    """The text of a PDF."""
    return " ".join(pages(file))


def catalog(file: bytes) -> Any:  # Any: the objects of a PDF
    """The object of a PDF that says what kind of document it is."""
    return pypdf.PdfReader(BytesIO(file)).trailer["/Root"]


def sheets(file: bytes) -> dict[str, list[tuple[Value, ...]]]:
    """The rows of each sheet by its name; every one of them must be seen."""
    book = openpyxl.load_workbook(BytesIO(file))
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def everything(file: bytes) -> str:
    """Whatever stands in a file: all parts of a workbook, or all objects of a PDF with tags."""
    if file.startswith(b"PK"):
        with ZipFile(BytesIO(file)) as parts:
            return "\n".join(parts.read(name).decode() for name in parts.namelist())
    return "\n".join([text(file), *_strings(pypdf.PdfReader(BytesIO(file)))])


def _strings(reader: pypdf.PdfReader) -> Iterator[str]:
    """The strings and streams of all objects."""
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        found = reader.get_object(number)
        if found is None:
            continue
        yield str(found)
        if isinstance(found, pypdf.generic.StreamObject) and "/FontFile" not in str(found):
            yield found.get_data().decode("latin-1")


def numbers(said: str) -> set[str]:
    """Every number as it is written: `1.204`, `83,07`, `41`."""
    return set(re.findall(r"\d+(?:[.,]\d+)*", said))
