"""The figures of a release as CSV, line by line: a country has hundreds of thousands."""

import csv
from collections.abc import Iterator

from reports.models import Release, ReleaseFigure
from reports.release.membership import instrument_name
from reports.sipas.hiding.suppression import WithheldReason

COLUMNS = (
    *("release", "revision", "period", "start", "of", "code_of", "name", "map", "instrument"),
    *("kind", "code", "percent", "satisfied", "answered", "people", "low", "high"),
    *("not_shown_because", "simulated"),
)
# A spreadsheet would compute what begins so.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What `csv.writer` writes into: gives the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(release: Release) -> Iterator[str]:
    """A byte order mark for spreadsheets, the header, then offices and units as published."""
    writer = csv.writer(_Line())
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"
    yield writer.writerow(COLUMNS)
    rows = release.figures.select_related("office", "unit").order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        yield writer.writerow(
            [
                *(release.slug, release.revision, release.period, release.start),
                *_place(row),
                row.map,
                instrument_name(row.instrument_id),
                *(row.kind, row.code, row.percent, row.satisfied, row.answered, row.people),
                *(row.low, row.high),
                WithheldReason.TOO_FEW.value if row.hidden else "",
                int(release.simulated),
            ]
        )


def _place(row: ReleaseFigure) -> tuple[str, str, str]:
    if row.office is not None:
        return "office", row.office.slug, _harmless(row.office.name)
    assert row.unit is not None  # noqa: S101 - the database says so
    return row.unit.level, row.unit.code, _harmless(row.unit.full_name)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
