"""Reminders, over a real mail server: once an office a week, to its heads, and to nobody else."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from audit.models import Entry
from offices.models import AdministrativeUnit, DossierCount, Membership, Office, User
from offices.rights import Role
from reports.briefing import reminding
from reports.briefing.letters import Sent
from reports.briefing.reminding import Asked, ask, heads_of, send_reminders
from reports.counting.periods import span_of
from reports.models import Period, Reminder
from reports.night import steps
from surveys.models import Instrument, Mark
from tests import factories
from tests.mailbox import Post
from tests.reports.briefing.test_letters import text_of

pytestmark = pytest.mark.django_db
State = Reminder.State
TODAY = date(2026, 6, 11)
JUNE = span_of(Period.MONTH, TODAY)


@pytest.fixture
def questionnaire() -> Instrument:
    return factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def province(questionnaire: Instrument) -> AdministrativeUnit:
    return factories.province("An Giang")


def office_in(province: AdministrativeUnit, name: str = "Trung tâm phường Tô Châu") -> Office:
    return factories.office(factories.unit(parent=province), name=name)


def head(office: Office, address: str, role: Role = Role.OFFICE_HEAD) -> User:
    return factories.official(
        office, role, account=factories.user(email=address, first_name="Lan", last_name="Trần")
    )


def asked(province: AdministrativeUnit, *offices: Office) -> Asked:
    by = factories.official(province, account=factories.user(first_name="Bình", last_name="Lê"))
    questionnaire = Instrument.objects.get()
    return ask(by, province, [one.pk for one in offices], JUNE, questionnaire.pk)


def states() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("state", flat=True))


def test_a_head_reads_what_is_missing_and_where(post: Post, province: AdministrativeUnit) -> None:
    office = office_in(province)
    factories.rhythm(office)
    with time_machine.travel(factories.at(TODAY), tick=True):
        factories.answered(office, [bytes([5, 4, 1])] * 40, day=date(2026, 6, 2))
        Mark.objects.create(office=office, day=date(2026, 6, 2))
        steps.close(date(2026, 6, 2))
        factories.answered(office, [bytes([5, 4, 1])] * 17, day=date(2026, 6, 9))
        Mark.objects.create(office=office, day=date(2026, 6, 9))
        steps.close(date(2026, 6, 10))
        DossierCount.objects.create(office=office, day=date(2026, 6, 10), finished=400)
        head(office, "lan@example.vn")
        assert asked(province, office) == Asked(1, 1)
        assert send_reminders() == Sent(handed=1)
    (mail,) = post.mails
    assert mail["To"] == "lan@example.vn"
    assert mail["Subject"].strip() == "Trung tâm phường Tô Châu: còn thiếu phiếu tháng 6/2026"
    body = text_of(mail).replace("\r", "")
    assert "Thu phiếu tại Trung tâm phường Tô Châu, tháng 6/2026:" in body
    assert "- Đã có 40 phiếu; chỉ tiêu là 294." in body, "17 are held back"
    assert "- Cần ~19 phiếu mỗi ngày làm việc để đạt trước 30/06/2026." in body
    assert "- Theo nhịp hiện nay, khoảng 110 phiếu đến 30/06/2026: thiếu." in body
    assert f"http://testserver/bao-cao/co-quan/{office.slug}/tien-do/?ky=month" in body
    assert "Lê Bình (Tỉnh An Giang) yêu cầu" in body or "Bình Lê (Tỉnh An Giang) yêu cầu" in body
    assert states() == [State.SENT]


def test_only_heads_with_an_open_account_and_an_address_are_written_to(
    province: AdministrativeUnit,
) -> None:
    office = office_in(province)
    lan = head(office, "lan@example.vn")
    head(office, "")
    head(office, "clerk@example.vn", Role.CLERK)
    gone = head(office, "gone@example.vn")
    gone.is_active = False
    gone.save()
    assert heads_of([office.pk, office_in(province).pk]) == {office.pk: [lan]}


def test_none_for_one_office_twice_within_a_week(province: AdministrativeUnit) -> None:
    first, second = office_in(province), office_in(province)
    for number, office in enumerate((first, second)):
        head(office, f"h{number}@example.vn")
    with time_machine.travel(factories.at(TODAY), tick=False):
        assert asked(province, first) == Asked(1, 1)
    with time_machine.travel(factories.at(TODAY + timedelta(days=6)), tick=False):
        assert asked(province, first, second) == Asked(1, 1)
        assert asked(province, first, second) == Asked(0, 0)
    with time_machine.travel(factories.at(TODAY + timedelta(days=8)), tick=False):
        assert asked(province, first, second) == Asked(1, 1), "the first one again"
    assert Reminder.objects.filter(office=first).count() == 2
    entries = Entry.objects.filter(action="reminders.asked").order_by("pk")
    assert [entry.details["offices"] for entry in entries] == [1, 1, 1], "none for nothing"
    assert entries[0].unit_id == province.pk


def test_a_refused_address_keeps_back_nobody(post: Post, province: AdministrativeUnit) -> None:
    office = office_in(province)
    head(office, "gone@example.vn")
    head(office, "here@example.vn")
    post.refused.add("gone@example.vn")
    assert asked(province, office) == Asked(1, 2)
    assert send_reminders() == Sent(handed=1, returned=1)
    assert [mail["To"] for mail in post.mails] == ["here@example.vn"]
    assert states() == [State.RETURNED, State.SENT]
    assert Reminder.objects.order_by("pk")[0].returned == "550 no such person"
    assert send_reminders() == Sent()
    assert len(post.mails) == 1


def test_a_server_that_takes_nothing_now_is_asked_again_for_a_day(
    post: Post, province: AdministrativeUnit
) -> None:
    office = office_in(province)
    head(office, "lan@example.vn")
    post.later.add("lan@example.vn")
    asked(province, office)
    assert send_reminders() == Sent()
    assert states() == [State.ASKED]
    assert send_reminders(timezone.now() + timedelta(days=2)) == Sent(returned=1)
    assert states() == [State.RETURNED]


def test_a_full_mailbox_keeps_back_nobody_and_comes_last_the_next_time(
    post: Post, province: AdministrativeUnit
) -> None:
    office, other = office_in(province), office_in(province)
    head(office, "full@example.vn")
    head(office, "here@example.vn")
    post.later.add("full@example.vn")
    assert asked(province, office) == Asked(1, 2)
    assert send_reminders() == Sent(handed=1)
    assert states() == [State.ASKED, State.SENT]
    post.later.clear()
    head(other, "new@example.vn")
    asked(province, other)
    assert send_reminders() == Sent(handed=2)
    assert [mail["To"] for mail in post.mails] == [
        "here@example.vn",
        "new@example.vn",
        "full@example.vn",
    ]


def test_a_connection_that_drops_ends_the_run_and_is_tried_again(
    post: Post, province: AdministrativeUnit
) -> None:
    office = office_in(province)
    head(office, "dropped@example.vn")
    head(office, "here@example.vn")
    post.dropped.add("dropped@example.vn")
    asked(province, office)
    assert send_reminders() == Sent()
    assert states() == [State.ASKED, State.ASKED]
    assert not post.mails
    assert send_reminders() == Sent(handed=1), "the other one first"
    assert states() == [State.ASKED, State.SENT]
    assert send_reminders(timezone.now() + timedelta(days=2)) == Sent(returned=1)


def test_an_office_whose_mail_came_back_may_be_reminded_at_once(
    post: Post, province: AdministrativeUnit
) -> None:
    office = office_in(province)
    lan = head(office, "gone@example.vn")
    post.refused.add("gone@example.vn")
    assert asked(province, office) == Asked(1, 1)
    assert asked(province, office) == Asked(0, 0), "it is on its way"
    send_reminders()
    lan.email = "lan@example.vn"
    lan.save()
    assert asked(province, office) == Asked(1, 1)
    assert send_reminders() == Sent(handed=1)
    assert asked(province, office) == Asked(0, 0)


def test_without_a_server_everything_waits(
    settings: Settings, province: AdministrativeUnit
) -> None:
    office = office_in(province)
    head(office, "lan@example.vn")
    asked(province, office)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert send_reminders() == Sent()
    assert states() == [State.ASKED]


def test_whoever_heads_it_no_more_reads_nothing(post: Post, province: AdministrativeUnit) -> None:
    office = office_in(province)
    lan = head(office, "lan@example.vn")
    asked(province, office)
    Membership.objects.filter(user=lan).delete()
    assert send_reminders() == Sent(returned=1)
    assert not post.mails


def test_of_two_workers_one_sends(post: Post, province: AdministrativeUnit) -> None:
    office = office_in(province)
    head(office, "lan@example.vn")
    asked(province, office)
    assert reminding._take() is not None
    assert reminding._take() is None
    assert send_reminders() == Sent(), "what died while it was handed over is not sent again"
    assert states() == [State.TAKEN]
    assert not post.mails
