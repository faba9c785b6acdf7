"""A dossier has one message, whoever brings it in how many lists, on whichever day."""

from datetime import datetime, time
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from offices.models import Office
from surveys.invitations import told
from surveys.invitations.mailing import progress, send_asked
from surveys.invitations.messages import NotTaken
from surveys.models import Failure, MailingMessage, Sending, Teller, ToldDossier
from tests import factories
from tests.officials.figures.test_pages import signed_in
from tests.overlapping import held
from tests.surveys.invitations.invited import link
from tests.surveys.invitations.mailed import TODAY, Line, code, number, pasted, sent, written

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime.combine(TODAY, time(12)))
S = Sending


@pytest.fixture(autouse=True)
def _carriers(settings: Settings, tmp_path: Path) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"
    settings.SMS_GATEWAY = f"{Line.__module__}.Line"
    Line.taken.clear()
    Line.raised.clear()


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


@pytest.fixture
def head(office: Office) -> Client:
    return signed_in(factories.official(office))


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
    assert ToldDossier.objects.get().sending == (S.SENT if times else sending)


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
    with held(lambda: send_asked(NOON), before="UPDATE surveys_tolddossier") as first:
        assert send_asked(NOON) == 1
    assert first.result() == 0
    assert Line.numbers() == [number(1)]
    assert failures(office) == [Failure.BEFORE]


def test_the_first_of_two_has_it(office: Office) -> None:
    issued = link(office)
    with transaction.atomic():
        assert told.claim(issued.seen) == S.NOWHERE
        assert told.claim(issued.seen) is None
