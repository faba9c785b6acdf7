"""A personal reply: only who asks, with consent, apart, encrypted, and not for ever."""

from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from offices.models import Office
from surveys.models import Contact, ContactView, Remark, RemarkStep, Response
from surveys.remarks import contacts, envelopes
from tests import factories
from tests.officials.figures.test_pages import signed_in

pytestmark = pytest.mark.django_db
PHONE = "0912 345 678"


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


def last_page(**given: object) -> dict[str, object]:
    """The last page with a remark and all answers, as it is sent."""
    return {
        "form": "phieu.1",
        "id": str(uuid4()),
        "step": 2,
        "page": 2,
        **{"A1": 5, "A2": 4, "B1": 3},
        "remark": "Phòng chờ hơi nóng.",
        **given,
    }


def send(office: Office, **given: object) -> tuple[int, str]:
    said = Client().post(reverse("surveys:start", args=[office.slug]), last_page(**given))
    return said.status_code, said.content.decode()


def asked(office: Office, **given: object) -> Remark:
    """The remark of somebody who asked for a personal reply."""
    assert send(office, wants_reply="1", contact=PHONE, **given)[0] == 200
    return Remark.objects.get()


def test_who_asks_and_agrees_is_kept_with_the_consent(office: Office) -> None:
    remark = asked(office)
    consent = contacts.show(remark, factories.official(office))
    assert consent is not None
    assert consent.contact == PHONE
    assert consent.version == contacts.CONSENT_VERSION
    assert consent.at.startswith(timezone.localdate().isoformat() + "T")
    assert len(consent.at) == len("2026-11-25T09")


def test_the_box_is_never_ticked_beforehand(office: Office) -> None:
    html = Client().post(reverse("surveys:start", args=[office.slug]), last_page(page=1))
    box = html.content.decode().split('name="wants_reply"')[1].split(">")[0]
    assert "checked" not in box


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"contact": PHONE}, "đánh dấu vào ô đồng ý"),
        ({"wants_reply": "1"}, "Nhập nơi nhận trả lời"),
        ({"wants_reply": "1", "contact": "ở nhà"}, "ví dụ 0912345678"),
        ({"wants_reply": "1", "contact": PHONE, "remark": ""}, "muốn cơ quan trả lời"),
    ],
)
def test_what_does_not_go_together_is_told_and_nothing_is_lost(
    office: Office, given: dict[str, object], said: str
) -> None:
    status, html = send(office, **given)
    assert status == 422
    assert said in html
    assert str(given.get("contact", "")) in html
    assert not Contact.objects.exists()
    assert not Response.objects.exists()


def test_without_a_wish_nothing_is_kept(office: Office) -> None:
    assert send(office)[0] == 200
    assert Remark.objects.exists()
    assert not Contact.objects.exists()


def test_the_table_alone_says_nothing(office: Office) -> None:
    remark = asked(office)
    row = Contact.objects.values().get()
    shown = str(row).replace(" ", "")
    for secret in (
        PHONE.replace(" ", ""),
        remark.key.hex,
        str(remark.key),
        str(remark.response_id),
    ):
        assert secret not in shown
    assert row["key"] != remark.key
    assert row["delete_on"].day == 1


def test_the_envelope_carries_no_time_and_one_length(office: Office) -> None:
    asked(office)
    first = bytes(Contact.objects.get().sealed)
    box = envelopes.boxes()[0]
    assert box.extract_timestamp(first) == 0
    Contact.objects.all().delete()
    contacts.keep(office.pk, uuid4(), "nguyen.van.a@example.vn", timezone.localtime())
    assert len(bytes(Contact.objects.get().sealed)) == len(first)


@pytest.mark.parametrize(
    ("day", "end"),
    [(date(2026, 11, 25), date(2027, 11, 1)), (date(2026, 1, 31), date(2027, 1, 1))],
)
def test_it_ends_after_twelve_months_at_most(day: date, end: date) -> None:
    assert envelopes.latest_end(day) == end


def test_sending_twice_keeps_one_and_what_was_withdrawn_does_not_come_back(office: Office) -> None:
    key = str(uuid4())
    remark = asked(office, id=key)
    asked(office, id=key)
    assert Contact.objects.count() == 1
    assert contacts.forget(remark)
    asked(office, id=key)
    assert not Contact.objects.exists()


