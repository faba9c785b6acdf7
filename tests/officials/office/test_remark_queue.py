"""The queue: what stands first, what a person says remarks are, thanks at once, templates."""

from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices.models import Membership, Office
from officials.office.reply_templates import TEMPLATES, templates
from reports.briefing.due import due_of
from surveys.models import Remark, RemarkStep, Theme, Tone
from surveys.remarks import steps
from surveys.remarks.text import has_blanks
from surveys.remarks.thanks import language_of, thanks_for
from surveys.remarks.workdays import after_working_days
from tests import factories
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
Role = Membership.Role
State = Remark.State
REPLY = "Cảm ơn Ông/Bà. Cơ quan đã thêm mười ghế."


def remark(office: Office, text: str = "Thiếu ghế", **given: object) -> Remark:
    """One that was handed over today, unless it says otherwise."""
    today = timezone.localdate()
    row = {"released_on": today, "due_on": after_working_days(today, 5), **given}
    return Remark.objects.create(
        office=office, response_id=uuid4(), day=today - timedelta(days=40), text=text, **row
    )


def page_of(one: Remark) -> str:
    return reverse("officials:remark", args=[one.office.slug, one.key])


def queue_of(office: Office) -> str:
    return reverse("officials:remarks", args=[office.slug])


def read(client: Client, address: str, **asked: str | int) -> str:
    response = client.get(address, asked)
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.fixture
def office() -> Office:
    return factories.office(name="Trung tâm A")


@pytest.fixture
def head(office: Office) -> Client:
    return client_of(factories.official(office))


# Tone and theme


def test_one_press_says_what_a_remark_is_and_one_more_takes_it_back(
    office: Office, head: Client
) -> None:
    one = remark(office, due_on=date(2030, 1, 7))
    sent = {"step": "tag", "theme": Theme.PLACE.value}
    assert head.post(page_of(one), sent)["Location"] == f"{page_of(one)}#phan-loai"
    head.post(page_of(one), {"step": "tag", "tone": Tone.CRITICISM.value})
    one.refresh_from_db()
    assert (one.tone, one.theme) == (Tone.CRITICISM, Theme.PLACE)
    assert factories.acts().filter(action="remark.sorted").count() == 2
    pressed = 'name="theme" value="" data-key="5" aria-pressed="true"'
    assert pressed in read(head, page_of(one))
    head.post(page_of(one), {"step": "tag", "theme": ""})
    one.refresh_from_db()
    assert (one.tone, one.theme) == (Tone.CRITICISM, None)
    assert (one.state, one.due_on) == (State.NEW, date(2030, 1, 7))
    assert not RemarkStep.objects.exists()


def test_a_double_press_or_two_clerks_at_once_leave_the_tone(office: Office, head: Client) -> None:
    one = remark(office)
    clerk = client_of(factories.official(office, Role.CLERK))
    for client in (head, head, clerk):
        client.post(page_of(one), {"step": "tag", "tone": Tone.CRITICISM.value})
    one.refresh_from_db()
    assert one.tone == Tone.CRITICISM
    assert factories.acts().filter(action="remark.sorted").count() == 1, "only the first said it"


@pytest.mark.parametrize("step", ["answer", "close"])
def test_what_was_typed_is_kept_where_somebody_else_was_faster(
    office: Office, head: Client, step: str
) -> None:
    one = remark(office)
    typed = "Trung tâm sẽ thêm ghế vào tuần tới."
    colleague = factories.official(office, Role.CLERK)
    steps.answer(one, REPLY, colleague)
    sent = {"step": step, "seen": "0", "reply": typed, "why": typed}
    for faster in (lambda: None, lambda: steps.finish(Remark.objects.get(), colleague)):
        faster()
        refused = head.post(page_of(one), sent)
        assert refused.status_code == 409
        page = unescape(refused.content.decode())
        assert typed in page
        assert REPLY in page
        assert "được người khác xử lý" in page
        assert Remark.objects.get().reply == REPLY


@pytest.mark.parametrize("sent", [{}, {"tone": "9"}, {"theme": "x"}, {"theme": ""}])
def test_what_is_no_tone_or_theme_changes_nothing(
    office: Office, head: Client, sent: dict[str, str]
) -> None:
    one = remark(office)
    assert head.post(page_of(one), {"step": "tag", **sent}).status_code == 302
    one.refresh_from_db()
    assert (one.tone, one.theme) == (None, None)


