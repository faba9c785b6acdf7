"""Tells whoever asked for it, once, that there is a reply to their remark.

The person asks with the receipt's code and gives an address for this alone. It stands sealed and
apart as contacts do (`.envelopes`), no official sees it, and it is in no backup: a restored row
would be sent again. Messages go out from the morning after the reply on, those of all offices
together and in no order, and name neither office nor remark, reply or code: whoever knows when one
was sent knows no remark by it. Each is sent at most once; then, or when the person takes it back,
the row is deleted.
"""

import logging
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.core.mail.message import EmailMessage
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least, Random
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.recording import record
from surveys.invitations.handing import MOST_SECONDS_IN_A_RUN, NobodyKnows, hand, is_time
from surveys.invitations.messages import is_mail, number_of, plain_text, sends_mail
from surveys.models import Failure, Remark, ReplyNews
from surveys.remarks.envelopes import latest_end, row_keys, seal, unseal
from surveys.remarks.steps import READABLE, WAITING, as_it_stands

logger = logging.getLogger(__name__)
State = ReplyNews.State

# What people agree to by sending their address. Whoever changes the sentence gives it a new
# version; a test holds both together, and the version is kept with each consent.
CONSENT_VERSION = "2026-11-30"
CONSENT = gettext_lazy(
    "One message on the morning after the reply, which says only that there is one. The address is "
    "kept encrypted, apart from your answers, is seen by no official and used for nothing else. It "
    "is deleted once the message is sent, at the latest after 12 months; with the code on your "
    "receipt you can delete it at any time."
)
LONGEST = 120
IN_ASCII = {"en": "en"}
# So long what no carrier takes for now is tried again, in the first minutes of each hour.
TRIED = timedelta(days=3)
TRIED_AGAIN = 5  # minutes; one run of the clock
# Whatever became readable longer ago was told, or was tried in vain.
LOOKED_BACK = timedelta(days=14)
MIXED = 3  # a row that is just written anew is missed; hardly ever twice
# Will be the same the next time.
FOR_EVER = frozenset({Failure.REFUSED, Failure.ADDRESS, Failure.UNREADABLE})


class NotAnAddress(Exception):
    """What was typed is nothing that can be written to here; `said` asks for what can."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def ways() -> tuple[bool, bool]:
    """Whether mail can be sent, and whether text messages can."""
    return sends_mail(), bool(settings.SMS_GATEWAY)


def asks_for() -> Promise | str:
    """What the person is asked for; empty where nothing can be sent."""
    match ways():
        case (True, True):
            return gettext_lazy("E-mail address or mobile number")
        case (True, False):
            return gettext_lazy("E-mail address")
        case (False, True):
            return gettext_lazy("Mobile number")
    return ""


def is_offered(remark: Remark) -> bool:
    """Whether there is a reply to wait for, and a way to tell of it."""
    gone = remark.to_be_erased or remark.erased_on is not None
    return remark.state in WAITING and not gone and any(ways())


def is_waiting(remark: Remark) -> bool:
    """Whether a message waits for the reply."""
    return _rows(remark).exists()


def ask(remark: Remark, typed: str, language: str) -> Remark:
    """Keeps an address for the message, and another one given before goes; the remark as it stands.

    Where it is not offered nothing is kept; whoever had the remark erased leaves none beside it.
    Raises NotAnAddress, and then nothing was changed.
    """
    if not is_offered(remark):
        return remark
    address = _address(typed)
    today = timezone.localdate()
    sealed = seal(
        {
            "address": address,
            "consent": CONSENT_VERSION,
            "on": today.isoformat(),
            "language": language,
        }
    )
    for _time in range(MIXED - 1):
        with suppress(Remark.DoesNotExist):
            return _keep(remark, sealed, latest_end(today))
    return _keep(remark, sealed, latest_end(today))


@transaction.atomic
def _keep(remark: Remark, sealed: bytes, until: date) -> Remark:
    locked = as_it_stands(remark)
    if not is_offered(locked):
        return locked
    _rows(locked).delete()
    ReplyNews.objects.create(
        key=_row_keys(locked.key)[0], office_id=locked.office_id, sealed=sealed, delete_on=until
    )
    return locked


def forget(remark: Remark) -> bool:
    """Deletes the address; whether there was one."""
    return _rows(remark).delete()[0] > 0


def wait_again(remark: Remark) -> None:
    """What could not be told of a reply waits for the next one, as long as when it was asked for.

    To be called where the remark is opened again.
    """
    for row in _rows(remark).filter(state=State.ASKED):
        said = unseal(bytes(row.sealed))
        if said:
            row.delete_on = latest_end(date.fromisoformat(said["on"]))
            row.save(update_fields=["delete_on"])


def _address(typed: str) -> str:
    text, (mail, sms) = typed.strip(), ways()
    if mail and len(text) <= LONGEST and is_mail(text):
        return text
    number = number_of(text) if sms else None
    if number is not None:
        return number
    if mail and sms:
        said = _("Write an e-mail address, such as ten@example.vn, or a mobile number of Vietnam.")
    elif sms:
        said = _("Write a mobile number of Vietnam, such as 0912345678.")
    else:
        said = _("Write an e-mail address, such as ten@example.vn.")
    raise NotAnAddress(said)


def _row_keys(remark: UUID) -> list[UUID]:
    return row_keys("surveys.remarks.telling", remark)


def _rows(remark: Remark) -> QuerySet[ReplyNews]:
    return ReplyNews.objects.filter(key__in=_row_keys(remark.key))


def send_due(address: str, moment: datetime | None = None) -> int:
    """Tells whoever asked of replies that stood there before today; how many messages were sent.

    address: the whole one of the page on which a receipt's code is typed.

    Safe to run at any time and several times at once. Ends after MOST_SECONDS_IN_A_RUN, or where
    people may not be written to at this time of day; the audit has how many, of all offices.
    """
    now = timezone.localtime(moment)
    counts = {"sent": 0, "failed": 0, "unknown": 0}
    due = _due(now) if is_time(now) else []
    ends = monotonic() + MOST_SECONDS_IN_A_RUN
    try:
        for key in due:
            if monotonic() > ends:
                break
            sealed = _take(key)
            if sealed is not None:
                counts[_send(key, sealed, address)] += 1
    finally:
        if any(counts.values()):
            record("replies.told", details=counts)
    return counts["sent"]


# Whose reply can be read since a day before today, not longer than LOOKED_BACK. Only the step that
# made it readable counts: what the office does with it later delays nothing. No foreign key leads
# there, so no ORM join.
REPLIED = """
SELECT remark.key FROM surveys_remark AS remark
JOIN surveys_remarkstep AS step
  ON step.office_id = remark.office_id AND step.remark_key = remark.key
