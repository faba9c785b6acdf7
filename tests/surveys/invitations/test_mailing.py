"""A list is sent like mail: a row each, once at most, and one bad address keeps back nobody."""

import logging
import re
import smtplib
from datetime import datetime, time
from http.client import IncompleteRead
from pathlib import Path
from socket import gaierror
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.models import Entry
from offices.models import Office
from surveys.invitations import keys, mailing
from surveys.invitations.mailing import progress, send_asked
from surveys.invitations.messages import NotTaken
from surveys.models import Failure, InvitationCount, Mailing, MailingMessage
from tests import factories
from tests.mailbox import Post
from tests.overlapping import held
from tests.surveys.invitations.invited import far
from tests.surveys.invitations.mailed import (
    TODAY,
    Line,
    address,
    code,
    filled,
    number,
    pasted,
    sent,
    written,
)
from tests.surveys.invitations.test_invitations import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carriers")]
NOON = timezone.make_aware(datetime.combine(TODAY, time(12)))
STATEMENTS = 9  # of a message, BEGIN, COMMIT and savepoints apart


def lines(office: Office) -> list[tuple[int, str, Failure | None]]:
    """The lines that were not sent, as the page shows them."""
    (one,) = progress(office.pk)
    return [(line.line, line.contact, line.failure) for line in (*one.failed, *one.unknown)]


def test_a_message_each_and_no_row_is_left(head: Client, office: Office, post: Post) -> None:
    html = sent(head, office, written(number(1), "chi@example.vn", "")).content.decode()
    assert "Đang gửi một danh sách" in html
    assert MailingMessage.objects.count() == 2
    assert InvitationCount.objects.count() == 0  # links are made when they are sent
    assert send_asked(NOON) == 2
    assert Line.numbers() == [number(1)]
    (letter,) = post.mails
    assert letter["To"] == "chi@example.vn"
    assert not MailingMessage.objects.exists()
    (one,) = progress(office.pk)
    assert (one.mailing.size, one.mailing.sent, one.mailing.nowhere, one.waiting) == (3, 2, 1, 0)
    link = re.search(r"/m/[\w-]{40}/?", Line.taken[0][1])
    assert link is not None
    assert Client().get(link[0].rstrip("/") + "/").status_code == 200
    assert "Danh sách đã gửi" in head.get(address(office)).content.decode()


def test_pressed_twice_and_reloaded_it_is_sent_once(head: Client, office: Office) -> None:
    form = filled(pasted(head, office, written(number(1))))
    for _ in range(3):
        assert head.post(address(office), {**form, "step": "send"}).status_code == 302
    head.get(address(office))
    send_asked(NOON)
    head.post(address(office), {**form, "step": "send"})
    assert send_asked(NOON) == 0
    assert Line.numbers() == [number(1)]
    assert Entry.objects.filter(action="invitations.sent").count() == 1


def test_another_list_from_the_same_page_is_another_one(head: Client, office: Office) -> None:
    form = filled(pasted(head, office, written(number(1))))
    head.post(address(office), {**form, "step": "send"})
    other = head.post(address(office), {**form, "text": written("", number(2)), "step": "send"})
    assert "Danh sách được hiểu như sau" in other.content.decode()  # it was not seen yet
    head.post(address(office), {**filled(other), "step": "send"})
    send_asked(NOON)
    assert Line.numbers() == [number(1), number(2)]


