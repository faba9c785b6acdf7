"""One answer for a theme: on every receipt of it, and on the office's public page."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.access import Missing
from offices.models import Membership, Office
from surveys.intake.submit import submit
from surveys.models import Remark, RemarkStep, Theme, ThemeReply
from surveys.remarks import steps, themes
from surveys.remarks.steps import RemarkNotPossible
from tests import factories
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
Role = Membership.Role
State = Remark.State
SAID = "Nhiều người dân báo máy lấy số hư. Trung tâm đã thay máy mới từ 01/12."


def remark(office: Office, text: str = "Máy lấy số hư", **given: object) -> Remark:
    today = timezone.localdate()
    row = {"released_on": today, "due_on": today, "theme": Theme.PLACE, **given}
    return Remark.objects.create(
        office=office, response_id=uuid4(), day=today - timedelta(days=40), text=text, **row
    )


def page_of(office: Office, theme: Theme | None = None) -> str:
    address = reverse("officials:remark_themes", args=[office.slug])
    return f"{address}?chu-de={theme.value}" if theme else address


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def answer(client: Client, office: Office, *chosen: Remark, said: str = SAID) -> int:
    keys = [str(one.key) for one in chosen]
    sent = {"step": "answer", "reply": said, "remark": keys}
    return client.post(page_of(office, Theme.PLACE), sent).status_code


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm A")


@pytest.fixture
def head(office: Office) -> Client:
    return client_of(factories.official(office))


def test_only_what_was_handed_over_and_waits_is_counted(office: Office, head: Client) -> None:
    remark(office)
    remark(office)
    remark(office, "Chưa chuyển", released_on=None)
    remark(office, "Đã trả lời", state=State.ANSWERED)
    remark(office, "Lên trên", state=State.REOPENED, raised=True)
    remark(office, "Chờ lâu", theme=Theme.WAITING)
    remark(factories.office(), "Nơi khác")
    page = read(head, page_of(office, Theme.PLACE))
    assert "Phòng chờ, máy móc (2)" in page
    assert "Thời gian chờ (1)" in page
    assert page.count("Máy lấy số hư") == 2
    for text in ("Chưa chuyển", "Đã trả lời", "Lên trên", "Chờ lâu", "Nơi khác"):
        assert text not in page


def test_one_answer_reaches_every_receipt_that_was_chosen(office: Office, head: Client) -> None:
    codes = [
        submit(factories.submission(office, [5, 4, 1], remark=f"Máy số {number} hư")).code
        for number in range(12)
    ]
    today = timezone.localdate()
    Remark.objects.update(released_on=today, due_on=today, theme=Theme.PLACE)
    left = remark(office, "Để riêng")
    chosen = Remark.objects.exclude(key=left.key)
    assert answer(head, office, *chosen) == 302
    for code in codes:
        assert SAID in Client().post("/ks/phan-hoi/", {"code": code}).content.decode()
    left.refresh_from_db()
    assert (left.state, left.reply) == (State.NEW, "")
    kept = ThemeReply.objects.get()
    assert (kept.theme, kept.text, kept.tens, kept.day) == (Theme.PLACE, SAID, 10, today)
    assert RemarkStep.objects.count() == 12
    assert factories.acts().filter(action="remark.answered").count() == 12
    assert "cho ít nhất 10 góp ý" in read(head, page_of(office))


def test_fewer_than_ten_are_not_told(office: Office, head: Client) -> None:
    answer(head, office, remark(office), remark(office))
    assert ThemeReply.objects.get().tens == 0
    assert "cho dưới 10 góp ý" in read(head, page_of(office))


def test_what_cannot_be_answered_changes_nothing_and_keeps_what_was_typed(
    office: Office, head: Client
) -> None:
    waits, elsewhere = remark(office), remark(factories.office())
    other = remark(office, theme=Theme.WAITING)
    assert answer(head, office) == 422
    assert answer(head, office, elsewhere) == 422
    assert answer(head, office, other) == 422
    blank = "Trung tâm đã thay […] từ hôm qua."
    sent = {"step": "answer", "reply": blank, "remark": [str(waits.key)]}
    refused = head.post(page_of(office, Theme.PLACE), sent)
    assert refused.status_code == 422
    assert blank in unescape(refused.content.decode())
    assert answer(head, office, waits, said="ngắn") == 422
    assert head.post(page_of(office), {"step": "x"}).status_code == 404
    assert not ThemeReply.objects.exists()
    assert set(Remark.objects.values_list("state", flat=True)) == {State.NEW}
    with pytest.raises(RemarkNotPossible):
        themes.answer_theme(office, Theme.PLACE, [], SAID, factories.official(office))


def test_what_is_urgent_or_of_a_colleague_is_not_chosen_beforehand(office: Office) -> None:
    head, clerk = factories.official(office), factories.official(office, Role.CLERK)
    plain, own = remark(office), remark(office, assigned_to=head, state=State.ASSIGNED)
    urgent = remark(office, urgent=True)
    given = remark(office, assigned_to=clerk, state=State.ASSIGNED)
    page = read(client_of(head), page_of(office, Theme.PLACE))
    for one, chosen in ((plain, True), (own, True), (urgent, False), (given, False)):
        assert f'value="{one.key}"' in page
        assert (f'value="{one.key}" checked' in page) == chosen


def test_what_was_answered_meanwhile_is_said(office: Office, head: Client) -> None:
    waits, answered = remark(office), remark(office)
    colleague = factories.official(office, Role.CLERK)
    steps.answer(answered, "Trung tâm đã thay máy.", colleague)
    sent = {"step": "answer", "reply": SAID, "remark": [str(waits.key), str(answered.key)]}
    done = head.post(page_of(office, Theme.PLACE), sent, follow=True)
    assert "1 trong 2 góp ý đã chọn" in unescape(done.content.decode())
    refused = head.post(page_of(office, Theme.PLACE), sent)
    assert refused.status_code == 422
    page = unescape(refused.content.decode())
    assert "vừa được người khác xử lý" in page
    assert f"{SAID}</textarea>" in page
    answered.refresh_from_db()
    assert answered.reply == "Trung tâm đã thay máy."
    assert ThemeReply.objects.count() == 1


def test_it_is_published_by_whoever_may_and_taken_back(office: Office, head: Client) -> None:
    answer(head, office, remark(office, "Máy lấy số hư quá"))
    made = ThemeReply.objects.get()
    public = reverse("surveys:published", args=[office.slug])
    assert SAID not in Client().get(public).content.decode()
    clerk = client_of(factories.official(office, Role.CLERK))
    sent = {"step": "publish", "answer": made.pk}
    assert clerk.post(page_of(office), sent).status_code == 403
    assert head.post(page_of(office), sent).status_code == 302
    page = Client().get(public).content.decode()
    assert SAID in page
    assert "Máy lấy số hư quá" not in page, "no remark is published with it"
    head.post(page_of(office), {**sent, "step": "hide"})
    assert SAID not in Client().get(public).content.decode()
    acts = factories.acts().filter(action__startswith="theme_reply").order_by("pk")
    assert [one.action for one in acts] == ["theme_reply.published", "theme_reply.hidden"]
    elsewhere = client_of(factories.official(factories.office()))
    assert elsewhere.post(page_of(office), sent).status_code == 404
    for wrong in ("x", "", str(made.pk + 1), "9" * 30):
        head.post(page_of(office), {**sent, "answer": wrong})
    assert ThemeReply.objects.get().published_at is None


def test_who_reads_without_the_right_answers_nothing(office: Office) -> None:
    one = remark(office)
    auditor = factories.official(office.unit, Role.AUDITOR)
    client = client_of(auditor)
    assert "Máy lấy số hư" in read(client, page_of(office, Theme.PLACE))
    assert "<textarea" not in read(client, page_of(office, Theme.PLACE))
    assert answer(client, office, one) == 403
    with pytest.raises(Missing):
        themes.answer_theme(office, Theme.PLACE, [one.key], SAID, auditor)
