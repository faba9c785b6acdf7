"""Thu phiếu: what is missing first, where it comes from, and having the heads reminded."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from offices.models import (
    AdministrativeUnit,
    DossierChange,
    DossierCount,
    DossierSource,
    Membership,
    Office,
    User,
)
from offices.rights import Role
from officials.figures.devices import collected_through
from reports.briefing.reminding import send_reminders
from reports.counting.periods import span_of
from reports.models import Batch, OfficeRhythm, Period, Reminder
from reports.night import steps
from surveys.models import Evidence, EvidenceCount, InvitationCount, Mark
from tests import factories
from tests.mailbox import Post
from tests.officials.figures.test_progress_page import lines, office_text, text_of, unit_text
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 11)  # a Thursday; eight working days of June are over
MONTH = {"ky": "month", "tu": "2026-06-01"}
ANSWER = bytes([5, 4, 1])


@pytest.fixture(autouse=True)
def _morning() -> object:
    with time_machine.travel(factories.at(TODAY), tick=True):
        yield


@pytest.fixture
def province() -> AdministrativeUnit:
    factories.instrument({"A": 2, "B": 1})
    return factories.province("An Giang")


def collecting(province: AdministrativeUnit, people: int, name: str, dossiers: int = 400) -> Office:
    """An office in June: so many people are shown, ten more are held back."""
    office = factories.office(
        factories.unit(parent=province),
        name=f"Trung tâm Phục vụ hành chính công {name}",
        valid_from=date(2026, 6, 1),
    )
    factories.rhythm(office)
    if people:
        answered(office, people, date(2026, 6, 2))
    if dossiers:
        DossierCount.objects.create(
            office=office, day=date(2026, 6, 10), finished=dossiers, source=DossierSource.PORTAL
        )
    return office


def answered(office: Office, people: int, day: date) -> None:
    factories.answered(office, [ANSWER] * people, day=day)
    Mark.objects.create(office=office, day=day)


def closed() -> None:
    """Two nights; ten more people of a later day are held back, so that the first are shown."""
    first, second = date(2026, 6, 2), date(2026, 6, 9)
    steps.close(first)
    for office in Office.objects.filter(pk__in=Batch.objects.filter(day=first).values("office")):
        answered(office, 10, second)
    steps.close(date(2026, 6, 10))


def head_of(office: Office, address: str) -> User:
    account = factories.user(email=address, first_name="Lan", last_name="Trần")
    return factories.official(office, Role.OFFICE_HEAD, account=account)


def officer_of(place: AdministrativeUnit, role: Role = Role.PROVINCIAL_OFFICER) -> Client:
    return client_of(factories.official(place, role))


def three(province: AdministrativeUnit) -> tuple[Office, Office, Office]:
    enough = collecting(province, 120, "phường Hà Tiên")
    short = collecting(province, 40, "phường Tô Châu")
    unknown = collecting(province, 40, "xã Tiên Hải", dossiers=0)
    closed()
    return enough, short, unknown


def names(html: str) -> list[str]:
    return list(lines(html))[:-1]


def test_what_is_missing_most_stands_first_with_what_is_needed_and_expected(
    province: AdministrativeUnit,
) -> None:
    three(province)
    html = unit_text(officer_of(province), province, **MONTH)
    rows = lines(html)
    assert names(html) == ["Phường Tô Châu", "Phường Hà Tiên", "Xã Tiên Hải"]
    assert rows["Phường Tô Châu"][:4] == ["40 / 294", "254", "~19", "khoảng 110 · thiếu"]
    assert rows["Phường Hà Tiên"][:4] == ["120 / 294", "174", "~13", "khoảng 330 · đủ"]
    assert rows["Xã Tiên Hải"] == ["40 / –", "–", "–", "khoảng 110 · chưa rõ", "chưa có"]
    assert "2 trong 3 nơi còn thiếu phiếu" in html
    assert "1 nơi sẽ không đủ khi hết kỳ" in html
    heading = re.search(r'id="lines-title">([^<]*)<', html)
    assert heading
    assert heading[1] == "Trung tâm Phục vụ hành chính công cấp xã"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("ten", ["Phường Hà Tiên", "Phường Tô Châu", "Xã Tiên Hải"]),
        ("phieu", ["Phường Hà Tiên", "Phường Tô Châu", "Xã Tiên Hải"]),
        ("can", ["Phường Tô Châu", "Phường Hà Tiên", "Xã Tiên Hải"]),
        ("du-bao", ["Phường Tô Châu", "Xã Tiên Hải", "Phường Hà Tiên"]),
        ("khong-co", ["Phường Tô Châu", "Phường Hà Tiên", "Xã Tiên Hải"]),
    ],
)
def test_the_address_sorts(province: AdministrativeUnit, order: str, expected: list[str]) -> None:
    three(province)
    assert names(unit_text(officer_of(province), province, **MONTH, xep=order)) == expected


def test_the_address_filters_without_diacritics(province: AdministrativeUnit) -> None:
    three(province)
    client = officer_of(province)
    assert names(unit_text(client, province, **MONTH, tim="ha tien")) == ["Phường Hà Tiên"]
    found = names(unit_text(client, province, **MONTH, thieu="1"))
    assert found == ["Phường Tô Châu", "Phường Hà Tiên"]
    assert "Không tìm thấy nơi nào" in unit_text(client, province, **MONTH, tim="khong")


def test_fifty_stand_on_a_page(province: AdministrativeUnit) -> None:
    for number in range(52):
        collecting(province, 0, f"xã Số {number}", dossiers=100)
    closed()
    client = officer_of(province)
    first = unit_text(client, province, xep="ten", **MONTH)
    assert len(names(first)) == 50
    assert "trang=2" in first
    assert names(unit_text(client, province, xep="ten", trang="2", **MONTH)) == [
        "Xã Số 50",
        "Xã Số 51",
    ]
    assert len(first) < 100_000


def test_who_told_the_dossiers_stands_beside_them(province: AdministrativeUnit) -> None:
    office = collecting(province, 40, "phường Tô Châu")
    closed()
    row = lines(unit_text(officer_of(province), province, **MONTH))["Phường Tô Châu"]
    assert "cổng" in row[4].lower()
    change = DossierChange.objects.get(office=office)
    assert f"{timezone.localtime(change.at):%d/%m/%Y}" in row[4]
    ledger = reverse("officials:dossier_changes", args=[office.slug])
    assert ledger in unit_text(officer_of(province), province, **MONTH)
    assert ledger not in unit_text(officer_of(province, Role.ANALYST), province, **MONTH)


def test_the_sum_of_targets_is_that_of_the_rows_or_not_known(
    province: AdministrativeUnit,
) -> None:
    collecting(province, 120, "phường Hà Tiên")
    collecting(province, 40, "phường Tô Châu")
    closed()
    client = officer_of(province)
    assert lines(unit_text(client, province, **MONTH))["Tổng cộng"][0] == "160 / 588"
    collecting(province, 0, "xã Tiên Hải", dossiers=0)
    assert lines(unit_text(client, province, **MONTH))["Tổng cộng"][0] == "160 / –"


def test_a_province_of_which_an_office_lacks_its_dossiers_has_no_target_and_no_outlook(
    province: AdministrativeUnit,
) -> None:
    collecting(province, 120, "phường Hà Tiên")
    closed()
    country = factories.country()
    client = officer_of(country, Role.COUNTRY_OFFICER)
    row = lines(unit_text(client, country, **MONTH))["Tỉnh An Giang"]
    assert row[:4] == ["120 / 294", "174", "~13", "khoảng 330 · đủ"]
    collecting(province, 0, "xã Tiên Hải", dossiers=0)
    html = unit_text(client, country, **MONTH)
    row = lines(html)["Tỉnh An Giang"]
    assert row[:4] == ["120 / –", "–", "–", "khoảng 330 · chưa rõ"]
    assert "tỷ lệ trả lời" not in row[4]
    assert lines(html)["Tổng cộng"][0] == "120 / –"


def test_of_a_province_whose_offices_show_forms_at_different_times_nothing_is_forecast(
    province: AdministrativeUnit,
) -> None:
    collecting(province, 120, "phường Hà Tiên")
    other = collecting(province, 40, "phường Tô Châu")
    closed()
    country = factories.country()
    client = officer_of(country, Role.COUNTRY_OFFICER)
    assert "khoảng 440" in lines(unit_text(client, country, **MONTH))["Tỉnh An Giang"][3]
    OfficeRhythm.objects.filter(office=other).update(turn="week")
    assert lines(unit_text(client, country, **MONTH))["Tỉnh An Giang"][3] == "chưa rõ"


def test_a_new_office_is_unclear_in_the_list_as_in_its_letter(province: AdministrativeUnit) -> None:
    office = collecting(province, 0, "phường Hà Tiên")
    Office.objects.filter(pk=office.pk).update(valid_from=date(2026, 5, 4))
    steps.close(date(2026, 6, 10))
    rows = lines(unit_text(officer_of(province), province, **MONTH))
    assert rows["Phường Hà Tiên"][3] == "chưa rõ"
    html = office_text(client_of(head_of(office, "")), office, **MONTH)
    assert "chưa rõ" in text_of(html)


def test_statements_do_not_grow_with_the_offices(province: AdministrativeUnit) -> None:
    client = officer_of(province)
    counts = []
    for _nth in range(2):
        for _ in range(3):
            number = Office.objects.count()
            head_of(collecting(province, 20, f"xã {number}"), f"h{number}@example.vn")
        closed()
        unit_text(client, province, **MONTH)
        with CaptureQueriesContext(connection) as captured:
            unit_text(client, province, **MONTH)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- reminding ---------------------------------------------------------------------------------


def press(client: Client, province: AdministrativeUnit) -> str:
    address = reverse("officials:remind", args=[province.pk])
    page = client.post(address, {**MONTH, "ban-do": "today"}, follow=True)
    assert page.status_code == 200
    return page.content.decode()


def test_one_press_reminds_those_that_will_not_have_enough(
    post: Post, province: AdministrativeUnit
) -> None:
    enough, short, unknown = three(province)
    for number, office in enumerate((enough, short, unknown)):
        head_of(office, f"h{number}@example.vn")
    client = officer_of(province)
    assert "Nhắc 1 nơi" in unit_text(client, province, **MONTH)
    html = press(client, province)
    assert "Người đứng đầu 1 nơi sẽ nhận thư" in html
    assert "Đã nhắc trong tuần qua: 1 nơi" in html
    assert "Nhắc 1 nơi" not in html
    send_reminders()
    assert [mail["To"] for mail in post.mails] == ["h1@example.vn"]
    assert "Hiện không có nơi nào cần gửi thư" in press(client, province)
    assert Reminder.objects.count() == 1


def test_a_bad_address_and_a_missing_one_are_shown(
    post: Post, province: AdministrativeUnit
) -> None:
    short = collecting(province, 40, "phường Tô Châu")
    collecting(province, 40, "xã Tiên Hải")
    closed()
    head_of(short, "gone@example.vn")
    post.refused.add("gone@example.vn")
    client = officer_of(province)
    assert "Chưa có địa chỉ thư của người đứng đầu tại 1 nơi: Xã Tiên Hải." in text_of(
        press(client, province)
    )
    send_reminders()
    html = unit_text(client, province, **MONTH)
    assert "gửi Lan Trần không gửi được" in html or "gửi Trần Lan không gửi được" in html
    assert "550 no such person" in html


def test_who_may_set_targets_may_remind_and_nobody_else(province: AdministrativeUnit) -> None:
    short = collecting(province, 40, "phường Tô Châu")
    closed()
    head = head_of(short, "lan@example.vn")
    address = reverse("officials:remind", args=[province.pk])
    for role in (Role.ANALYST, Role.AUDITOR):
        client = officer_of(province, role)
        assert "Nhắc 1 nơi" not in unit_text(client, province, **MONTH)
        assert client.post(address, MONTH).status_code == 403
    assert client_of(head).post(address, MONTH).status_code == 404
    country = officer_of(factories.country(), Role.COUNTRY_OFFICER)
    away = reverse("officials:remind", args=[factories.country().pk])
    assert country.post(away, MONTH).status_code == 404
    assert not Reminder.objects.exists()


def test_of_a_closed_period_nobody_is_reminded(province: AdministrativeUnit) -> None:
    office = collecting(province, 40, "phường Tô Châu")
    head_of(office, "lan@example.vn")
    closed()
    may = {"ky": "month", "tu": "2026-05-01"}
    client = officer_of(province)
    assert "Nhắc" not in unit_text(client, province, **may).split("</h2>")[1].split("<form")[0]
    client.post(reverse("officials:remind", args=[province.pk]), may)
    assert not Reminder.objects.exists()


def test_without_mail_it_is_said(province: AdministrativeUnit, settings: Settings) -> None:
    office = collecting(province, 40, "phường Tô Châu")
    head_of(office, "lan@example.vn")
    closed()
    settings.SECURE, settings.EMAIL_HOST = True, ""
    client = officer_of(province)
    html = unit_text(client, province, **MONTH)
    assert "chưa cài đặt thư điện tử" in html
    press(client, province)
    assert not Reminder.objects.exists()


# --- one office --------------------------------------------------------------------------------


def test_an_office_reads_what_it_needs_a_day(province: AdministrativeUnit) -> None:
    office = collecting(province, 40, "phường Tô Châu")
    closed()
    html = office_text(client_of(head_of(office, "")), office, **MONTH)
    assert "40 / 294" in text_of(html)
    assert "Cần ~19 phiếu mỗi ngày làm việc để đạt trước 30/06/2026. Còn 14 ngày làm việc." in html
    assert "khoảng 110 · thiếu" in text_of(html)


def test_tablets_say_for_how_long_they_were_silent_and_what_waits(
    province: AdministrativeUnit,
) -> None:
    office = collecting(province, 0, "phường Tô Châu")
    now = timezone.now()
    for name, heard, waiting in (
        ("Máy A", now - timedelta(minutes=10), 0),
        ("Máy B", now - timedelta(hours=3, minutes=5), 7),
        ("Máy C", now - timedelta(days=4), None),
        ("Máy D", None, None),
    ):
        tablet = factories.tablet(office, name=name)
        tablet.secret, tablet.heard_at, tablet.waiting = name.encode(), heard, waiting
        if name == "Máy B":
            tablet.battery, tablet.charging, tablet.waits_long = 12, False, True
        tablet.save()
    head = client_of(head_of(office, ""))
    text = text_of(office_text(head, office, **MONTH))
    said = ["Máy D: chưa có tín hiệu", "Máy C: im lặng 4 ngày", "Máy B: im lặng 3 giờ, còn 7 phiếu"]
    assert [text.find(words) > 0 for words in said] == [True] * 3, text
    assert sorted(said, key=text.find) == said, "the longest silent first"
    assert "chưa gửi, đã quá một ngày, pin 12 %, không cắm sạc (báo lúc " in text
    assert "Máy A: có tín hiệu trong giờ qua, không báo mức pin (báo lúc " in text
    analyst = client_of(factories.official(province, Membership.Role.ANALYST))
    assert "Máy B" not in office_text(analyst, office, **MONTH)


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        (None, "được đếm khi tháng khóa"),
        (9, "Chưa đủ 10 người được mời"),
        (47, "Khoảng 40 người được mời"),
    ],
)
def test_invitations_are_told_and_answers_in_tens_of_closed_months(
    province: AdministrativeUnit, forms: int | None, said: str
) -> None:
    office = collecting(province, 0, "phường Tô Châu")
    InvitationCount.objects.create(office=office, day=date(2026, 6, 3), issued=123)
    InvitationCount.objects.create(office=office, day=date(2026, 5, 3), issued=1000)
    if forms is not None:
        EvidenceCount.objects.create(
            office=office, month=date(2026, 6, 1), evidence=Evidence.INVITED, days=[], held=0,
            forms=forms,
        )  # fmt: skip
    html = office_text(client_of(head_of(office, "")), office, **MONTH)
    assert "đã gửi 123 lời mời" in html
    assert said in html
    assert not re.search(r"\b47\b", html)


@pytest.mark.parametrize(("kind", "first"), [("day", "2026-06-01"), ("week", "2026-06-01")])
def test_under_a_day_or_week_stands_no_months_number_of_invited_people(
    province: AdministrativeUnit, kind: str, first: str
) -> None:
    office = collecting(province, 0, "phường Tô Châu")
    EvidenceCount.objects.create(
        office=office, month=date(2026, 6, 1), evidence=Evidence.INVITED, days=[], held=0, forms=47
    )
    _devices, invited = collected_through(office, span_of(Period(kind), date.fromisoformat(first)))
    assert invited.answered is None
    assert collected_through(office, span_of(Period.MONTH, TODAY))[1].answered == 40
