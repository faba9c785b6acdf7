"""Which closed months fall out of their own place's past: control charts of shown figures only."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from reports.counting.periods import Span, previous
from reports.counting.policy import POLICY
from reports.models import Period, Score
from reports.showing.figures import Figure, headlines
from reports.showing.subjects import Subjects
from reports.sipas.comparing.control import Limits, Value, newest
from reports.sipas.hiding.suppression import Policy
from reports.sipas.index.headline import same_counting
from surveys.questionnaires.catalogue import InstrumentEntry

MONTHS = 25  # the newest and two years before it


@dataclass(frozen=True, slots=True)
class Alert:
    """A month outside of what its place's past makes expected. key: of the office or unit."""

    key: int
    figure: Figure
    limits: Limits


def alerts_in(
    subject: Subjects,
    month: Span,
    instrument: InstrumentEntry,
    policy: Policy = POLICY,
    breaks: Collection[tuple[int, date]] = (),
) -> list[Alert]:
    """Of these places those whose closed month falls out; by one statement, the lowest first.

    breaks: keys and first days with which other forms count there: what is before is not used, nor
    what is before months in which the questionnaire began to be asked in another way.
    A month that is hidden or was counted otherwise is no part of the past; without a figure of the
    month itself there is no alert.
    """
    first = past_of(month)[-1].first
    stored = subject.stored.filter(
        period=Period.MONTH, instrument=instrument.id, start__range=(first, month.first)
    )
    return alerts_among(stored.filter(closed=True), month, instrument, policy, breaks)


def past_of(month: Span) -> list[Span]:
    """The month and those before it that say what is to be expected of it."""
    spans = [month]
    while len(spans) < MONTHS:
        spans.append(previous(spans[-1]))
    return spans


def alerts_among(
    stored: Iterable[Score],
    month: Span,
    instrument: InstrumentEntry,
    policy: Policy = POLICY,
    breaks: Collection[tuple[int, date]] = (),
) -> list[Alert]:
    """As `alerts_in`, of figures that were read: those of `past_of`, or some of them."""
    rows = sorted((score for score in stored if score.closed), key=lambda one: one.start)
    found: dict[int, list[tuple[Score, Figure]]] = defaultdict(list)
    for score, figure in zip(rows, headlines(rows, policy), strict=True):
        key = score.office_id or score.unit_id
        if figure.share is not None and figure.low is not None and key is not None:
            found[key].append((score, figure))
    anew = [(key, day) for key in found for day in instrument.asked_anew]
    begun = [one for one in (*breaks, *anew) if one[1] <= month.first]
    since = dict(sorted(begun, key=lambda one: one[1]))
    alerts = [
        alert
        for key, months in found.items()
        if (alert := _alert(key, months, month, since.get(key))) is not None
    ]
    return sorted(alerts, key=lambda one: (one.limits.outside, one.figure.share or 0))


def _alert(
    key: int, months: list[tuple[Score, Figure]], month: Span, since: date | None
) -> Alert | None:
    score, figure = months[-1]
    if score.start != month.first:
        return None
    alike = [
        _value(one)
        for other, one in months
        if same_counting(other.method, score.method) and (since is None or other.start >= since)
    ]
    limits = newest(alike)
    return Alert(key, figure, limits) if limits is not None and limits.outside else None


def _value(figure: Figure) -> Value:
    low = (figure.low or 0.0) / 100
    high = (100.0 if figure.high is None else figure.high) / 100
    return Value(float(figure.share or 0), low, high)
