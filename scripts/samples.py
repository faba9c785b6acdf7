"""Writes sample reports of simulated figures into docs/samples/.

    .venv/bin/python -m scripts.samples phuong-ha-tien quarter.2026-01-01

It takes the office and its province from the database of DATABASE_URL, such as that of `make demo`,
and refuses figures of real people. Every sample is labelled as simulated by the report itself.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import django
from django.utils.translation import override

ADDRESS = "https://hailong.example.vn/bao-cao/"  # of nobody
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "samples"


class NotSimulated(Exception):
    """The figures are of real people, or there are none."""


def write(slug: str, kind: str, start: date, folder: Path = FOLDER) -> Iterator[Path]:
    """The files of an office and of its province, in Vietnamese; each as soon as it is written.

    kind: of the period that begins on `start`. Raises NotSimulated.
    """
    # none of this can be imported before Django is set up
    from offices.models import Office
    from officials.figures.choice import Choice
    from reports.counting.periods import span_of
    from reports.models import TerritoryMap
    from reports.papers.contents import office_contents, unit_contents
    from reports.papers.pdf import pdf_of
    from reports.papers.xlsx import xlsx_of
    from surveys.questionnaires import catalogue

    instrument = catalogue.current().default
    office = Office.objects.select_related("unit").get(slug=slug)
    if instrument is None:
        raise NotSimulated("there is no questionnaire")
    span = span_of(kind, start)
    view = Choice(span, instrument, TerritoryMap.TODAY, (span,), (instrument,))
    with override("vi"):
        made = {
            "co-quan": office_contents(office, view, address=ADDRESS),
            "tinh": unit_contents(office.unit.province, view, address=ADDRESS),
        }
        for name, contents in made.items():
            if contents is None or not contents.simulated:
                raise NotSimulated(f"{slug}, {view.span}: no closed figures, or real ones")
            for ending, content in (("pdf", pdf_of(contents)), ("xlsx", xlsx_of(contents))):
                file = folder / f"bao-cao-{name}-mo-phong.{ending}"
                file.write_bytes(content)
                yield file


def main() -> int:
    """Asks for the office and the period."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("office", help="its short name")
    parser.add_argument("period", help="such as quarter.2026-01-01")
    given = parser.parse_args()
    kind, _dot, start = given.period.partition(".")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for file in write(given.office, kind, date.fromisoformat(start)):
        print(file.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
