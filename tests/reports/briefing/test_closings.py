"""Mail when a period of a place closes, over a real mail server: once, and what the page shows."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from smtplib import SMTPException

import pytest
from django.utils import timezone

from offices.models import Membership, Office, User
from reports.briefing.letters import Sent, send_letters
from reports.briefing.subscribing import (
    closings_token,
    end_by_token,
    follow,
    follows,
    post_of,
    subscribe,
    subscription_of,
    token_of,
    unfollow,
    unsubscribe,
)
from reports.models import Following, Release, Score, Subscription, ToldClosing
from reports.night import steps
from tests import factories
from tests.mailbox import Post
from tests.reports.briefing.months import THROUGH, morning

pytestmark = pytest.mark.django_db
NEXT, LATER = date(2026, 6, 10), date(2026, 6, 11)


def trying(_name: str) -> AbstractContextManager[None]:
    return nullcontext()


def sent(day: date = NEXT) -> Sent:
    return send_letters(day, lambda: None, trying)


def reader(place: Office, address: str = "lan@example.vn") -> User:
    """Somebody who holds an office."""
    user = factories.official(place)
    User.objects.filter(pk=user.pk).update(email=address, first_name="Lan")
    user.refresh_from_db()
    return user


def asks(*addresses: str, nightly: bool = False) -> Callable[[Office], None]:
    """Before the first night these ask for the office's closed periods."""

    def ask(office: Office) -> None:
        for address in addresses or ("lan@example.vn",):
            user = reader(office, address)
            follow(user, office)
            if nightly:
                subscribe(user)

    return ask


def body_of(post: Post, place: int = -1) -> str:
    said = str(post.mails[place].get_content())  # type: ignore[attr-defined]
    return said.replace("\r", "").replace("\N{NO-BREAK SPACE}", " ")


def test_closed_months_are_told_once_in_one_mail_with_figure_and_links(post: Post) -> None:
    with morning((90, 10), (60, 40), before=asks()) as office:
        (mail,) = post.mails
        assert mail["Subject"] == "Tin khóa sổ ngày 10/06/2026"
        body = body_of(post)
        assert "phường Tô Châu: đã khóa sổ tháng 4/2026" in body
        assert "phường Tô Châu: đã khóa sổ tháng 5/2026\nTháng 5/2026: 60,00 % hài" in body
        assert "Giảm 30,0 điểm so với tháng 4/2026" in body
        assert "\nKhoảng tin cậy 95 %: từ " in body
        page = f"http://testserver/bao-cao/co-quan/{office.slug}"
        assert f"{page}/?ky=month&tu=2026-05-01\n" in body
        assert f"(PDF, cần đăng nhập): {page}/bao-cao.pdf?ky=month&tu=2026-05-01\n" in body
        assert f"(XLSX, cần đăng nhập): {page}/bao-cao.xlsx?ky=month&tu=2026-05-01\n" in body
        assert not mail.is_multipart()
        steps.close(THROUGH)
        assert sent() == Sent()
    assert len(post.mails) == 1


def test_with_the_letter_of_the_night_they_are_one_mail(post: Post) -> None:
    with morning((90, 10), (60, 40), before=asks(nightly=True)):
        assert len(post.mails) == 1
        assert "đã khóa sổ tháng 5/2026" in body_of(post)
        assert "Không có việc đến hạn." in body_of(post)
        assert sent() == Sent(handed=1)
    assert "đã khóa sổ tháng" not in body_of(post)


def test_what_closed_before_they_asked_is_not_told(post: Post) -> None:
    with morning((90, 10), (60, 40)) as office:
        follow(reader(office), office)
        assert sent() == Sent()
        Following.objects.update(through=date(2026, 5, 20))  # April was closed, May was not
        assert sent(LATER) == Sent(handed=1)
    assert "khóa sổ tháng 5/2026" in body_of(post)
    assert "khóa sổ tháng 4/2026" not in body_of(post)


