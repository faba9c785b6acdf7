"""Contacts of people who asked for a personal reply.

Sealed (`.envelopes`) are the remark's key, the contact, the version of the consent and its hour. A
contact ends after at most twelve months, thirty days after its remark is dealt with, or when the
person withdraws it with the receipt's code.
"""

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actors import official
from audit.recording import record
from offices.access import require
from offices.models import User
from offices.rights import Action
from surveys.invitations import mailing, waiting
from surveys.invitations.messages import is_mail
from surveys.models import Contact, ContactView, Remark
from surveys.remarks import telling
from surveys.remarks.envelopes import latest_end, row_keys, seal, unseal

logger = logging.getLogger(__name__)

# What people agree to. Whoever changes the sentence gives it a new version; a test holds both
# together, and the version is kept with each consent.
CONSENT_VERSION = "2026-11-25"
CONSENT = _(
    "I would like a personal reply. The head of the office may see my contact with my remark, for "
    "this purpose only. It is kept encrypted and deleted 30 days after the reply, at the latest "
    "after 12 months; with the code on my receipt I can delete it at any time."
)
LONGEST = 120
KEPT_AFTER_REPLY = timedelta(days=30)
DEALT_WITH = (Remark.State.ANSWERED, Remark.State.PUBLISHED, Remark.State.DONE)
PHONE = re.compile(r"\+?\d{8,15}")


@dataclass(frozen=True, slots=True)
class Consent:
    """A contact and what its owner agreed to; `at` is the hour, as `2026-11-25T09`."""

    contact: str
    version: str
    at: str


def is_contact(text: str) -> bool:
    """Whether a text is a telephone number or an e-mail address."""
    return is_mail(text) or bool(PHONE.fullmatch(re.sub(r"[\s.\-()]", "", text)))


def _row_keys(remark: UUID) -> list[UUID]:
    return row_keys("surveys.contacts", remark)


# Sent again it is the same row, and the first contact stays. The ORM's ignore_conflicts would do,
# but says nothing about which conflict.
KEEP = """
INSERT INTO surveys_contact (key, office_id, sealed, delete_on) VALUES (%s, %s, %s, %s)
ON CONFLICT (key) DO NOTHING
"""


def keep(office_id: int, remark: UUID, contact: str, moment: datetime) -> date:
    """Seals and stores the contact for a remark; one statement. moment: local time.

    Returns the day on which it is deleted at the latest.
    """
    end = latest_end(moment.date())
    said = {
        "remark": remark.hex,
        "contact": contact,
        "consent": CONSENT_VERSION,
        "at": moment.strftime("%Y-%m-%dT%H"),
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [_row_keys(remark)[0], office_id, seal(said), end])
    return end


def kept_until(remark: UUID) -> date | None:
    """The day on which the contact for a remark is deleted at the latest; None if none is kept."""
    rows = Contact.objects.filter(key__in=_row_keys(remark))
    return rows.values_list("delete_on", flat=True).first()


def exists(remark: Remark) -> bool:
    """Whether a contact is kept for the remark."""
    return Contact.objects.filter(key__in=_row_keys(remark.key)).exists()


def show(remark: Remark, by: User) -> Consent | None:
    """The contact for a remark, with a note of who looked; None if none is kept.

    Raises Missing for anyone who may not look at contacts of the office.
    """
    require(by, Action.LOOK_AT_CONTACTS, remark.office)
    row = Contact.objects.filter(key__in=_row_keys(remark.key)).first()
    if row is None:
        return None
    said = unseal(bytes(row.sealed))
    if said is None:
        return None
    with transaction.atomic():
        ContactView.objects.create(
            office_id=remark.office_id, remark_key=remark.key, by=by, day=timezone.localdate()
        )
        record(
            "contact.seen",
            subject=str(remark.key),
            office_id=remark.office_id,
            by=official(by),
        )
    return Consent(said["contact"], said["consent"], said["at"])


def looks(remark: Remark) -> QuerySet[ContactView]:
    """Who looked at the contact for a remark and on which day, the newest first."""
    return ContactView.objects.filter(
        office=remark.office_id, remark_key=remark.key
    ).select_related("by")


def forget(remark: Remark) -> bool:
    """Deletes the contact for a remark; whether there was one."""
    return Contact.objects.filter(key__in=_row_keys(remark.key)).delete()[0] > 0


# Whoever withdraws a contact must not miss it while it is written anew, so they wait for us.
LOCK = "LOCK TABLE surveys_contact IN SHARE ROW EXCLUSIVE MODE"
MIX = """
WITH gone AS (
    DELETE FROM surveys_contact WHERE %(office)s::bigint IS NULL OR office_id = %(office)s
    RETURNING *
)
INSERT INTO surveys_contact (key, office_id, sealed, delete_on)
SELECT key, office_id, sealed, delete_on FROM gone ORDER BY key
"""


@transaction.atomic
def mix(office_id: int | None = None) -> None:
    """Writes the contacts of an office, or all, anew: in no order, and all by one transaction.

    A dump has rows as they were written: the first contact would be that of the first remark; and
    the number of the transaction that wrote a row (xmin) would lead to the response that came with
    it. Keys say nothing without our secret.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(MIX, {"office": office_id})


def delete_ended(today: date | None = None) -> int:
    """Deletes contacts whose time has come; how many.

    Those that stay are written anew (`mix`).
    """
    now = today or timezone.localdate()
    gone = Contact.objects.filter(delete_on__lte=now).delete()[0]
    gone += Contact.objects.filter(key__in=_dealt_with(now)).delete()[0]
    mix()
    logger.info("%d contacts are deleted", gone)
    if gone:
        record("contacts.deleted", details={"size": gone})
    return gone


def delete_every_ended() -> int:
    """Deletes contacts whose time has come wherever they wait, also for messages; how many rows."""
    waits = waiting.delete_ended() + mailing.delete_ended() + telling.delete_ended()
    return delete_ended() + waits


# The last step of a remark says when it was dealt with. No foreign key leads there, so no ORM join.
DONE = """
SELECT remark.key FROM surveys_remark AS remark
WHERE remark.state = ANY(%s) AND remark.office_id IN (SELECT office_id FROM surveys_contact)
  AND NOT EXISTS (
    SELECT FROM surveys_remarkstep AS step
    WHERE step.office_id = remark.office_id AND step.remark_key = remark.key AND step.at >= %s
  )
"""


def _dealt_with(now: date) -> list[UUID]:
    """The keys of contacts whose remark was dealt with long enough ago."""
    since = timezone.make_aware(datetime.combine(now - KEPT_AFTER_REPLY, datetime.min.time()))
    with connection.cursor() as cursor:
        cursor.execute(DONE, [[state.value for state in DEALT_WITH], since])
        return [row_key for (key,) in cursor.fetchall() for row_key in _row_keys(key)]
