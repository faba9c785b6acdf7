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
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from offices.directory import OfficeEntry
from offices.names import plain, short
from surveys.models import Stage
from surveys.questionnaires.minutes import usual_minutes

logger = logging.getLogger(__name__)

# One text message of 7-bit letters; Vietnamese with its diacritics would have 70 (3GPP TS 23.038).
# So text messages are written without diacritics, as people are used to from their banks.
ONE_SMS = 160
PHONE = re.compile(r"(?:\+?84|0)[35789]\d{8}", re.ASCII)
# Before the @ only what every mail server takes; behind it labels, of which none is longer than 63.
LABEL = r"(?!-)[\w-]{1,63}(?<!-)"
EMAIL = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?P<domain>{LABEL}(?:\.{LABEL})+)")
LONGEST_DOMAIN = 253
SHOWN_OF_A_DOMAIN = 20


class Gateway(Protocol):
    """Hands text messages to a carrier."""

    def send(self, number: str, text: str) -> None:
        """Sends one. number: as +84…; text: ASCII, at most ONE_SMS letters but for long names.

        Raises NotTaken where the carrier surely did not take it, which may be sent again. After
        whatever else it raises nobody knows, and it is not sent a second time.
        """


class NotTaken(Exception):
    """The carrier did not take a message."""


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
    """Whether a text is an e-mail address to which a mail server can be asked to send."""
    found = EMAIL.fullmatch(text.strip())
    if not found or len(found["domain"]) > LONGEST_DOMAIN:
        return False
    try:
        return bool(found["domain"].encode("idna"))
    except UnicodeError:
        return False


def masked(contact: str) -> str:
    """So much of a contact that whoever has the list knows it again: `091…01`, `a…@example.vn`."""
    number = number_of(contact)
    if number is not None:
        return f"0{number[3:5]}…{number[-2:]}"
    name, _at, domain = contact.rpartition("@")
    if not name or "@" in name or "." not in domain:
        return f"{contact[:2]}…"
    return f"{name[:1]}…@{domain[:SHOWN_OF_A_DOMAIN]}"


def sms_text(office: OfficeEntry, link: str, outcome: Stage | None) -> str:
    """What a text message says, in ASCII; outcome: of the dossier, None where it was not told.

    It has at most ONE_SMS letters. Where not everything fits, first the office is called by its
    ward alone, then the sentence is left out. Name of the ward and link are always whole.
    """
    if outcome == Stage.RECEIVED:
        said = _("%(office)s asks: were you satisfied? No name is asked: %(link)s")
    else:
        said = _("%(office)s asks: how were you served? No name is asked: %(link)s")
    ward = office.unit_name
    called = [name for name in (office.name, short(office.name)) if in_it(ward, name)] or [ward]
    tried = [plain_text(said % {"office": name, "link": link}) for name in (*called, ward)]
    tried.append(plain_text(f"{ward}: {link}"))
    return next((text for text in tried if len(text) <= ONE_SMS), tried[-1])


def in_it(ward: str, name: str) -> bool:
    """Whether the name of an office says its ward."""
    return plain(ward) in plain(name)


def plain_text(text: str) -> str:
    """Text without diacritics, capitals kept."""
    letters = []
    for letter in text:
        bare = plain(letter) if not letter.isascii() else letter
        letters.append(bare.upper() if letter.isupper() and not letter.isascii() else bare)
    return "".join(letters).encode("ascii", "ignore").decode()


def mail(office: OfficeEntry, link: str, to: str, outcome: Stage | None) -> EmailMessage:
    """The mail with an invitation. outcome: of the dossier, None where it was not told."""
    if outcome == Stage.RECEIVED:
        subject = _("Were you satisfied with your procedure?")
    else:
        subject = _("How were you served?")
    body = _(
        "%(office)s would like to know how your procedure went. It takes about %(minutes)s min, "
        "and no name is asked. Nobody can tell which answers are yours.\n\n%(link)s\n\n"
        "You need not answer."
    )
    said = {"office": office.name, "link": link, "minutes": usual_minutes()}
    return EmailMessage(subject, body % said, to=[to])
