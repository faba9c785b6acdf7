"""An office presses, a worker sends: each message once, and whoever fails keeps back nobody."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.models import Entry
from offices.models import AdministrativeUnit, Office
from surveys.invitations import integrations, inviting, keys, token
from surveys.invitations.inviting import Progress, ask, progress, send_asked
from surveys.invitations.messages import NotTaken
from surveys.invitations.token import Invitation
from surveys.models import (
    Channel,
    Evidence,
    Failure,
    InvitationCount,
    Sending,
    ToldDossier,
    WaitingInvitation,
)
from tests import factories
from tests.officials.figures.test_pages import signed_in
from tests.overlapping import held, on_own_connection
from tests.surveys.invitations.invited import link, token_of
from tests.surveys.invitations.mailed import number
from tests.surveys.invitations.test_feed import code, one, tell
from tests.surveys.invitations.test_invitations import everything

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOON = timezone.make_aware(datetime.combine(TODAY, time(12)))


class Line:
    """A gateway as a carrier's would be. Some numbers it does not take."""

    taken: ClassVar[list[tuple[str, str]]] = []
    broken: ClassVar[set[str]] = set()

    def send(self, number: str, text: str) -> None:
        """Keeps the message. Raises NotTaken with the number in it."""
        if number in self.broken:
            raise NotTaken(f"no such line: {number}")
        self.taken.append((number, text))


class Unsure:
    """A gateway that does not answer in time."""

    raised: ClassVar[type[Exception]] = TimeoutError

    def send(self, number: str, text: str) -> None:
        """Raises what says that nobody knows."""
        raise self.raised(number)


@pytest.fixture(autouse=True)
def _carriers(settings: Settings, tmp_path: Path) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"
    settings.SMS_GATEWAY = f"{__name__}.Line"
    settings.EMAIL_HOST = "mail.example.vn"
    Line.taken.clear()
    Line.broken.clear()


@pytest.fixture
def province() -> AdministrativeUnit:
    return factories.province("An Giang", code="91")


@pytest.fixture
def office(province: AdministrativeUnit) -> Office:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office(factories.unit(parent=province))


@pytest.fixture
def key(province: AdministrativeUnit) -> str:
    return integrations.make("Cổng dịch vụ công", province).key


def address(office: Office) -> str:
    return reverse("officials:invitations", args=[office.slug])


def invited(text: str) -> Invitation:
    """What the link in a message is."""
    found = re.search(r"/m/([\w-]{40})", text)
    assert found is not None
    read = token.read(found[1])
    assert isinstance(read, Invitation)
    return read


def states(office: Office) -> list[Sending]:
    rows = ToldDossier.objects.filter(office=office).order_by("sending")
    return [Sending(state) for state in rows.values_list("sending", flat=True)]


def test_each_applicant_gets_one_message_with_a_link_that_proves_it(
    key: str, office: Office
) -> None:
    other = factories.office(office.unit)
    tell(key, *(one(office, n, contact=number(n)) for n in (1, 2)), one(office, 3))
    tell(key, one(office, 4, contact="chi@example.vn"), one(other, 5, contact=number(5)))
    assert progress(office.pk, TODAY) == Progress(1, 3, 0, 0, 0, {})
    assert ask(office.pk) == 3
    assert ask(office.pk) == 0
    assert progress(office.pk, TODAY) == Progress(1, 0, 3, 0, 0, {})
    assert send_asked(NOON) == 3
    assert send_asked(NOON) == 0
    assert sorted(to for to, _ in Line.taken) == [number(1), number(2)]
    found = [invited(text) for _, text in Line.taken] + [invited(str(mail.outbox[0].body))]
    assert len({one.response_id for one in found}) == 3
    assert {one.evidence for one in found} == {Evidence.INVITED}
    assert {one.channel for one in found} == {Channel.INVITATION}
    assert progress(office.pk, TODAY) == Progress(1, 0, 0, 0, 3, {})
    assert InvitationCount.objects.get().issued == 3
    # the office's own list leads to the same responses, and proves less
    listed = token.read(token_of(link(office, code(1))))
    assert isinstance(listed, Invitation)
    assert listed.evidence == Evidence.SLIP
    assert listed.response_id in {one.response_id for one in found}
    assert states(other) == [Sending.WAITING]


def test_the_contact_is_gone_when_the_message_is(key: str, office: Office) -> None:
    tell(key, one(office, contact=number(1)))
    ask(office.pk)
    send_asked(NOON)
    assert WaitingInvitation.objects.get().sealed is None