def test_what_is_withheld_stays_withheld(post: Post) -> None:
    with morning((90, 10), (4, 2), before=asks()):
        body = body_of(post)
    may = body.partition("đã khóa sổ tháng 5/2026\n")[2].partition("\n\n")[0]
    assert "tháng 5/2026" in may
    assert "%" not in may
    assert "6 phiếu" not in may
    assert "bao-cao.pdf" not in may


def test_a_clerk_is_led_to_no_file(post: Post) -> None:
    def ask(office: Office) -> None:
        user = factories.official(
            office, Membership.Role.CLERK, account=factories.user(email="a@example.vn")
        )
        follow(user, office)

    with morning((90, 10), (60, 40), before=ask):
        assert "60,00 %" in body_of(post)
        assert "bao-cao.pdf" not in body_of(post)


def test_whoever_lost_the_role_is_told_nothing_and_nothing_is_made_up_for(post: Post) -> None:
    def ask(office: Office) -> None:
        user = reader(office)
        follow(user, office)
        user.memberships.all().delete()
        factories.official(factories.office(), account=user)

    with morning((90, 10), (60, 40), before=ask) as office:
        assert post.mails == []
        user = User.objects.get(email="lan@example.vn")
        assert follows(user, office)
        factories.official(office, account=user)
        assert sent() == Sent()
        Score.objects.filter(period="month").update(satisfied=1)
    assert not ToldClosing.objects.exists()


def test_a_province_is_told_of_its_own_months(post: Post) -> None:
    def ask(office: Office) -> None:
        province = office.unit.province
        user = factories.official(province, account=factories.user(email="so@example.vn"))
        follow(user, province)

    with morning((90, 10), (60, 40), before=ask) as office:
        province = office.unit.province
        body = body_of(post)
    assert f"{province.full_name}: đã khóa sổ tháng 5/2026" in body
    assert f"http://testserver/bao-cao/don-vi/{province.pk}/bao-cao.pdf?ky=month" in body


def test_another_figure_is_told_as_revised_and_none_as_withdrawn(post: Post) -> None:
    with morning((90, 10), (60, 40), before=asks()) as office:
        may = Score.objects.filter(office=office, period="month", start=date(2026, 5, 1))
        may.update(satisfied=150)
        assert sent() == Sent(handed=1)
        body = body_of(post)
        assert "số liệu tháng 5/2026 đã được sửa đổi\nTháng 5/2026: 50,00 %" in body
        assert "tháng 4/2026 đã" not in body
        may.update(people=3, answered=3, satisfied=1)
        assert sent(LATER) == Sent(handed=1)
        body = body_of(post)
        assert "số liệu tháng 5/2026 đã được rút lại" in body
        assert "%" not in body.partition("rút lại")[2].partition("\n\n")[0]
        assert sent(date(2026, 6, 12)) == Sent()


def released(place: Office, number: int, revises: Release | None = None) -> Release:
    """A release of May in the office's province."""
    return Release.objects.create(
        slug=f"thang-5-{number}", unit=place.unit.province, period="month",
        start=date(2026, 5, 1), revision=number, revises=revises, reason="Phiếu gửi muộn",
        made_at=timezone.now(), policy={}, method="x", software="x", instruments={},
        data_hash="", figures_hash="", people=0, simulated=False,
    )  # fmt: skip


def test_a_revised_release_is_told_once_to_whoever_may_see_it(post: Post) -> None:
    def ask(office: Office) -> None:
        asks()(office)
        user = factories.official(
            office.unit.province, account=factories.user(email="so@example.vn")
        )
        follow(user, office)

    with morning((90, 10), (60, 40), before=ask) as office:
        assert len(post.mails) == 2
        first = released(office, 1)
        assert sent() == Sent()
        released(office, 2, first)
        assert sent() == Sent(), "this night was over for them: it is told with the next"
        assert sent(LATER) == Sent(handed=1)
        assert post.mails[-1]["To"] == "so@example.vn"
        assert "số liệu tháng 5/2026 đã được sửa đổi" in body_of(post)
        assert "http://testserver/bao-cao/cong-bo/thang-5-2/" in body_of(post)
        assert sent(date(2026, 6, 12)) == Sent()


