"""Lists that an office ends or whose days are over: nobody is written to any more."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from offices.models import Office
from reports.night import steps
from surveys.invitations import mailing
from surveys.invitations.mailing import delete_ended, progress, send_asked
from surveys.models import Mailing, MailingMessage
from tests import factories
from tests.surveys.invitations.mailed import (
    TODAY,
    Line,
    address,
    filled,
    number,
    pasted,
    sent,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carriers")]
NOON = timezone.make_aware(datetime.combine(TODAY, time(12)))


def test_a_list_is_forgotten_when_it_is_deleted_or_its_days_are_over(
    head: Client, office: Office
) -> None:
    sent(head, office, written(number(1), number(2)))
    (one,) = progress(office.pk)
    assert delete_ended() == 0
    stranger = factories.office()
    assert mailing.end(one.mailing.key, stranger.pk) == 0
    assert mailing.again(one.mailing.key, stranger.pk) == 0
    head.post(address(office), {"step": "end", "list": str(one.mailing.key)})
    assert not MailingMessage.objects.exists()
    assert progress(office.pk) == []
    assert send_asked(NOON) == 0
    assert Entry.objects.get(action="invitations.ended").details == {"size": 2}
    sent(head, office, written(number(1)))
    Mailing.objects.update(delete_on=TODAY)
    assert delete_ended() == 3
    assert not MailingMessage.objects.exists()


def test_the_night_deletes_lists_whose_days_are_over(head: Client, office: Office) -> None:
    sent(head, office, written(number(1), "ở nhà"))
    Mailing.objects.update(delete_on=TODAY)
    steps.close(TODAY - timedelta(days=1))
    assert not Mailing.objects.exists()


def test_whoever_goes_back_to_an_ended_list_sends_nobody_a_second_message(
    head: Client, office: Office
) -> None:
    form = filled(pasted(head, office, written(number(1), number(2))))
    head.post(address(office), {**form, "step": "send"})
    assert send_asked(NOON) == 2
    head.post(address(office), {"step": "end", "list": str(Mailing.objects.get().key)})
    head.post(address(office), {**form, "step": "send"})
    assert send_asked(NOON) == 0
    assert len(Line.numbers()) == 2
