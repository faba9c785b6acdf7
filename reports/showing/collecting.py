"""How far the forms of a period have come: what is missing, needed a day, and to be expected.

All of it follows from figures that pages show, the calendar and the numbers of dossiers; nothing is
counted here. A figure of an open period keeps back its newest forms, so that what is expected is
rather too low.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from offices import directory
from offices.calendar import NO_EXCEPTIONS, Exceptions, is_working_day
from offices.lists import read_lists
from offices.models import Office
from offices.validity import Days
from reports.counting.closing import closed_through, is_closed, last_closed_month
from reports.counting.periods import Span, previous
from reports.models import OfficeRhythm, Period, Turn
from reports.showing.figures import Figure, headlines
from reports.showing.progress import Finished, finished_asked, finished_of
from reports.showing.rhythms import turn_asked
from reports.showing.subjects import Subjects
from reports.showing.summed import kept_scores
from reports.sipas.hiding.suppression import Policy
from reports.sipas.samples import sampling
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.targets.setting import newest, that_hold

TENS = 10
EVER = Days(None, None)
DAY = timedelta(days=1)


class Outlook(StrEnum):
    """What becomes of a period; of a closed one, what became."""

    ENOUGH = "enough"
    SHORT = "short"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Before:
    """The figure of the closed period before; people: None where it has none that is shown."""

    people: int | None


@dataclass(frozen=True, slots=True)
class Collecting:
    """What one office or unit has collected, as a page shows it.

    people: None where nothing is shown (yet); target: forms by the end, None if nobody knows the
    dossiers. Working days: gone, in which the people came; left, from today to the last day; days,
    all. minimum: people of whom a figure is shown.
    """

    people: int | None
    target: int | None
    gone: int
    left: int
    days: int
    open: bool
    minimum: int
    before: Before | None = None

    @property
    def missing(self) -> int | None:
        """Forms to the target; all of it where nothing is shown; None without a target."""
        return None if self.target is None else max(0, self.target - (self.people or 0))

    @property
    def most(self) -> bool:
        """Whether `missing` is what is missing at most: nothing is shown yet."""
        return self.people is None

    @property
    def needed(self) -> int | None:
        """Forms a working day until the end; None where none are missing or no day is left."""
        if not (self.open and self.left and self.missing):
            return None
        return math.ceil(self.missing / self.left)

    @property
    def _expected(self) -> int | None:
        if not self.open:
            return self.people
        if self.people is None or not self.gone:
            return self.before.people if self.before else None
        return self.people * self.days // self.gone

    @property
    def forecast(self) -> int | None:
        """Forms at the end of an open period, in tens; by the one before if nothing is shown."""
        expected = self._expected if self.open else None
        return None if expected is None else expected // TENS * TENS

    @property
    def by_before(self) -> bool:
        """Whether the forecast is what came in the period before."""
        return self.forecast is not None and (self.people is None or not self.gone)

    @property
    def outlook(self) -> Outlook:
        """Enough, too few, too few for a figure, or unknown."""
        expected = self._expected
        if expected is None:
            hidden = not self.open or self.before is not None
            return Outlook.HIDDEN if hidden else Outlook.UNKNOWN
        if expected < self.minimum:
            return Outlook.HIDDEN
        if self.target is None:
            return Outlook.UNKNOWN
        return Outlook.ENOUGH if expected >= self.target else Outlook.SHORT

    @property
    def is_behind(self) -> bool:
        """Whether it is open and will not be enough as it goes."""
        return self.open and self.outlook in (Outlook.SHORT, Outlook.HIDDEN)


def working_days(first: date, last: date, own: Exceptions = NO_EXCEPTIONS) -> int:
    """How many working days lie from `first` to `last`, both included."""
    return _official_days(first, last) if own == NO_EXCEPTIONS else _working_days(first, last, own)


def _working_days(first: date, last: date, own: Exceptions) -> int:
    days = (first + step * DAY for step in range((last - first).days + 1))
    return sum(is_working_day(day, own) for day in days)


@lru_cache(maxsize=1000)
def _official_days(first: date, last: date) -> int:
    """By the official list, which stands in a file: the same for most lines of a table."""
    return _working_days(first, last, NO_EXCEPTIONS)


def own_days(offices: Iterable[int]) -> dict[int, Exceptions]:
    """By office the days off and on that hold there beside the official list."""
    known = directory.current().offices_by_id
    return {key: known[key].holidays for key in offices if key in known}


@dataclass(frozen=True)
class Pace:
    """A period as it stands today: how its days are counted for one place after the other.

    through: the last day that is closed.
    """

    span: Span
    today: date
    open: bool
    minimum: int
    through: date | None = None

    def of(
        self,
        people: int | None,
        finished: Finished | None,
        *,
        days: Days = EVER,
        own: Exceptions = NO_EXCEPTIONS,
        turn: str | None = Turn.NIGHT.value,
        aim: int | None = None,
        before: Before | None = None,
    ) -> Collecting:
        """What a place has collected. aim: its own target for this period.

        days: on which it works, so that no others are counted; turn: of its figures, see `turn_of`.
        """
        lived = self._lived(days)
        newest_day = self._newest_day(turn)
        gone = working_days(lived.first, min(newest_day, lived.last), own) if newest_day else 0
        left = working_days(max(self.today, lived.first), lived.last, own)
        return Collecting(
            people,
            aim if aim is not None else self._by_letter(finished, lived, own),
            gone,
            left if self.open else 0,
            working_days(lived.first, lived.last, own),
            self.open,
            self.minimum,
            before if turn is not None and self._worked_before(days) else None,
        )

    def turn_of(self, parts: Iterable[tuple[Days, str]]) -> str | None:
        """The turn of the sum of these: days and turns; None where they differ.

        Of who ended before the newest closed month did everything is shown, whatever the turn.
        """
        closed = self._closed_month
        turns = {turn for days, turn in parts if closed is None or not _is_over(days, closed)}
        return next(iter(turns), "") if len(turns) < 2 else None

    @cached_property
    def _closed_month(self) -> date | None:
        return None if self.through is None else last_closed_month(self.through).last

    def _newest_day(self, turn: str | None) -> date | None:
        """The last day whose people are in a figure; None where there is none, or nobody knows."""
        if turn is None:
            return None
        yesterday = self.today - DAY
        if turn == Turn.NIGHT:
            return yesterday
        if turn == Turn.WEEK:
            return yesterday - timedelta(days=yesterday.isoweekday() % 7)
        return self._closed_month  # also where no night has chosen: then nothing is shown before

    def _lived(self, days: Days) -> Span:
        first, last = days.first or self.span.first, days.last or self.span.last
        return replace(self.span, first=max(first, self.span.first), last=min(last, self.span.last))

    def _worked_before(self, days: Days) -> bool:
        """Whether it worked in all of the period before, so that this one compares to it."""
        return days.first is None or days.first <= previous(self.span).first

    def _by_letter(self, finished: Finished | None, lived: Span, own: Exceptions) -> int | None:
        """By CV 1159; of an open period of as many dossiers as it will have as they come."""
        if finished is None:
            return None
        dossiers = finished.dossiers
        through = min(finished.through, lived.last)
        known = working_days(lived.first, through, own)
        if self.open and known:
            rest = working_days(through + DAY, lived.last, own)
            dossiers = dossiers * (known + rest) // known
        return sampling.target(dossiers)


def _is_over(days: Days, day: date) -> bool:
    return days.last is not None and days.last <= day


def days_together(parts: Iterable[Days]) -> Days:
    """From the first day on which any of these works to the last; of none, all days."""
    known = list(parts)
    firsts, lasts = [one.first for one in known], [one.last for one in known]
    return Days(
        min((day for day in firsts if day), default=None) if None not in firsts else None,
        max((day for day in lasts if day), default=None) if None not in lasts else None,
    )


def pace_of(span: Span, today: date, policy: Policy, through: date | None) -> Pace:
    """How it stands with a period today, for a reader with this policy.

    through: the last day that is closed.
    """
    return Pace(span, today, not is_closed(span, through), policy.minimum_people, through)


def turns_in(offices: Iterable[int] | None, instrument: int, span: Span) -> dict[int, str]:
    """By office `Turn` in the year of a period; those whose turn no night has chosen are absent.

    offices: only these keys; all by None.
    """
    chosen = OfficeRhythm.objects.filter(instrument=instrument, year=span.last.year)
    if offices is not None:
        chosen = chosen.filter(office__in=list(offices))
    return dict(chosen.values_list("office", "turn"))


def aims_in(offices: Iterable[int], span: Span) -> dict[int, int]:
    """By office how many forms it is to reach in a year, set from above; nothing of other spans."""
    if span.kind != Period.YEAR:
        return {}
    found = that_hold([], list(offices)).filter(year=span.first.year, forms__isnull=False)
    return {one.office_id: one.forms for one in found if one.office_id and one.forms is not None}


def aim_of(office: Office, span: Span) -> int | None:
    """What an office is to reach in a year, set from above; None for other periods."""
    target = newest(office, span.first.year) if span.kind == Period.YEAR else None
    return target.forms if target else None


@dataclass(frozen=True, slots=True)
class OfficeCollecting:
    """An office's forms and dossiers of a period, as its head may read them.

    turn: of its figures of an open period; "" of a closed one, and until a night has chosen it.
    """

    state: Collecting
    finished: Finished | None
    turn: str = ""


def of_office(
    office: Office,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy,
    today: date,
    *,
    figure: Figure | None = None,
) -> OfficeCollecting:
    """What an office has collected; figure: of the period, where the page has read it already."""
    through = closed_through()
    pace = pace_of(span, today, policy, through)
    earlier = previous(span)
    is_before = pace.open and is_closed(earlier, through)
    wanted = [*([span] if figure is None else []), *([earlier] if is_before else [])]
    found = list(kept_scores(instrument, wanted, Subjects.of_offices([office.pk])).values())
    shown = {
        score.start: figure for score, figure in zip(found, headlines(found, policy), strict=True)
    }
    if figure is None:
        figure = shown.get(span.first)
    people = figure.people if figure else None
    rows = read_lists(
        finished=finished_asked(span, [office.pk]),
        turn=turn_asked(office.pk, instrument.id, span.last.year) if pace.open else None,
    )
    finished = finished_of(rows["finished"]).get(office.pk)
    turn = rows["turn"][0]["turn"] if rows["turn"] else ""
    before = shown.get(earlier.first) if is_before else None
    state = pace.of(
        people,
        finished,
        days=office.days,
        own=own_days([office.pk]).get(office.pk, NO_EXCEPTIONS),
        turn=turn,
        aim=aim_of(office, span),
        before=Before(before.people if before else None) if is_before else None,
    )
    return OfficeCollecting(state, finished, turn)
