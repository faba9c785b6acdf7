"""What a page is about: the period, the questionnaire and the map that its address asks for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.utils.http import urlencode

from offices.models import AdministrativeUnit, User
from reports.counting.closing import closed_through, is_closed
from reports.counting.periods import Span, previous, span_of
from reports.counting.policy import POLICY
from reports.models import Period, Score, TerritoryMap
from reports.papers.gathering import asked_of
from reports.showing.answered import Answered, answered_about
from reports.showing.policy import policy_of
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY, newest_shown, scores_in
from reports.sipas.hiding.suppression import Policy
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry

LISTED_PERIODS = 24
FIRST_YEAR = 2000  # nothing was counted before; neighbours of the first days are no days


@dataclass(frozen=True)
class Choice:
    """One chosen view, and what else may be chosen for the same subject."""

    span: Span
    instrument: InstrumentEntry
    territory: TerritoryMap
    spans: tuple[Span, ...]
    instruments: tuple[InstrumentEntry, ...]
    # what the reader may see of it
    policy: Policy = field(default=POLICY, kw_only=True)
    # what is stored of the subject
    answered: Answered = field(default=Answered(()), kw_only=True, compare=False, repr=False)

    def query(self, **changed: str) -> str:
        """The address's query for this view with some of it changed."""
        return "?" + urlencode(asked_of(self) | changed)

    def on(self, span: Span) -> Self:
        """The same view of another period."""
        return replace(self, span=span)

    def among(self, *subjects: Subjects) -> list[Score]:
        """The figures of these subjects for the chosen period and questionnaire."""
        return scores_in(self.instrument, [self.span], *subjects)

    def of(self, subject: Subjects) -> Score | None:
        """The figure of one subject; None where it has none."""
        return next(iter(self.among(subject)), None)


def read_choice(subject: Subjects, asked: Mapping[str, str], today: date) -> Choice | None:
    """The view that `asked` (the query of an address) means; None if nothing is counted yet.

    subject: whose page it is, on the chosen map. What is not understood falls back to the newest
    month and the first questionnaire of `instruments_of`.
    """
    answered = answered_about(subject)
    instruments = answered.instruments
    if not instruments:
        return None
    instrument = _asked_instrument(asked.get("phieu", "")) or instruments[0]
    if instrument.id not in {one.id for one in instruments}:
        instrument = instruments[0]
    kind = asked.get("ky", "")
    period = Period(kind) if kind in Period.values else Period.MONTH
    spans = listed(answered, instrument, period, today)
    if period in HEADLINE_ONLY and not is_day(asked.get("tu", "")):
        spans = newest_first(subject, instrument, spans, today)
    return Choice(
        span=_asked_span(period, asked.get("tu", ""), spans, today),
        instrument=instrument,
        territory=read_territory(asked),
        spans=tuple(sorted(spans, reverse=True)),
        instruments=instruments,
        answered=answered,
    )


@dataclass(frozen=True, slots=True)
class Around:
    """The periods on either side of a chosen one, None at the ends; closed: whether it is."""

    earlier: Span | None
    later: Span | None
    closed: bool


def around_choice(choice: Choice, *, closed: bool | None = None) -> Around:
    """Where ‹ and › lead: to the nearest of the periods that may be chosen.

    closed: whether the chosen one is, if the page knows it.
    """
    earlier = [span for span in choice.spans if span.first < choice.span.first]
    later = [span for span in choice.spans if span.first > choice.span.first]
    return Around(
        max(earlier, key=_first, default=None),
        min(later, key=_first, default=None),
        is_closed(choice.span, closed_through()) if closed is None else closed,
    )


def _first(span: Span) -> date:
    return span.first


def listed(
    answered: Answered,
    instrument: InstrumentEntry,
    kind: Period,
    until: date,
    *,
    closed_only: bool = False,
) -> tuple[Span, ...]:
    """The newest periods of this kind that have a figure, the newest first.

    A day or week has one where its month has, whether anybody answered on it or not: which days
    nobody answered on is nobody's business.
    """
    stored = kind if kind not in HEADLINE_ONLY else Period.MONTH
    starts = answered.starts(instrument, stored, closed_only=closed_only)
    within = (span_of(stored, start) for start in starts[:LISTED_PERIODS])
    if stored == kind:
        return tuple(within)
    return tuple(islice(dict.fromkeys(_backwards(kind, within, until)), LISTED_PERIODS))


def _backwards(kind: Period, months: Iterable[Span], until: date) -> Iterator[Span]:
    """The days or weeks of these months that began by `until`; some weeks come twice."""
    for month in months:
        day = min(month.last, until)
        while day in month:
            yield span_of(kind, day)
            day -= timedelta(days=1)


def newest_first(
    subject: Subjects, instrument: InstrumentEntry, spans: tuple[Span, ...], until: date
) -> tuple[Span, ...]:
    """These days or weeks, before them the newest of which something is shown."""
    newest = newest_shown(subject, instrument, spans[0].kind, until) if spans else None
    return spans if newest is None else (newest, *(span for span in spans if span != newest))


def for_reader(choice: Choice | None, user: User | AnonymousUser) -> Choice | None:
    """The same view under the policy that this reader has."""
    return None if choice is None else replace(choice, policy=policy_of(user))


def choice_before_forms(asked: Mapping[str, str], today: date) -> Choice | None:
    """The view of a subject that nobody has answered about: the standard form, the last periods.

    None if there is no questionnaire either.
    """
    instrument = catalogue.current().default
    if instrument is None:
        return None
    kind = asked.get("ky", "")
    period = Period(kind) if kind in Period.values else Period.MONTH
    spans = [span_of(period, today)]
    while len(spans) < LISTED_PERIODS:
        spans.append(previous(spans[-1]))
    return Choice(
        span=_asked_span(period, asked.get("tu", ""), tuple(spans), today),
        instrument=instrument,
        territory=read_territory(asked),
        spans=tuple(spans),
        instruments=(instrument,),
    )


def read_territory(asked: Mapping[str, str]) -> TerritoryMap:
    """The chosen map; today's unless the other one is asked for."""
    return TerritoryMap.THEN if asked.get("ban-do") == TerritoryMap.THEN else TerritoryMap.TODAY


def on_a_map_of(
    unit: AdministrativeUnit, asked: Mapping[str, str]
) -> tuple[dict[str, str], TerritoryMap]:
    """What is asked for of a unit, with a map that the unit is on, and that map.

    A unit of the past is not on today's map.
    """
    territory = read_territory(asked) if unit.valid_to is None else TerritoryMap.THEN
    return {**asked, "ban-do": territory.value}, territory


def _asked_instrument(text: str) -> InstrumentEntry | None:
    slug, _, version = text.rpartition(".")
    # the digits of a longer number than any version may not even be read as a number
    usable = version.isascii() and version.isdecimal() and len(version) < 5
    return catalogue.current().instrument(slug, int(version)) if usable else None


def is_day(text: str) -> bool:
    """Whether this is a day as addresses write it."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _asked_span(period: Period, text: str, spans: tuple[Span, ...], today: date) -> Span:
    usual = spans[0] if spans else span_of(period, today)
    try:
        day = date.fromisoformat(text)
        return span_of(period, day) if day.year >= FIRST_YEAR else usual
    except (ValueError, OverflowError):
        return usual