def test_only_whoever_may_answer_says_what_a_remark_is(office: Office) -> None:
    one = remark(office)
    auditor = client_of(factories.official(office.unit, Role.AUDITOR))
    assert auditor.post(page_of(one), {"step": "tag", "tone": 1}).status_code == 403
    assert 'data-key="' not in auditor.get(page_of(one)).content.decode()
    clerk = client_of(factories.official(office, Role.CLERK))
    clerk.post(page_of(one), {"step": "tag", "tone": 1})
    one.refresh_from_db()
    assert one.tone == Tone.PRAISE


def test_the_queue_is_filtered_by_tone_and_theme(office: Office, head: Client) -> None:
    remark(office, "Thiếu ghế", tone=Tone.CRITICISM, theme=Theme.PLACE)
    remark(office, "Chờ lâu", tone=Tone.CRITICISM, theme=Theme.WAITING)
    remark(office, "Rất nhanh", tone=Tone.PRAISE, theme=Theme.WAITING, due_on=None)
    by_theme = read(head, queue_of(office), **{"chu-de": Theme.WAITING.value})
    assert "Chờ lâu" in by_theme
    assert "Rất nhanh" in by_theme
    assert "Thiếu ghế" not in by_theme
    both = read(head, queue_of(office), **{"chu-de": Theme.WAITING.value, "sac-thai": 2})
    assert "Chờ lâu" in both
    assert "Rất nhanh" not in both
    assert "Không có góp ý nào thuộc" in read(head, queue_of(office), **{"chu-de": "4"})
    assert "Thiếu ghế" in read(head, queue_of(office), **{"chu-de": "99"})


def test_praise_has_no_deadline_anywhere(office: Office, head: Client) -> None:
    late = timezone.localdate() - timedelta(days=20)
    one = remark(office, released_on=late, due_on=after_working_days(late, 5))
    user = factories.official(office)
    assert len(due_of(user, timezone.localdate())) == 1
    head.post(page_of(one), {"step": "tag", "tone": Tone.PRAISE.value})
    one.refresh_from_db()
    assert one.due_on is None
    assert due_of(user, timezone.localdate()) == []
    page = read(head, queue_of(office))
    assert "khen, không có hạn" in page
    assert "quá hạn" not in page.lower()
    head.post(page_of(one), {"step": "tag", "tone": Tone.CRITICISM.value})
    one.refresh_from_db()
    assert one.due_on == after_working_days(late, 5)


def test_what_is_urgent_keeps_its_deadline_whatever_it_is_called(
    office: Office, head: Client
) -> None:
    one = remark(office, urgent=True)
    head.post(page_of(one), {"step": "tag", "tone": Tone.PRAISE.value})
    one.refresh_from_db()
    assert (one.tone, one.due_on) == (Tone.PRAISE, after_working_days(timezone.localdate(), 5))


def test_the_urgent_come_first_then_the_due(office: Office, head: Client) -> None:
    today = timezone.localdate()
    remark(office, "THREE", tone=Tone.PRAISE, due_on=None)
    remark(office, "TWO", due_on=today)
    remark(office, "ONE", urgent=True, due_on=today + timedelta(days=5))
    page = read(head, queue_of(office))
    assert page.index("ONE") < page.index("TWO") < page.index("THREE")
    assert page.count("Cần xem trước") == 1
    assert "Asked(" not in page


# Thanks


def thank(client: Client, office: Office, *chosen: Remark) -> str:
    keys = [str(one.key) for one in chosen]
    sent = {"step": "thank", "remark": keys}
    return unescape(client.post(queue_of(office), sent, follow=True).content.decode())


def test_praise_is_thanked_for_at_once_each_in_its_language(office: Office, head: Client) -> None:
    praise = [
        remark(office, text, tone=Tone.PRAISE, due_on=None)
        for text in ("Cán bộ rất nhiệt tình", "Quick and friendly service.", "សេវាល្អណាស់")
    ]
    other = remark(office, "Thiếu ghế", tone=Tone.CRITICISM)
    alarm = remark(office, "Rất tốt, không cần lót tay", tone=Tone.PRAISE, urgent=True)
    page = thank(head, office, *praise, other, alarm)
    assert "Đã gửi lời cảm ơn cho 3 góp ý." in page
    assert "Còn 2 góp ý chưa được cảm ơn" in page
    replies = [Remark.objects.get(key=one.key).reply for one in praise]
    assert replies[0].startswith("Cảm ơn Ông/Bà đã có lời khen")
    assert replies[1].startswith("Thank you for your kind words")
    assert "អរគុណ" in replies[2]
    assert factories.acts().filter(action="remark.answered").count() == 3
    assert RemarkStep.objects.count() == 3
    states = Remark.objects.filter(key__in=[other.key, alarm.key]).values_list("state", flat=True)
    assert set(states) == {State.NEW}
    assert "Còn 3 góp ý chưa" in thank(head, office, *praise), "it is done once"
    assert RemarkStep.objects.count() == 3


