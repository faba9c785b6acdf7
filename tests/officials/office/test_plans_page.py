"""The page of an office's plans, and what of them the page of a criterion shows."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from offices.models import Office
from offices.rights import Role
from reports.models import Plan, Score
from reports.night import steps
from reports.showing.figures import figures
from tests import factories
from tests.officials.two import client_of
from tests.reports.briefing.months import APRIL, MAY, TODAY, said

pytestmark = pytest.mark.django_db
CLOSED = {"ky": "month", "tu": "2026-05-01"}
TEXT = "Mở thêm một quầy vào buổi sáng"


@pytest.fixture
def office() -> Iterator[Office]:
    """Of a commune; April and May are closed, June is open."""
    with time_machine.travel(factories.at(TODAY, 7), tick=False):
        factories.instrument({"A": 2, "B": 1})
        commune = factories.unit(parent=factories.province("An Giang"), name="Hà Tiên")
        made = factories.office(commune)
        said(made, APRIL, 50, 50)
        said(made, MAY, 60, 40)
        steps.close(date(2026, 6, 9))
        yield made


def address(office: Office) -> str:
    return reverse("officials:plans", args=[office.slug])


def form(office: Office, **changed: object) -> dict[str, object]:
    head = factories.official(office)
    return {
        "step": "make", "criterion": "A1", "period": "month.2026-05-01", "text": TEXT,
        "owner": head.pk, "due_on": "2026-06-30", **changed,
    }  # fmt: skip


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def page(client: Client, office: Office, **asked: str) -> str:
    response = client.get(address(office), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_a_plan_is_made_done_and_stands_in_the_list(office: Office) -> None:
    client = client_of(factories.official(office))
    answer = client.post(address(office), form(office), follow=True)
    text = text_of(answer.content.decode())
    assert "Đã lưu kế hoạch." in text
    assert "Hạn: 30/06/2026" in text
    assert TEXT in text
    assert "chưa chứng tỏ là do kế hoạch" in text
    made = Plan.objects.get()
    done = client.post(address(office), {"step": "done", "plan": made.pk}, follow=True)
    assert "Đã làm xong ngày 10/06/2026" in text_of(done.content.decode())
    again = client.post(address(office), {"step": "give_up", "plan": made.pk}, follow=True)
    assert "không còn đang làm nữa" in text_of(again.content.decode())
    made.refresh_from_db()
    assert made.state == "done"


def test_a_plan_is_given_up(office: Office) -> None:
    client = client_of(factories.official(office))
    client.post(address(office), form(office))
    client.post(address(office), {"step": "give_up", "plan": Plan.objects.get().pk})
    assert "Đã thôi không làm" in text_of(page(client, office))
    assert factories.acts().filter(action="plan.given_up").count() == 1


@pytest.mark.parametrize("key", ["", "x", "999", "9" * 40, "٣", "-1"])
def test_a_plan_that_is_not_there_is_said_to_be_so(office: Office, key: str) -> None:
    client = client_of(factories.official(office))
    answer = client.post(address(office), {"step": "done", "plan": key}, follow=True)
    assert "không còn đang làm nữa" in text_of(answer.content.decode())


@pytest.mark.parametrize(
    ("wrong", "said_of_it"),
    [
        ({"criterion": ""}, "Hãy chọn một tiêu chí."),
        ({"criterion": "Z9"}, "Hãy chọn một tiêu chí."),
        ({"period": "month.2026-06-01"}, "Hãy chọn một kỳ đã khóa sổ."),
        ({"period": "day.2026-05-01"}, "Hãy chọn một kỳ đã khóa sổ."),
        ({"owner": "0"}, "Hãy chọn một cán bộ."),
        ({"due_on": "2026-06-09"}, "Hãy chọn hôm nay hoặc một ngày sắp tới."),
        ({"due_on": "x"}, "31/01/2026"),
    ],
)
def test_a_form_with_a_mistake_keeps_what_was_typed(
    office: Office, wrong: dict[str, str], said_of_it: str
) -> None:
    client = client_of(factories.official(office))
    answer = client.post(address(office), form(office, **wrong))
    assert answer.status_code == 422
    html = unescape(answer.content.decode())
    assert said_of_it in html
    assert TEXT in html
    assert not Plan.objects.exists()


@pytest.mark.parametrize("text", ["ngắn", "x" * 2001])
def test_a_text_is_a_sentence_and_not_a_book(office: Office, text: str) -> None:
    client = client_of(factories.official(office))
    answer = client.post(address(office), form(office, text=text))
    assert answer.status_code == 422
    assert text in answer.content.decode()


@time_machine.travel(factories.at(TODAY, 7), tick=False)
def test_a_hidden_criterion_is_not_planned_for() -> None:
    """Hardly anybody says anything of C: the month has a headline, but not that figure."""
    factories.instrument({"A": 1, "B": 1, "C": 1})
    rare = factories.office()
    for number in range(12):
        factories.answer(rare, [5, 4, 5 if number < 3 else 9], now=factories.at(MAY))
    steps.close(date(2026, 6, 9))
    month = figures(Score.objects.get(office=rare, period="month", start=date(2026, 5, 1)))
    assert month.headline.share is not None
    client = client_of(factories.official(rare))
    for code, status in (("C1", 422), ("A1", 302)):
        answer = client.post(address(rare), form(rare, criterion=code))
        assert answer.status_code == status
        hidden = "không được hiển thị trong kỳ" in unescape(answer.content.decode())
        assert hidden == (status == 422)
    assert Plan.objects.get().code == "A1"


def test_the_page_of_the_criterion_leads_to_the_form_filled_in(office: Office) -> None:
    client = client_of(factories.official(office))
    criterion = reverse("officials:office_criterion", args=[office.slug, "A2"])
    html = client.get(criterion, CLOSED).content.decode()
    assert "Tiêu chí này chưa có kế hoạch nào." in html
    link = re.search(r'href="([^"]+)#make-title"', html)
    assert link is not None
    filled = client.get(unescape(link[1])).content.decode()
    assert '<option value="A2" selected>' in filled
    assert '<option value="month.2026-05-01" selected>' in filled
    client.post(address(office), form(office, criterion="A2"))
    assert TEXT in client.get(criterion, CLOSED).content.decode()
    other = reverse("officials:office_criterion", args=[office.slug, "A1"])
    assert TEXT not in client.get(other, CLOSED).content.decode()
    opened = client.get(criterion, {"ky": "month", "tu": "2026-06-01"}).content.decode()
    assert "#make-title" not in opened


def test_a_clerk_marks_as_done_what_they_see_to_and_nothing_else(office: Office) -> None:
    head, clerk = factories.official(office), factories.official(office, role=Role.CLERK)
    client_of(head).post(address(office), form(office, owner=clerk.pk))
    client_of(head).post(address(office), form(office, criterion="A2", owner=head.pk))
    own, other = Plan.objects.get(owner=clerk), Plan.objects.get(owner=head)
    client = client_of(clerk)
    html = page(client, office)
    assert (html.count('value="done"'), html.count('value="give_up"')) == (1, 0)
    for wrong in (
        {"step": "done", "plan": other.pk},
        {"step": "give_up", "plan": own.pk},
        form(office),
    ):
        assert client.post(address(office), wrong).status_code == 403
    client.post(address(office), {"step": "done", "plan": own.pk})
    states = dict(Plan.objects.values_list("owner", "state"))
    assert states == {clerk.pk: Plan.State.DONE, head.pk: Plan.State.OPEN}


def test_whoever_may_not_plan_reads_only(office: Office) -> None:
    client_of(factories.official(office)).post(address(office), form(office))
    key = Plan.objects.get().pk
    for role in (Role.CLERK, Role.ANALYST, Role.AUDITOR):
        place = office if role == Role.CLERK else office.unit
        client = client_of(factories.official(place, role))
        html = page(client, office)
        assert TEXT in html
        assert "<textarea" not in html
        assert 'value="done"' not in html
        for data in (form(office), {"step": "done", "plan": key}, {"step": "give_up", "plan": key}):
            assert client.post(address(office), data).status_code == 403
    assert Plan.objects.get().state == "open"
    stranger = client_of(factories.official(factories.office()))
    assert stranger.get(address(office)).status_code == 404


@pytest.mark.parametrize("role", [Role.UNIT_OFFICER, Role.PROVINCIAL_OFFICER])
def test_whoever_holds_what_is_above_plans_too(office: Office, role: Role) -> None:
    place = office.unit if role == Role.UNIT_OFFICER else office.unit.province
    officer = factories.official(place, role)
    answer = client_of(officer).post(address(office), form(office, owner=officer.pk))
    assert answer.status_code == 302
    assert Plan.objects.get().owner == officer


def test_an_auditor_sees_to_no_plan(office: Office) -> None:
    auditor = factories.official(office.unit, Role.AUDITOR)
    client = client_of(factories.official(office))
    assert client.post(address(office), form(office, owner=auditor.pk)).status_code == 422


def test_before_the_first_closed_period_there_is_nothing_to_plan_from(office: Office) -> None:
    new = factories.office()
    client = client_of(factories.official(new))
    assert "Cơ quan này chưa có kỳ nào." in page(client, new)
    assert client.post(address(new), form(new)).status_code == 302
    assert not Plan.objects.exists()


def test_a_step_that_nobody_knows_is_not_found(office: Office) -> None:
    client = client_of(factories.official(office))
    assert client.post(address(office), {"step": "x"}).status_code == 404


def test_late_plans_are_marked_and_what_came_of_them_is_said(office: Office) -> None:
    client = client_of(factories.official(office))
    client.post(address(office), form(office))
    with time_machine.travel(factories.at(date(2026, 7, 1), 7), tick=False):
        client = client_of(factories.official(office))
        assert "Quá hạn (hạn là 30/06/2026)" in text_of(page(client, office))
        said(office, date(2026, 7, 1), 95, 5)
    with time_machine.travel(factories.at(date(2026, 8, 12), 7), tick=False):
        steps.close(date(2026, 8, 11))
        text = text_of(page(client_of(factories.official(office)), office))
    assert "Đo lại tháng 7/2026: 60,0 % → 95,0 %, tăng 35,0 điểm" in text


def test_the_page_asks_few_statements_whatever_is_planned(
    office: Office, django_assert_max_num_queries: object
) -> None:
    client = client_of(factories.official(office))
    for code in ("A1", "A2", "B1"):
        client.post(address(office), form(office, criterion=code))
    page(client, office)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page(client, office)
