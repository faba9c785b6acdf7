"""A message when there is a reply: asked for apart, sealed, sent once at most, seen by nobody."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

import pytest
from django.core.mail.message import EmailMessage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.models import Entry
from offices.models import Office
from reports.handover import hand_over_everywhere
from surveys.intake.submit import submit
from surveys.models import Contact, Remark, RemarkStep, ReplyNews
from surveys.remarks import contacts, envelopes, steps, telling
from tests import factories
from tests.mailbox import Post
from tests.mailbox import post as post  # a fixture
from tests.officials.two import client_of
from tests.surveys.remarks.test_reopening import official_pages

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/ks/phan-hoi/"
WHOLE = f"https://hailong.example.vn{PAGE}"
TEXT, REPLY = "Phòng chờ thiếu ghế", "Cảm ơn Ông/Bà đã góp ý, cơ quan ghi nhận."
ADDRESS, NUMBER = "an.nguyen@example.vn", "0912 345 678"
OFFERED, TAKEN_BACK = "Nhắn cho tôi khi có trả lời", "Không cần nhắn nữa"


class Line:
    """A carrier that remembers what it was given."""

    sent: ClassVar[list[tuple[str, str]]] = []

    def send(self, number: str, text: str) -> None:
        """Remembers."""
        self.sent.append((number, text))


@pytest.fixture(autouse=True)
def set_up(settings: Settings) -> None:
    settings.SMS_GATEWAY = f"{__name__}.Line"
    Line.sent.clear()


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office(name="Trung tâm A")


@pytest.fixture
def code(office: Office) -> str:
    """Of a receipt with a remark that was handed over."""
    given = submit(factories.submission(office, [5, 4, 1], remark=TEXT)).code
    today = timezone.localdate()
    Remark.objects.update(released_on=today, due_on=today)
    return given


def remark() -> Remark:
    return Remark.objects.select_related("office").get()


def answered(text: str = REPLY) -> None:
    steps.answer(remark(), text, factories.official(remark().office))


def morning(days: int = 1) -> datetime:
    """Nine o'clock, so many days from now."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=9, minute=0)


def tell(moment: datetime) -> int:
    """What the worker does at this moment; how many messages were sent."""
    return telling.send_due(WHOLE, moment)


def page(code: str, status: int = 200, **given: str) -> str:
    answer = Client().post(PAGE, {"code": code, **given})
    assert answer.status_code == status
    return answer.content.decode().partition("<main")[2].partition("</main")[0]


def asked(code: str, address: str = ADDRESS, language: str = "vi") -> str:
    given = {"code": code, "step": "tell", "address": address, "ngon-ngu": language}
    answer = Client().post(PAGE, given)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(r::text, ' ') FROM {table} AS r")
        return str(cursor.fetchone())


def test_it_is_told_once_on_the_morning_after_and_then_the_address_is_gone(
    code: str, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert OFFERED in page(code)
    assert TAKEN_BACK in asked(code)
    assert tell(morning()) == 0  # no reply yet
    answered()
    assert tell(morning(0)) == 0
    assert not post.mails
    assert tell(morning()) == 1
    assert tell(morning()) == 0
    (mail,) = post.mails
    assert mail["To"] == ADDRESS
    text = f"{mail['Subject']} {mail.get_payload()}"
    body = mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert WHOLE in body
    assert "Đã có trả lời" in body
    ours = " ".join(
        entry.getMessage() for entry in caplog.records if not entry.name.startswith("mail.")
    )
    for told in (code, code.replace("-", ""), TEXT, REPLY, "Trung tâm A", str(remark().key)):
        assert told not in text + body
        assert told not in ours
    assert ADDRESS not in ours
    assert not ReplyNews.objects.exists()
    (entry,) = Entry.objects.filter(action="replies.told")
    assert (entry.details, entry.office_id) == ({"sent": 1, "failed": 0, "unknown": 0}, None)


def test_it_speaks_the_language_in_which_it_was_asked_for(code: str, post: Post) -> None:
    asked(code, language="en")
    answered()
    tell(morning())
    assert post.mails[0]["Subject"] == "There is a reply to your remark"


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "Da co tra loi"), ("en", "There is"), ("km", "Da co tra loi")]
)
def test_a_number_gets_one_text_message_without_diacritics(
    code: str, language: str, said: str
) -> None:
    asked(code, NUMBER, language)
    answered()
    assert tell(morning()) == 1
    ((number, text),) = Line.sent
    assert number == "+84912345678"
    assert text.isascii()
    assert text.startswith(said)
    assert WHOLE in text
    assert len(text) <= 160
    assert code not in text


