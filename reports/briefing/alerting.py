"""Places of a reader whose newest closed month falls out of their own past, in one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from offices.access import everywhere, highest_unit, memberships_with, visible_offices
from offices.models import AdministrativeUnit, Office, User
from offices.names import short
from offices.rights import Action
from reports.briefing.due import Due
from reports.briefing.pages import Page, path_of
from reports.briefing.placing import Place, answered_of, place_of
from reports.counting.closing import closed_through, closing_day, last_closed_month
from reports.counting.periods import Span
from reports.models import TerritoryMap
from reports.showing.alerts import Alert, alerts_among, alerts_in, past_of
from reports.showing.answered import instruments_of
from reports.showing.evidence import breaks_at, breaks_by_office
from reports.showing.policy import policy_of
from reports.showing.subjects import Subjects
from reports.showing.summed import kept_scores
from reports.showing.waiting import period_name
from surveys.questionnaires.catalogue import InstrumentEntry

Level = AdministrativeUnit.Level
NAMED = 3
FRESH = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class _Told:
    """An alert and what its place is called; page: of its figures."""

    alert: Alert
    name: str
    page: Page


def alerts_of(user: User, today: date) -> list[Due]:
    """Months that fall out of their own past, at the reader's offices; for the country, provinces.

    Letters tell them for ten days after the month has closed; the page until the next one does.
    """
    through = closed_through()
    if through is None or not memberships_with(user, Action.SEE_FIGURES):
        return []
    month = last_closed_month(through)
    told = (
        _provinces(user, month) if everywhere(user, Action.SEE_FIGURES) else _offices(user, month)
    )
    fresh = today - closing_day(month) <= FRESH
    parts = [
        (_("clearly lower than in their own past: %(names)s"), [t for t in told if _below(t)]),
        (_("clearly higher: %(names)s"), [t for t in told if not _below(t)]),
    ]
    said = [words % {"names": _names(those)} for words, those in parts if those]
    if not said:
        return []
    month_of = period_name(month)
    words = f"{month_of[:1].upper()}{month_of[1:]}: {'; '.join(said)}."
    page = told[0].page if len(told) == 1 else _list(user, month)
    return [Due(words, path_of(page), fresh=fresh)]


def _below(told: _Told) -> bool:
    return told.alert.limits.outside < 0


def _names(told: Sequence[_Told]) -> str:
    names = ", ".join(one.name for one in told[:NAMED])
    more = len(told) - NAMED
    return _("%(names)s and %(more)s more") % {"names": names, "more": more} if more > 0 else names


def _offices(user: User, month: Span) -> list[_Told]:
    alone = _alone(user)
    if isinstance(alone, Office):
        known = {alone.pk: alone}
        alerts = _of_office(user, alone, month)
    else:
        offices = visible_offices(user).filter(valid_to=None)
        alerts = _found(user, Subjects.of_offices(offices), month, breaks_by_office(offices))
        known = Office.objects.in_bulk([one.key for one in alerts])
    return [
        _Told(
            one, short(known[one.key].name), Page("office", (known[one.key].slug,), _asked(month))
        )
        for one in alerts
    ]


def _of_office(user: User, office: Office, month: Span) -> list[Alert]:
    """Of one office, of what its brief on the same page has read."""
    instrument = next(iter(answered_of(office).instruments), None)
    if instrument is None:
        return []
    stored = kept_scores(instrument, past_of(month), Subjects.of_offices([office.pk]))
    return alerts_among(stored.values(), month, instrument, policy_of(user), breaks_at(office.pk))


def _provinces(user: User, month: Span) -> list[_Told]:
    subject = Subjects.of_level(Level.PROVINCE, TerritoryMap.TODAY)
    alerts = _found(user, subject, month, _breaks_of(subject))
    known = AdministrativeUnit.objects.in_bulk([one.key for one in alerts])
    return [
        _Told(one, known[one.key].full_name, Page("unit", (one.key,), _asked(month)))
        for one in alerts
    ]


def _breaks_of(units: Subjects) -> list[tuple[int, date]]:
    """A unit counts other forms from the day on which any of its offices does."""
    breaks = breaks_by_office(Office.objects.all())
    changed = [office for office, _day in breaks]
    unit_of = dict(units.members.filter(pk__in=changed)) if changed else {}
    return sorted({(unit_of[office], day) for office, day in breaks if office in unit_of})


def _found(
    user: User, subject: Subjects, month: Span, breaks: Sequence[tuple[int, date]]
) -> list[Alert]:
    instrument = _instrument(user, subject)
    if instrument is None:
        return []
    return alerts_in(subject, month, instrument, policy_of(user), breaks)


def _instrument(user: User, subject: Subjects) -> InstrumentEntry | None:
    """The questionnaire that speaks; of one place that of its page, which has read it."""
    alone = _alone(user)
    found = answered_of(alone).instruments if alone else instruments_of(subject)
    return next(iter(found), None)


def _alone(user: User) -> Place | None:
    """The only place that the reader holds; None where it has ended, or where there are several."""
    place = place_of(user)
    alone = len(memberships_with(user, Action.SEE_FIGURES)) == 1
    return place if place is not None and alone and place.valid_to is None else None


def _list(user: User, month: Span) -> Page:
    """Where the reader sees these places together: the comparison of the highest unit held."""
    highest = highest_unit(user, Action.SEE_FIGURES)
    if highest is None:
        return Page("home")
    return Page("compare", (highest.pk,), _asked(month))


def _asked(month: Span) -> str:
    return f"ky={month.kind}&tu={month.first.isoformat()}"
