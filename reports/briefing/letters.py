"""The mail of the night: one a person, with what Hôm nay says and which periods have closed.

Whoever asked for the letter gets it every night, with the closed periods of their places in it;
whoever asked for places alone gets a mail only of a night after which there is news of one. Each
is begun at most once: a row says so before it is handed to the mail server, so that a step that
dies and runs again writes to nobody twice. An address that the server refuses keeps back nobody;
what it said stands on the page of whoever asked.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from offices.access import may
from offices.addresses import public_url
from offices.models import Office, User
from offices.names import short
from offices.rights import Action
from reports.briefing.alerting import alerts_of
from reports.briefing.brief import Brief, brief_of
from reports.briefing.closing_words import closing_lines
from reports.briefing.closings import News, news_of, pass_over_unreachable, told, untold
from reports.briefing.due import Due, due_of
from reports.briefing.last_night import night_words
from reports.briefing.pages import Page, path_of
from reports.briefing.placing import Place, place_of
from reports.briefing.reminders import reminded, to_remind
from reports.briefing.subscribing import closings_token, token_of
from reports.briefing.weighing import Weight
from reports.models import Subscription
from reports.showing.wording import question_words
from surveys.invitations.messages import sends_mail
from surveys.models import Remark
from surveys.questionnaires.catalogue import text_in

logger = logging.getLogger(__name__)
LONGEST = 200
# The first digit of what a mail server answers that takes nothing now and may later (RFC 5321).
NOT_NOW = 4


@dataclass(slots=True)
class Sent:
    """How many letters a mail server took, and how many it returned."""

    handed: int = 0
    returned: int = 0


def send_letters(
    day: date, beat: Callable[[], None], trying: Callable[[str], AbstractContextManager[None]]
) -> Sent:
    """Writes to whoever asked and has had none of this night, which closes `day`.

    beat: called before each; trying: so that one that cannot be written keeps back no other.
    Raises OSError or SMTPException where the mail server cannot be reached, also where it goes
    away meanwhile: whoever is left has not been written to, and is when it runs again.
    """
    sent = Sent()
    waiting = Subscription.objects.filter(Q(sent_for=None) | Q(sent_for__lt=day))
    wanted = waiting.filter(user__is_active=True).exclude(user__email="").order_by("pk")
    keys = list(wanted.values_list("pk", flat=True))
    pass_over_unreachable()
    if not keys or not sends_mail():
        return sent
    connection = get_connection()
    connection.open()
    try:
        for key in keys:
            beat()
            connection.open()  # where the last one closed it: before anybody counts as written to
            with trying(f"letter {key}"):
                _send(key, day, connection, sent)
    finally:
        connection.close()
    return sent


def _send(key: int, day: date, connection: BaseEmailBackend, sent: Sent) -> None:
    subscription = Subscription.objects.filter(pk=key).select_related("user").first()
    if subscription is None:
        return  # ended meanwhile
    user, news = subscription.user, news_of(subscription.user)
    given = to_remind(user, day + timedelta(days=1)) if subscription.nightly else []
    if subscription.nightly:
        letter = letter_of(subscription, day, given, news)
    else:
        letter = letter_of_closings(user, day, news)
    if letter is None:  # nothing is held any more, or nothing is new
        if not subscription.nightly:  # nor will be, when this night is run again
            Subscription.objects.filter(pk=key, nightly=False).update(sent_for=day)
        return
    before = subscription.sent_for
    begun = Subscription.objects.filter(
        Q(sent_for=None) | Q(sent_for__lt=day), pk=key, user__is_active=True
    )
    with transaction.atomic():
        if not begun.update(sent_for=day):
            return  # somebody else writes it
        reminded(user, given, day + timedelta(days=1))
        told(news)
    letter.connection = connection
    try:
        letter.send()
    except (OSError, SMTPException) as error:
        connection.close()  # whatever state it is in: the next letter opens another
        code, said = answer_of(error)
        later = code // 100 == NOT_NOW
        if code:  # the server answered that it took nothing: what it held is told another night
            with transaction.atomic():
                reminded(user, given, None)
                untold(news)
                if later:
                    Subscription.objects.filter(pk=key).update(sent_for=before, returned=said)
        if later:
            raise  # the step runs again
        sent.returned += 1
    else:
        sent.handed += 1
        said = ""
    Subscription.objects.filter(pk=key).update(returned=said)


def answer_of(error: Exception) -> tuple[int, str]:
    """What a mail server answered: its number, 0 where it said nothing, and its words."""
    logger.warning("a letter was not taken: %s", type(error).__name__)
    if isinstance(error, SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return code, _answer(code, text)
    if isinstance(error, SMTPResponseException):
        return error.smtp_code, _answer(error.smtp_code, error.smtp_error)
    return 0, type(error).__name__


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:LONGEST]


def letter_of(
    subscription: Subscription,
    day: date,
    given: Sequence[Remark] = (),
    news: Sequence[News] = (),
) -> EmailMessage | None:
    """The letter of the night that closes `day`; None for whoever holds no place any more.

    given: remarks that are theirs to answer and due soon. news: closed periods of their places.
    """
    user = subscription.user
    place = place_of(user)
    if place is None:
        return None
    morning = day + timedelta(days=1)
    with translation.override(settings.LANGUAGE_CODE):
        brief = brief_of(user, place, morning)
        due = [*due_of(user, morning), *(one for one in alerts_of(user, morning) if one.fresh)]
        ends = [_end_of(token_of(subscription))]
        said = [
            *_paragraphs(user, brief, due, given),
            *_closed(user, news, morning),
            *_about(user, brief.place),
            _("You asked for this mail; this link ends it: %(address)s") % {"address": ends[0]},
        ]
        if news:
            said.append(_ending_places(user))
            ends = [_end_of(closings_token(user, subscription))]
        return _mail(user, f"{brief.name}: {morning:%d/%m/%Y}", said, ends[0])


def letter_of_closings(user: User, day: date, news: Sequence[News]) -> EmailMessage | None:
    """The mail of the night that closes `day` about closed periods alone; None without any."""
    if not news:
        return None
    morning = day + timedelta(days=1)
    with translation.override(settings.LANGUAGE_CODE):
        said = [
            _greeting(user),
            *_closed(user, news, morning),
            _home(),
            _ending_places(user),
        ]
        subject = _("Closed periods: %(day)s") % {"day": f"{morning:%d/%m/%Y}"}
        return _mail(user, subject, said, _end_of(closings_token(user)))


def _mail(user: User, subject: str, said: Sequence[str], end: str) -> EmailMessage:
    """end: the address that ends it at one press of a mail program."""
    return EmailMessage(
        " ".join(subject.split()),
        "\n\n".join(filter(None, said)) + "\n",
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{end}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _greeting(user: User) -> str:
    return _("Good morning %(name)s,") % {"name": user.get_full_name() or user.get_username()}


def _home() -> str:
    home = public_url(path_of(Page("home")))
    return _("Today in Hài Lòng: %(address)s") % {"address": home}


def _end_of(token: str) -> str:
    return public_url(path_of(Page("end_letters", (token,))))


def _closed(user: User, news: Sequence[News], morning: date) -> list[str]:
    """The section of closed periods; empty without any."""
    lines = closing_lines(user, news, morning)
    return [_("Closed periods of the places you asked for:"), *lines] if lines else []


def _ending_places(user: User) -> str:
    address = _end_of(closings_token(user))
    return _("This link ends mail about closed periods: %(address)s") % {"address": address}


def _paragraphs(user: User, brief: Brief, due: list[Due], given: Sequence[Remark]) -> list[str]:
    said = [_greeting(user)]
    if brief.simulated:
        said.append(_("Simulated data"))
    said.append(f"{brief.name}\n" + "\n".join(brief.sentences))
    if due:
        lines = [f"- {one.words}\n  {public_url(one.address)}" for one in due]
        said.append("\n".join([_("Due:"), *lines]))
    else:
        said.append(_("Nothing is due."))
    if given:
        said.append("\n".join([_("Given to you, and due soon:"), *map(_given, given)]))
    if brief.weighs:
        lines = [f"- {weight_words(one)}" for one in brief.weighs]
        said.append("\n".join([_("What weighs most:"), *lines]))
    return said


def _about(user: User, place: Place) -> list[str]:
    """Where reports are, what became of the night, and the page that says the same."""
    said = []
    if may(user, Action.EXPORT, place):
        said.append(
            _("Reports of closed periods: %(address)s") % {"address": public_url(_papers(place))}
        )
    return [*said, night_words(timezone.localdate()), _home()]


def _given(remark: Remark) -> str:
    """By when, and where it is answered; what was written stands in no mail."""
    said = _("a remark at %(office)s, until %(day)s") % {
        "office": short(remark.office.name),
        "day": f"{remark.due_on:%d/%m/%Y}",
    }
    page = Page("remark", (remark.office.slug, str(remark.key)))
    return f"- {said}\n  {public_url(path_of(page))}"


def _papers(place: Place) -> str:
    if isinstance(place, Office):
        return path_of(Page("office_papers", (place.slug,)))
    return path_of(Page("unit_papers", (place.pk,)))


def weight_words(weight: Weight) -> str:
    """A criterion and how many of its answers were not satisfied ones."""
    return _("%(code)s %(text)s: %(unsatisfied)s of %(answers)s answers not satisfied") % {
        "code": weight.criterion.code,
        "text": question_words(text_in(weight.criterion.text, translation.get_language() or "vi")),
        "unsatisfied": number_format(weight.unsatisfied, force_grouping=True),
        "answers": number_format(weight.criterion.figure.answers or 0, force_grouping=True),
    }