def test_it_costs_one_statement_more(office: Office, settings: Settings) -> None:
    send(office)
    settings.DIRECTORY_CHECK_SECONDS = 60
    counts = []
    for given in ({}, {"wants_reply": "1", "contact": PHONE}):
        with CaptureQueriesContext(connection) as captured:
            assert send(office, **given)[0] == 200
        said = [q["sql"] for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
        counts.append(len(said))
    assert counts == [3, 4]


def test_nothing_outlives_its_end(office: Office) -> None:
    asked(office)
    end = Contact.objects.get().delete_on
    assert contacts.delete_ended(end - timedelta(days=1)) == 0
    assert contacts.delete_ended(end) == 1
    assert not Contact.objects.exists()
    assert Remark.objects.exists()


def test_thirty_days_after_the_reply_it_is_gone(office: Office) -> None:
    remark = asked(office)
    today = timezone.localdate()
    Remark.objects.update(state=Remark.State.ANSWERED)
    RemarkStep.objects.create(
        office=office,
        remark_key=remark.key,
        by=factories.official(office),
        at=timezone.now(),
        before=Remark.State.NEW,
        after=Remark.State.ANSWERED,
    )
    assert contacts.delete_ended(today + timedelta(days=29)) == 0
    assert contacts.delete_ended(today + timedelta(days=32)) == 1


def test_a_remark_that_waits_keeps_its_contact(office: Office) -> None:
    asked(office)
    assert contacts.delete_ended(timezone.localdate() + timedelta(days=100)) == 0


@pytest.mark.django_db(transaction=True)
def test_after_the_night_no_transaction_joins_a_contact_to_its_response(office: Office) -> None:
    asked(office)
    join = """
        SELECT count(*) FROM surveys_contact AS contact
        JOIN surveys_response AS response ON contact.xmin = response.xmin
    """
    with connection.cursor() as cursor:
        cursor.execute(join)
        assert cursor.fetchone() == (1,)
        contacts.delete_ended()
        cursor.execute(join)
        assert cursor.fetchone() == (0,)


def test_the_person_withdraws_it_with_the_receipt(office: Office) -> None:
    html = send(office, wants_reply="1", contact=PHONE)[1]
    code = html.split('<code class="receipt">')[1].split("</code>")[0]
    assert PHONE not in html
    client = Client()
    address = reverse("surveys:reply")
    assert "Xóa thông tin liên hệ của tôi" in client.post(address, {"code": code}).content.decode()
    said = client.post(address, {"code": code, "step": "forget"}).content.decode()
    assert "Đã xóa thông tin liên hệ" in said
    assert not Contact.objects.exists()
    assert "Xóa thông tin liên hệ" not in client.post(address, {"code": code}).content.decode()


def test_only_the_head_sees_it_and_each_look_is_noted(office: Office) -> None:
    remark = asked(office)
    Remark.objects.update(released_on=timezone.localdate(), due_on=timezone.localdate())
    page = reverse("officials:remark", args=[office.slug, remark.key])
    looker = signed_in(factories.official(office.unit))
    assert "Xem thông tin liên hệ" not in looker.get(page).content.decode()
    assert looker.post(page, {"step": "contact"}).status_code == 403
    assert not ContactView.objects.exists()
    head = factories.official(office)
    client = signed_in(head)
    assert PHONE not in client.get(page).content.decode()
    shown = client.post(page, {"step": "contact"}).content.decode()
    assert PHONE in shown
    assert "đã xem thông tin liên hệ" in shown
    look = ContactView.objects.get()
    assert (look.by, look.day) == (head, timezone.localdate())


def test_before_the_remark_is_handed_over_nobody_sees_it(office: Office) -> None:
    remark = asked(office)
    page = reverse("officials:remark", args=[office.slug, remark.key])
    assert signed_in(factories.official(office)).post(page, {"step": "contact"}).status_code == 404


def test_a_changed_secret_key_still_leads_to_the_contact(
    office: Office, settings: Settings
) -> None:
    remark = asked(office)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "z" * 64
    consent = contacts.show(remark, factories.official(office))
    assert consent is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert contacts.show(remark, factories.official(office)) is None


def test_whoever_changes_the_consent_gives_it_a_new_version() -> None:
    digest = sha256(str(contacts.CONSENT).encode()).hexdigest()[:16]
    assert (contacts.CONSENT_VERSION, digest) == ("2026-11-25", "c2bebfdc9c8557b2")
