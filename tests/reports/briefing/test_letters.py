"""The letter of the night, over a real mail server: once, to whoever asked, and to nobody else."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from email.message import Message
from smtplib import SMTPException
from uuid import uuid4

import pytest
from django.core.mail import get_connection
from django.core.signing import Signer
from pytest_django import Settings

from offices.models import Office, User
from reports.briefing import letters, subscribing
from reports.briefing.letters import Sent, send_letters
from reports.briefing.subscribing import end_by_token, subscribe, subscription_of, token_of
from reports.models import NightStep, Subscription
from reports.night import steps
from surveys.models import Remark
from tests import factories
from tests.mailbox import Post
from tests.reports.briefing.months import THROUGH, morning

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 9)


def trying(_name: str) -> AbstractContextManager[None]:
    return nullcontext()


def sent(day: date = DAY) -> Sent:
    return send_letters(day, lambda: None, trying)


def reader(office: Office, address: str = "lan@example.vn") -> User:
    """Somebody who holds the office and asked for the letter."""
    user = factories.official(office)
    user.email, user.first_name, user.last_name = address, "Lan", "Trần"
    user.save()
    subscribe(user)
    return user


def text_of(mail: Message) -> str:
    return str(mail.get_content())  # type: ignore[attr-defined]


def test_it_says_what_the_page_says(post: Post) -> None:
    with morning((90, 10), (60, 40), name="Trung tâm phường Tô Châu") as office:
        reader(office)
        assert sent() == Sent(handed=1)
    (mail,) = post.mails
    assert mail["To"] == "lan@example.vn"
    assert mail["Subject"] == "Trung tâm phường Tô Châu: 10/06/2026"
    body = text_of(mail)
    assert "Tháng 5/2026: 60,00 % hài lòng, 100 phiếu. Giảm 30,0 điểm" in body
    assert "Không có việc đến hạn." in body
    papers = f"http://testserver/bao-cao/co-quan/{office.slug}/bao-cao/"
    assert f"Báo cáo các kỳ đã khóa sổ: {papers}\n" in body.replace("\r", "")
    assert "40 trong 100 câu trả lời chưa hài lòng" in body
    assert "Hôm nay trên Hài Lòng: http://testserver/bao-cao/\n" in body.replace("\r", "")
    assert "Thư được gửi theo đăng ký; ngừng nhận tại: http://testserver/bao-cao/thu/" in body
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip(" <>") in body


def given_to(user: User, office: Office, due: date, **given: object) -> Remark:
    """A remark that is theirs to answer."""
    row = {"state": Remark.State.ASSIGNED, "released_on": date(2026, 6, 1), **given}
    return Remark.objects.create(
        office=office, response_id=uuid4(), day=date(2026, 4, 1), text="Thiếu ghế ngồi",
        due_on=due, assigned_to=user, **row,
    )  # fmt: skip


def test_one_letter_reminds_of_what_was_given_and_is_due_soon(post: Post) -> None:
    office = factories.office(name="Trung tâm phường Tô Châu")
    user, other = reader(office), factories.official(office)
    soon = given_to(user, office, date(2026, 6, 12))  # two working days on
    left = [
        given_to(user, office, date(2026, 6, 15)),
        given_to(other, office, date(2026, 6, 12)),
        given_to(user, office, date(2026, 6, 12), state=Remark.State.ANSWERED),
    ]
    assert sent() == Sent(handed=1)
    body = text_of(post.mails[0])
    assert "Góp ý giao cho Ông/Bà, sắp đến hạn:" in body
    assert "hạn 12/06/2026" in body
    assert str(soon.key) in body
    assert not [one for one in left if str(one.key) in body]
    assert "Thiếu ghế" not in body
    assert sent(date(2026, 6, 10)) == Sent(handed=1)
    assert str(soon.key) not in text_of(post.mails[1]), "once a remark"


def test_no_letter_speaks_of_remarks_that_its_reader_may_no_longer_see(post: Post) -> None:
    left, stays = factories.office(), factories.office()
    user = reader(left)
    gone = given_to(user, left, date(2026, 6, 12))
    user.memberships.all().delete()
    factories.official(stays, account=user)
    here = given_to(user, stays, date(2026, 6, 12))
    assert sent() == Sent(handed=1)
    body = text_of(post.mails[0])
    assert str(here.key) in body
    assert str(gone.key) not in body
    gone.refresh_from_db()
    assert gone.reminded_on is None


def test_a_letter_that_was_not_taken_reminds_the_next_time(post: Post) -> None:
    office = factories.office()
    soon = given_to(reader(office), office, date(2026, 6, 12))
    post.later = {"lan@example.vn"}
    with pytest.raises(SMTPException):
        sent()
    post.later = set()
    assert sent() == Sent(handed=1)
    assert str(soon.key) in text_of(post.mails[-1])


def test_the_night_writes_it_once_however_often_it_runs(post: Post) -> None:
    with morning((40, 10), (40, 10)) as office:
        user = reader(office)
        night = steps.close(THROUGH)
        steps.close(THROUGH)
        step = night.steps.get(name=NightStep.Name.LETTERS)
        assert step.state == NightStep.State.DONE
    assert len(post.mails) == 1
    found = subscription_of(user)
    assert found is not None
    assert (found.sent_for, found.returned) == (THROUGH, "")


def test_a_refused_address_keeps_back_nobody_and_is_shown(post: Post) -> None:
    office = factories.office()
    gone, here = reader(office, "gone@example.vn"), reader(office, "here@example.vn")
    post.refused = {"gone@example.vn"}
    assert sent() == Sent(handed=1, returned=1)
    assert [mail["To"] for mail in post.mails] == ["here@example.vn"]
    returned, taken = subscription_of(gone), subscription_of(here)
    assert returned is not None
    assert returned.returned == "550 no such person"
    assert taken is not None
    assert taken.returned == ""
    post.refused = set()
    assert sent(date(2026, 6, 10)) == Sent(handed=2)
    again = subscription_of(gone)
    assert again is not None
    assert again.returned == ""


def test_where_the_server_is_away_nobody_counts_as_written_to(settings: Settings) -> None:
    reader(factories.office())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(OSError, match="refused"):
        sent()
    assert Subscription.objects.get().sent_for is None


def test_a_server_that_goes_away_meanwhile_leaves_the_others_for_later(post: Post) -> None:
    office = factories.office()
    reader(office, "gone@example.vn")
    later = reader(office, "later@example.vn")
    post.refused = {"gone@example.vn"}  # after which the next letter opens another connection
    beats = iter((True, False))

    def away(*_given: object) -> None:
        raise ConnectionRefusedError("refused")

    with pytest.MonkeyPatch.context() as patch:

        def beat() -> None:
            if not next(beats):
                patch.setattr("smtplib.SMTP.connect", away)

        with pytest.raises(OSError, match="refused"):
            send_letters(DAY, beat, trying)
    left = subscription_of(later)
    assert left is not None
    assert (left.sent_for, left.returned) == (None, "")
    assert sent() == Sent(handed=1)


def test_an_old_night_that_runs_again_writes_to_nobody(post: Post) -> None:
    with morning((40, 10), (40, 10)) as office:
        reader(office)
        steps.close(date(2026, 6, 8))
        assert post.mails == []


def test_an_account_that_is_closed_meanwhile_gets_none(post: Post) -> None:
    user = reader(factories.office())

    def beat() -> None:
        User.objects.filter(pk=user.pk).update(is_active=False)

    assert send_letters(DAY, beat, trying) == Sent()
    assert post.mails == []


def test_nobody_else_is_written_to(post: Post) -> None:
    office = factories.office()
    factories.official(office)  # did not ask
    left = reader(office, "left@example.vn")
    left.is_active = False
    left.save()
    reader(office, "")
    moved = reader(office, "moved@example.vn")
    moved.memberships.all().delete()
    ended = reader(office, "ended@example.vn")
    subscribing.unsubscribe(ended)
    assert sent() == Sent()
    assert post.mails == []


def test_one_letter_that_cannot_be_written_keeps_back_no_other(post: Post) -> None:
    office = factories.office()
    reader(office, "no address at all\nBcc: x@example.vn")
    reader(office, "here@example.vn")
    failed: list[str] = []

    class Trying:
        def __init__(self, name: str) -> None:
            self.name = name

        def __enter__(self) -> None: ...

        def __exit__(self, _kind: object, error: object, _trace: object) -> bool:
            failed.extend([self.name] if error else [])
            return True

    assert send_letters(DAY, lambda: None, Trying) == Sent(handed=1)
    assert len(failed) == 1
    assert [mail["To"] for mail in post.mails] == ["here@example.vn"]


def test_a_name_with_a_line_break_adds_no_header(post: Post) -> None:
    reader(factories.office(name="Trung tâm\nBcc: x@example.vn"))
    assert sent() == Sent(handed=1)
    assert post.mails[0]["Bcc"] is None


def test_the_link_ends_this_subscription_and_no_other(post: Post) -> None:
    office = factories.office()
    user, other = reader(office), reader(office, "minh@example.vn")
    mine = subscription_of(user)
    assert mine is not None
    token = token_of(mine)
    assert not end_by_token(f"{token}x")
    assert not end_by_token(Signer(salt="other").sign_object(mine.pk))
    assert end_by_token(token)
    assert subscription_of(user) is None
    assert subscription_of(other) is not None
    assert end_by_token(token), "opened again it says the same"
    subscribe(user)
    assert end_by_token(token)
    assert subscription_of(user) is not None, "a later one has a link of its own"
    assert post.mails == []


def test_asking_twice_is_asking_once() -> None:
    user = factories.official(factories.office())
    subscribe(user)
    subscribe(user)
    assert Subscription.objects.count() == 1


def test_what_a_server_takes_later_is_written_when_the_step_runs_again(post: Post) -> None:
    office = factories.office()
    grey, here = reader(office, "grey@example.vn"), reader(office, "here@example.vn")
    post.later = {"grey@example.vn"}
    with pytest.raises(SMTPException):
        sent()
    found = subscription_of(grey)
    assert found is not None
    assert (found.sent_for, found.returned) == (None, "451 come again")
    post.later = set()
    assert sent() == Sent(handed=2)
    assert sorted(mail["To"] for mail in post.mails) == ["grey@example.vn", "here@example.vn"]
    found = subscription_of(grey)
    assert found is not None
    assert (found.sent_for, found.returned) == (DAY, "")
    assert subscription_of(here) is not None


def test_of_two_workers_that_chose_the_same_letter_one_writes_it(post: Post) -> None:
    """Both have read that it is still to be written; the row says who began."""
    reader(factories.office())
    key, told = Subscription.objects.get().pk, Sent()
    connection = get_connection()
    for _worker in range(2):
        letters._send(key, DAY, connection, told)
    assert told == Sent(handed=1)
    assert len(post.mails) == 1
