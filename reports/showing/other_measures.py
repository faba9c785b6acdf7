"""Points that other sets of indexes give for satisfaction: a table of its own, apart from figures.

They ask other people in another way, and one of them counts who said nothing as satisfied: no page
compares or adds them. What is said of each stands in docs/methodology.md with its source.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _lazy

HERE = Path(__file__).parent / "reference"
MEASURES = {
    "par_index": _lazy("PAR INDEX, the index of administrative reform"),
    "decision_766": _lazy("Decision 766/QĐ-TTg, service in real time"),
}
PARTS = {
    "sipas": _lazy("The province's SIPAS in points: a tenth of the percentage"),
    "group": _lazy("The whole group “Mức độ hài lòng”, of 100 points in all"),
    "feedback": _lazy("Of it 5.1 to 5.3: how feedback and petitions are handled"),
    "dossiers": _lazy(
        "Of it 5.4: satisfaction with how dossiers are received and settled; full points from 90 "
        "per cent on"
    ),
}


@dataclass(frozen=True)
class Points:
    """What a unit was given in a year, as published; percent: what the points were made of."""

    year: int
    points: Decimal
    percent: Decimal
    source: str


@dataclass(frozen=True)
class OtherMeasure:
    """A part of another set of indexes, the most points it gives, and the document that says so.

    document: empty where none was read, only what was reported. points: those of one unit, the
    newest year first.
    """

    measure: str
    part: str
    most: int
    document: str
    dated: date | None
    source: str
    points: tuple[Points, ...] = ()

    @property
    def title(self) -> str:
        """Whose points they are."""
        return str(MEASURES[self.measure])

    @property
    def what(self) -> str:
        """What the points are given for."""
        return str(PARTS[self.part])

    @property
    def host(self) -> str:
        """Where the document can be read."""
        return urlsplit(self.source).hostname or self.source


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def other_measures(level: str, code: str, of_today: bool) -> list[OtherMeasure]:
    """All other measures, with the points that were published about this unit.

    All points are of years before 2025-07-01, so a code means the province of that time.
    """
    return [
        OtherMeasure(
            row["measure"],
            row["part"],
            int(row["most"]),
            row["document"],
            date.fromisoformat(row["dated"]) if row["dated"] else None,
            row["source"],
            ()
            if level == "province" and of_today
            else tuple(_points(row["measure"], row["part"], level, code)),
        )
        for row in _rows("other_measures.csv")
    ]


def _points(measure: str, part: str, level: str, code: str) -> Iterator[Points]:
    asked = (measure, part, level, code)
    found = (
        row
        for row in _rows("points.csv")
        if (row["measure"], row["part"], row["level"], row["code"]) == asked
    )
    for row in sorted(found, key=lambda row: row["year"], reverse=True):
        yield Points(
            int(row["year"]), Decimal(row["points"]), Decimal(row["percent"]), row["source"]
        )
