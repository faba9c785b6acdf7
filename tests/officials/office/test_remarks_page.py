"""When remarks reach officials, what their pages show, and what they never show."""

import re
from datetime import date, timedelta
from html import unescape
from itertools import pairwise

import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, Office, User
from offices.rights import Role
from reports.counting.policy import POLICY
from reports.handover import hand_over, hand_over_everywhere
from reports.models import Handover
from reports.night import steps
from reports.sipas.hiding.suppression import About
from surveys.models import Remark, Response, Stage
from surveys.remarks.receipts import receipt_code
from surveys.remarks.steps import REPLY_WITHIN
from surveys.remarks.workdays import after_working_days, working_days_left
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()
TEXT = "Phòng chờ thiếu ghế, gọi 0912345678"
KEPT = "Phòng chờ thiếu ghế, gọi [số điện thoại đã ẩn]"
REPLY = "Cảm ơn Ông/Bà. Cơ quan đã thêm mười ghế."


@pytest.fixture
def office() -> Office:
    """An office that nobody has answered about."""
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm PVHCC phường Tô Châu")


def wrote(office: Office, people: int, day: date = LAST, text: str = TEXT) -> None:
    """So many finished forms of a day, the first with a remark."""
    for number in range(people):
        remark = "" if number else text
        factories.answer(office, [5, 4, 1], now=factories.at(day), remark=remark)


def signed_in(role: Role, place: Office | AdministrativeUnit) -> tuple[Client, User]:
    user = factories.official(place, role)
    client = Client()
    client.force_login(user)
    return client, user


def listing(office: Office) -> str:
    return reverse("officials:remarks", args=[office.slug])


def page_of(office: Office) -> str:
    return reverse("officials:remark", args=[office.slug, Remark.objects.get().key])


@pytest.fixture
def handed_over(office: Office) -> Remark:
    """A remark among 20 people of a month that is closed."""
    wrote(office, 20)
    steps.close(LAST)
    return Remark.objects.get()


# Handing over


def test_what_people_are_told_is_what_holds() -> None:
    assert POLICY.minimum(About.REMARKS) == 20
    assert REPLY_WITHIN == 5


def test_remarks_of_twenty_people_are_handed_over_at_night(handed_over: Remark) -> None:
    today = timezone.localdate()
    assert handed_over.released_on == today
    assert handed_over.due_on == after_working_days(today, 5)
    assert hand_over_everywhere() == 0


def test_remarks_of_nineteen_people_wait(office: Office) -> None:
    wrote(office, 19)
    steps.close(LAST)
    assert Remark.objects.get().released_on is None
    client, _ = signed_in(Role.OFFICE_HEAD, office)
    page = client.get(listing(office)).content.decode()
    assert "thiếu ghế" not in page
    assert "Không có góp ý nào chờ trả lời" in page
    assert client.get(page_of(office)).status_code == 404


def test_a_remark_waits_for_twenty_people_since_the_last_time(office: Office) -> None:
    month_before = LAST.replace(day=1) - timedelta(days=1)
    wrote(office, 40, month_before, text="")
    steps.close(month_before)
    assert Handover.objects.get().people == 40
    wrote(office, 19)
    steps.close(LAST)
    assert Remark.objects.get().released_on is None
    assert Handover.objects.get().people == 40


def test_what_stands_in_no_shown_batch_waits(office: Office) -> None:
    """Forty people of last month are shown; twenty of this month are together, but held back."""
    eighth = timezone.localdate().replace(day=8)
    factories.rhythm(office)
    wrote(office, 40, text="")
    steps.close(LAST)
    with time_machine.travel(factories.at(eighth + timedelta(days=1)), tick=True):
        wrote(office, 20, eighth)
        steps.close(eighth)
        assert not Response.objects.filter(day=eighth, batch=None).exists()
        assert hand_over(office.pk) == 0
    assert Remark.objects.get().released_on is None


def test_remarks_of_those_still_waiting_go_with_the_others(office: Office) -> None:
    month_before = LAST.replace(day=1) - timedelta(days=1)
    factories.answer(
        office, [1, 1, 1], now=factories.at(month_before), remark="Hồ sơ trễ", stage=Stage.WAITING
    )
    wrote(office, 19, month_before)
    steps.close(month_before)
    assert not Remark.objects.filter(released_on__isnull=False).exists()
    wrote(office, 10, text="")
    steps.close(LAST)
    assert Remark.objects.filter(released_on__isnull=False).count() == 2


def test_every_handing_over_is_of_twenty_people_or_more(office: Office) -> None:
    first = LAST.replace(day=1)
    factories.rhythm(office)
    nights: list[tuple[int, int]] = [(0, 0)]
    for number in range(9):
        day = first + timedelta(days=number)
        wrote(office, 7, day, text=f"Góp ý {number}")
        steps.close(day)
        known = Handover.objects.filter(office=office).first()
        handed = Remark.objects.filter(released_on__isnull=False).count()
        nights.append((known.people if known else 0, handed))
    people = [after[0] - before[0] for before, after in pairwise(nights)]
    remarks = [after[1] - before[1] for before, after in pairwise(nights)]
    assert sum(remarks) >= 4
    assert all(new == 0 or new >= 20 for new in people)
    assert all(new > 0 for new, handed in zip(people, remarks, strict=True) if handed)


