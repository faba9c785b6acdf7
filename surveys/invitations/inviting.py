"""Messages to the applicants of known dossiers: the office asks, a worker sends, nobody sees links.

A message is taken, and that is on the disk, before it is handed over: whatever ends a worker, and
however often somebody presses, it goes out once at most. Who got which is written nowhere.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from audit.recording import record
from offices import directory
from offices.addresses import public_url
from offices.sealing import CannotOpen
from surveys.invitations import messages, waiting
from surveys.invitations.issuing import NotInvited, checked, issue
from surveys.invitations.keys import Exposed
from surveys.models import Evidence, Failure, Sending, Teller, ToldDossier, WaitingInvitation

logger = logging.getLogger(__name__)

MOST_IN_A_RUN = 500
EXPIRES = 120  # seconds; by then the clock has asked again


@dataclass(frozen=True, slots=True)
class Progress:
    """Known dossiers of an office of the last INVITATION_DAYS, by what became of their message.

    taken: being handed over now, or by a worker that died: nobody knows whether they arrived.
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


def wake() -> None:
    """Asks for a worker. If the queue cannot be reached, the clock asks within a minute."""
    try:
        current_app.send_task("surveys.tasks.send_invitations", expires=EXPIRES, retry=False)
    except OperationalError as error:
        logger.warning("the queue cannot be reached; the clock goes on: %s", type(error).__name__)


def is_time(moment: datetime) -> bool:
    """Whether people may be written to at this local time."""
    first, last = settings.INVITATION_HOURS
    return bool(first <= moment.time() < last)


def send_asked(moment: datetime | None = None) -> int:
    """Sends what offices asked for, at most MOST_IN_A_RUN, at times of day for it; how many.

    Safe to run at any time and several times at once. Raises Exposed or OSError where the keys'
    folder cannot be used; nothing is lost then.
    """
    sent: Counter[int] = Counter()
    failed: Counter[int] = Counter()
    try:
        with translation.override(settings.LANGUAGE_CODE):
            for _ in range(MOST_IN_A_RUN):
                if not is_time(moment or timezone.localtime()):
                    break
                taken = _take()
                if taken is None:
                    break
                counts = failed if _send(*taken) else sent
                counts[taken[1]] += 1
    finally:
        _record(sent, failed)
    return sent.total()


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


def _send(seen: bytes, office_id: int) -> Failure | None:
    """Sends one that is taken; why it was not sent, if so."""
    try:
        failure = _try(seen, office_id)
    except (Exposed, OSError):
        # no link was made: nothing was handed over
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
    return failure


def _try(seen: bytes, office_id: int) -> Failure | None:
    row = WaitingInvitation.objects.filter(seen=seen).first()
    office = directory.current().offices_by_id.get(office_id)
    if office is None:
        return Failure.TOO_LATE
    try:
        to_send = waiting.opened(office_id, bytes(row.sealed or b"") if row else b"")
    except (CannotOpen, ValueError, KeyError):
        return Failure.UNREADABLE
    is_one_of_many = row is not None and row.is_one_of_many
    try:
        wish = checked(
            office,
            dossier=to_send.dossier,
            finished_on=to_send.finished_on,
            stage=to_send.stage,
            procedure=to_send.procedure,
            evidence=Evidence.OPEN if is_one_of_many else Evidence.INVITED,
        )
        (link,) = issue([wish])
    except NotInvited:
        return Failure.TOO_LATE
    return _hand_over(to_send.contact, office.name, public_url(link.path))


def _hand_over(contact: str, office: str, link: str) -> Failure | None:
    """Hands a message over; whatever is raised there keeps back no other message."""
    is_mail = messages.is_mail(contact)
    try:
        if is_mail:
            if not messages.sends_mail():
                return Failure.NO_MAIL
            handed = messages.send_mails([messages.mail(office, link, contact)])
            return None if handed else Failure.MAIL
        sms = messages.gateway()
        if sms is None:
            return Failure.NO_SMS
        sms.send(contact, messages.sms_text(office, link))
    except Exception as error:
        # the kind only: the words may repeat number or link
        logger.warning("a message was not sent: %s", type(error).__name__)
        return Failure.MAIL if is_mail else Failure.GATEWAY
    return None


def _record(sent: Counter[int], failed: Counter[int]) -> None:
    for office_id in sorted(sent.keys() | failed.keys()):
        office = directory.current().offices_by_id.get(office_id)
        record(
            "invitations.delivered",
            subject=office.slug if office else str(office_id),
            office_id=office_id,
            details={"sent": sent[office_id], "failed": failed[office_id]},
        )
