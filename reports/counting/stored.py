"""How sums and the scores made of them are stored."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from reports.counting.periods import Span
from reports.models import Score
from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Kind, Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.columns import Opened
from reports.sipas.index.headline import REVISION, limits, method_name


def deflate(sums: Sums) -> bytes:
    """How sums are stored: most of their numbers are zero."""
    return zlib.compress(sums.to_bytes(), 1)


def inflate(layout: Layout, stored: bytes | memoryview) -> Sums:
    """Sums as `deflate` stored them."""
    return Sums.from_bytes(layout, zlib.decompress(stored))


def deflate_opened(opened: Opened) -> bytes:
    """How opened sums are stored; nothing open is nothing stored."""
    return zlib.compress(opened.to_bytes(), 1) if opened.covered.any() else b""


def inflate_opened(layout: Layout, stored: bytes | memoryview) -> Opened:
    """Opened sums as `deflate_opened` stored them."""
    return Opened.from_bytes(layout, zlib.decompress(stored) if stored else b"")


def inflate_total(layout: Layout, stored: Iterable[bytes | memoryview]) -> Sums:
    """All of these added up; the zero of the layout for none."""
    return total(layout, [inflate(layout, one) for one in stored])


@dataclass(frozen=True, slots=True)
class ScorePart:
    """Sums of some people, and whether any of them are simulated."""

    sums: Sums
    simulated: bool


def headline_group(layout: Layout) -> tuple[Kind, str]:
    """What a page shows large: one overall question, else the services, else all criteria."""
    return layout.headline


class Measures(NamedTuple):
    """What a score says of its people, as its row stores it; see `Score`."""

    people: int
    answered: int
    satisfied: int
    low: float | None
    high: float | None
    simulated: bool
    sums: bytes
    opened: bytes
    method: str


class ScoreRow(NamedTuple):
    """A row of reports_score, without its key."""

    office: int | None
    unit: int | None
    map: str
    instrument: int
    period: str
    start: date
    closed: bool
    measures: Measures
    computed_at: datetime


def measures_of(
    part: ScorePart, stored: bytes = b"", opened: bytes = b"", revision: int = REVISION
) -> Measures:
    """What the score of these people stores.

    stored: their sums, if they are deflated already; opened: what is shown of them beside the
    headline, deflated; revision: of the arithmetic, that of a release which is computed again.
    """
    sums = part.sums
    kind, code = headline_group(sums.layout)
    satisfied, answered = sums.moments[sums.layout.group_of(kind, code)][:2].tolist()
    interval = limits(sums, kind, code, revision=revision)
    return Measures(
        sums.people,
        answered,
        satisfied,
        interval.low if interval else None,
        interval.high if interval else None,
        part.simulated,
        stored or deflate(sums),
        opened,
        method_name(sums.layout, revision),
    )


def score_of(
    part: ScorePart,
    instrument_id: int,
    span: Span,
    closed: bool,
    opened: bytes = b"",
    revision: int = REVISION,
) -> Score:
    """An unsaved score of `part`; the caller says whose it is.

    opened, revision: as in `measures_of`.
    """
    return Score(
        instrument_id=instrument_id,
        period=span.kind,
        start=span.first,
        closed=closed,
        computed_at=timezone.now(),
        **measures_of(part, opened=opened, revision=revision)._asdict(),
    )