def test_a_refused_address_keeps_back_nobody_and_one_not_taken_is_told_later(post: Post) -> None:
    def ask(office: Office) -> None:
        asks("gone@example.vn", "grey@example.vn", "here@example.vn")(office)
        post.refused, post.later = {"gone@example.vn"}, {"grey@example.vn"}

    with pytest.raises(ExceptionGroup), morning((90, 10), (60, 40), before=ask):
        pass
    users = {user.email: user for user in User.objects.exclude(email="")}
    gone = post_of(users["gone@example.vn"])
    assert gone is not None
    assert gone.returned == "550 no such person"
    # both are told when their server takes mail again
    for name in ("grey", "gone"):
        assert not ToldClosing.objects.filter(following__user=users[f"{name}@example.vn"]).exists()


def test_what_closes_while_an_account_is_closed_is_not_made_up_for(post: Post) -> None:
    with morning((90, 10), (60, 40)) as office:
        user = reader(office)
        follow(user, office)
        Following.objects.update(through=None)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert sent() == Sent()
        User.objects.filter(pk=user.pk).update(is_active=True)
        assert sent(LATER) == Sent()
    assert post.mails == []


def test_a_worker_that_dies_before_it_sends_tells_at_most_once(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_given: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with morning((90, 10), (60, 40)) as office:
        follow(reader(office), office)
        Following.objects.update(through=None)
        with monkeypatch.context() as patch:
            patch.setattr("smtplib.SMTP.sendmail", dies)
            with pytest.raises(KeyboardInterrupt):
                sent()
        assert sent() == Sent()
        assert sent(LATER) == Sent()
    assert post.mails == []


def test_what_a_server_takes_later_is_told_then_as_before(post: Post) -> None:
    with morning((90, 10), (60, 40), before=asks()) as office:
        Score.objects.filter(office=office, period="month").update(satisfied=150)
        post.later = {"lan@example.vn"}
        with pytest.raises(SMTPException):
            sent()
        post.later = set()
        assert sent() == Sent(handed=1)
        assert "tháng 5/2026 đã được sửa đổi" in body_of(post)


def test_links_end_what_they_name_and_nothing_asked_for_later() -> None:
    first, second = factories.office(), factories.office()
    user = factories.official(first)
    factories.official(second, account=user)
    follow(user, first)
    subscribe(user)
    old = subscription_of(user)
    assert old is not None
    letter, places, both = token_of(old), closings_token(user), closings_token(user, old)
    assert end_by_token(letter)
    assert subscription_of(user) is None
    assert follows(user, first), "an old link ends the letter alone"
    subscribe(user)
    assert end_by_token(letter)
    assert end_by_token(both)
    assert subscription_of(user) is not None, "a later one has a link of its own"
    assert not follows(user, first)
    follow(user, second)
    assert end_by_token(places)
    assert follows(user, second)
    newest = subscription_of(user)
    assert newest is not None
    assert end_by_token(closings_token(user, newest))
    assert not Subscription.objects.exists()
    assert not Following.objects.exists()


def test_the_mail_of_one_night_is_remembered_while_something_is_asked_for(post: Post) -> None:
    """Asking for the letter after a mail about closings of the same night brings no second one."""
    with morning((90, 10), (60, 40), before=asks()) as office:
        user = User.objects.get(email="lan@example.vn")
        subscribe(user)
        assert sent(THROUGH) == Sent()
        unsubscribe(user)
        subscribe(user)
        assert sent(THROUGH) == Sent()
        unsubscribe(user)
        unfollow(user, office)
    assert not Subscription.objects.exists()