def test_one_bad_address_keeps_back_nobody_and_its_line_is_told(
    head: Client, office: Office, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.refused |= {"unknown@example.vn"}
    post.later |= {"full@example.vn"}
    bad = ["ở nhà", f"a@{'x' * 70}.vn", "unknown@example.vn", "full@example.vn", "0212345678"]
    good = ["a@example.vn,", "mailto:b@example.vn", "<c@example.vn>", "912345601", "d@example.vn"]
    with caplog.at_level(logging.DEBUG):
        sent(head, office, written(*bad, *good))
        assert send_asked(NOON) == 5
        html = head.get(address(office)).content.decode()
    assert {mail["To"] for mail in post.mails} == {f"{name}@example.vn" for name in "abcd"}
    assert Line.numbers() == [number(1)]
    told = [
        (2, "ở …", Failure.ADDRESS),
        (3, f"a…@{'x' * 20}", Failure.ADDRESS),
        (4, "u…@example.vn", Failure.REFUSED),
        (5, "f…@example.vn", Failure.MAIL),
        (6, "02…", Failure.ADDRESS),
    ]
    assert lines(office) == told
    for line, contact, failure in told:
        assert f'<th scope="row">{line}</th><td>{contact}</td><td>{failure.label}</td>' in html
    ours = "".join(r.getMessage() for r in caplog.records if r.name != "mail.log")
    kept = everything() + ours
    for secret in ("unknown@", "full@", "912345601", "mailto", "a@example", "ở nhà", code(1)):
        assert secret not in kept
    assert "/m/" not in ours


def test_again_sends_only_what_failed_and_may_be_different(
    head: Client, office: Office, post: Post
) -> None:
    post.later |= {"full@example.vn"}
    sent(head, office, written("a@example.vn", "full@example.vn", "ở nhà"))
    send_asked(NOON)
    post.later.clear()
    html = head.get(address(office)).content.decode()
    assert 'value="retry"' in html
    (one,) = progress(office.pk)
    for _ in range(2):
        head.post(address(office), {"step": "retry", "list": str(one.mailing.key)})
    assert send_asked(NOON) == 1
    assert [mail["To"] for mail in post.mails] == ["a@example.vn", "full@example.vn"]
    assert lines(office) == [(4, "ở …", Failure.ADDRESS)]
    assert 'value="retry"' not in head.get(address(office)).content.decode()
    asked = Entry.objects.filter(action="invitations.asked")
    assert [entry.details for entry in asked] == [{"size": 1, "again": True}]


@pytest.mark.parametrize(
    "raised",
    [
        NotTaken("0912345601"),
        ConnectionRefusedError(),
        gaierror("0912345601"),
    ],
    ids=lambda raised: type(raised).__name__,
)
def test_what_a_carrier_surely_did_not_take_may_be_sent_again_and_keeps_back_nobody(
    head: Client, office: Office, caplog: pytest.LogCaptureFixture, raised: Exception
) -> None:
    Line.raised[number(1)] = raised
    sent(head, office, written(*map(number, (1, 2, 3))))
    with caplog.at_level(logging.DEBUG):
        assert send_asked(NOON) == 2
    assert lines(office) == [(2, "091…01", Failure.GATEWAY)]
    assert "912345601" not in caplog.text
    assert Line.numbers() == [number(2), number(3)]


@pytest.mark.parametrize(
    "raised",
    [
        TimeoutError(),
        ConnectionResetError(),
        BrokenPipeError(),
        IncompleteRead(b""),
        OSError("0912345601"),
        ValueError("0912345601"),
        RuntimeError(),
        AssertionError(),
        UnicodeDecodeError("utf-8", b"x", 0, 1, "no"),
    ],
    ids=lambda raised: type(raised).__name__,
)
def test_what_may_have_been_taken_is_said_and_not_sent_again(
    head: Client, office: Office, caplog: pytest.LogCaptureFixture, raised: Exception
) -> None:
    caplog.set_level(logging.DEBUG)
    Line.raised[number(1)] = raised
    sent(head, office, written(*map(number, (1, 2))))
    assert send_asked(NOON) == 1
    Line.raised.clear()
    (one,) = progress(office.pk)
    assert mailing.again(one.mailing.key, office.pk) == 0
    assert send_asked(NOON) == 0
    assert lines(office) == [(2, "091…01", None)]
    assert "không rõ đã đến chưa" in head.get(address(office)).content.decode()
    delivered = Entry.objects.get(action="invitations.delivered")
    assert delivered.details == {"sent": 1, "failed": 0, "unknown": 1}
    assert "912345601" not in caplog.text


def test_a_server_that_hangs_up_may_have_taken_it(head: Client, office: Office, post: Post) -> None:
    post.dropped |= {"a@example.vn"}
    sent(head, office, written("a@example.vn", "b@example.vn"))
    assert send_asked(NOON) == 1
    assert lines(office) == [(2, "a…@example.vn", None)]


def test_a_server_that_is_not_there_took_nothing(
    head: Client, office: Office, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    sent(head, office, written("a@example.vn"))
    assert send_asked(NOON) == 0
    assert lines(office) == [(2, "a…@example.vn", Failure.MAIL)]


def test_a_server_that_fails_after_it_took_the_mail_has_taken_it(
    head: Client, office: Office, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quits(server: smtplib.SMTP) -> None:
        server.close()
        raise smtplib.SMTPResponseException(500, "a@example.vn")

    monkeypatch.setattr(smtplib.SMTP, "quit", quits)
    sent(head, office, written("a@example.vn"))
    assert send_asked(NOON) == 1
    assert len(post.mails) == 1


def test_one_that_was_taken_when_a_worker_died_is_not_sent_again(
    head: Client, office: Office
) -> None:
    sent(head, office, written(*map(number, (1, 2))))
    assert mailing._take() is not None
    assert send_asked(NOON) == 1
    (one,) = progress(office.pk)
    assert mailing.again(one.mailing.key, office.pk) == 0
    assert Line.numbers() == [number(2)]
    assert lines(office) == [(2, "091…01", None)]


@pytest.mark.django_db(transaction=True)
def test_a_message_is_taken_for_everybody_before_it_is_handed_over(
    head: Client, office: Office
) -> None:
    sent(head, office, written(*map(number, (1, 2))))
    with held(lambda: send_asked(NOON), before="surveys_tolddossier") as first:
        states = MailingMessage.objects.order_by("line").values_list("state", flat=True)
        assert list(states) == [MailingMessage.State.TAKEN, MailingMessage.State.ASKED]
        assert send_asked(NOON) == 1
    assert first.result() == 1
    assert sorted(Line.numbers()) == [number(1), number(2)]


@pytest.mark.parametrize(
    ("hour", "times"), [(time(7, 59), 0), (time(8), 1), (time(19, 59), 1), (time(20), 0)]
)
def test_what_is_asked_for_at_other_hours_waits(
    head: Client, office: Office, hour: time, times: int
) -> None:
    sent(head, office, written(number(1)))
    moment = timezone.make_aware(datetime.combine(TODAY, hour))
    assert send_asked(moment) == times
    assert MailingMessage.objects.count() == 1 - times
    assert send_asked(NOON) == 1 - times


def test_a_slow_gateway_ends_a_run_and_the_next_one_goes_on(
    head: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(head, office, written(*map(number, range(5))))
    clock = iter(range(0, 1000, 10))  # each look at it is 10 seconds later
    monkeypatch.setattr("surveys.invitations.handing.monotonic", lambda: next(clock))
    assert send_asked(NOON) == 2
    assert send_asked(NOON) == 2
    assert send_asked(NOON) == 1
    assert Line.numbers() == [number(n) for n in range(5)]


def test_without_the_keys_folder_nothing_is_lost(
    head: Client, office: Office, settings: Settings
) -> None:
    sent(head, office, written(number(1)))
    settings.INVITATION_KEYS = Path(settings.INVITATION_KEYS).parent / "open"
    Path(settings.INVITATION_KEYS).mkdir(mode=0o755)
    Path(settings.INVITATION_KEYS).chmod(0o755)
    with pytest.raises(keys.Exposed):
        send_asked(NOON)
    Path(settings.INVITATION_KEYS).chmod(0o700)
    assert send_asked(NOON) == 1


def test_a_dossier_that_was_finished_too_long_ago_is_told_by_its_line(
    head: Client, office: Office
) -> None:
    sent(head, office, written(number(1)))
    Office.objects.filter(pk=office.pk).update(valid_to=far(TODAY, -1))
    assert send_asked(NOON) == 0
    assert lines(office) == [(2, "091…01", Failure.TOO_LATE)]


def test_what_was_sealed_under_keys_that_are_gone_is_told(
    head: Client, office: Office, settings: Settings
) -> None:
    sent(head, office, written(number(1), "ở nhà"))
    settings.SECRET_KEY = "x" * 50
    settings.SECRET_KEY_FALLBACKS = []
    settings.CONTACT_KEYS = []
    assert send_asked(NOON) == 0
    assert lines(office) == [(2, "…", Failure.UNREADABLE), (3, "", Failure.ADDRESS)]


def test_a_list_that_nobody_has_changes_nothing(head: Client, office: Office) -> None:
    for name in ("", "x", str(uuid4())):
        for step in ("retry", "end"):
            assert head.post(address(office), {"step": step, "list": name}).status_code == 302
    assert not Entry.objects.filter(action__startswith="invitations").exists()


def test_a_page_that_was_of_another_list_cannot_send_it_for_another_office(
    head: Client, office: Office
) -> None:
    form = filled(pasted(head, office, written(number(1))))
    head.post(address(office), {**form, "step": "send"})
    other = factories.office()
    assert mailing.start(Mailing.objects.get().key, other.pk, []) is False
    assert progress(other.pk) == []


def rows(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return str(
            [
                [bytes(v) if isinstance(v, memoryview) else v for v in row]
                for row in cursor.fetchall()
            ]
        )


def test_no_row_tells_a_contact_a_dossier_or_a_link(head: Client, office: Office) -> None:
    long = f"{'chi' * 20}@example.vn"
    sent(head, office, written(number(1), long, "ở nhà tổ 5, khóm 3"))
    sealed = MailingMessage.objects.values_list("sealed", flat=True)
    assert len({len(content) for content in sealed}) == 1
    text = rows("surveys_mailing") + rows("surveys_mailingmessage")
    for secret in ("912345601", "chichi", "ở nhà", code(1), code(2), "/m/"):
        assert secret not in text
        assert secret.encode().hex() not in text


def test_a_message_costs_a_known_number_of_statements(
    head: Client, office: Office, settings: Settings
) -> None:
    sent(head, office, written(*map(number, range(9))))
    settings.DIRECTORY_CHECK_SECONDS = 60
    with CaptureQueriesContext(connection) as few:
        _send_after(3)
    Line.taken.clear()
    with CaptureQueriesContext(connection) as many:
        _send_after(6)
    assert len(_said(many)) - len(_said(few)) == 3 * STATEMENTS, _said(few)


def _send_after(most: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("surveys.invitations.handing.MOST_IN_A_RUN", most)
        assert send_asked(NOON) == most


def _said(queries: CaptureQueriesContext) -> list[str]:
    begun = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [one["sql"] for one in queries if not one["sql"].startswith(begun)]