def test_of_many_dossiers_of_one_contact_the_further_links_prove_nothing(
    key: str, office: Office
) -> None:
    tell(key, *(one(office, n, contact=number(1)) for n in range(5)))
    ask(office.pk)
    send_asked(NOON)
    proved = sorted(invited(text).evidence for _, text in Line.taken)
    assert proved == [Evidence.INVITED] * 3 + [Evidence.OPEN] * 2


def test_whoever_raises_anything_keeps_back_nobody_and_is_sent_again_alone(
    key: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    Line.broken.add(number(2))
    tell(key, *(one(office, n, contact=number(n)) for n in (1, 2, 3)))
    ask(office.pk)
    with caplog.at_level(logging.DEBUG):
        assert send_asked(NOON) == 2
    assert "NotTaken" in caplog.text
    assert number(2)[3:] not in caplog.text
    assert "/m/" not in caplog.text
    assert progress(office.pk, TODAY) == Progress(0, 0, 0, 0, 2, {Failure.GATEWAY: 1})
    assert ask(office.pk) == 0
    Line.broken.clear()
    assert ask(office.pk, again=True) == 1
    assert send_asked(NOON) == 1
    assert sorted(to for to, _ in Line.taken) == [number(n) for n in (1, 2, 3)]


@pytest.mark.parametrize("raised", [TimeoutError, ConnectionResetError, ValueError])
def test_what_a_gateway_may_have_taken_is_not_sent_again(
    key: str, office: Office, settings: Settings, raised: type[Exception]
) -> None:
    Unsure.raised = raised
    settings.SMS_GATEWAY = f"{__name__}.Unsure"
    tell(key, one(office, 1, contact=number(1)), one(office, 2, contact="a@example.vn"))
    ask(office.pk)
    assert send_asked(NOON) == 1
    assert progress(office.pk, TODAY) == Progress(0, 0, 0, 1, 1, {})
    assert ask(office.pk, again=True) == 0
    entry = Entry.objects.get(action="invitations.delivered")
    assert entry.details == {"sent": 1, "failed": 0, "unknown": 1}


def test_what_is_not_set_up_is_said(key: str, office: Office, settings: Settings) -> None:
    settings.SMS_GATEWAY, settings.EMAIL_HOST, settings.SECURE = "", "", True
    tell(key, one(office, 1, contact=number(1)), one(office, 2, contact="a@example.vn"))
    ask(office.pk)
    assert send_asked(NOON) == 0
    assert progress(office.pk, TODAY).failures == {Failure.NO_SMS: 1, Failure.NO_MAIL: 1}


def test_a_gateway_that_is_not_there_fails_for_each(
    key: str, office: Office, settings: Settings
) -> None:
    settings.SMS_GATEWAY = "no.such.Gateway"
    tell(key, one(office, 1, contact=number(1)), one(office, 2, contact="a@example.vn"))
    ask(office.pk)
    assert send_asked(NOON) == 1
    assert progress(office.pk, TODAY).failures == {Failure.GATEWAY: 1}


def test_what_was_sealed_under_keys_that_are_gone_is_said(
    key: str, office: Office, settings: Settings
) -> None:
    tell(key, one(office, 1, contact=number(1)))
    settings.SECRET_KEY = "x" * 50
    settings.SECRET_KEY_FALLBACKS = []
    settings.CONTACT_KEYS = []
    ask(office.pk)
    assert send_asked(NOON) == 0
    assert progress(office.pk, TODAY).failures == {Failure.UNREADABLE: 1}


def test_an_office_that_has_ended_invites_nobody(key: str, office: Office) -> None:
    tell(key, one(office, 1, contact=number(1)))
    ask(office.pk)
    Office.objects.filter(pk=office.pk).update(valid_to=TODAY - timedelta(days=1))
    assert send_asked(NOON) == 0
    assert progress(office.pk, TODAY).failures == {Failure.TOO_LATE: 1}
    assert not Line.taken


@pytest.mark.parametrize(
    ("hour", "sent"),
    [(time(7, 59), 0), (time(8), 1), (time(19, 59), 1), (time(20), 0), (time(0), 0)],
)
def test_nobody_is_written_to_at_night(key: str, office: Office, hour: time, sent: int) -> None:
    tell(key, one(office, 1, contact=number(1)))
    ask(office.pk)
    assert send_asked(timezone.make_aware(datetime.combine(TODAY, hour))) == sent
    assert states(office) == [Sending.SENT if sent else Sending.ASKED]


def test_without_the_keys_folder_nothing_is_lost(
    key: str, office: Office, settings: Settings
) -> None:
    tell(key, one(office, 1, contact=number(1)))
    ask(office.pk)
    Path(settings.INVITATION_KEYS).chmod(0o755)
    (keys.key_folder().of_day(TODAY) / "key").unlink()
    with pytest.raises(keys.Exposed):
        send_asked(NOON)
    Path(settings.INVITATION_KEYS).chmod(0o700)
    assert states(office) == [Sending.ASKED]
    assert send_asked(NOON) == 1


def test_one_that_was_taken_when_the_worker_died_is_not_sent_again(
    key: str, office: Office
) -> None:
    tell(key, one(office, 1, contact=number(1)))
    ask(office.pk)
    assert inviting._take() is not None
    assert send_asked(NOON) == 0
    assert ask(office.pk) == ask(office.pk, again=True) == 0
    assert progress(office.pk, TODAY) == Progress(0, 0, 0, 1, 0, {})


@pytest.mark.django_db(transaction=True)
def test_a_message_is_taken_for_everybody_before_it_is_handed_over(
    key: str, office: Office
) -> None:
    tell(key, *(one(office, n, contact=number(n)) for n in (1, 2)))
    ask(office.pk)
    # one worker stands right before it makes its link; another one sends all the rest
    with held(lambda: send_asked(NOON), before="surveys_waitinginvitation") as first:
        assert states(office) == [Sending.ASKED, Sending.TAKEN]
        assert send_asked(NOON) == 1
    assert first.result() == 1
    assert sorted(to for to, _ in Line.taken) == [number(1), number(2)]


@pytest.mark.django_db(transaction=True)
def test_two_that_take_at_once_take_two(key: str, office: Office) -> None:
    tell(key, *(one(office, n, contact=number(n)) for n in (1, 2)))
    ask(office.pk)

    def take() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")  # whoever waits for the row fails
        return inviting._take()

    with transaction.atomic(), connection.cursor() as cursor, ThreadPoolExecutor(1) as pool:
        cursor.execute(inviting.TAKE, [Sending.TAKEN.value, Sending.ASKED.value])
        mine = cursor.fetchone()
        other = pool.submit(on_own_connection, take).result()
    assert other is not None
    assert other != (bytes(mine[0]), mine[1])
    assert states(office) == [Sending.TAKEN, Sending.TAKEN]


def test_the_head_presses_and_reads_numbers_and_no_link(
    key: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    head = signed_in(factories.official(office))
    page = head.get(address(office)).content.decode()
    assert "Cổng chưa báo hồ sơ nào" in page
    Line.broken.add(number(2))
    tell(key, *(one(office, n, contact=number(n)) for n in (1, 2)), one(office, 3))
    assert "Gửi lời mời" in head.get(address(office)).content.decode()
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):  # pressed twice
            answer = head.post(address(office), {"step": "invite"})
            assert answer.status_code == 302
        send_asked(NOON)
    html = head.get(answer["Location"]).content.decode()
    assert "Gửi lại số chưa gửi được" in html
    assert "cổng tin nhắn không nhận: 1" in html
    assert 'value="invite"' not in html
    assert len(Line.taken) == 1
    head.post(address(office), {"step": "again"})
    asked = Entry.objects.filter(action="invitations.asked").order_by("pk")
    assert [entry.details for entry in asked] == [
        {"size": 2, "again": False},
        {"size": 1, "again": True},
    ]
    delivered = Entry.objects.get(action="invitations.delivered")
    assert (delivered.office_id, delivered.details) == (office.pk, {"sent": 1, "failed": 1})
    kept = everything() + caplog.text + html
    found = re.search(r"/m/([\w-]{40})", Line.taken[0][1])
    assert found is not None
    for secret in (found[1], number(1)[3:], number(2)[3:], code(1), code(2)):
        assert secret not in kept


def test_only_who_may_invite_presses(key: str, office: Office) -> None:
    tell(key, one(office, 1, contact=number(1)))
    looker = signed_in(factories.official(office.unit))
    assert 'value="invite"' not in looker.get(address(office)).content.decode()
    assert looker.post(address(office), {"step": "invite"}).status_code == 403
    stranger = signed_in(factories.official(factories.office()))
    assert stranger.post(address(office), {"step": "invite"}).status_code == 404
    assert Client().post(address(office), {"step": "invite"}).status_code == 302
    assert states(office) == [Sending.WAITING]
