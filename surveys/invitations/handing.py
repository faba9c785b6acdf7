"""Hands messages over, one at a time: to the mail server or to the gateway of text messages.

Whatever is raised there keeps back no other message, and none of it is written down but its kind:
the words may repeat contact or link.
"""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import Enum
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from socket import gaierror
from time import monotonic
from typing import TypeVar

from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.db import DatabaseError, connection
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from audit.recording import record
from offices import directory
from offices.addresses import public_url
from offices.directory import OfficeEntry
from offices.sealing import CannotOpen
from surveys.invitations import messages, told
from surveys.invitations.issuing import NotInvited, checked, issue
from surveys.invitations.keys import Exposed
from surveys.invitations.waiting import opened
from surveys.models import Evidence, Failure, Stage

logger = logging.getLogger(__name__)
Taken = TypeVar("Taken")

MOST_IN_A_RUN = 500
# Then a run ends, and the clock begins the next: a slow gateway keeps no worker from other work.
MOST_SECONDS_IN_A_RUN = 25
EXPIRES = 120  # seconds; by then the clock has asked again
# What `invite` raises before anything is handed over.
NOTHING_LEFT = (Exposed, OSError, DatabaseError)
# What says that a carrier took nothing; after anything else it may have.
NOT_TAKEN = (messages.NotTaken, ConnectionRefusedError, gaierror)
FOR_EVER = 500  # replies of a mail server from here on will be the same next time


class NobodyKnows(Exception):
    """The message may have been taken: it must not be sent a second time."""


class Outcome(Enum):
    """What became of a message that was taken, by its word in the audit."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


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


def run(
    take: Callable[[], tuple[Taken, int] | None],
    send: Callable[[Taken, int], Outcome],
    moment: datetime | None,
) -> int:
    """Sends one after the other, at times of day for it; how many were sent.

    take: the next one that nobody else sends, and its office. Ends after MOST_IN_A_RUN messages or
    MOST_SECONDS_IN_A_RUN; the audit has how many of each office.
    """
    counts: Counter[tuple[int, Outcome]] = Counter()
    ends = monotonic() + MOST_SECONDS_IN_A_RUN
    try:
        with translation.override(settings.LANGUAGE_CODE):
            while counts.total() < MOST_IN_A_RUN and monotonic() < ends:
                if not is_time(moment or timezone.localtime()):
                    break
                taken = take()
                if taken is None:
                    break
                counts[taken[1], send(*taken)] += 1
    finally:
        _record(counts)
    return sum(times for (_office, outcome), times in counts.items() if outcome == Outcome.SENT)


def _record(counts: Counter[tuple[int, Outcome]]) -> None:
    for office_id in sorted({office for office, _outcome in counts}):
        office = directory.current().offices_by_id.get(office_id)
        details = {outcome.value: counts[office_id, outcome] for outcome in Outcome}
        if not details[Outcome.UNKNOWN.value]:
            del details[Outcome.UNKNOWN.value]
        record(
            "invitations.delivered",
            subject=office.slug if office else str(office_id),
            office_id=office_id,
            details=details,
        )


def invite(
    office_id: int, sealed: bytes, evidence: Evidence = Evidence.SLIP, *, claims: bool = False
) -> Failure | None:
    """Makes the link of what was sealed for a message and hands it over; why it did not, if so.

    evidence: of the link; claims: whether the dossier's message is not ours yet. Raises
    NobodyKnows, and one of NOTHING_LEFT before anything is handed over.
    """
    office = directory.current().offices_by_id.get(office_id)
    if office is None:
        return Failure.TOO_LATE
    try:
        to_send = opened(office_id, sealed)
    except (CannotOpen, ValueError, KeyError):
        return Failure.UNREADABLE
    try:
        wish = checked(
            office,
            dossier=to_send.dossier,
            finished_on=to_send.finished_on,
            stage=to_send.stage,
            procedure=to_send.procedure,
            evidence=evidence,
        )
        (link,) = issue([wish])
    except NotInvited:
        return Failure.TOO_LATE
    if not claims:
        return hand_over(to_send.contact, office, public_url(link.path), to_send.outcome)
    one = told.Told(office_id, wish.dossier, wish.finished_on, wish.field_id, wish.teller)
    try:
        row = told.claim(one)
        if row is None:
            return Failure.BEFORE
        failure = hand_over(to_send.contact, office, public_url(link.path), to_send.outcome)
        told.put(row, sent=failure is None)
    except DatabaseError as error:
        # what stands in the ledger, and whether the message left, is not known here
        reconnected_after(error)
        raise NobodyKnows(type(error).__name__) from None
    return failure


def reconnected_after(error: Exception) -> None:
    """Leaves a connection that an error of the database may have broken, so that one can write."""
    if isinstance(error, DatabaseError):
        connection.close_if_unusable_or_obsolete()


def hand_over(
    contact: str, office: OfficeEntry, link: str, outcome: Stage | None
) -> Failure | None:
    """Hands a message over; why it was not taken, if so. Raises NobodyKnows.

    contact: in its one form; outcome: of the dossier, None where it was not told.
    """
    return hand(
        contact,
        lambda: messages.mail(office, link, contact, outcome),
        lambda: messages.sms_text(office, link, outcome),
    )


def hand(contact: str, mail: Callable[[], EmailMessage], text: Callable[[], str]) -> Failure | None:
    """Hands over the mail or the text message, by what the contact is; why it was not taken, if so.

    contact: in its one form. Raises NobodyKnows.
    """
    try:
        return _mail(mail()) if messages.is_mail(contact) else _text_message(contact, text())
    except NobodyKnows as unknown:
        logger.warning("nobody knows whether a message was sent: %s", unknown)
        raise


def _mail(mail: EmailMessage) -> Failure | None:
    if not messages.sends_mail():
        return Failure.NO_MAIL
    try:
        server = get_connection()
        server.open()
    except Exception as error:
        return _not_sent(error, Failure.MAIL)
    try:
        return None if server.send_messages([mail]) else Failure.MAIL
    except SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        return _not_sent(error, Failure.REFUSED if min(codes) >= FOR_EVER else Failure.MAIL)
    except SMTPServerDisconnected as error:
        raise NobodyKnows(type(error).__name__) from None
    except SMTPException as error:
        return _not_sent(error, Failure.MAIL)
    except OSError as error:
        raise NobodyKnows(type(error).__name__) from None
    except Exception as error:
        return _not_sent(error, Failure.MAIL)
    finally:
        # the message is taken or not by now
        with suppress(Exception):
            server.close()


def _text_message(number: str, text: str) -> Failure | None:
    try:
        sms = messages.gateway()
    except Exception as error:
        return _not_sent(error, Failure.GATEWAY)
    if sms is None:
        return Failure.NO_SMS
    try:
        sms.send(number, text)
    except NOT_TAKEN as error:
        return _not_sent(error, Failure.GATEWAY)
    except Exception as error:
        raise NobodyKnows(type(error).__name__) from None
    return None


def _not_sent(error: Exception, failure: Failure) -> Failure:
    logger.warning("a message was not sent: %s", type(error).__name__)
    return failure
