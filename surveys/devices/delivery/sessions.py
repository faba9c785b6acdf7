"""Which day it was when a tablet last heard from us, signed: what it answers after is not older.

A tablet gets a session with each heartbeat and puts the newest one into every record. On which days
we gave it one is kept, so an older session tells as well until when there was no newer one.
"""

import re
from datetime import date, datetime, timedelta

from django.db.models import Max, Min

from surveys.devices.delivery.clock import TABLET_DAYS, Proof
from surveys.intake.signing import LETTERS, is_ours, signature_of
from surveys.models import Tablet, TabletDay

VERSION = 1
SHAPE = re.compile(rf"{VERSION}\.[0-9]+\.([0-9]{{6}})\.([A-Za-z0-9_-]{{{LETTERS}}})")


def open_session(tablet: Tablet, day: date) -> str:
    """The tablet's session of a day, which is noted: `1.<tablet>.<yymmdd>.<signature>`."""
    heard = TabletDay(tablet=tablet, day=day)
    if not TabletDay.objects.filter(tablet=tablet, day=day).exists():
        TabletDay.objects.bulk_create([heard], ignore_conflicts=True)
    written = f"{day:%y%m%d}"
    return f"{VERSION}.{tablet.pk}.{written}.{signature_of(_signed(tablet.pk, written))}"


def session_day(session: str, tablet: Tablet) -> date | None:
    """Of which day this session of the tablet is; None where it is none of ours, or another's."""
    found = SHAPE.fullmatch(session)
    if found is None or not is_ours(_signed(tablet.pk, found[1]), found[2]):
        return None
    return datetime.strptime(found[1], "%y%m%d").date()


def proof_of(tablet: Tablet, session: str, today: date) -> Proof:
    """Between which days a record with this session was made that comes today.

    Not before the session, and not on or after the day on which the tablet got a newer one. Apps of
    earlier versions have no session: theirs is not older than the last day before today on which
    the tablet was heard.
    """
    days = TabletDay.objects.filter(tablet=tablet)
    given_on = session_day(session, tablet)
    if given_on is None:
        before = days.filter(day__lt=today).aggregate(last=Max("day"))["last"]
        return Proof(before or date.min, today, TABLET_DAYS, reaches_closed=True)
    newer = days.filter(day__gt=given_on).aggregate(first=Min("day"))["first"]
    last = min(newer - timedelta(days=1), today) if newer else today
    return Proof(given_on, last, TABLET_DAYS, reaches_closed=True)


def _signed(tablet_id: int, day: str) -> str:
    return f"{VERSION}|{tablet_id}|{day}"
