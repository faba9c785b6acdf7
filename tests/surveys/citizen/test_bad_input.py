"""What no browser sends: the answer is polite, in Vietnamese, and nothing is stored."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from launch.page import Form
from offices.models import Office, Procedure
from surveys.citizen.sheet import start_of
from surveys.models import Instrument, Remark, Response, State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """An open office with a form of two pages."""
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


def last_page(**changed: str) -> dict[str, str]:
    """The fields of a last page that would be taken."""
    return {
        "form": "phieu.1",
        "id": str(uuid4()),
        "step": "2",
        "page": "2",
        "A1": "5",
        "A2": "4",
        "B1": "3",
        **changed,
    }


def test_what_the_other_tests_change_is_taken(office: Office) -> None:
    answer = Client().post(f"/ks/{office.slug}/", last_page())
    assert answer.status_code == 200
    assert 'id="thanks"' in answer.content.decode()
    assert Response.objects.count() == 1


def test_a_repealed_procedure_is_not_offered_and_the_remark_is_kept(office: Office) -> None:
    factories.procedure("1.000001")
    repealed = factories.procedure("1.000002")
    Procedure.objects.filter(pk=repealed.pk).update(valid_to=date(2025, 12, 31))
    changed = last_page(procedure=repealed.code, remark="Xin giữ lại")
    answer = Client().post(f"/ks/{office.slug}/", changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "không giải quyết thủ tục đó" in page
    assert "Xin giữ lại" in page
    assert "Thủ tục 1.000001" in page
    assert "Thủ tục 1.000002" not in page
    assert not Remark.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"remark=" + b"a" * 5_000_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % n for n in range(2000)), "application/x-www-form-urlencoded"),
        (b"A1=5", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=é"),
    ],
    ids=["5 MB", "2000 fields", "UTF-16", "no boundary", "odd boundary"],
)
def test_what_cannot_be_read_gets_a_page_that_says_so(
    office: Office, body: bytes, content_type: str
) -> None:
    answer = Client().generic("POST", f"/ks/{office.slug}/", body, content_type)
    assert answer.status_code == 400
    assert "Không đọc được nội dung gửi" in answer.content.decode()
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\x00" * 50, "application/x-www-form-urlencoded"),
        (b'{"A1": 5}', "application/json"),
        (b"", "application/x-www-form-urlencoded"),
        (b"A1=5", "application/x-www-form-urlencoded; charset=no-such"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    ],
    ids=["bytes", "json", "nothing", "unknown charset", "half a part"],
)
def test_what_holds_no_form_shows_the_form_again(
    office: Office, body: bytes, content_type: str
) -> None:
    answer = Client().generic("POST", f"/ks/{office.slug}/", body, content_type)
    assert answer.status_code in (400, 409)
    assert 'lang="vi"' in answer.content.decode()
    assert not Response.objects.exists()


def test_of_repeated_fields_the_last_counts(office: Office) -> None:
    fields = [*last_page().items(), ("A1", "1"), ("step", "7")]
    body = "&".join(f"{name}={value}" for name, value in fields)
    answer = Client().post(
        f"/ks/{office.slug}/", body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert bytes(Response.objects.get().answers) == bytes([1, 4, 3])


@pytest.mark.parametrize(
    "changed",
    [
        {"procedure": "\x00"},
        {"procedure": "1" * 100_000},
        {"stage": "\x00"},
        {"respondent": "9"},
        {"A1": "5\x00"},
        {"A1": "5" * 100_000},
        {"B1": "5.0"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_wrong_field_is_shown_with_a_summary_that_takes_the_focus(
    office: Office, changed: dict[str, str]
) -> None:
    answer = Client().post(f"/ks/{office.slug}/", last_page(remark="Xin giữ", **changed))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error-summary" role="alert" tabindex="-1" autofocus' in html
    assert f'href="#id_{next(iter(changed))}"' in html
    assert "Xin giữ" in html
    assert not Response.objects.exists()


def test_html_in_a_remark_stays_text(office: Office) -> None:
    sent = last_page(remark="</textarea><script>alert(1)</script>", procedure="x")
    html = Client().post(f"/ks/{office.slug}/", sent).content.decode()
    assert "<script>" not in html
    assert not Remark.objects.exists()


def test_a_form_begun_before_another_became_the_usual_one_is_finished(office: Office) -> None:
    begun = last_page()
    factories.instrument({"X": 2}, slug="phieu-moi", default=False)
    answer = Client().post(f"/ks/{office.slug}/phieu-moi/", begun)
    assert answer.status_code == 200
    assert Response.objects.get().instrument.slug == "phieu"


def test_a_form_that_is_no_longer_offered_keeps_what_was_typed(office: Office) -> None:
    factories.instrument({"A": 2}, slug="phieu-cu", default=False, offered=False)
    answer = Client().post(
        f"/ks/{office.slug}/", last_page(form="phieu-cu.1", remark="Xin giữ lời này")
    )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Mẫu phiếu vừa được thay đổi" in html
    assert 'value="Xin giữ lời này"' in html
    assert not Response.objects.exists()


def test_a_form_whose_questionnaire_is_replaced_meanwhile_goes_on_with_what_both_ask(
    office: Office,
) -> None:
    begun = last_page()
    assert Client().post(f"/ks/{office.slug}/", {**begun, "save": "1"}).status_code == 204
    Instrument.objects.update(offered=False, is_default=False)
    factories.instrument({"A": 1, "Z": 1}, slug="phieu", version=2)
    asked = Client().post(f"/ks/{office.slug}/", begun)
    assert asked.status_code == 409
    again = {**Form(asked.content.decode()).filled, "A1": "5", "page": "1"}
    assert Client().post(f"/ks/{office.slug}/", again).status_code == 200
    stored = Response.objects.get()
    assert (stored.state, stored.instrument.version) == (State.FINISHED, 2)
    assert bytes(stored.answers) == bytes([5, 0])


def test_who_changes_the_language_hears_of_the_new_questionnaire_as_well(office: Office) -> None:
    begun = last_page(language="en")
    Instrument.objects.update(offered=False, is_default=False)
    factories.instrument({"A": 2}, slug="phieu-moi")
    asked = Client().post(f"/ks/{office.slug}/", begun)
    html = asked.content.decode()
    assert asked.status_code == 409
    assert "The form has changed meanwhile" in html
    assert Form(html).filled["page"] == "0"


def test_a_form_at_the_address_of_a_withdrawn_questionnaire_goes_on_with_the_usual_one(
    office: Office,
) -> None:
    named = factories.instrument({"A": 2}, slug="rieng", default=False)
    begun = last_page(form="rieng.1", remark="Xin giữ lời này")
    Instrument.objects.filter(pk=named.pk).update(offered=False)
    address = f"/ks/{office.slug}/rieng/"
    asked = Client().post(address, begun)
    assert asked.status_code == 409
    again = {**Form(asked.content.decode()).filled, "A1": "3", "page": "2"}
    assert Client().post(address, again).status_code == 200
    assert Remark.objects.get().text == "Xin giữ lời này"
    assert Response.objects.get().instrument.slug == "phieu"


def test_under_another_questionnaire_the_same_codes_are_not_the_same_questions(
    office: Office,
) -> None:
    visit = uuid4()
    begun = last_page(remark="Xin giữ lời này", id=str(visit), start=start_of(office.pk, visit))
    assert Client().post(f"/ks/{office.slug}/", {**begun, "save": "1"}).status_code == 204
    Instrument.objects.update(offered=False, is_default=False)
    factories.instrument({"A": 2}, slug="phieu-moi")
    asked = Form(Client().post(f"/ks/{office.slug}/", begun).content.decode()).filled
    assert "A1" not in asked
    assert asked["id"] != begun["id"]
    assert asked["remark"] == "Xin giữ lời này"
    answer = Client().post(f"/ks/{office.slug}/", {**asked, "A1": "2", "page": "1"})
    assert answer.status_code == 200
    states = dict(Response.objects.values_list("instrument__slug", "state"))
    assert states == {"phieu": State.OPEN, "phieu-moi": State.FINISHED}


def test_an_unknown_questionnaire_leads_to_the_office(office: Office) -> None:
    answer = Client().get(f"/ks/{office.slug}/khong-co/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/ks/{office.slug}/"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(office: Office, method: str) -> None:
    assert getattr(Client(), method)(f"/ks/{office.slug}/").status_code == 405
