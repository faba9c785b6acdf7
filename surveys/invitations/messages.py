"""Sends invitations: text messages through a gateway, mail through Django's.

A province sets SMS_GATEWAY to the dotted path of a class with the method of `Gateway`. A
demonstration writes to its log that it would have sent something: never the link, never to whom,
because the two together say who was invited.
"""

import logging
import re
from collections.abc import Sequence
from typing import Protocol, cast

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from offices.names import plain

logger = logging.getLogger(__name__)

# One text message of 7-bit letters; Vietnamese with its diacritics would have 70 (3GPP TS 23.038).
# So text messages are written without diacritics, as people are used to from their banks.
ONE_SMS = 160
PHONE = re.compile(r"(?:\+?84|0)[35789]\d{8}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")


class Gateway(Protocol):
    """Hands text messages to a carrier."""

    def send(self, number: str, text: str) -> None:
        """Sends one. number: as +84…; text: at most ONE_SMS letters of ASCII. Raises OSError."""


class ConsoleSms:
    """Says in the log that a message would have been sent. For demonstrations."""

    def send(self, number: str, text: str) -> None:
        """Keeps number and text to itself."""
        logger.info("a text message of %d letters would have been sent", len(text))


class ConsoleMail(BaseEmailBackend):
    """The same for mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Says how many would have been sent."""
        logger.info("%d mails would have been sent", len(email_messages))
        return len(email_messages)


def gateway() -> Gateway | None:
    """The gateway for text messages; None if none is set up."""
    if not settings.SMS_GATEWAY:
        return None
    return cast(Gateway, import_string(settings.SMS_GATEWAY)())


def sends_mail() -> bool:
    """Whether mail is set up, or a demonstration pretends to it."""
    return bool(settings.EMAIL_HOST) or not settings.SECURE


def number_of(text: str) -> str | None:
    """A Vietnamese mobile number as +84…; None if it is none."""
    digits = re.sub(r"[\s.\-()]", "", text)
    if not PHONE.fullmatch(digits):
        return None
    return f"+84{digits[-9:]}"


def is_mail(text: str) -> bool:
    """Whether a text is an e-mail address."""
    return bool(EMAIL.fullmatch(text.strip()))


def sms_text(office: str, link: str) -> str:
    """What a text message says, in ASCII and at most ONE_SMS letters; the link is always whole."""
    said = _("%(office)s asks: were you satisfied? No name is asked: %(link)s")
    room = ONE_SMS - len(plain_text(said % {"office": "", "link": link}))
    return plain_text(said % {"office": plain_text(office)[: max(room, 0)].rstrip(), "link": link})


def plain_text(text: str) -> str:
    """Text without diacritics, capitals kept."""
    letters = []
    for letter in text:
        bare = plain(letter) if not letter.isascii() else letter
        letters.append(bare.upper() if letter.isupper() and not letter.isascii() else bare)
    return "".join(letters).encode("ascii", "ignore").decode()


def mail(office: str, link: str, to: str) -> EmailMessage:
    """The mail with an invitation."""
    subject = _("Were you satisfied with your procedure?")
    body = _(
        "%(office)s would like to know how your procedure went. It takes a minute, and no name is "
        "asked. Nobody can tell which answers are yours.\n\n%(link)s\n\nYou need not answer."
    )
    return EmailMessage(subject, body % {"office": office, "link": link}, to=[to])


def send_mails(messages: Sequence[EmailMessage]) -> int:
    """Sends mails over one connection; how many were handed over. Raises OSError."""
    return get_connection().send_messages(messages) or 0
