"""A dossier has one message, whoever brings it in how many lists, on whichever day."""

from datetime import datetime, time

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from offices.models import Office
from surveys.invitations import inviting, told
from surveys.invitations.mailing import progress, send_asked
from surveys.invitations.messages import NotTaken
from surveys.invitations.told import Told
from surveys.invitations.waiting import ToSend, wait
from surveys.models import Failure, MailingMessage, Sending, Stage, Teller, ToldDossier
from tests import factories
from tests.officials.figures.test_pages import signed_in
from tests.overlapping import held
from tests.surveys.invitations.invited import link
from tests.surveys.invitations.mailed import TODAY, Line, code, number, pasted, sent, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carriers")]
NOON = timezone.make_aware(datetime.combine(TODAY, time(12)))
S = Sending


def failures(office: Office) -> list[Failure | None]:
    """Why lines of the lists of an office were not sent."""
    return [line.failure for one in progress(office.pk) for line in one.failed]


def test_a_list_that_is_brought_again_sends_only_what_is_new(head: Client, office: Office) -> None:
    sent(head, office, written(number(1), number(2)))
    assert send_asked(NOON) == 2
    html = pasted(head, office, written(*map(number, (1, 2, 3)))).content.decode()
    assert "đã có tin nhắn" in html
    assert ": 2. Không gửi lần thứ hai" in html
    sent(signed_in(factories.official(office)), office, written(*map(number, (1, 2, 3))))
    assert send_asked(NOON) == 1
    assert Line.numbers() == [number(1), number(2), number(3)]
    assert failures(office) == [Failure.BEFORE, Failure.BEFORE]
    (one,) = [one for one in progress(office.pk) if one.failed]
    assert one.again == 0


def test_where_all_have_their_message_no_button_sends(head: Client, office: Office) -> None:
    sent(head, office, written(number(1)))
    send_asked(NOON)
    html = pasted(head, office, written(number(1))).content.decode()
    assert 'value="send"' not in html
    assert 'value="file"' in html


def test_what_no_carrier_took_is_free_again(head: Client, office: Office) -> None:
    Line.raised[number(1)] = NotTaken()
    sent(head, office, written(number(1)))
    assert send_asked(NOON) == 0
    assert ToldDossier.objects.get().sending == S.NOWHERE
    Line.raised.clear()
    assert "đã có tin nhắn" not in pasted(head, office, written(number(1))).content.decode()
    sent(head, office, written(number(1)))
    assert send_asked(NOON) == 1
    assert ToldDossier.objects.get().sending == S.SENT


def test_what_may_have_arrived_is_in_no_other_list_either(head: Client, office: Office) -> None:
    Line.raised[number(1)] = TimeoutError()
    sent(head, office, written(number(1)))
    send_asked(NOON)
    Line.raised.clear()
    sent(head, office, written(number(1)))
    assert send_asked(NOON) == 0
    assert Line.taken == []


@pytest.mark.parametrize(
    ("sending", "times"), [(S.NOWHERE, 1), (S.FAILED, 1), (S.WAITING, 0), (S.ASKED, 0), (S.SENT, 0)]
)
def test_no_list_takes_the_place_of_the_portals_message(
    head: Client, office: Office, sending: Sending, times: int
) -> None:
    link(office, dossier=code(1), teller=Teller.FEED)
    ToldDossier.objects.update(sending=sending)
    html = pasted(head, office, written(number(1))).content.decode()
    assert ("đã có tin nhắn" in html) == (times == 0)
    sent(head, office, written(number(1)))
    assert send_asked(NOON) == times
    assert ToldDossier.objects.get(teller=Teller.FEED).sending == sending


def test_another_office_uses_nothing_up(head: Client, office: Office) -> None:
    other = factories.office()
    sent(signed_in(factories.official(other)), other, written(number(1)))
    sent(head, office, written(number(1)))
    assert send_asked(NOON) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_lists_at_once_one_sends(head: Client, office: Office) -> None:
    for _ in range(2):
        sent(head, office, written(number(1)))
    assert MailingMessage.objects.count() == 2
    # one has taken its line and stands before the dossier's message
    with held(lambda: send_asked(NOON), before="AS told") as first:
        assert send_asked(NOON) == 1
    assert first.result() == 0
    assert Line.numbers() == [number(1)]
    assert failures(office) == [Failure.BEFORE]


def test_the_first_of_two_has_it(office: Office) -> None:
    one = Told(office.pk, code(1), TODAY, None, Teller.OFFICE)
    first = told.claim(one)
    assert first is not None
    assert told.claim(one) is None
    told.put(first, sent=False)
    assert told.claim(one) == first


def test_where_the_portal_tells_of_it_between_two_lists_one_message_goes(
    head: Client, office: Office
) -> None:
    sent(head, office, written(number(1)))
    assert send_asked(NOON) == 1
    link(office, dossier=code(1), teller=Teller.KEY)
    assert ": 1. Không gửi lần thứ hai" in pasted(head, office, written(number(1))).content.decode()
    sent(head, office, written(number(1)))
    assert send_asked(NOON) == 0


def test_a_list_uses_up_nothing_of_the_portals(head: Client, office: Office) -> None:
    """The office lists a number of its own before the portal tells how to reach the person."""
    link(office, dossier=code(1), teller=Teller.FEED)
    sent(head, office, written(number(9)))
    assert send_asked(NOON) == 1
    known = ToldDossier.objects.get(teller=Teller.FEED)
    given = {bytes(known.seen): ToSend(office.pk, code(1), TODAY, Stage.RECEIVED, "", number(1))}
    assert wait(given) == 1
    assert inviting.ask(office.pk) == 1
    assert inviting.send_asked(NOON) == 1
    assert Line.numbers() == [number(9), number(1)]


@pytest.mark.django_db(transaction=True)
def test_where_the_ledger_fails_nobody_knows_and_nothing_is_sent_again(
    head: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_seen: bytes, *, sent: bool) -> None:
        raise DatabaseError

    sent(head, office, written(number(1)))
    with monkeypatch.context() as patched:
        patched.setattr(told, "put", fails)
        assert send_asked(NOON) == 0
    (one,) = progress(office.pk)
    assert [line.line for line in one.unknown] == [2]
    assert send_asked(NOON) == 0
    assert Line.numbers() == [number(1)]
