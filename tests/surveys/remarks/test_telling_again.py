"""The message about a reply where something comes between: another step, a refusal, an erasure."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from surveys.models import RemarkStep, ReplyNews
from surveys.remarks import erasing, reopening, telling
from tests.mailbox import Post
from tests.mailbox import post as post  # a fixture
from tests.surveys.remarks.test_telling import (
    ADDRESS,
    TAKEN_BACK,
    answered,
    asked,
    morning,
    page,
    remark,
    tell,
)
from tests.surveys.remarks.test_telling import code as code  # a fixture
from tests.surveys.remarks.test_telling import office as office  # a fixture
from tests.surveys.remarks.test_telling import set_up as set_up  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def test_beside_one_that_waits_the_reply_is_told_and_no_new_one_kept(code: str, post: Post) -> None:
    asked(code)
    answered()
    said = asked(code, "binh@example.vn")
    assert "Không lưu địa chỉ mới" in said
    assert "Đã lưu địa chỉ" not in said
    assert TAKEN_BACK in said
    tell(morning())
    assert [mail["To"] for mail in post.mails] == [ADDRESS]


def test_what_is_switched_off_meanwhile_is_no_reply(code: str, settings: Settings) -> None:
    settings.SMS_GATEWAY, settings.SECURE, settings.EMAIL_HOST = "", True, ""
    said = page(code, step="tell", address=ADDRESS)
    assert "Hiện chưa gửi tin được" in said
    assert "Đã có trả lời" not in said
    assert not ReplyNews.objects.exists()


def test_what_the_office_does_with_the_reply_later_delays_nothing(code: str, post: Post) -> None:
    asked(code)
    answered()
    RemarkStep.objects.update(at=timezone.now() - timedelta(days=1))
    answered("Cơ quan đã kê thêm mười ghế trong phòng chờ.")
    assert tell(morning(0)) == 1


def test_what_could_be_read_for_weeks_is_looked_for_no_more(code: str, post: Post) -> None:
    asked(code)
    answered()
    assert tell(morning(16)) == 0
    assert tell(morning(14)) == 1


def test_beside_an_erased_remark_no_address_is_kept(code: str) -> None:
    before = remark()
    erasing.ask(before)
    assert erasing.erase_asked() == 1
    assert telling.is_offered(before)
    assert telling.ask(before, ADDRESS, "vi").erased_on is not None
    assert not ReplyNews.objects.exists()


def test_what_was_refused_for_now_waits_for_the_second_reply(code: str, post: Post) -> None:
    post.later.add(ADDRESS)
    asked(code)
    whole = ReplyNews.objects.get().delete_on
    answered()
    tell(morning())
    said = remark()
    reopening.say(said, helped=False, read=reopening.shown_mark(said))
    assert reopening.make_known() == 1
    assert ReplyNews.objects.get().delete_on == whole
