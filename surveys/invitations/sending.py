"""Sends links that were just made. Who got which is written nowhere."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from surveys.invitations import messages
from surveys.invitations.issuing import Issued
from surveys.invitations.listing import Listed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """How many went out, how many could not, and how many had nowhere to go."""

    texts: int
    mails: int
    failed: int
    nowhere: int


def send(office: str, listed: Sequence[Listed], links: Sequence[Issued], address: str) -> Sent:
    """Sends each link to where its list says; address: of this server.

    A gateway that fails for one does not keep the others back.
    """
    sms = messages.gateway()
    texts = failed = 0
    mails = []
    for one, link in zip(listed, links, strict=True):
        whole = f"{address}{link.path}"
        if messages.is_mail(one.send_to):
            mails.append(messages.mail(office, whole, one.send_to))
        number = messages.number_of(one.send_to)
        if number is None or sms is None:
            failed += number is not None
            continue
        try:
            sms.send(number, messages.sms_text(office, whole))
            texts += 1
        except OSError as error:
            # the kind only: the gateway's words may repeat the number
            logger.warning("a text message was not sent: %s", type(error).__name__)
            failed += 1
    handed = 0
    try:
        handed = messages.send_mails(mails) if mails and messages.sends_mail() else 0
    except OSError as error:
        logger.warning("mails were not sent: %s", type(error).__name__)
    failed += len(mails) - handed
    nowhere = sum(not one.send_to for one in listed)
    return Sent(texts, handed, failed, nowhere)
