"""How far the forms of a period have come: what is missing, needed a day, and to be expected.

All of it follows from figures that pages show, the calendar and the numbers of dossiers; nothing is
counted here. A figure of an open period keeps back its newest forms, so that what is expected is
rather too low.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from offices import directory
from offices.calendar import NO_EXCEPTIONS, Exceptions, is_working_day
from offices.models import Office
from reports.counting.closing import closed_through, is_closed
from reports.counting.periods import Span, previous
from reports.models import OfficeRhythm, Period, Turn
from reports.showing.figures import Figure, headlines
from reports.showing.progress import Finished, finished_in
from reports.showing.subjects import Subjects
from reports.showing.summed import scores_in
from reports.sipas.hiding.suppression import Policy
from reports.sipas.samples import sampling
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.targets.setting import newest, that_hold

TENS = 10
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
    days = (first + step * DAY for step in range((last - first).days + 1))
    return sum(is_working_day(day, own) for day in days)


def own_days(offices: Iterable[int]) -> dict[int, Exceptions]:
    """By office the days off and on that hold there beside the official list."""
    known = directory.current().offices_by_id
    return {key: known[key].holidays for key in offices if key in known}


@dataclass(frozen=True)
class Pace:
    """A period as it stands today: how its days are counted for one place after the other."""

    span: Span
    today: date
    open: bool
    minimum: int

    def of(
        self,
        people: int | None,
        finished: Finished | None,
        *,
        own: Exceptions = NO_EXCEPTIONS,
        turn: str = Turn.NIGHT.value,
        aim: int | None = None,
        before: Before | None = None,
    ) -> Collecting:
        """What a place has collected. aim: its own target for this period; turn: of its figures."""
        span, today = self.span, self.today
        newest_day = today - DAY
        if turn == Turn.WEEK:
            newest_day -= timedelta(days=newest_day.isoweekday() % 7)
        gone = working_days(span.first, min(newest_day, span.last), own)
        left = working_days(max(today, span.first), span.last, own)
        return Collecting(
            people,
            aim if aim is not None else self._by_letter(finished, own),
            gone,
            left if self.open else 0,
            working_days(span.first, span.last, own),
            self.open,
            self.minimum,
            before,
        )

    def _by_letter(self, finished: Finished | None, own: Exceptions) -> int | None:
        """By CV 1159; of an open period of as many dossiers as it will have as they come."""
        if finished is None:
            return None
        dossiers = finished.dossiers
        through = min(finished.through, self.span.last)
        known = working_days(self.span.first, through, own)
        if self.open and known:
            rest = working_days(through + DAY, self.span.last, own)
            dossiers = dossiers * (known + rest) // known
        return sampling.target(dossiers)


def pace_of(span: Span, today: date, policy: Policy, through: date | None) -> Pace:
    """How it stands with a period today, for a reader with this policy.

    through: the last day that is closed.
    """
    return Pace(span, today, not is_closed(span, through), policy.minimum_people)


def turns_in(offices: Iterable[int], instrument: int, span: Span) -> dict[int, str]:
    """By office `Turn` in the year of a period; those whose turn no night has chosen are absent."""
    chosen = OfficeRhythm.objects.filter(
        office__in=list(offices), instrument=instrument, year=span.last.year
    )
    return dict(chosen.values_list("office", "turn"))


def aims_in(offices: Iterable[int], span: Span) -> dict[int, int]:
    """By office how many forms it is to reach in a year, set from above; nothing of other spans."""
    if span.kind != Period.YEAR:
        return {}
    found = that_hold([], list(offices)).filter(year=span.first.year, forms__isnull=False)
    return {one.office_id: one.forms for one in found if one.office_id and one.forms is not None}


def before_of(
    office: Office,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy,
    through: date | None,
) -> Before | None:
    """The closed period before, of an office that worked in all of it; None without one."""
    earlier = previous(span)
    if office.valid_from > earlier.first or not is_closed(earlier, through):
        return None
    found = scores_in(instrument, [earlier], Subjects.of_offices([office.pk]))
    return Before(next((one.people for one in headlines(found, policy)), None))


def aim_of(office: Office, span: Span) -> int | None:
    """What an office is to reach in a year, set from above; None for other periods."""
    target = newest(office, span.first.year) if span.kind == Period.YEAR else None
    return target.forms if target else None


@dataclass(frozen=True, slots=True)
class OfficeCollecting:
    """An office's forms and dossiers of a period, as its head may read them."""

    state: Collecting
    finished: Finished | None


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
    if figure is None:
        found = scores_in(instrument, [span], Subjects.of_offices([office.pk]))
        figure = next(iter(headlines(found, policy)), None)
    people = figure.people if figure else None
    finished = finished_in(span, [office.pk]).get(office.pk)
    through = closed_through()
    pace = pace_of(span, today, policy, through)
    state = pace.of(
        people,
        finished,
        own=own_days([office.pk]).get(office.pk, NO_EXCEPTIONS),
        turn=turns_in([office.pk], instrument.id, span).get(office.pk, ""),
        aim=aim_of(office, span),
        before=before_of(office, span, instrument, policy, through) if pace.open else None,
    )
    return OfficeCollecting(state, finished)
