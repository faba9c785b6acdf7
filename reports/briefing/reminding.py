"""Mails from above to the heads of offices whose forms will not be enough: asked for, then sent.

    ask(officer, unit, offices, span, instrument)   # rows, in the audit; at most one a week
    send_reminders()                                # by the worker

No mail holds a number that its reader's own page does not show. A mail is taken, and that is on the
disk, before it is handed over, so that no two workers send it. An address that the server refuses,
now or for good, keeps back nobody; what it said stands on the page of whoever may ask. Where the
server goes away while a mail is handed over, it is tried again for a day.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from audit.actors import official
from audit.recording import record
from offices.access import may
from offices.addresses import public_url
from offices.models import AdministrativeUnit, Membership, Office, User
from offices.names import short
from offices.rights import Action, Role
from reports.briefing.letters import NOT_NOW, Sent, answer_of
from reports.briefing.missing import missing_words
from reports.briefing.pages import Page, path_of
from reports.counting.periods import Span, span_of
from reports.models import Reminder
from reports.showing.collecting import of_office
from reports.showing.policy import policy_of
from reports.showing.waiting import period_name
from surveys.invitations.messages import sends_mail
from surveys.questionnaires.catalogue import current

logger = logging.getLogger(__name__)
# None for an office that was reminded so long ago or less.
REST = timedelta(days=7)
# A mail server that takes nothing is asked for so long.
PATIENCE = timedelta(days=1)
MOST_IN_A_RUN = 500
NO_ANSWER = 0
# What a mail server answers that closes the connection, whatever it was asked (RFC 5321).
GOES_AWAY = 421

# Others that send at the same time take others; what was tried in vain, which holds what the server
# said, comes after what was not.
TAKE = """
UPDATE reports_reminder SET state = %s WHERE id = (
    SELECT id FROM reports_reminder WHERE state = %s AND id <> ALL(%s)
    ORDER BY returned <> '', id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many offices are written to now, and how many people."""

    offices: int
    people: int


def heads_of(offices: Collection[int]) -> Mapping[int, list[User]]:
    """By office its heads with an account that is open and has a mail address."""
    held = Membership.objects.filter(
        office__in=offices, role=Role.OFFICE_HEAD, user__is_active=True
    ).exclude(user__email="")
    found: dict[int, list[User]] = defaultdict(list)
    for one in held.select_related("user").order_by("office_id", "user_id"):
        if one.office_id is not None and one.user not in found[one.office_id]:
            found[one.office_id].append(one.user)
    return dict(found)


def lately(offices: Iterable[int], now: datetime) -> Mapping[int, list[Reminder]]:
    """By office the mails within the last week, the newest first."""
    found: dict[int, list[Reminder]] = defaultdict(list)
    rows = Reminder.objects.filter(office__in=list(offices), asked_at__gt=now - REST)
    for one in rows.select_related("user"):
        found[one.office_id].append(one)
    return dict(found)


def resting(mails: Mapping[int, Iterable[Reminder]]) -> set[int]:
    """Of these offices those that have been written to or will be; a returned mail is none."""
    return {
        office
        for office, those in mails.items()
        if any(one.state != Reminder.State.RETURNED for one in those)
    }


@transaction.atomic
def ask(
    by: User, unit: AdministrativeUnit, offices: Collection[int], span: Span, instrument: int
) -> Asked:
    """The heads of these offices will be written to, but of those that were so within a week.

    Whoever calls has asked whether `by` may, and that the offices are of this unit.
    """
    # of two that press at once the second sees what the first asked
    locked = Office.objects.select_for_update(no_key=True).filter(pk__in=offices).order_by("pk")
    free = {office.pk for office in locked} - resting(lately(offices, timezone.now()))
    heads = heads_of(free)
    made = Reminder.objects.bulk_create(
        Reminder(
            office_id=office,
            user=head,
            unit=unit,
            asked_by=by,
            asked_at=timezone.now(),
            instrument_id=instrument,
            period=span.kind,
            start=span.first,
        )
        for office, those in sorted(heads.items())
        for head in those
    )
    asked = Asked(len(heads), len(made))
    if made:
        record(
            "reminders.asked",
            subject=str(unit),
            unit_id=unit.pk,
            details={
                "offices": asked.offices,
                "people": asked.people,
                "period": span.kind.value,
                "start": span.first.isoformat(),
            },
            by=official(by),
        )
    return asked


def send_reminders(now: datetime | None = None) -> Sent:
    """Sends what was asked for, at most MOST_IN_A_RUN; safe at any time and several times at once.

    Where no mail server answers, or it takes nothing for now, the rest waits for the next time; so
    does one whose address takes nothing for now, and the others go out.
    """
    tried: list[int] = []
    sent, moment = Sent(), now or timezone.now()
    if not sends_mail() or not Reminder.objects.filter(state=Reminder.State.ASKED).exists():
        return sent
    server = get_connection()
    try:
        for _nth in range(MOST_IN_A_RUN):
            server.open()  # before one is taken; where the last one closed it, again
            key = _take(tried)
            if key is None:
                break
            tried.append(key)
            if not _send(key, server, moment, sent):
                break
    except (OSError, SMTPException) as error:
        logger.warning("the mail server cannot be reached: %s", type(error).__name__)
    finally:
        server.close()
    return sent


def _take(tried: Collection[int] = ()) -> int | None:
    """A mail that nobody else sends from now on; None if there is none but what was tried."""
    given: list[Any] = [Reminder.State.TAKEN.value, Reminder.State.ASKED.value, list(tried)]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(TAKE, given)
        row = cursor.fetchone()
    return row[0] if row else None


def _send(key: int, server: BaseEmailBackend, now: datetime, sent: Sent) -> bool:
    """Hands one over; False where the server takes nothing for now."""
    reminder = Reminder.objects.select_related("office", "user", "unit", "asked_by").get(pk=key)
    state, said, goes_on = Reminder.State.SENT, "", True
    letter = letter_of(reminder, timezone.localdate(now))
    if letter is None:
        state = Reminder.State.RETURNED
    else:
        letter.connection = server
        try:
            letter.send()
        except (OSError, SMTPException) as error:
            server.close()  # whatever state it is in: the next mail opens another
            code, said = answer_of(error)
            not_now = code // 100 in (NO_ANSWER, NOT_NOW)
            later = not_now and now - reminder.asked_at < PATIENCE
            state = Reminder.State.ASKED if later else Reminder.State.RETURNED
            of_address = isinstance(error, SMTPRecipientsRefused) and code != GOES_AWAY
            goes_on = of_address or not not_now
    Reminder.objects.filter(pk=key).update(state=state, returned=said)
    sent.handed += state == Reminder.State.SENT
    sent.returned += state == Reminder.State.RETURNED
    return goes_on


def letter_of(reminder: Reminder, today: date) -> EmailMessage | None:
    """What one head reads; None for whoever heads the office no more, or has no address now."""
    user, office = reminder.user, reminder.office
    instrument = current().by_id(reminder.instrument_id)
    if instrument is None or not (user.is_active and user.email):
        return None
    if not may(user, Action.SEE_FIGURES, office):
        return None
    span = span_of(reminder.period, reminder.start)
    with translation.override(settings.LANGUAGE_CODE):
        said = {"office": short(office.name), "period": period_name(span)}
        found = of_office(office, span, instrument, policy_of(user), today)
        asked = {
            "ky": span.kind.value,
            "tu": span.first.isoformat(),
            "phieu": f"{instrument.slug}.{instrument.version}",
        }
        page = Page("office_progress", (office.slug,), urlencode(asked))
        by = reminder.asked_by
        paragraphs = [
            _("Good morning %(name)s,") % {"name": user.get_full_name() or user.get_username()},
            _("Collecting forms at %(office)s, %(period)s:") % said
            + "".join(f"\n- {line}" for line in missing_words(found, span)),
            _("Where it stands: %(address)s") % {"address": public_url(path_of(page))},
            _("%(name)s (%(unit)s) asked for this mail on %(day)s.")
            % {
                "name": by.get_full_name() or by.get_username(),
                "unit": reminder.unit.full_name,
                "day": f"{timezone.localtime(reminder.asked_at):%d/%m/%Y}",
            },
        ]
        subject = _("%(office)s: forms of %(period)s are missing") % said
    return EmailMessage(
        " ".join(subject.split()),
        "\n\n".join(paragraphs) + "\n",
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
