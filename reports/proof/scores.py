"""Stored scores, and the comparison of each of their columns with what it should be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from reports.models import ROW, Part, Score
from reports.proof.forms import Form
from reports.proof.found import Found, Place
from reports.proof.interval import REVISIONS, limits
from reports.proof.numbers import Vector, moments, read, read_opened
from reports.proof.periods import MONTHS, Stretch, closing_day, stretch

TABLE = "reports_score"
NEAR = 1e-9

COLUMNS = (
    *("office_id", "unit_id", "map", "instrument_id", "period", "start", "closed", "people"),
    *("answered", "satisfied", "low", "high", "simulated", "sums", "opened", "method"),
)


@dataclass(frozen=True, slots=True)
class StoredScore:
    """A row of the table; `sums` as stored."""

    office_id: int | None
    unit_id: int | None
    map: str
    instrument: int
    period: str
    start: date
    closed: bool
    people: int
    answered: int
    satisfied: int
    low: float | None
    high: float | None
    simulated: bool
    sums: bytes
    opened: bytes
    method: str

    @property
    def place(self) -> Place:
        return Place(self.office_id, self.unit_id, self.map)


@dataclass(frozen=True, slots=True)
class Right:
    """What a score should say; `closed` None where either is right while a night is under way."""

    people: Vector
    simulated: bool | None
    closed: bool | None
    opened: Vector


def stored_scores(**where: object) -> Iterator[StoredScore]:
    """The scores of months, quarters and years among those that fit, period by period."""
    rows = Score.objects.filter(period__in=[str(period) for period in MONTHS], **where)
    for row in rows.order_by("period", "start").values_list(*COLUMNS).iterator(chunk_size=500):
        yield StoredScore(*row)


def compare(part: Part, form: Form, score: StoredScore, right: Right) -> Iterator[Found]:
    """Each column that is not what it should be.

    What an earlier revision of the arithmetic made and nobody counted again stands as it was made.
    """
    of = stretch(score.period, score.start)
    satisfied, answered = (int(n) for n in moments(form, right.people, form.headline)[:2])
    revision = next((r for r in REVISIONS if score.method == form.method_name(r)), REVISIONS[-1])
    low, high = limits(form, right.people, revision) or (None, None)
    sums = read(form, score.sums)
    wrong = int((sums != right.people).sum()) if sums is not None else len(right.people)

    def found(column: str, shown: object, proved: object) -> Found:
        return _found(part, score.place, score.instrument, of, column, str(shown), str(proved))

    for column, shown, proved in (
        ("people", score.people, int(right.people[0])),
        ("answered", score.answered, answered),
        ("satisfied", score.satisfied, satisfied),
        ("method", score.method, form.method_name(revision)),
        ("simulated", score.simulated, right.simulated),
        ("closed", score.closed, right.closed),
    ):
        if proved is not None and shown != proved:
            yield found(column, shown, proved)
    for column, limit, computed in (("low", score.low, low), ("high", score.high, high)):
        if not near(limit, computed):
            yield found(column, limit, computed)
    if wrong:
        yield found("sums", f"{wrong} of {len(right.people)} numbers differ", "0")
    opened = read_opened(form, score.opened)
    if opened is None or (opened != right.opened).any():
        wrong = len(right.opened) if opened is None else int((opened != right.opened).sum())
        yield found("opened", f"{wrong} of {len(right.opened)} numbers differ", "0")


def near(shown: float | None, proved: float | None) -> bool:
    """Whether two limits are the same but for the last digits of the arithmetic."""
    if shown is None or proved is None:
        return shown is proved
    return abs(shown - proved) <= NEAR


def missing(part: Part, place: Place, instrument: int, of: Stretch) -> Found:
    """A score that should be there."""
    return _found(part, place, instrument, of, ROW, "0", "1")


def extra(part: Part, score: StoredScore) -> Found:
    """A score that should not be there."""
    of = Stretch(score.period, score.start, stretch(score.period, score.start).last)
    return _found(part, score.place, score.instrument, of, ROW, "1", "0")


def _found(
    part: Part, place: Place, instrument: int, of: Stretch, column: str, shown: str, proved: str
) -> Found:
    return Found(
        part, TABLE, column, place, instrument, of.period, of.first, of.last, "", shown, proved
    )


def closed_through_leniently(
    of: Stretch, through: date | None, today: date, *, unsure: bool = False
) -> bool | None:
    """Whether a quarter, year or unit's period is closed; None where both can be right.

    While a night is under way some are closed before it is told to have closed its day.
    """
    closes = closing_day(of)
    if through is not None and closes <= through:
        return None if unsure else True
    return None if closes < today else False


def added(vectors: list[Vector], nobody: Vector) -> Vector:
    """The sum of all vectors; `nobody` for none."""
    return np.sum(vectors, axis=0, dtype=np.int64) if vectors else nobody