# Pages


def test_remarks_are_read_and_answered(handed_over: Remark, office: Office) -> None:
    client, user = signed_in(Role.OFFICE_HEAD, office)
    listed = unescape(client.get(listing(office)).content.decode())
    left = working_days_left(timezone.localdate(), handed_over.due_on or LAST)
    assert KEPT in listed
    assert f"còn {left} ngày làm việc" in listed
    done = client.post(page_of(office), {"step": "answer", "seen": "0", "reply": REPLY})
    assert done.status_code == 302
    page = unescape(client.get(page_of(office)).content.decode())
    assert REPLY in page
    assert f"{user.username}: mới → đã trả lời" in page
    assert KEPT not in client.get(listing(office)).content.decode()
    assert KEPT in client.get(listing(office) + "?trang-thai=da-tra-loi").content.decode()


def test_after_a_reply_the_next_that_waits_is_there(office: Office) -> None:
    for number in range(3):
        wrote(office, 20, text=f"{TEXT} {number}")
    steps.close(LAST)
    first, second, third = Remark.objects.order_by("due_on", "key")
    Remark.objects.filter(key=third.key).update(due_on=LAST)
    client, _user = signed_in(Role.OFFICE_HEAD, office)

    def answered(one: Remark, asked: str = "?tiep=1", seen: int = Remark.State.NEW) -> str:
        address = reverse("officials:remark", args=[office.slug, one.key])
        sent = {"step": "answer", "reply": REPLY, "seen": str(int(seen))}
        return str(client.post(address + asked, sent)["Location"])

    page = client.get(reverse("officials:remark", args=[office.slug, first.key])).content.decode()
    assert 'formaction="?tiep=1"' in page
    assert "Lưu và sang góp ý tiếp" in page
    assert answered(first) == reverse("officials:remark", args=[office.slug, third.key])
    assert answered(third) == reverse("officials:remark", args=[office.slug, second.key])
    page = client.get(reverse("officials:remark", args=[office.slug, second.key])).content.decode()
    assert "tiep=1" not in page
    assert answered(second) == listing(office), "nothing waits any more"
    own = reverse("officials:remark", args=[office.slug, second.key])
    assert answered(second, "", Remark.State.ANSWERED) == own


def test_remarks_are_found_by_words(office: Office) -> None:
    wrote(office, 20, text="Phòng chờ thiếu ghế 100%")
    wrote(office, 20, text="Máy lấy số hỏng")
    steps.close(LAST)
    client, _user = signed_in(Role.OFFICE_HEAD, office)

    def found(words: str) -> str:
        return client.get(listing(office), {"tim": words}).content.decode()

    assert "Máy lấy số hỏng" in found("máy LẤY")
    assert "Máy lấy số hỏng" in found("hong may lay")
    assert "thiếu ghế" not in found("máy LẤY")
    assert "thiếu ghế" in found("100%")
    assert "Máy lấy" not in found("%")
    assert "Không có góp ý nào chứa các chữ này" in found("xe")
    assert "thiếu ghế" in found("\0")


def test_it_is_assigned_published_and_closed(handed_over: Remark, office: Office) -> None:
    client, user = signed_in(Role.OFFICE_HEAD, office)
    _, other = signed_in(Role.UNIT_OFFICER, office.unit)
    sent: list[dict[str, object]] = [
        {"step": "assign", "seen": 0, "to": other.pk},
        {"step": "answer", "seen": 1, "reply": REPLY},
        {"step": "publish", "seen": 2},
        {"step": "close", "seen": 3},
    ]
    for number, fields in enumerate(sent, 1):
        assert client.post(page_of(office), fields).status_code == 302
        assert Remark.objects.get().state == number
    page = unescape(client.get(page_of(office)).content.decode())
    assert len(re.findall(rf"{user.username}: ", page)) == 4
    assert f"({other.username})" in page
    assert "<textarea" not in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"step": "answer", "reply": "ngắn"}, 422),
        ({"step": "close", "why": ""}, 422),
        ({"step": "assign", "to": "999999"}, 422),
        ({"step": "assign", "to": "x"}, 422),
        ({"step": "nothing"}, 404),
        ({"step": "publish"}, 409),
        ({"step": "answer", "reply": REPLY, "seen": "3"}, 409),
    ],
)
def test_what_is_wrong_changes_nothing(
    handed_over: Remark, office: Office, fields: dict[str, str], status: int
) -> None:
    client, _ = signed_in(Role.OFFICE_HEAD, office)
    assert client.post(page_of(office), {"seen": "0", **fields}).status_code == status
    assert Remark.objects.get().state == Remark.State.NEW


