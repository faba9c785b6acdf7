"""Makes the poster and the table card with Typst.

Every machine prints the same: only the fonts beside this file are used, nothing carries a time,
and the names of offices reach Typst as data (`sys.inputs`), never as source.
"""

import json
from enum import Enum
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import segno
import typst

from offices.directory import CounterEntry
from surveys.print.texts import counter_words, words

HERE = Path(__file__).resolve().parent
# Some forty kilobytes each, and made in some ten milliseconds.
KEPT = 32
# Modules of white around a code, without which telephones do not find it (ISO/IEC 18004).
QUIET_ZONE = 4


class Paper(Enum):
    """What can be printed; the value is the name of its Typst file."""

    POSTER = "poster"  # one A4
    LARGE_POSTER = "poster_large"  # one A4 with little on it, in large print
    TABLE_CARD = "table_card"  # an A4 to fold into a stand, and an A4 to cut into two cards


@lru_cache(maxsize=KEPT)
def printed(
    paper: Paper,
    languages: tuple[str, ...],
    office: str,
    counter: CounterEntry | None,
    address: str,
    typed: str,
    minutes: int,
) -> bytes:
    """The PDF. languages: one, or two side by side, the first leads; office: its name.

    address: where the code leads; typed: what people read and type who cannot scan it; minutes:
    how long the form takes.
    """
    return typst.compile(
        HERE / f"{paper.value}.typ",
        root=HERE,
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": sheet_data(languages, office, counter, address, typed, minutes)},
        pdf_standards="ua-1",
    )


def sheet_data(
    languages: tuple[str, ...],
    office: str,
    counter: CounterEntry | None,
    address: str,
    typed: str,
    minutes: int,
) -> str:
    """What frame.typ reads, as JSON; arguments as of `printed`."""
    data = {
        "office": office,
        "counter": counter_words(counter, languages[0]) if counter else "",
        "code": qr_svg(address),
        "typed": typed,
        "sides": [words(language, minutes) for language in languages],
    }
    return json.dumps(data, ensure_ascii=False)


def qr_svg(address: str) -> str:
    """The QR code of an address with its quiet zone, as SVG."""
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", scale=8, border=QUIET_ZONE, light="#fff"
    )
    return picture.getvalue().decode()


@cache
def fonts() -> typst.Fonts:
    """The fonts beside this file and no others."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )
