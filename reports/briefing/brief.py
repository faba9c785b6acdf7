"""The brief of one reader about one place: sentences, what weighs most, the months before.

Everything in it stands on pages that this reader may open, under the policy they have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from offices.models import Office, User
from reports.briefing.pages import Page, path_of
from reports.briefing.placing import Place, answered_of, is_checked, name_of, offices_of, subject_of
from reports.briefing.sentences import closed_words, open_words, target_words
from reports.briefing.weighing import Weight, heaviest
from reports.counting.closing import closed_through, is_closed, last_closed_month
from reports.counting.periods import KEPT, Span, previous, span_of
from reports.models import Period, Score, TerritoryMap
from reports.proof.standing import any_standing
from reports.showing.alerts import past_of
from reports.showing.answered import Answered
from reports.showing.change import changes_among
from reports.showing.circumstances import circumstances_of
from reports.showing.evidence import breaks_behind, breaks_of, keep_breaks, words_of_waiting
from reports.showing.figures import Figure, figures, headlines, marked
from reports.showing.policy import policy_of
from reports.showing.subjects import Subjects
from reports.showing.summed import kept_scores
from reports.showing.waiting import waiting_words as coming_words
from reports.sipas.hiding.suppression import Policy
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.targets.setting import newest as newest_target

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the line; `figure` may be hidden."""

    day: date
    figure: Figure
    closed: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """What a reader should know of a place.

    name: without what an office is. address: of its figures, a path. weighs: of the period `of`,
    which is None where nothing is told apart. moved: whether the newest closed month moved beyond
    chance: -1, 0, 1.
    """

    place: Place
    name: str
    full_name: str
    address: str
    sentences: tuple[str, ...]
    weighs: tuple[Weight, ...]
    of: Span | None
    months: tuple[Month, ...]
    breaks: frozenset[date]
    moved: int = 0
    simulated: bool = False


def brief_of(user: User, place: Place, today: date) -> Brief:
    """The brief of a place that this reader may see."""
    subject, territory = subject_of(place)
    offices = offices_of(place, territory)
    name = name_of(place, today)
    if isinstance(place, Office):
        full_name, address = place.name, path_of(Page("office", (place.slug,)))
    else:
        full_name, address = name, path_of(Page("unit", (place.pk,)))
    answered = answered_of(place)
    instrument = next(iter(answered.instruments), None)
    if instrument is None:
        nothing = _("Nobody has answered about this place yet.")
        return Brief(place, name, full_name, address, (nothing,), (), None, (), frozenset())
    kept = (instrument, policy_of(user), today, answered)
    return _View(place, subject, territory, offices, *kept).brief(name, full_name, address)


@dataclass(frozen=True)
class _View:
    place: Place
    subject: Subjects
    territory: TerritoryMap
    offices: QuerySet[Office]
    instrument: InstrumentEntry
    policy: Policy
    today: date
    answered: Answered

    def brief(self, name: str, full_name: str, address: str) -> Brief:
        through = self._through
        closed = self._last_closed(Period.MONTH, through)
        behind = circumstances_of(self.offices, closed) if closed else None
        if behind and isinstance(self.place, Office):
            keep_breaks(self.place.pk, behind)
        changed = breaks_behind(behind) if behind else breaks_of(self.offices)
        breaks = frozenset(changed | self.instrument.asked_anew)
        said, moved = [], 0
        if closed is not None and behind is not None:
            (change,) = changes_among(
                self._found(closed, previous(closed)),
                *(closed, self.instrument, self.policy, breaks, [previous(closed)]),
            )
            if change is not None:
                said.append(closed_words(closed, change))
                if change.past is not None:
                    moved = (change.past.low > 0) - (change.past.high < 0)
                said += self._checked(closed, *([previous(closed)] if change.earlier else []))
            else:
                said.append(self._coming(closed, through))
            said += words_of_waiting(behind.waiting, closed=True)
        said += self._open(closed, through)
        of, weighs = self._weighing(through)
        months = self._found(*self._newest_months)
        shown = headlines(months, self.policy)
        return Brief(
            self.place,
            name,
            full_name,
            address,
            tuple(filter(None, said)),
            tuple(weighs),
            of,
            tuple(
                Month(score.start, self._marked(figure, score), score.closed)
                for score, figure in zip(months, shown, strict=True)
            ),
            breaks,
            moved,
            any(score.simulated for score in months),
        )

    def _found(self, *spans: Span) -> list[Score]:
        """The stored figures of these periods, as far as there are any."""
        return [self._scores[span] for span in spans if span in self._scores]

    @cached_property
    def _scores(self) -> dict[Span, Score]:
        """Of all periods that a brief may tell of, by one statement.

        Of an office also the past of its newest closed month, by which it may fall out: whoever
        asks for alerts on the same page reads it no more.
        """
        closed = [self._last_closed(kind, self._through) for kind in KEPT]
        month, year = (span_of(kind, self._last_day) for kind in (Period.MONTH, Period.YEAR))
        spans = [one for one in closed if one is not None]
        spans += [previous(one) for one in spans if one.kind == Period.MONTH]
        spans += [previous(month), month, year, *self._newest_months]
        closed_month = self._last_closed(Period.MONTH, self._through)
        if closed_month is not None and isinstance(self.place, Office):
            spans += past_of(closed_month)
        return kept_scores(self.instrument, spans, self.subject)

    @cached_property
    def _newest_months(self) -> list[Span]:
        """The newest months of which there is anything, the oldest first."""
        starts = self.answered.starts(self.instrument, Period.MONTH)[:MONTHS]
        return [span_of(Period.MONTH, start) for start in reversed(starts)]

    @cached_property
    def _through(self) -> date | None:
        return closed_through()

    def _checked(self, *spans: Span) -> list[str]:
        """A sentence where any of these figures is being checked."""
        if not any(self._is_checked(span) for span in spans):
            return []
        return [_("This figure is being checked: the proof found another number.")]

    def _marked(self, figure: Figure, score: Score) -> Figure:
        """The figure, with the mark where it is being checked."""
        return marked(figure, self._is_checked(span_of(score.period, score.start)))

    def _is_checked(self, span: Span) -> bool:
        if not self._any_standing:
            return False
        return is_checked(self.place, self.territory, self.instrument.id, span)

    def _coming(self, span: Span, through: date | None) -> str:
        return coming_words(
            span,
            shown=False,
            through=through,
            today=self.today,
            working_days=settings.CLOSING_WORKING_DAYS,
        )

    def _open(self, closed: Span | None, through: date | None) -> Iterator[str]:
        """The month that goes on, and the one before it while that is open; then the target."""
        last = self._last_day
        month, year = span_of(Period.MONTH, last), span_of(Period.YEAR, last)
        spans = [one for one in (previous(month), month) if closed is None or one > closed]
        found = self._found(*spans, year)
        shown = {
            (score.period, score.start): figure
            for score, figure in zip(found, headlines(found, self.policy), strict=True)
        }
        told = False
        for span in spans:
            figure = shown.get((span.kind, span.first))
            if figure is not None and figure.value is not None:
                told = True
                yield open_words(span, figure)
                yield from self._checked(span)
            elif span == month and not told:  # in its first days the month before says enough
                yield self._coming(span, through)
        target = newest_target(self.place, last.year) if last == self.today else None
        if target is not None and target.satisfied is not None:
            reached = shown.get((year.kind, year.first))
            yield target_words(last.year, target.satisfied, reached)
            yield from self._checked(year)

    @cached_property
    def _any_standing(self) -> bool:
        return any_standing()

    @property
    def _last_day(self) -> date:
        """Today; of a place that has ended its last day: later periods say nothing of it."""
        return min(self.today, self.place.valid_to or self.today)

    def _last_closed(self, kind: Period, through: date | None) -> Span | None:
        """The newest closed period of a kind in which the place stood; None without one.

        A unit counts what it came from, so that periods before it say something of it.
        """
        if through is None:
            return None
        span = span_of(kind, min(self._last_day, last_closed_month(through).last))
        while not is_closed(span, through):
            span = previous(span)
        began_later = isinstance(self.place, Office) and span.last < self.place.valid_from
        return None if began_later else span

    def _weighing(self, through: date | None) -> tuple[Span | None, list[Weight]]:
        """Of the newest closed month, else of a longer closed period in which more has opened."""
        for kind in KEPT:
            span = self._last_closed(kind, through)
            if span is None:
                return None, []
            for score in self._found(span):
                found = heaviest(figures(score, self.policy)) if score.closed else []
                if found:
                    return span, found
        return None, []
