"""The survey as a browser without JavaScript and without cookies sees it."""

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from launch.page import Form
from offices import directory
from offices.models import Counter, Office
from surveys.citizen.sheet import start_of
from surveys.intake import ceiling
from surveys.models import Instrument, Remark, Response, Stage, State
from tests import factories

pytestmark = pytest.mark.django_db


class Page(Form):
    """A page with its text as people read it."""

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.html = unescape(html)


class Visitor:
    """A citizen at one office's survey."""

    def __init__(self, office: Office, query: str = "") -> None:
        self.client = Client()
        self.address = f"/ks/{office.slug}/"
        response = self.client.get(self.address + query)
        assert response.status_code == 200
        self.page = Page(response.content.decode())

    def send(self, **answers: str) -> int:
        """Sends the page with these fields filled in; returns the status."""
        response = self.client.post(self.address, {**self.page.filled, **answers})
        self.page = Page(response.content.decode())
        return response.status_code


@pytest.fixture
def form() -> Instrument:
    """Three criteria on two pages."""
    return factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def office(form: Instrument) -> Office:
    """An open office."""
    return factories.office(name="Trung tâm PVHCC phường Hà Tiên")


def test_it_works_from_the_first_tap_to_the_receipt(office: Office) -> None:
    procedure = factories.procedure()
    visitor = Visitor(office)
    assert visitor.page.offered["A1"] == ["1", "2", "3", "4", "5", "9"]
    visitor.send(A1="5", A2="4")
    assert Response.objects.get().state == State.OPEN
    visitor.send(B1="9")
    visitor.send(procedure=procedure.code, stage="1", respondent="1", remark="Rất tốt")
    assert re.search(
        r'<code class="receipt">[A-Z2-7]{5}(-[A-Z2-7]{5}){2}</code>', visitor.page.html
    )
    response = Response.objects.get()
    assert (response.state, bytes(response.answers)) == (State.FINISHED, bytes([5, 4, 9]))
    assert (response.procedure_id, response.stage) == (procedure.pk, Stage.RECEIVED)
    assert Remark.objects.get().text == "Rất tốt"


def test_the_page_is_vietnamese_where_the_browser_names_it(office: Office) -> None:
    response = Client().get(f"/ks/{office.slug}/", HTTP_ACCEPT_LANGUAGE="en-US,en;q=0.9,vi;q=0.1")
    html = response.content.decode()
    assert 'lang="vi"' in html
    assert "Tiếp tục" in html
    assert "Phần 1 / 3" in html
    assert "Continue" not in html


def test_it_sets_no_cookie_and_names_no_other_host(office: Office) -> None:
    visitor = Visitor(office)
    visitor.send(A1="5")
    assert not visitor.client.cookies
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', visitor.page.html)


def test_switching_the_language_keeps_what_was_filled_in(office: Office) -> None:
    visitor = Visitor(office)
    visitor.send(A1="5", A2="2", language="en")
    assert "Continue" in visitor.page.html
    assert (visitor.page.filled["A1"], visitor.page.filled["A2"]) == ("5", "2")
    assert visitor.client.cookies["django_language"].value == "en"


def test_going_back_keeps_both_pages(office: Office) -> None:
    visitor = Visitor(office)
    visitor.send(A1="5")
    visitor.send(B1="3", go="back")
    assert visitor.page.filled["A1"] == "5"
    visitor.send(A1="4")
    assert visitor.page.filled["B1"] == "3"


def test_sending_the_last_page_twice_gives_the_same_receipt(office: Office) -> None:
    visitor = Visitor(office)
    visitor.send(A1="5", A2="5")
    visitor.send(B1="5")
    last = dict(visitor.page.filled)
    assert visitor.send() == 200
    receipt = visitor.page.html
    visitor.page.filled = last
    assert visitor.send() == 200
    assert visitor.page.html == receipt
    assert Response.objects.count() == 1


def test_another_finish_of_the_same_form_is_refused_politely(office: Office) -> None:
    visitor = Visitor(office)
    visitor.send(A1="5", A2="5")
    visitor.send(B1="5")
    last = dict(visitor.page.filled)
    visitor.send()
    visitor.page.filled = {**last, "A1": "1"}
    assert visitor.send() == 409
    assert "đã được gửi" in visitor.page.html
    assert bytes(Response.objects.get().answers) == bytes([5, 5, 5])


