"""Messages to the applicants of known dossiers: the office asks, a worker sends, nobody sees links.

A message is taken, and that is on the disk, before it is handed over: whatever ends a worker, and
however often somebody presses, it goes out once at most. Who got which is written nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count

from surveys.invitations.handing import (
    NOTHING_LEFT,
    NobodyKnows,
    Outcome,
    invite,
    reconnected_after,
    run,
)
from surveys.models import Evidence, Failure, Sending, Teller, ToldDossier, WaitingInvitation


@dataclass(frozen=True, slots=True)
class Progress:
    """Known dossiers of an office of the last INVITATION_DAYS, by what became of their message.

    taken: being handed over now, or interrupted at it: nobody knows whether they arrived.
    failures: how many were not sent, by reason.
    """

    without: int
    waiting: int
    asked: int
    taken: int
    sent: int
    failures: Mapping[Failure, int]

    @property
    def failed(self) -> int:
        """How many were not sent."""
        return sum(self.failures.values())

    @property
    def known(self) -> int:
        """All of them."""
        return self.without + self.waiting + self.asked + self.taken + self.sent + self.failed


def progress(office_id: int, today: date) -> Progress:
    """How far the messages of an office are."""
    known = ToldDossier.objects.filter(
        office=office_id,
        teller=Teller.FEED,
        finished_on__gte=today - timedelta(days=settings.INVITATION_DAYS),
    )
    counted = dict(known.values_list("sending").annotate(Count("seen")))
    failed = known.filter(sending=Sending.FAILED).values("seen")
    reasons = (
        WaitingInvitation.objects.filter(office=office_id, seen__in=failed)
        .values_list("failure")
        .annotate(times=Count("seen"))
        .order_by("failure")
    )
    return Progress(
        without=counted.get(Sending.NOWHERE, 0),
        waiting=counted.get(Sending.WAITING, 0),
        asked=counted.get(Sending.ASKED, 0),
        taken=counted.get(Sending.TAKEN, 0),
        sent=counted.get(Sending.SENT, 0),
        failures={Failure(reason): times for reason, times in reasons},
    )


def ask(office_id: int, *, again: bool = False) -> int:
    """Everything of the office that waits is to be sent; how many. A second time it is none.

    again: what could not be sent, and nothing else.
    """
    those = Sending.FAILED if again else Sending.WAITING
    rows = ToldDossier.objects.filter(office=office_id, sending=those)
    return rows.update(sending=Sending.ASKED)


def send_asked(moment: datetime | None = None) -> int:
    """Sends what offices asked for, as much as one run does; how many (`handing.run`).

    Safe to run at any time and several times at once. Raises Exposed or OSError where the keys'
    folder cannot be used; nothing is lost then.
    """
    return run(_take, _send, moment)


# Others that send at the same time take others.
TAKE = """
UPDATE surveys_tolddossier SET sending = %s WHERE seen = (
    SELECT seen FROM surveys_tolddossier WHERE sending = %s
    ORDER BY office_id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING seen, office_id
"""


def _take() -> tuple[bytes, int] | None:
    """A message that nobody else sends from now on, and its office; None if there is none."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(TAKE, [Sending.TAKEN.value, Sending.ASKED.value])
        row = cursor.fetchone()
    return (bytes(row[0]), row[1]) if row else None


def _send(seen: bytes, office_id: int) -> Outcome:
    """Sends one that is taken; one of which nobody knows stays taken."""
    try:
        failure = _try(seen, office_id)
    except NobodyKnows:
        return Outcome.UNKNOWN
    except NOTHING_LEFT as error:
        reconnected_after(error)
        ToldDossier.objects.filter(seen=seen).update(sending=Sending.ASKED)
        raise
    with transaction.atomic():
        state = Sending.FAILED if failure else Sending.SENT
        ToldDossier.objects.filter(seen=seen).update(sending=state)
        row = WaitingInvitation.objects.filter(seen=seen)
        if failure:
            row.update(failure=failure)
        else:
            row.update(failure="", sealed=None)
    return Outcome.FAILED if failure else Outcome.SENT


def _try(seen: bytes, office_id: int) -> Failure | None:
    row = WaitingInvitation.objects.filter(seen=seen).first()
    is_one_of_many = row is not None and row.is_one_of_many
    sealed = bytes(row.sealed or b"") if row else b""
    return invite(office_id, sealed, Evidence.OPEN if is_one_of_many else Evidence.INVITED)