def test_thanks_are_no_second_reply(office: Office, head: Client) -> None:
    """The citizen has said that the first one did not answer; the second is the last."""
    again = remark(
        office, tone=Tone.PRAISE, state=State.REOPENED, reopened_on=date(2026, 6, 1), due_on=None
    )
    assert "Còn 1 góp ý chưa" in thank(head, office, again)
    assert Remark.objects.get(key=again.key).reply == ""


def test_nobody_is_thanked_for_another_office_or_without_the_right(office: Office) -> None:
    elsewhere = remark(factories.office(), tone=Tone.PRAISE, due_on=None)
    head = client_of(factories.official(office))
    assert "Còn 1 góp ý chưa" in thank(head, office, elsewhere)
    assert "chọn ít nhất một" in thank(head, office)
    auditor = client_of(factories.official(office.unit, Role.AUDITOR))
    sent = {"step": "thank", "remark": [str(elsewhere.key)]}
    assert auditor.post(queue_of(office), sent).status_code == 403
    assert head.post(queue_of(office), {"step": "x"}).status_code == 404
    assert head.post(queue_of(office), {"step": "thank", "remark": ["x"]}).status_code == 302
    assert Remark.objects.get().state == State.NEW


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Rất tốt", "vi"),
        ("rat tot, lam the can cuoc nhanh", "vi"),
        ("good", "en"),
        ("The staff were very helpful", "en"),
        ("សូមអរគុណ", "km"),
        ("123", "vi"),
        ("", "vi"),
    ],
)
def test_thanks_speak_the_language_of_the_remark(text: str, language: str) -> None:
    assert language_of(text) == language
    assert len(thanks_for(text)) > 40


# Templates


def test_a_template_comes_without_javascript_and_its_blanks_must_be_filled(
    office: Office, head: Client
) -> None:
    one = remark(office)
    page = read(head, page_of(one), mau="xin-loi.vi")
    assert "Chúng tôi xin lỗi vì […]" in page
    assert "We are sorry that […]" in read(head, page_of(one), mau="xin-loi.en")
    assert read(head, page_of(one), mau="x").count("<textarea") == 2
    left = "Cảm ơn Ông/Bà đã góp ý. Cơ quan đã […] từ hôm qua."
    refused = head.post(page_of(one), {"step": "answer", "seen": "0", "reply": left})
    assert refused.status_code == 422
    shown = unescape(refused.content.decode())
    assert left in shown, "what was typed is kept"
    assert "điền vào mọi chỗ" in shown
    assert Remark.objects.get().state == State.NEW
    filled = left.replace("[…]", "thêm ghế")
    assert head.post(page_of(one), {"step": "answer", "seen": "0", "reply": filled})


def test_every_template_has_blanks_in_both_languages() -> None:
    offered = [one for _language, choices in templates() for one in choices]
    assert len(offered) == 2 * len(TEMPLATES)
    assert len({one.text for one in offered}) == len(offered)
    assert all(has_blanks(one.text) for one in offered)


@pytest.mark.parametrize(
    ("text", "left"),
    [("[…]", True), ("[... ngày]", True), ("[ … ]", True), ("[số đã ẩn]", False), ("…", False)],
)
def test_only_what_a_template_left_is_a_blank(text: str, left: bool) -> None:
    assert has_blanks(text) == left


# The page


def test_neighbours_lead_through_the_queue(office: Office, head: Client) -> None:
    today = timezone.localdate()
    first, second, third = (
        remark(office, f"Góp ý {days}", due_on=today + timedelta(days=days)) for days in (1, 2, 3)
    )
    page = read(head, page_of(second))
    assert f'{page_of(first)}#phan-loai" rel="prev" data-key="l"' in page
    assert f'{page_of(third)}#phan-loai" rel="next" data-key="j"' in page
    assert 'rel="prev"' not in read(head, page_of(first))


def test_a_queue_of_many_costs_what_one_of_few_does(office: Office, head: Client) -> None:
    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            read(head, address)
        return len(captured)

    one = remark(office, tone=Tone.PRAISE, due_on=None)
    few = statements(queue_of(office)), statements(page_of(one))
    for number in range(30):
        remark(office, f"Góp ý {number}", due_on=date(2030, 1, 1))
    many = statements(queue_of(office)), statements(page_of(one))
    assert many <= few
    assert many[0] <= 12
    assert many[1] <= 16