WHERE remark.state = ANY(%(readable)s) AND NOT remark.to_be_erased AND remark.erased_on IS NULL
  AND remark.office_id IN (SELECT office_id FROM surveys_replynews)
  AND step.before = ANY(%(waiting)s) AND step.after = ANY(%(readable)s) AND step.at >= %(from)s
GROUP BY remark.key HAVING max(step.at) < %(since)s
"""


def _due(now: datetime) -> list[UUID]:
    """The keys of messages to send, in no order."""
    since = timezone.make_aware(datetime.combine(now.date(), time.min))
    values: dict[str, list[int] | datetime] = {
        "readable": [state.value for state in READABLE],
        "waiting": [state.value for state in WAITING],
        "from": since - LOOKED_BACK,
        "since": since,
    }
    with connection.cursor() as cursor:
        cursor.execute(REPLIED, values)
        replied = [row_key for (key,) in cursor.fetchall() for row_key in _row_keys(key)]
    asked = ReplyNews.objects.filter(key__in=replied, state=State.ASKED)
    if now.minute >= TRIED_AGAIN:
        # else what is refused for now would be handed over hundreds of times
        asked = asked.filter(delete_on__gt=timezone.localdate() + TRIED)
    return list(asked.order_by(Random()).values_list("key", flat=True))


def _take(key: UUID) -> bytes | None:
    """What is sealed of a message that nobody else sends from now on; None where somebody does."""
    row = ReplyNews.objects.filter(key=key)
    with transaction.atomic(durable=True):
        ends = Least(F("delete_on"), timezone.localdate() + TRIED)
        if not row.filter(state=State.ASKED).update(state=State.TAKEN, delete_on=ends):
            return None
        found = row.values_list("sealed", flat=True).first()
    return None if found is None else bytes(found)


def _send(key: UUID, sealed: bytes, page: str) -> str:
    """Sends one that is taken; what became of it, by its word in the audit."""
    row = ReplyNews.objects.filter(key=key)
    said = unseal(sealed)
    try:
        failure = _hand(said["address"], said["language"], page) if said else Failure.UNREADABLE
    except NobodyKnows:
        return "unknown"
    if failure is None or failure in FOR_EVER:
        row.delete()
        return "failed" if failure else "sent"
    row.update(state=State.ASKED)
    return "failed"


def _hand(address: str, language: str, page: str) -> Failure | None:
    link = {"link": page}
    with translation.override(language):
        return hand(address, lambda: _mail(address, link), lambda: _text_message(link))


def _mail(address: str, link: dict[str, str]) -> EmailMessage:
    subject = _("There is a reply to your remark")
    body = _(
        "There is a reply to the remark that you left. To read it, open this page and type the "
        "code of your receipt:\n\n%(link)s\n\nThis is the only message; your address has been "
        "deleted."
    )
    return EmailMessage(subject, body % link, to=[address])


def _text_message(link: dict[str, str]) -> str:
    # written without diacritics (`invitations.messages`), so Khmer has no letter left
    with translation.override(IN_ASCII.get(translation.get_language() or "", "vi")):
        said = _("There is a reply to your remark. Read it with the code of your receipt: %(link)s")
    return plain_text(said % link)


def delete_ended(moment: datetime | None = None) -> int:
    """Deletes what nobody will be told any more; how many rows.

    What is still taken when no messages go out was interrupted; at other times it may be on its
    way, and goes by its day.
    """
    gone = ReplyNews.objects.filter(delete_on__lte=timezone.localdate()).delete()[0]
    if not is_time(timezone.localtime(moment)):
        gone += ReplyNews.objects.filter(state=State.TAKEN).delete()[0]
    logger.info("%d addresses for messages about replies are deleted", gone)
    return gone