def test_a_wholly_blank_form_is_not_stored(office: Office) -> None:
    visitor = Visitor(office)
    visitor.send()
    visitor.send()
    assert visitor.send(stage="3") == 422
    assert "ít nhất một câu" in visitor.page.html
    assert visitor.page.filled["stage"] == "3"
    assert not Response.objects.exists()


def test_a_remark_alone_is_welcome_and_counts_in_no_figure(office: Office) -> None:
    visitor = Visitor(office)
    visitor.send()
    visitor.send()
    assert visitor.send(remark="Chỉ góp ý") == 200
    stored = Response.objects.get()
    assert (stored.state, stored.valid) == (State.FINISHED, False)
    assert (set(bytes(stored.answers)), Remark.objects.get().text) == ({0}, "Chỉ góp ý")


@pytest.mark.parametrize("value", ["7", "0x", "-1", "٣", "999999999999", "8"])
def test_an_answer_that_does_not_exist_is_shown_again_with_the_rest(
    office: Office, value: str
) -> None:
    visitor = Visitor(office)
    assert visitor.send(A1=value, A2="4") == 422
    assert "Hãy chọn một trong các mức trả lời." in visitor.page.html
    assert "error-summary" in visitor.page.html
    assert visitor.page.filled["A2"] == "4"


def test_a_wrong_answer_in_a_hidden_field_leads_to_its_page(office: Office) -> None:
    visitor = Visitor(office)
    visitor.send(A1="5", A2="5")
    assert visitor.send(A1="7", B1="4") == 422
    assert "A1" in visitor.page.offered
    assert visitor.page.filled["B1"] == "4"


def at_last_page(office: Office) -> Visitor:
    visitor = Visitor(office)
    visitor.send(A1="5", A2="5")
    visitor.send(B1="5")
    return visitor


def test_a_foreign_procedure_is_refused_and_the_remark_kept(office: Office) -> None:
    factories.procedure("2.000999", levels="province")
    visitor = at_last_page(office)
    assert visitor.send(procedure="2.000999", remark="Xin giữ lại") == 422
    assert "không giải quyết thủ tục đó" in visitor.page.html
    assert visitor.page.filled["remark"] == "Xin giữ lại"


def test_a_remark_of_a_megabyte_is_refused_and_kept(office: Office) -> None:
    visitor = at_last_page(office)
    long = "ơ" * 500_000
    assert visitor.send(remark=long) == 422
    assert visitor.page.filled["remark"] == long
    assert visitor.send(remark="Ngắn thôi") == 200


def test_decomposed_text_and_control_characters_are_put_right(office: Office) -> None:
    visitor = at_last_page(office)
    assert visitor.send(remark="Ha\u0300 Tie\u0302n\x00\x08") == 200
    assert Remark.objects.get().text == "Hà Tiên"


def test_broken_utf8_is_no_error(office: Office) -> None:
    visitor = at_last_page(office)
    fields = "&".join(f"{k}={v}" for k, v in visitor.page.filled.items() if k != "remark")
    response = visitor.client.post(
        visitor.address,
        fields.encode() + b"&remark=T%E1%BB%91t%FF%FE",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200
    assert Remark.objects.get().text.startswith("Tốt")


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": "not-a-uuid"},
        {"step": "9" * 50},
        {"step": "-3"},
        {"page": "77"},
        {"page": "x"},
        {"counter": "99"},
        {"stage": "9"},
    ],
)
def test_a_tampered_state_is_no_error(office: Office, change: dict[str, str]) -> None:
    visitor = Visitor(office)
    assert visitor.send(A1="5", A2="5", **change) in (200, 422)


def test_a_version_that_is_no_longer_asked_keeps_the_answers(
    form: Instrument, office: Office
) -> None:
    visitor = Visitor(office)
    assert visitor.send(form=f"{form.slug}.7", A1="5", A2="4") == 409
    assert "Mẫu phiếu vừa được thay đổi" in visitor.page.html
    assert visitor.page.filled["A1"] == "5"


def test_an_old_version_that_is_still_open_somewhere_is_taken(form: Instrument) -> None:
    office = factories.office()
    visitor = Visitor(office)
    Instrument.objects.update(is_default=False)
    factories.instrument({"A": 2, "B": 1}, slug=form.slug, version=2)
    assert visitor.send(A1="5", A2="5") == 200
    assert Response.objects.get().instrument_id == form.pk


def test_a_closed_office_says_so(form: Instrument) -> None:
    closed = factories.office(valid_to=date(2025, 6, 30))
    for response in (
        Client().get(f"/ks/{closed.slug}/"),
        Client().post(f"/ks/{closed.slug}/", {"A1": "5"}),
    ):
        assert response.status_code == 410
        assert "không nhận phiếu" in response.content.decode()


