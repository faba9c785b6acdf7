"""Through what an office collects: counters, tablets and when they were heard, invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices.lists import read_lists
from offices.models import Office
from reports.counting.periods import Span
from reports.showing.batteries import battery_words, told_at_words, unsent_words
from reports.showing.summed import HEADLINE_ONLY
from surveys.devices.tablets import QUIET, is_weak
from surveys.models import Evidence, EvidenceCount, InvitationCount, Tablet

TENS = 10
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ListedTablet:
    """A paired tablet: for how long nothing was heard, in words, and what waits on it.

    weak: whether its battery is nearly empty and not charging; unsent, told_at: in words.
    """

    name: str
    counter: str
    silence: str
    quiet: bool
    waiting: int | None
    battery: str
    weak: bool
    unsent: str
    told_at: str


@dataclass(frozen=True, slots=True)
class Devices:
    """The open counters and paired tablets of an office."""

    counters: int
    tablets: Sequence[ListedTablet]

    @property
    def quiet(self) -> int:
        """How many tablets say nothing."""
        return sum(one.quiet for one in self.tablets)

    @property
    def waiting(self) -> int:
        """How many answers waited on tablets when these were last heard."""
        return sum(one.waiting or 0 for one in self.tablets)


def _listed(tablet: Tablet, now: datetime) -> ListedTablet:
    heard = tablet.heard_at
    return ListedTablet(
        tablet.name,
        str(tablet.counter or ""),
        silence_words(now - heard) if heard is not None else _("not heard yet"),
        heard is None or now - heard > QUIET,
        tablet.waiting,
        battery_words(tablet) if heard is not None else "",
        is_weak(tablet),
        unsent_words(tablet),
        told_at_words(tablet),
    )


def silence_words(silence: timedelta) -> str:
    """For how long nothing was heard; nothing to worry about within the hour."""
    if silence <= QUIET:
        return _("heard within the last hour")
    if silence < 2 * DAY:
        hours = silence // HOUR
        return ngettext("silent for %(n)s hour", "silent for %(n)s hours", hours) % {"n": hours}
    days = silence // DAY
    return ngettext("silent for %(n)s day", "silent for %(n)s days", days) % {"n": days}


@dataclass(frozen=True, slots=True)
class Invited:
    """Invitations for dossiers that were finished in a period.

    answered: forms of invited people in its closed months, in tens; None where no month of it is
    closed, because of open ones nothing is told, and of a day or a week.
    """

    issued: int
    answered: int | None


def collected_through(office: Office, span: Span) -> tuple[Devices, Invited]:
    """Counters in use and tablets, the longest silent first; and who was invited in a period.

    About how many invited people answered; nothing is joined.
    """
    came = EvidenceCount.objects.filter(
        office=office, month__range=(span.first, span.last), evidence=Evidence.INVITED
    )
    sent = InvitationCount.objects.filter(office=office).between(span.first, span.last)
    read = read_lists(
        counters=office.counters.filter(active=True).values("pk"),
        came=came.values("forms"),
        sent=sent.values("issued"),
    )
    now = timezone.now()
    paired = office.tablets.filter(secret__isnull=False, revoked_on=None).select_related("counter")
    listed = sorted(paired, key=lambda one: (one.heard_at is not None, one.heard_at, one.name))
    # none of a period shorter than what is counted
    counted = bool(read["came"]) and span.kind not in HEADLINE_ONLY
    forms = sum(row["forms"] for row in read["came"])
    return (
        Devices(len(read["counters"]), [_listed(tablet, now) for tablet in listed]),
        Invited(
            sum(row["issued"] for row in read["sent"]), forms // TENS * TENS if counted else None
        ),
    )
