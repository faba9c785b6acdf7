"""Reasons on the citizens' pages: below each question, carried on, taken back with the answer."""

import re
from uuid import UUID

import pytest
from django.test import Client

from launch.page import Form
from offices.models import Office
from surveys.models import Response, State
from surveys.questionnaires import catalogue
from surveys.questionnaires.load import load_instruments
from surveys.questionnaires.minutes import minutes
from tests import factories

pytestmark = pytest.mark.django_db
BOX = re.compile(r'<input type="checkbox" name="([A-Z]1_[A-Z]+)" value="1"( checked)?>')


@pytest.fixture
def office() -> Office:
    load_instruments()
    return factories.office()


def send(office: Office, page: str, **said: str) -> str:
    """Sends a page of the one-minute form; the next page."""
    answer = Client().post(f"/ks/{office.slug}/counter/", {**Form(page).filled, **said})
    assert answer.status_code in (200, 204), answer.content
    return answer.content.decode()


def first_page(office: Office) -> str:
    return Client().get(f"/ks/{office.slug}/counter/").content.decode()


def kept() -> dict[str, int]:
    """What is stored of reasons, by code."""
    form = catalogue.current().instrument("counter")
    answers = bytes(Response.objects.get().answers)
    assert form is not None
    return {i.code: answers[i.position] for i in form.items if i.scale == "reason"} | {
        "O1": answers[0]
    }


def test_each_question_has_its_reasons_and_nothing_is_ticked(office: Office) -> None:
    page = first_page(office)
    assert BOX.findall(page) == [(f"O1_{c}", "") for c in ("WAIT", "TRIP", "RULE", "MANN", "RES")]
    assert "Vì sao? Có thể chọn nhiều lý do." in page
    second = send(office, page, O1="4")
    assert len(BOX.findall(second)) == 19
    assert '<fieldset class="reasons">' not in Client().get(f"/ks/{office.slug}/").content.decode()


def test_what_was_given_goes_on_with_the_form_and_comes_back(office: Office) -> None:
    second = send(office, first_page(office), O1="2", O1_WAIT="1", O1_RES="1")
    assert (kept()["O1_WAIT"], kept()["O1_TRIP"], kept()["O1_RES"]) == (1, 2, 1)
    assert '<input type="hidden" name="O1_WAIT" value="1">' in second
    before = send(office, second, A1="1", A1_SEAT="1", go="back")
    ticked = [code for code, checked in BOX.findall(before) if checked]
    assert ticked == ["O1_WAIT", "O1_RES"]
    assert 'name="A1_SEAT" value="1"' in before
    send(office, before, O1="2", go="done")
    assert kept()["O1_WAIT"] == kept()["A1_SEAT"] == 1
    assert Response.objects.get().state == State.FINISHED


def test_a_better_answer_takes_them_back_on_the_server_as_well(office: Office) -> None:
    page = first_page(office)
    send(office, page, O1="1", O1_WAIT="1", save="1")
    assert kept()["O1_WAIT"] == 1
    second = send(office, page, O1="4", O1_WAIT="1", step="1")
    assert {value for code, value in kept().items() if code != "O1"} == {0}
    assert "O1_WAIT" not in second


@pytest.mark.parametrize("sent", [{"O1_WAIT": "7"}, {"O1_NONE": "1"}, {"A1_SEAT": "1"}])
def test_what_is_no_reason_for_a_low_answer_is_left_out(
    office: Office, sent: dict[str, str]
) -> None:
    send(office, first_page(office), O1="2", **sent)
    assert set(kept().values()) == {0, 2}


def test_an_old_page_that_is_sent_again_takes_no_reason_back(office: Office) -> None:
    page = first_page(office)
    second = send(office, page, O1="2", O1_WAIT="1")
    send(office, second, A1="1", A1_SEAT="1", save="1", step="5")
    # the first page once more, as the back button shows it
    again = send(office, page, O1="1", O1_TRIP="1")
    ticked = [code for code, checked in BOX.findall(again) if checked]
    assert ticked == ["A1_SEAT"]
    assert (kept()["O1_WAIT"], kept()["O1_TRIP"], kept()["A1_SEAT"]) == (2, 1, 1)
    assert isinstance(Response.objects.get().id, UUID)


def test_reasons_are_in_no_count_of_minutes(office: Office) -> None:
    second, third = (catalogue.current().instrument("counter", version) for version in (2, 3))
    assert second is not None
    assert third is not None
    assert minutes(second) == minutes(third)