def test_a_poster_of_an_office_that_ended_leads_to_the_one_that_carries_on(
    form: Instrument,
) -> None:
    carries_on = factories.office(name="Trung tâm mới")
    between = factories.office(valid_to=date(2025, 8, 31), heir=carries_on)
    ended = factories.office(valid_to=date(2025, 6, 30), heir=between)
    for response in (
        Client().get(f"/ks/{ended.slug}/"),
        Client().post(f"/ks/{ended.slug}/", {"A1": "5", "remark": "Cảm ơn <cô>"}),
    ):
        assert response.status_code == 410
        page = response.content.decode()
        assert "Trung tâm mới" in page
        assert f'href="/ks/{carries_on.slug}/"' in page
        assert f'href="/ks/{between.slug}/"' not in page
    assert "Cảm ơn &lt;cô&gt;</textarea>" in page


def test_only_an_office_that_has_ended_has_one_that_carries_on(form: Instrument) -> None:
    other = factories.office()
    begins = factories.office(valid_from=date(2200, 1, 1), heir=other)
    one = factories.office(valid_to=date(2025, 6, 30))
    another = factories.office(valid_to=date(2025, 6, 30), heir=one)
    type(one).objects.filter(pk=one.pk).update(heir=another)
    known = directory.current()
    for office in (begins, one, another):
        page = Client().get(f"/ks/{office.slug}/").content.decode()
        assert "chưa bắt đầu" in page
        assert known.carrying_on(known.offices[office.slug], timezone.localdate()) is None


def test_an_office_that_does_not_exist_leads_to_the_list(form: Instrument) -> None:
    response = Client().get("/ks/khong-co/")
    assert response.status_code == 404
    assert "/ks/" in response.content.decode()


def test_a_form_sent_from_another_site_is_refused(office: Office) -> None:
    response = Client().post(
        f"/ks/{office.slug}/", {"A1": "5"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 403
    assert not Response.objects.exists()


def test_no_address_and_no_log_line_holds_the_id(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Visitor(office)
    visit = uuid4()
    visitor.send(A1="5", A2="5", id=str(visit), start=start_of(office.pk, visit))
    response = Response.objects.get()
    assert str(response.id) not in caplog.text
    assert f'href="{visitor.address}{response.id}' not in visitor.page.html
    assert visitor.page.filled["id"] == str(response.id)


def test_the_counter_and_procedure_of_the_address_travel_along(office: Office) -> None:
    counter = Counter.objects.create(office=office, number=2, name="Hộ tịch")
    procedure = factories.procedure()
    visitor = Visitor(office, f"?quay=2&thu-tuc={procedure.code}")
    visitor.send(A1="5", A2="5")
    visitor.send(B1="5")
    visitor.send()
    response = Response.objects.get()
    assert (response.counter_id, response.procedure_id) == (counter.pk, procedure.pk)


def test_statements_of_each_request(office: Office, settings: Settings) -> None:
    visitor = Visitor(office)
    settings.DIRECTORY_CHECK_SECONDS = 3600
    visitor.send()
    ceiling.has_room(office.pk, timezone.localdate())  # looked at every few seconds
    counts = []
    for fields in ({"A1": "5", "A2": "5", "page": "0"}, {"B1": "5"}, {"remark": "Tốt"}):
        with CaptureQueriesContext(connection) as captured:
            visitor.send(**fields)
        counts.append(sum("SAVEPOINT" not in q["sql"] for q in captured.captured_queries))
    with CaptureQueriesContext(connection) as captured:
        visitor.client.get(visitor.address)
    assert counts == [1, 1, 3]
    assert len(captured.captured_queries) == 0


def test_the_list_finds_offices_without_diacritics(office: Office) -> None:
    factories.office(name="Trung tâm khác")
    html = Client().get("/ks/?tim=ha tien").content.decode()
    assert office.name in html
    assert "Trung tâm khác" not in html
    assert "Không tìm thấy" in Client().get("/ks/?tim=zzz").content.decode()


def test_the_qr_code_is_a_picture_of_the_address(office: Office) -> None:
    response = Client().get(f"/ks/{office.slug}/qr.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert b"<svg" in response.content


def test_without_any_form_the_office_answers_politely() -> None:
    office = factories.office()
    assert Client().get(f"/ks/{office.slug}/").status_code == 404