def test_not_at_night(code: str, post: Post, settings: Settings) -> None:
    asked(code)
    answered()
    assert tell(morning().replace(hour=3)) == 0
    assert not post.mails


@pytest.mark.parametrize("typed", ["", "an@", "số nhà 5", "02963 123 456", "a" * 120 + "@b.vn"])
def test_what_is_no_address_is_told_and_nothing_typed_is_lost(code: str, typed: str) -> None:
    said = page(code, status=422, step="tell", address=typed)
    assert 'role="alert"' in said
    assert "ten@example.vn" in said
    assert f'value="{typed[:120]}"' in said
    assert code in said
    assert not ReplyNews.objects.exists()


def test_a_wrong_one_leaves_the_one_that_was_given_before(code: str) -> None:
    asked(code)
    said = page(code, status=422, step="tell", address="an@")
    assert 'value="an@"' in said
    assert 'id="address-error"' in said
    assert ReplyNews.objects.count() == 1


def test_the_last_address_counts(code: str, post: Post) -> None:
    asked(code)
    asked(code, "binh@example.vn")
    answered()
    assert tell(morning()) == 1
    assert [mail["To"] for mail in post.mails] == ["binh@example.vn"]


def test_only_what_can_be_sent_is_offered(code: str, settings: Settings) -> None:
    settings.SMS_GATEWAY = ""
    assert "Địa chỉ thư điện tử" in page(code)
    assert "di động" not in page(code, status=422, step="tell", address=NUMBER)
    settings.SECURE, settings.EMAIL_HOST = True, ""
    assert OFFERED not in page(code)
    settings.SMS_GATEWAY = f"{__name__}.Line"
    page(code, status=422, step="tell", address=ADDRESS)
    assert TAKEN_BACK in asked(code, NUMBER)


def test_one_press_takes_it_back(code: str, post: Post) -> None:
    asked(code)
    said = page(code, step="be-silent")
    assert "Đã xóa địa chỉ" in said
    assert not ReplyNews.objects.exists()
    answered()
    assert tell(morning()) == 0
    assert not post.mails


def test_it_goes_with_the_remark(code: str, post: Post) -> None:
    asked(code)
    answered()
    page(code, step="erase")
    assert tell(morning()) == 0  # nor before the night
    hand_over_everywhere()
    assert not ReplyNews.objects.exists()
    asked(code)
    assert not ReplyNews.objects.exists()


def test_where_the_reply_is_there_nothing_is_kept(code: str) -> None:
    answered()
    said = page(code)
    assert OFFERED not in said
    assert "Không lưu địa chỉ" in asked(code)
    assert not ReplyNews.objects.exists()


def test_a_second_reply_is_told_only_to_whoever_asks_again(code: str, post: Post) -> None:
    asked(code)
    answered()
    tell(morning())
    Remark.objects.update(state=Remark.State.REOPENED, reopened_on=timezone.localdate(), reply="")
    RemarkStep.objects.update(at=timezone.now() - timedelta(days=3))
    assert tell(morning()) == 0
    asked(code)
    answered("Cơ quan đã kê thêm mười ghế trong phòng chờ.")
    assert tell(morning(0)) == 0
    assert tell(morning()) == 1
    assert len(post.mails) == 2


def test_no_official_sees_it_and_the_table_alone_says_nothing(code: str, office: Office) -> None:
    head = factories.official(office)
    before = official_pages(head, office)
    asked(code)
    assert official_pages(head, office) == before
    own = reverse("officials:remark", args=[office.slug, remark().key])
    assert ADDRESS not in client_of(head).post(own, {"step": "contact"}).content.decode()
    row = ReplyNews.objects.get()
    shown = rows("surveys_replynews")
    key, response = remark().key, remark().response_id
    for secret in (ADDRESS, str(key), key.hex, str(response), response.hex):
        assert secret not in shown
    assert row.delete_on.day == 1
    sealed = bytes(row.sealed)
    assert envelopes.boxes()[0].extract_timestamp(sealed) == 0
    asked(code, NUMBER)
    assert len(bytes(ReplyNews.objects.get().sealed)) == len(sealed)


