"""Whoever holds the receipt's code has the remark erased; the night does it, and answers stay."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from offices.models import Office
from reports.handover import _hand_over, hand_over_everywhere
from surveys.intake.submit import Submission, submit
from surveys.models import Contact, Remark, Response
from surveys.remarks import steps
from surveys.remarks.reopening import shown_mark
from tests import factories
from tests.officials.two import client_of
from tests.surveys.remarks.test_reopening import official_pages

pytestmark = pytest.mark.django_db
State = Remark.State
PAGE = "/ks/phan-hoi/"
TEXT, REPLY = "Phòng chờ thiếu ghế", "Cảm ơn Ông/Bà đã góp ý, cơ quan ghi nhận."
OFFERED = "Xóa góp ý của tôi"


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm A")


@pytest.fixture
def sent(office: Office) -> Submission:
    """A form with a remark and a contact for a personal reply."""
    return factories.submission(office, [5, 4, 1], remark=TEXT, contact="0912345678")


@pytest.fixture
def code(sent: Submission) -> str:
    """The code of a remark that was handed over, answered and published."""
    given = submit(sent).code
    Remark.objects.update(released_on=date(2026, 5, 4), due_on=date(2026, 5, 11))
    head = factories.official(sent_office())
    steps.answer(remark(), REPLY, head)
    steps.publish(remark(), head)
    return given


def sent_office() -> Office:
    return remark().office


def remark() -> Remark:
    return Remark.objects.select_related("office").get()


def shown(code: str, **given: str) -> str:
    answer = Client().post(PAGE, {"code": code, **given})
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].partition("</main")[0]


def everything() -> str:
    """All rows of remarks and contacts, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(r::text, ' ') FROM (SELECT * FROM surveys_remark) AS r")
        return str(cursor.fetchone())


def test_the_night_erases_it_everywhere_and_the_answers_stay(code: str, office: Office) -> None:
    answers = list(Response.objects.values())
    public = reverse("surveys:published", args=[office.slug])
    assert OFFERED in shown(code)
    page = shown(code, step="erase")
    assert "đêm nay" in page
    assert REPLY not in page
    assert OFFERED not in page
    hand_over_everywhere()
    assert TEXT not in everything()
    assert REPLY not in everything()
    assert not Contact.objects.exists()
    assert REPLY not in Client().get(public).content.decode()
    after = shown(code)
    assert "đã được xóa ngày" in after
    assert OFFERED not in after
    assert list(Response.objects.values()) == answers
    (entry,) = Entry.objects.filter(action="remark.erased")
    assert (entry.subject, entry.details) == (str(remark().key), {})
    before = everything()
    # nothing is said of it any more, whatever a hand-made form says
    shown(code, step="not-helped", read=shown_mark(remark()))
    hand_over_everywhere()
    assert everything() == before
    assert Entry.objects.filter(action="remark.erased").count() == 1


def test_no_official_sees_it_before_the_night_nor_anything_after_it(
    code: str, office: Office
) -> None:
    head = factories.official(office)
    before = official_pages(head, office)
    shown(code, step="erase")
    assert official_pages(head, office) == before
    hand_over_everywhere()
    own = reverse("officials:remark", args=[office.slug, remark().key])
    assert client_of(head).get(own).status_code == 404
    queue = client_of(head).get(reverse("officials:remarks", args=[office.slug]))
    assert str(remark().key) not in queue.content.decode()


def test_one_that_was_not_handed_over_never_is(sent: Submission, office: Office) -> None:
    given = submit(sent).code
    shown(given, step="erase")
    hand_over_everywhere()
    Response.objects.update(excluded=True)  # nothing else keeps it back any more
    assert _hand_over(office.pk, [], date(2026, 5, 4)) == 0
    one = remark()
    assert (one.text, one.released_on, one.state) == ("", None, State.DONE)


def test_sent_once_more_by_a_phone_that_kept_the_form_it_stays_erased(
    code: str, sent: Submission
) -> None:
    shown(code, step="erase")
    hand_over_everywhere()
    assert submit(sent).code == code
    assert (remark().text, Contact.objects.count()) == ("", 0)


def test_asked_twice_and_without_a_remark_nothing_happens(code: str) -> None:
    for _ in range(2):
        shown(code, step="erase")
    assert Remark.objects.filter(to_be_erased=True).count() == 1
    other = submit(factories.submission(sent_office(), [5, 4, 1], id=uuid4())).code
    shown(other, step="erase")
    hand_over_everywhere()
    assert Entry.objects.filter(action="remark.erased").count() == 1
