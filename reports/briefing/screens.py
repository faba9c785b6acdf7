"""What a screen on a wall shows of an office: its newest closed month, and nothing that is open."""

from dataclasses import dataclass
from datetime import date

from django.core.signing import BadSignature, Signer
from django.db.models import F
from django.utils import timezone

from offices.models import Office
from reports.counting.closing import closed_through, last_closed_month
from reports.counting.periods import Span, previous, span_of
from reports.counting.policy import POLICY
from reports.models import Period, Screen, TerritoryMap
from reports.proof.standing import any_standing, standing_of
from reports.showing.answered import instruments_of
from reports.showing.change import Change, change_of
from reports.showing.evidence import breaks_of
from reports.showing.figures import Figure, headlines
from reports.showing.subjects import Subjects
from surveys.models import Remark

SALT = "reports.screen"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """What hangs there. change: None where the month has no figure; line: closed months;
    checked: whether the proof found another number in any of them.

    reply: the newest that the office has published, empty without one.
    """

    office: Office
    month: Span | None
    change: Change | None
    line: tuple[tuple[date, Figure], ...]
    breaks: frozenset[date]
    checked: bool
    reply: str
    simulated: bool


def token_of(screen: Screen) -> str:
    """What the address of a screen ends with."""
    return Signer(salt=SALT).sign_object(screen.pk)


def screen_of(token: str) -> Screen | None:
    """The screen of an address; None for one that was revoked, or is none of ours.

    None as well once its office has ended: nobody is asked there any more.
    """
    try:
        key = Signer(salt=SALT).unsign_object(token)
    except BadSignature:
        return None
    found = Screen.objects.filter(pk=key, revoked_on=None).select_related("office__unit").first()
    return found if found and found.office.days.hold(timezone.localdate()) else None


def shown_on(screen: Screen) -> Shown:
    """What the screen shows today."""
    office = screen.office
    subject, offices = Subjects.of_offices([office.pk]), Office.objects.filter(pk=office.pk)
    instrument = next(iter(instruments_of(subject)), None)
    through = closed_through()
    replies = Remark.objects.filter(office=office, state=Remark.State.PUBLISHED).exclude(reply="")
    newest = replies.order_by(F("released_on").desc(), "key").values_list("reply", flat=True)
    reply = newest.first() or ""
    if instrument is None or through is None:
        return Shown(office, None, None, (), frozenset(), False, reply, False)
    month = last_closed_month(through)
    breaks = frozenset(breaks_of(offices) | instrument.asked_anew)
    stored = subject.stored.filter(
        period=Period.MONTH, instrument=instrument.id, closed=True, start__lte=month.first
    )
    months = list(stored.order_by("-start")[:MONTHS])[::-1]
    figures = headlines(months, POLICY)
    checked = any_standing() and any(
        standing_of(span, instrument.id, TerritoryMap.TODAY, office=office.pk, unit=None)
        for span in {month, previous(month), *(span_of(one.period, one.start) for one in months)}
    )
    return Shown(
        office,
        month,
        change_of(subject, month, instrument, POLICY, breaks),
        tuple((one.start, figure) for one, figure in zip(months, figures, strict=True)),
        breaks,
        checked,
        reply,
        any(one.simulated for one in months),
    )
