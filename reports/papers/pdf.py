"""Writes a report as PDF with Typst, in the look of Nghị định 30/2020, tagged for screen readers.

Names of offices reach Typst as data (`sys.inputs`), never as source. Only the typeface that the
Typst package carries is used (Libertinus Serif, OFL-1.1), so every machine writes the same bytes;
the only time in the file is that at which the figure was computed.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from offices.letters import composed
from reports.papers import sentences
from reports.papers.contents import Contents
from reports.papers.tables import Cell, PaperTable, Unit, criteria, factors, months, parts
from reports.papers.trend import trend_svg
from reports.showing.written import grouped, percentage

SOURCE = Path(__file__).resolve().parent / "report.typ"
# As the decree writes it, whatever language the reader has.
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
# What the typeface draws of letters: Latin with all Vietnamese marks, and the signs of sentences.
DRAWN = (
    *((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x17F), (0x1A0, 0x1A1), (0x1AF, 0x1B0)),
    *((0x1EA0, 0x1EF9), (0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026)),
)
UNKNOWN = "?"
SIGNS = frozenset("\N{MINUS SIGN}≤≥×€₫")
NARROW = {"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"}
Block = dict[str, Any]  # Any: what JSON can hold


def pdf_of(contents: Contents) -> bytes:
    """The PDF, by PDF/UA-1; the same bytes for the same contents in the same language."""
    return bytes(
        typst.compile(
            SOURCE,
            root=SOURCE.parent,
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": source_data(contents)},
            pdf_standards="ua-1",
        )
    )


def source_data(contents: Contents) -> str:
    """What report.typ reads, as JSON."""
    at = contents.computed_at.astimezone(UTC)
    notes = [sentences.draft()]
    if contents.simulated:
        notes.insert(0, _("Simulated data"))
    data = {
        "lang": get_language() or "vi",
        "made": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "title": sentences.title(contents),
        "heading": _kept_together(contents),
        "above": contents.above,
        "place": contents.name,
        "nation": NATION,
        "number": _("No.: ……/BC-……"),
        "day": _("……………, day …… month …… year ………"),
        "kind": _("REPORT"),
        "notes": notes,
        "sections": [
            {"title": f"{number}. {heading}", "blocks": blocks}
            for number, (heading, blocks) in zip(
                ("I", "II", "III", "IV", "V"), _sections(contents), strict=False
            )
        ],
        "signing": {
            "recipients": _("Recipients:"),
            "archive": _("- Archive: ……"),
            "authority": _("POSITION OF WHO SIGNS"),
            "how": _("(signature, full name, seal)"),
        },
    }
    return json.dumps(_drawable(data), ensure_ascii=False)


def drawable(text: str) -> str:
    """The text in letters that the typeface has; a question mark for each other one."""
    return "".join(letter if _is_drawn(letter) else UNKNOWN for letter in composed(text))


@cache
def fonts() -> typst.Fonts:
    """The typefaces that Typst itself carries, and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])


def _is_drawn(letter: str) -> bool:
    code = ord(letter)
    return letter in SIGNS | NARROW or any(first <= code <= last for first, last in DRAWN)


def _drawable(data: Any) -> Any:  # Any: what JSON can hold
    if isinstance(data, str):
        return drawable(data)
    if isinstance(data, Mapping):
        return {name: value if name == "svg" else _drawable(value) for name, value in data.items()}
    return [_drawable(one) for one in data] if isinstance(data, list | tuple) else data


def _sections(contents: Contents) -> Iterator[tuple[str, list[Block]]]:
    numbers = iter(range(1, 10))

    def table(made: PaperTable) -> list[Block]:
        return [_table(made, next(numbers))] if made.rows else []

    yield _("GENERAL RESULT"), [*_headline(contents), *_drawing(contents), *table(months(contents))]
    beside = [*table(factors(contents)), *table(criteria(contents))]
    if beside:
        yield _("FACTORS AND CRITERIA"), beside
    if contents.parts:
        yield _("UNITS"), table(parts(contents))
    yield (
        _("COVERAGE"),
        [_text(said) for said in (*sentences.coverage(contents), *contents.evidence)],
    )
    yield (
        _("METHOD"),
        [_text(said) for said in (*sentences.method(contents), sentences.again(contents))],
    )


def _headline(contents: Contents) -> Iterator[Block]:
    figure = contents.figures.headline
    yield {
        "kind": "headline",
        "label": sentences.label(contents),
        "value": "" if figure.value is None else percentage(figure.value),
        "doubt": sentences.doubt(contents),
    }
    for said in (*sentences.behind(contents), sentences.change(contents)):
        yield _text(said)


def _drawing(contents: Contents) -> Iterator[Block]:
    svg = trend_svg(contents.months, contents.breaks)
    if svg is not None:
        yield {
            "kind": "drawing",
            "svg": svg,
            "alt": _("Percentage satisfied by month with its interval (95 %); the table follows."),
            "caption": _(
                "Percentage satisfied by closed month. Lines: intervals (95 %). The axis is cut."
            ),
        }


def _kept_together(contents: Contents) -> str:
    """The title, with the period on one line."""
    period = sentences.period_on_paper(contents.span)
    return sentences.title(contents).replace(period, period.replace(" ", "\N{NO-BREAK SPACE}"))


def _text(said: str) -> Block:
    return {"kind": "text", "text": said}


def _table(made: PaperTable, number: int) -> Block:
    return {
        "kind": "table",
        "caption": _("Table %(number)s. %(title)s") % {"number": number, "title": made.title},
        "columns": [
            {
                "title": column.title,
                "width": "broad" if column.broad else column.unit.value,
                "number": column.unit not in (Unit.TEXT, Unit.MONTH),
            }
            for column in made.columns
        ],
        "rows": [_row(made, row) for row in made.rows],
        "note": made.note,
    }


def _row(made: PaperTable, row: tuple[Cell, ...]) -> list[str | Block]:
    """The cells as they are written; the reason why there is no figure goes over what it is of."""
    written: list[str | Block] = [
        _written(cell, column.unit) for cell, column in zip(row, made.columns, strict=True)
    ]
    first, reason = made.hidden_in, row[made.hidden_in]
    if isinstance(reason, str):
        written[first : first + made.covered] = [{"span": made.covered, "text": reason}]
    return written


def _written(cell: Cell, unit: Unit) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, date):
        return f"{cell:%m/%Y}"
    if isinstance(cell, Decimal):
        return str(number_format(cell, decimal_pos=2 if unit is Unit.PERCENT else 1))
    return grouped(cell) if isinstance(cell, int) else cell
