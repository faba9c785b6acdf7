"""After a reply the person is asked once whether it answers; "not yet" opens it one level up."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from offices.access import Missing
from offices.models import Membership, Office, User
from officials.office.remark_queue import FILTERS
from reports.briefing.due import due_of
from reports.handover import hand_over_everywhere
from surveys.intake.submit import submit
from surveys.models import Remark, RemarkStep
from surveys.remarks import steps
from surveys.remarks.reopening import say, shown_mark
from surveys.remarks.steps import RemarkNotPossible, RemarkObstacle
from surveys.remarks.workdays import after_working_days
from tests import factories
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
Role = Membership.Role
State = Remark.State
PAGE = "/ks/phan-hoi/"
FIRST = "Cảm ơn Ông/Bà đã góp ý, cơ quan ghi nhận."
SECOND = "Sở đã yêu cầu trung tâm thêm mười ghế từ thứ Hai."
CHANGED = "đã sửa trả lời"
QUESTION = "Trả lời này đã giải đáp góp ý của Ông/Bà chưa?"


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm A")


@pytest.fixture
def officer(office: Office) -> object:
    return factories.official(office.unit.province, Role.PROVINCIAL_OFFICER)


@pytest.fixture
def code(office: Office) -> str:
    """The code of a remark that was handed over and answered."""
    given = submit(factories.submission(office, [5, 4, 1], remark="Phòng chờ thiếu ghế")).code
    Remark.objects.update(released_on=date(2026, 5, 4), due_on=date(2026, 5, 11))
    steps.answer(remark(), FIRST, factories.official(office))
    return given


def remark() -> Remark:
    return Remark.objects.select_related("office").get()


def shown(code: str, **sent: str) -> str:
    """What the page itself says; around it stand links that repeat what was sent."""
    answer = Client().post(PAGE, {"code": code, "read": shown_mark(remark()), **sent})
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].partition("</main")[0]


def test_the_question_is_asked_once_and_yes_changes_nothing_else(code: str) -> None:
    assert QUESTION in shown(code)
    page = shown(code, step="helped")
    assert "đã ghi nhận" in page
    assert QUESTION not in page
    assert QUESTION not in shown(code, step="not-helped"), "it was said before"
    assert (remark().helped, remark().state, remark().reply) == (True, State.ANSWERED, FIRST)


def opened_again(code: str) -> None:
    """The person says "not yet", and the night makes it known."""
    shown(code, step="not-helped")
    hand_over_everywhere()


def official_pages(user: User, office: Office) -> list[str]:
    """All that an official reads of the remark: its page, and the queue under each filter."""
    client = client_of(user)
    own = reverse("officials:remark", args=[office.slug, remark().key])
    queue = reverse("officials:remarks", args=[office.slug])
    asked = [own, *(f"{queue}?trang-thai={name}" for name in FILTERS)]
    pages = [client.get(address).content.decode() for address in asked]
    return [re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page) for page in pages]


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("step", ["helped", "not-helped"])
def test_no_official_sees_what_was_said_before_the_night(
    code: str, office: Office, step: str
) -> None:
    """Whoever keeps the pages open would read the minute in which it was said."""
    head = factories.official(office)
    steps.publish(remark(), head)
    before = official_pages(head, office)
    page = shown(code, step=step)
    assert "đã ghi nhận" in page
    assert official_pages(head, office) == before
    public = reverse("surveys:published", args=[office.slug])
    assert FIRST in Client().get(public).content.decode()
    assert (remark().state, remark().due_on) == (State.PUBLISHED, date(2026, 5, 11))
    hand_over_everywhere()
    assert official_pages(head, office) != before
    published = FIRST in Client().get(public).content.decode()
    assert published == (step == "helped")
    after = official_pages(head, office)
    hand_over_everywhere()
    assert official_pages(head, office) == after, "a second night changes nothing"


@pytest.mark.usefixtures("officer")
def test_what_is_answered_anew_before_the_night_is_asked_of_the_new_reply(
    code: str, office: Office
) -> None:
    shown(code, step="not-helped")
    steps.answer(remark(), SECOND, factories.official(office))
    assert QUESTION in shown(code)
    hand_over_everywhere()
    assert (remark().state, remark().first_reply) == (State.ANSWERED, "")
    shown(code, step="not-helped")
    hand_over_everywhere()
    assert (remark().state, remark().first_reply) == (State.REOPENED, SECOND)


def test_a_yes_belongs_to_the_reply_that_was_read(code: str, office: Office) -> None:
    head = factories.official(office)
    shown(code, step="helped")
    steps.answer(remark(), SECOND, head)
    assert QUESTION in shown(code), "of the new one nothing was said"
    shown(code, step="helped")
    hand_over_everywhere()
    assert "đã giải đáp góp ý" in official_pages(head, office)[0]
    steps.answer(remark(), FIRST, head)
    assert "đã giải đáp góp ý" not in official_pages(head, office)[0]


def test_a_reply_that_was_changed_meanwhile_is_shown_and_asked_about(
    code: str, office: Office
) -> None:
    read = shown_mark(remark())
    steps.answer(remark(), SECOND, factories.official(office))
    for step in ("helped", "not-helped"):
        for sent in (read, ""):
            page = shown(code, step=step, read=sent)
            assert CHANGED in page
            assert SECOND in page
            assert QUESTION in page
    assert remark().helped is None
    assert CHANGED not in shown(code, step="not-helped")
    assert remark().helped is False


def test_the_page_says_who_replies_again(code: str, office: Office) -> None:
    assert "cấp trên" not in shown(code)
    factories.official(office.unit.province, Role.PROVINCIAL_OFFICER)
    assert "cấp trên" in shown(code)


def test_where_nobody_above_is_left_the_office_answers(
    code: str, office: Office, officer: object
) -> None:
    assert isinstance(officer, User)
    head = factories.official(office)
    opened_again(code)
    officer.is_active = False
    officer.save()
    own = reverse("officials:remark", args=[office.slug, remark().key])
    assert 'value="answer"' in client_of(head).get(own).content.decode()
    hand_over_everywhere()
    assert not remark().raised
    assert len(due_of(head, timezone.localdate())) == 1
    sent = {"step": "answer", "seen": str(State.REOPENED.value), "reply": SECOND}
    assert client_of(head).post(own, sent).status_code == 302
    assert remark().reply == SECOND


@pytest.mark.usefixtures("officer")
def test_not_yet_opens_it_one_level_up_with_a_day_of_its_own(code: str) -> None:
    opened_again(code)
    page = shown(code)
    assert "chuyển lên cấp trên" in page
    assert FIRST in page
    opened = remark()
    assert (opened.state, opened.raised, opened.helped) == (State.REOPENED, True, False)
    assert (opened.first_reply, opened.reply) == (FIRST, "")
    assert opened.due_on == after_working_days(timezone.localdate(), 5)
    assert opened.first_due_on == date(2026, 5, 11)
    assert shown(code, step="not-helped") == page, "sent again it is the same"
    assert shown(code, step="helped") == page
    assert shown(code) == page


@pytest.mark.usefixtures("officer")
def test_nothing_is_noted_of_the_moment(code: str) -> None:
    noted, acts = RemarkStep.objects.count(), factories.acts().count()
    shown(code, step="not-helped")
    assert (RemarkStep.objects.count(), factories.acts().count()) == (noted, acts)


def test_those_above_write_the_second_reply_and_it_is_the_last(
    code: str, office: Office, officer: object
) -> None:
    assert isinstance(officer, User)
    head = factories.official(office)
    opened_again(code)
    for one in (head, factories.official(office.unit)):
        assert steps.steps_of(one, remark()) == frozenset()
        with pytest.raises(Missing):
            steps.answer(remark(), SECOND, one)
    assert steps.steps_of(officer, remark()) == {State.ANSWERED, State.DONE}
    steps.answer(remark(), SECOND, officer)
    page = shown(code)
    assert SECOND in page
    assert FIRST in page
    assert QUESTION not in page
    assert "lần cuối" in page
    shown(code, step="not-helped")
    assert remark().state == State.ANSWERED
    assert State.PUBLISHED in steps.steps_of(head, remark()), "the head may publish it"
    assert State.ANSWERED not in steps.steps_of(head, remark()), "and does not write it anew"


def test_it_waits_for_those_above_and_no_longer_for_the_office(
    code: str, office: Office, officer: object
) -> None:
    assert isinstance(officer, User)
    head = factories.official(office)
    opened_again(code)
    today = timezone.localdate()
    said = [one.words for one in due_of(officer, today)]
    assert said == ["1 góp ý chờ trả lời lần hai, vì lần đầu chưa giải đáp."]
    assert due_of(head, today) == []
    province = office.unit.province
    page = client_of(officer).get(reverse("officials:unit_remarks", args=[province.pk]))
    assert "Phòng chờ thiếu ghế" in page.content.decode()
    queue = reverse("officials:remarks", args=[office.slug])
    assert "Phòng chờ thiếu ghế" not in client_of(head).get(queue).content.decode()
    above = client_of(head).get(f"{queue}?trang-thai=mo-lai").content.decode()
    assert "Phòng chờ thiếu ghế" in above
    own = reverse("officials:remark", args=[office.slug, remark().key])
    sent = {"step": "answer", "seen": str(State.REOPENED.value), "reply": SECOND}
    assert client_of(head).post(own, sent).status_code == 403
    assert "<textarea" not in client_of(head).get(own).content.decode()
    again = {**sent, "step": "answer_again"}
    assert client_of(head).post(own, again).status_code == 403
    assert 'value="answer_again"' in client_of(officer).get(own).content.decode()
    assert client_of(officer).post(own, again).status_code == 302
    assert remark().reply == SECOND


def test_what_was_not_opened_again_is_not_answered_from_above(
    code: str, office: Office, officer: object
) -> None:
    assert isinstance(officer, User)
    own = reverse("officials:remark", args=[office.slug, remark().key])
    for step in ("answer_again", "close_again"):
        sent = {"step": step, "seen": str(State.ANSWERED.value), "reply": SECOND, "why": SECOND}
        assert client_of(officer).post(own, sent).status_code == 409
    assert (remark().state, remark().reply) == (State.ANSWERED, FIRST)


def test_where_nobody_is_above_it_stays_with_the_office(code: str, office: Office) -> None:
    opened_again(code)
    assert "đã được mở lại" in shown(code)
    assert (remark().state, remark().raised) == (State.REOPENED, False)
    head = factories.official(office)
    queue = reverse("officials:remarks", args=[office.slug])
    assert "Phòng chờ thiếu ghế" in client_of(head).get(queue).content.decode()
    assert len(due_of(head, timezone.localdate())) == 1
    steps.answer(remark(), SECOND, head)
    assert QUESTION not in shown(code)


def test_a_remark_that_was_closed_with_a_reason_is_asked_about_as_well(
    code: str, office: Office
) -> None:
    steps.finish(remark(), factories.official(office))
    assert QUESTION in shown(code)
    opened_again(code)
    assert remark().state == State.REOPENED


def test_what_has_no_reply_is_not_asked_about(office: Office) -> None:
    code = submit(factories.submission(office, [5, 4, 1], remark="Phòng chờ thiếu ghế")).code
    for given in ({}, {"released_on": date(2026, 5, 4), "due_on": date(2026, 5, 11)}):
        Remark.objects.update(**given)
        assert QUESTION not in shown(code, step="not-helped")
        assert remark().helped is None


def test_a_blank_of_a_template_is_refused_below_the_page_too(office: Office) -> None:
    one = Remark.objects.create(
        office=office, response_id=uuid4(), day=date(2026, 4, 1), text="x",
        released_on=date(2026, 5, 4), due_on=date(2026, 5, 11),
    )  # fmt: skip
    with pytest.raises(RemarkNotPossible) as refused:
        steps.answer(one, "Chúng tôi sẽ […] trong tuần này", factories.official(office))
    assert refused.value.obstacle is RemarkObstacle.BLANK_LEFT


@pytest.mark.usefixtures("officer")
def test_the_second_of_two_at_once_changes_nothing(code: str) -> None:
    stale = remark()
    read = shown_mark(stale)
    say(remark(), helped=False, read=read)
    assert say(stale, helped=True, read=read).helped is False


@pytest.mark.parametrize(("language", "words"), [("en", "Does this reply"), ("km", "តើចម្លើយនេះ")])
def test_the_question_is_asked_in_the_language_of_the_page(
    code: str, settings: Settings, language: str, words: str
) -> None:
    settings.LANGUAGES = [(one, one) for one in ("vi", "en", "km")]
    assert words in shown(code, **{"ngon-ngu": language})
