"""Messages of a list that an office brings: a row each, sent by a worker, each once at most.

A row holds everything sealed and no link; the link is made when the message is sent, and then the
row goes. What an office sees of a failure is the line of its list and a masked contact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from offices.sealing import CannotOpen
from surveys.invitations.handing import (
    NOTHING_LEFT,
    NobodyKnows,
    Outcome,
    invite,
    reconnected_after,
    run,
)
from surveys.invitations.listing import Listed
from surveys.invitations.messages import masked
from surveys.invitations.told import Told, not_free
from surveys.invitations.waiting import ToSend, opened
from surveys.models import Failure, Mailing, MailingMessage

# So long the office may send again what failed, and sees the lines of its list.
KEPT = timedelta(days=3)
State = MailingMessage.State
# What would be the same the next time.
NOT_AGAIN = (Failure.ADDRESS, Failure.TOO_LATE, Failure.UNREADABLE, Failure.BEFORE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list whose message did not go out. failure: None where nobody knows."""

    line: int
    contact: str
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class MailingProgress:
    """How far a list is. unknown: being handed over, or interrupted at it; not sent again."""

    mailing: Mailing
    waiting: int
    failed: Sequence[Line]
    unknown: Sequence[Line]

    @property
    def again(self) -> int:
        """How many may be sent again."""
        return sum(line.failure not in NOT_AGAIN for line in self.failed)


@transaction.atomic
def start(key: UUID, office_id: int, listed: Sequence[Listed]) -> bool:
    """Has a list sent; False if it was asked for already, and then nothing is done.

    key: drawn by the page on which the list was checked.
    """
    mailing, is_new = Mailing.objects.get_or_create(
        key=key,
        defaults={
            "office_id": office_id,
            "size": len(listed),
            "nowhere": sum(not one.written_to for one in listed),
            "delete_on": timezone.localdate() + KEPT,
        },
    )
    if is_new:
        MailingMessage.objects.bulk_create(
            _message(mailing, one) for one in listed if one.written_to
        )
    return is_new


def _message(mailing: Mailing, one: Listed) -> MailingMessage:
    wish = one.wish
    to_send = ToSend(
        mailing.office_id,
        wish.dossier,
        wish.finished_on,
        wish.stage,
        wish.procedure,
        one.send_to or masked(one.written_to),
        one.is_stage_told,
    )
    return MailingMessage(
        mailing=mailing,
        line=one.line,
        sealed=to_send.sealed(),
        state=State.ASKED if one.send_to else State.FAILED,
        failure="" if one.send_to else Failure.ADDRESS,
    )


def has_message(listed: Sequence[Listed]) -> int:
    """To how many of these no message would go, because their dossier has its own. Stores nothing.

    Raises Exposed or OSError where keys cannot be used.
    """
    wishes = [one.wish for one in listed if one.send_to]
    return not_free(
        [
            Told(wish.office.id, wish.dossier, wish.finished_on, wish.field_id, wish.teller)
            for wish in wishes
        ]
    )


def again(key: UUID, office_id: int) -> int:
    """What failed and may be different now is to be sent; how many. A second time it is none."""
    failed = MailingMessage.objects.filter(
        mailing=key, mailing__office=office_id, state=State.FAILED
    )
    return failed.exclude(failure__in=NOT_AGAIN).update(state=State.ASKED, failure="")


def end(key: UUID, office_id: int) -> int:
    """Forgets what of a list was not sent; how many messages those are.

    An empty row of it stays until its day, so that whoever goes back to its page sends it no more.
    """
    mailing = Mailing.objects.filter(key=key, office=office_id)
    mailing.update(size=0, nowhere=0, sent=0)
    unsent = MailingMessage.objects.filter(mailing__in=mailing)
    return unsent.delete()[1].get(MailingMessage._meta.label, 0)


def delete_ended() -> int:
    """Forgets lists whose days are over; how many rows."""
    return Mailing.objects.filter(delete_on__lte=timezone.localdate()).delete()[0]


def progress(office_id: int) -> list[MailingProgress]:
    """How far the lists of an office are."""
    mailings = Mailing.objects.filter(office=office_id, size__gt=0).prefetch_related("messages")
    return [_progress(mailing) for mailing in mailings.order_by("-delete_on", "key")]


def _progress(mailing: Mailing) -> MailingProgress:
    rows = sorted(mailing.messages.all(), key=lambda row: row.line)
    lines = {state: [_line(row) for row in rows if row.state == state] for state in State}
    return MailingProgress(
        mailing, len(lines[State.ASKED]), lines[State.FAILED], lines[State.TAKEN]
    )


def _line(row: MailingMessage) -> Line:
    failure = Failure(row.failure) if row.failure else None
    try:
        contact = opened(0, bytes(row.sealed)).contact
    except CannotOpen:
        contact = ""
    return Line(row.line, contact if failure == Failure.ADDRESS else masked(contact), failure)


def send_asked(moment: datetime | None = None) -> int:
    """Sends messages of lists, as many as one run does; how many (`handing.run`).

    Safe to run at any time and several times at once. Raises Exposed or OSError where the keys'
    folder cannot be used; nothing is lost then.
    """
    return run(_take, _send, moment)


# Others that send at the same time take others.
TAKE = """
UPDATE surveys_mailingmessage AS message SET state = %s FROM surveys_mailing AS mailing
WHERE mailing.key = message.mailing_id AND message.id = (
    SELECT id FROM surveys_mailingmessage WHERE state = 0 ORDER BY id LIMIT 1
    FOR UPDATE SKIP LOCKED
) RETURNING message.id, message.sealed, mailing.office_id
"""
# In one statement, so that a list is never counted and still there.
SENT = """
WITH gone AS (DELETE FROM surveys_mailingmessage WHERE id = %s RETURNING mailing_id)
UPDATE surveys_mailing SET sent = sent + 1 FROM gone WHERE key = gone.mailing_id
"""


def _take() -> tuple[tuple[int, bytes], int] | None:
    """A message that nobody else sends from now on, and its office; None if there is none."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(TAKE, [State.TAKEN.value])
        row = cursor.fetchone()
    return ((row[0], bytes(row[1])), row[2]) if row else None


def _send(taken: tuple[int, bytes], office_id: int) -> Outcome:
    """Sends one that is taken; one of which nobody knows stays taken."""
    number, sealed = taken
    message = MailingMessage.objects.filter(pk=number)
    try:
        failure = invite(office_id, sealed, claims=True)
    except NobodyKnows:
        return Outcome.UNKNOWN
    except NOTHING_LEFT as error:
        reconnected_after(error)
        message.update(state=State.ASKED)
        raise
    if failure:
        message.update(state=State.FAILED, failure=failure)
        return Outcome.FAILED
    with connection.cursor() as cursor:
        cursor.execute(SENT, [number])
    return Outcome.SENT