def test_late_remarks_are_marked_and_can_be_listed_alone(
    handed_over: Remark, office: Office
) -> None:
    client, _ = signed_in(Role.OFFICE_HEAD, office)
    assert "quá hạn" not in client.get(listing(office)).content.decode()
    Remark.objects.update(due_on=timezone.localdate() - timedelta(days=14))
    late = unescape(client.get(listing(office) + "?trang-thai=cho&han=qua").content.decode())
    assert re.search(r"quá hạn \d+ ngày làm việc", late)
    assert KEPT in late


def test_who_may_read_and_who_may_answer(handed_over: Remark, office: Office) -> None:
    stranger, _ = signed_in(Role.OFFICE_HEAD, factories.office())
    auditor, _ = signed_in(Role.AUDITOR, office.unit)
    for address in (listing(office), page_of(office)):
        assert stranger.get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert auditor.get(address).status_code == 200
    assert "<textarea" not in auditor.get(page_of(office)).content.decode()
    refused = auditor.post(page_of(office), {"step": "answer", "seen": "0", "reply": REPLY})
    assert refused.status_code == 403


def test_a_remark_of_another_office_is_not_found(handed_over: Remark) -> None:
    elsewhere = factories.office()
    client, _ = signed_in(Role.OFFICE_HEAD, elsewhere)
    address = reverse("officials:remark", args=[elsewhere.slug, handed_over.key])
    assert client.get(address).status_code == 404


def test_html_in_remarks_and_replies_stays_text(office: Office) -> None:
    wrote(office, 20, text="<script>alert(1)</script>")
    steps.close(LAST)
    client, _ = signed_in(Role.OFFICE_HEAD, office)
    client.post(
        page_of(office), {"step": "answer", "seen": "0", "reply": "<b onclick=x>Xin cảm ơn</b>"}
    )
    for address in (page_of(office), listing(office) + "?trang-thai=tat-ca"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b onclick" not in page


# Privacy


def test_pages_do_not_say_when_or_with_which_answers_it_was_written(
    handed_over: Remark, office: Office
) -> None:
    client, _ = signed_in(Role.OFFICE_HEAD, office)
    response = Response.objects.get(id=handed_over.response_id)
    for address in (listing(office), page_of(office)):
        page = client.get(address).content.decode()
        for secret in (
            str(response.id),
            response.id.hex,
            receipt_code(response.id),
            f"{LAST:%d/%m/%Y}",
            f"{LAST:%Y-%m-%d}",
        ):
            assert secret not in page
        assert "no-store" in client.get(address)["Cache-Control"]


def test_no_table_but_remarks_and_responses_knows_a_response() -> None:
    holders: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.auto_created:  # the other end of a key
                continue
            if field.related_model in (Remark, Response):
                holders.add(f"{model.__name__}.{field.name}")
            if isinstance(field, models.UUIDField):
                holders.add(f"{model.__name__}.{field.name}")
            if "receipt" in field.name or "contact" in field.name:
                holders.add(f"{model.__name__}.{field.name}")
    assert holders == {
        "Response.id",
        "Remark.response_id",
        "Remark.key",  # random, of nothing
        "RemarkStep.remark_key",
        "Remark.receipt",  # a keyed hash
        "Contact.key",  # a keyed hash of Remark.key
        "ReplyNews.key",  # a keyed hash of Remark.key, another one
        "Mailing.key",  # random, of a list that is being sent
        "WaitingInvitation.contact_hash",  # of an applicant's, under the key of a day
        "ContactView.remark_key",  # which remark an official looked at, without the contact
    }


def test_keys_are_random_and_different() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    for _ in range(5):
        factories.answer(office, [5, 4, 1], remark="Rất tốt")
    remarks = list(Remark.objects.all())
    assert len({remark.key for remark in remarks}) == 5
    assert {remark.key.version for remark in remarks} == {4}
    assert not {remark.key for remark in remarks} & {remark.response_id for remark in remarks}


def test_logs_say_nothing_of_what_was_written(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    wrote(office, 20)
    steps.close(LAST)
    client, _ = signed_in(Role.OFFICE_HEAD, office)
    client.post(page_of(office), {"step": "answer", "seen": "0", "reply": REPLY})
    client.post(page_of(office), {"step": "answer", "seen": "9", "reply": REPLY})
    code = receipt_code(Remark.objects.get().response_id)
    assert REPLY in Client().post(reverse("surveys:reply"), {"code": code}).content.decode()
    assert Client().post(reverse("surveys:reply"), {"code": f"{code}x"}).status_code == 422
    logged = caplog.text + " ".join(str(record.__dict__) for record in caplog.records)
    for secret in ("thiếu ghế", "0912345678", "mười ghế", code):
        assert secret not in logged