def test_neither_of_two_consents_leads_to_the_other(office: Office) -> None:
    given = factories.submission(office, [5, 4, 1], remark=TEXT, contact="0987654321")
    code = submit(given).code
    said = page(code)
    assert "Đã lưu thông tin liên hệ để trả lời riêng" in said
    asked(code)
    keys = {Contact.objects.get().key, ReplyNews.objects.get().key}
    assert len(keys) == 2
    page(code, step="forget")
    assert ReplyNews.objects.exists()
    contacts.keep(office.pk, remark().key, "0987654321", timezone.localtime())
    page(code, step="be-silent")
    assert Contact.objects.exists()


def test_what_is_refused_for_ever_is_deleted(code: str, post: Post) -> None:
    post.refused.add(ADDRESS)
    asked(code)
    answered()
    assert tell(morning()) == 0
    assert not ReplyNews.objects.exists()


def test_what_is_refused_for_now_is_tried_again_for_three_days(code: str, post: Post) -> None:
    post.later.add(ADDRESS)
    asked(code)
    answered()
    assert tell(morning()) == 0
    assert ReplyNews.objects.get().delete_on == timezone.localdate() + timedelta(days=3)
    post.later.clear()
    assert tell(morning().replace(minute=5)) == 0  # once an hour
    assert tell(morning()) == 1
    assert len(post.mails) == 1
    assert not ReplyNews.objects.exists()


def test_where_nobody_knows_it_is_not_sent_again_and_the_night_deletes_it(
    code: str, post: Post
) -> None:
    post.dropped.add(ADDRESS)
    asked(code)
    answered()
    tell(morning())
    post.dropped.clear()
    assert tell(morning()) == 0
    assert not post.mails
    assert ReplyNews.objects.get().state == ReplyNews.State.TAKEN
    assert telling.delete_ended(morning()) == 0  # it may be on its way
    assert telling.delete_ended(morning().replace(hour=2)) == 1


@pytest.fixture
def killed(settings: Settings) -> None:
    """The worker's process ends while it hands the message over."""
    settings.EMAIL_BACKEND = f"{__name__}.Killing"


class Killed(BaseException):
    """As a process ends."""


class Killing:
    """A mail server during which the worker is killed."""

    def __init__(self, **_given: object) -> None:
        pass

    def open(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""

    def send_messages(self, _mails: list[EmailMessage]) -> int:
        """Takes them, and nobody learns of it."""
        raise Killed


def test_a_worker_that_is_killed_sends_it_no_second_time(
    code: str, killed: None, settings: Settings
) -> None:
    asked(code)
    answered()
    with pytest.raises(Killed):
        tell(morning())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell(morning()) == 0


def test_of_two_workers_one_takes_it(code: str) -> None:
    asked(code)
    key = ReplyNews.objects.get().key
    assert telling._take(key) is not None
    assert telling._take(key) is None


def test_nothing_outlives_its_end(code: str) -> None:
    asked(code)
    assert telling.delete_ended() == 0
    ReplyNews.objects.update(delete_on=timezone.localdate())
    assert contacts.delete_every_ended() == 1
    assert not ReplyNews.objects.exists()


def test_the_receipt_offers_it_and_says_whether_a_contact_was_kept(office: Office) -> None:
    def receipt(**given: str) -> str:
        whole = {"form": "phieu.1", "step": "2", "page": "2", "A1": "5", "A2": "4", "B1": "3"}
        start = reverse("surveys:start", args=[office.slug])
        answer = Client().post(start, {**whole, "remark": TEXT, **given})
        assert answer.status_code == 200
        return answer.content.decode()

    said = receipt()
    assert OFFERED in said
    assert f'action="{PAGE}"' in said
    assert "Không lưu thông tin liên hệ nào" in said
    assert "Đã lưu thông tin liên hệ để trả lời riêng" in receipt(
        wants_reply="1", contact="0987654321"
    )
    assert OFFERED not in receipt(remark="")


def test_a_changed_secret_key_still_leads_to_it(code: str, post: Post, settings: Settings) -> None:
    asked(code)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "z" * 64
    answered()
    assert tell(morning()) == 1


def test_whoever_changes_the_consent_gives_it_a_new_version() -> None:
    digest = sha256(str(telling.CONSENT).encode()).hexdigest()[:16]
    assert (telling.CONSENT_VERSION, digest) == ("2026-11-30", "837f811db202a4d1")
