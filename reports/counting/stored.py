"""How sums and the scores made of them are stored."""

import zlib
from dataclasses import dataclass

from django.utils import timezone

from reports.counting.periods import Span
from reports.models import Score
from reports.sipas.counts.layout import Kind, Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.index.headline import limits, method_name


def deflate(sums: Sums) -> bytes:
    """How sums are stored: most of their numbers are zero."""
    return zlib.compress(sums.to_bytes(), 1)


def inflate(layout: Layout, stored: bytes | memoryview) -> Sums:
    """Sums as `deflate` stored them."""
    return Sums.from_bytes(layout, zlib.decompress(stored))


@dataclass(frozen=True, slots=True)
class ScorePart:
    """Sums of some people, and whether any of them are simulated."""

    sums: Sums
    simulated: bool


def headline_group(layout: Layout) -> tuple[Kind, str]:
    """What a page shows large: one overall question, else the services, else all criteria."""
    for component in ("overall", "services"):
        if component in layout.components:
            return "component", component
    return "overall", ""


def score_of(part: ScorePart, instrument_id: int, span: Span, closed: bool) -> Score:
    """An unsaved score of `part`; the caller says whose it is."""
    sums = part.sums
    kind, code = headline_group(sums.layout)
    moments = sums.moments[sums.layout.group_of(kind, code)]
    interval = limits(sums, kind, code)
    return Score(
        instrument_id=instrument_id,
        period=span.kind,
        start=span.first,
        closed=closed,
        people=sums.people,
        satisfied=int(moments[0]),
        answered=int(moments[1]),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        simulated=part.simulated,
        sums=deflate(sums),
        method=method_name(sums.layout),
        computed_at=timezone.now(),
    )
