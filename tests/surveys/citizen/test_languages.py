"""Changing the language on a citizen's page: the same answers underneath, nothing lost."""

import re
from html import unescape

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from launch.page import Form
from offices.models import Counter, Office
from surveys.models import Remark, Response, State
from surveys.remarks.receipts import receipt_code
from tests import factories

pytestmark = pytest.mark.django_db

COOKIE = configured.LANGUAGE_COOKIE_NAME
NAMES = {"vi": "Tiếng Việt", "en": "English", "km": "ភាសាខ្មែរ"}


@pytest.fixture(autouse=True)
def khmer_offered(settings: Settings) -> None:
    settings.LANGUAGES = [(code, code) for code in NAMES]


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm PVHCC phường Hà Tiên")


def language_of(page: str) -> str:
    """What the page says it is written in."""
    found = re.search(r'<html lang="(\w+)">', page)
    assert found
    return found[1]


def switch_of(page: str) -> dict[str, str]:
    """The words of the language switch: by language, what the element is."""
    block = page[page.index('class="languages"') :]
    found = re.findall(
        r'<(a|button|span)(?:(?! lang=)[^>])* lang="(\w+)"[^>]*>([^<]+)</', block.split("</div>")[0]
    )
    assert {code: name for _, code, name in found} == NAMES
    return {code: element for element, code, _ in found}


def repeated(page: str, language: str) -> dict[str, str]:
    """What the button for a language sends on a page that answers a form."""
    form = page[page.index('<form class="languages"') :].split("</form>")[0]
    assert f'name="ngon-ngu" value="{language}" lang="{language}"' in form
    return {**Form(form).filled, "ngon-ngu": language}


def finish(client: Client, office: Office, **given: str) -> str:
    """Answers everything and sends it; the receipt."""
    address = f"/ks/{office.slug}/"
    page = client.get(address).content.decode()
    for answers in ({"A1": "5", "A2": "2"}, {"B1": "4"}, given):
        page = client.post(address, {**Form(page).filled, **answers}).content.decode()
    assert 'id="thanks"' in page
    return page


@pytest.mark.parametrize("path", ["", "phan-hoi/", "{0}/", "{0}/poster/", "{0}/tra-loi/"])
@pytest.mark.parametrize("language", NAMES)
def test_every_page_can_be_had_in_every_language(office: Office, path: str, language: str) -> None:
    address = "/ks/" + path.format(office.slug)
    page = Client().get(address, {"ngon-ngu": language}).content.decode()
    assert language_of(page) == language
    switch = switch_of(page)
    assert switch.pop(language) == "span"
    assert set(switch.values()) <= {"a", "button"}
    assert page.count('aria-current="true"') == 1


def test_the_link_keeps_what_the_address_asked(office: Office) -> None:
    page = Client().get("/ks/", {"tim": "hà tiên & ?", "trang": "2", "la": "1"}).content.decode()
    links = [unescape(link) for link in re.findall(r'href="(\?[^"]*)"', page)]
    assert len(links) == 2
    assert links[0] == "?tim=h%C3%A0+ti%C3%AAn+%26+%3F&trang=2&ngon-ngu=en"
    again = Client().get(f"/ks/{links[1]}").content.decode()
    assert language_of(again) == "km"
    assert 'value="hà tiên &amp; ?"' in again


def test_counter_and_procedure_survive_the_switch_of_the_first_page(office: Office) -> None:
    counter = Counter.objects.create(office=office, number=3, name="Quầy 3")
    procedure = factories.procedure()
    address = f"/ks/{office.slug}/?quay=3&thu-tuc={procedure.code}"
    client = Client()
    page = client.get(address).content.decode()
    sent = {**Form(page).filled, "A1": "5", "language": "km"}
    page = client.post(address, sent).content.decode()
    assert language_of(page) == "km"
    assert Response.objects.count() == 0
    for answers in ({"A2": "2"}, {"B1": "4"}, {}):
        page = client.post(address, {**Form(page).filled, **answers}).content.decode()
    stored = Response.objects.get()
    assert (stored.counter_id, stored.procedure_id) == (counter.pk, procedure.pk)
    assert (bytes(stored.answers), stored.language) == (bytes([5, 2, 4]), "km")


def test_a_form_keeps_its_language_without_any_cookie(office: Office) -> None:
    address = f"/ks/{office.slug}/"
    page = Client().get(address, {"ngon-ngu": "km"}).content.decode()
    for answers in ({"A1": "5", "A2": "2"}, {"B1": "4"}, {}):
        # another client each time: nothing is remembered between them
        page = Client().post(address, {**Form(page).filled, **answers}).content.decode()
        assert language_of(page) == "km"
    assert Response.objects.get().language == "km"


def test_a_saved_tap_is_of_the_pages_language(office: Office) -> None:
    address = f"/ks/{office.slug}/"
    page = Client().get(address, {"ngon-ngu": "en"}).content.decode()
    sent = {**Form(page).filled, "A1": "5", "save": "1"}
    assert Client().post(address, sent).status_code == 204
    assert Response.objects.get().language == "en"


def test_the_receipt_in_another_language_is_still_one_response(office: Office) -> None:
    client = Client()
    receipt = finish(client, office, remark="Ghế\nít", stage="1")
    before = Response.objects.values().get()
    code = re.findall(r'<code class="receipt">(.*?)</code>', receipt)
    for language in ("km", "en", "vi", "km"):
        answer = client.post(f"/ks/{office.slug}/", repeated(receipt, language))
        receipt = answer.content.decode()
        assert answer.status_code == 200
        assert language_of(receipt) == language
        assert re.findall(r'<code class="receipt">(.*?)</code>', receipt) == code
    assert Response.objects.values().get() == before
    assert before["state"] == State.FINISHED
    assert before["language"] == "vi"
    assert Remark.objects.get().text == "Ghế\nít"
    assert client.cookies[COOKIE].value == "km"


def test_what_was_hidden_stays_hidden_and_is_told_again(office: Office) -> None:
    client = Client()
    receipt = finish(client, office, remark="Gọi 0912345678")
    assert "0912345678" not in receipt
    again = client.post(f"/ks/{office.slug}/", repeated(receipt, "en")).content.decode()
    assert "We have hidden some numbers" in again
    assert Remark.objects.get().text == "Gọi [số điện thoại đã ẩn]"


def test_a_refused_change_is_explained_in_another_language_with_its_text(office: Office) -> None:
    client = Client()
    receipt = finish(client, office)
    changed = {**repeated(receipt, "en"), "A1": "1", "remark": 'Xin "đừng" mất'}
    frozen = client.post(f"/ks/{office.slug}/", changed)
    assert frozen.status_code == 409
    again = client.post(f"/ks/{office.slug}/", repeated(frozen.content.decode(), "km"))
    assert again.status_code == 409
    assert language_of(again.content.decode()) == "km"
    assert "Xin &quot;đừng&quot; mất</textarea>" in again.content.decode()
    assert bytes(Response.objects.get().answers) == bytes([5, 2, 4])


def test_the_reply_is_read_in_another_language_without_typing_the_code_again(
    office: Office,
) -> None:
    finish(Client(), office, remark="Ghế ít")
    remark = Remark.objects.get()
    Remark.objects.update(released_on=timezone.localdate(), due_on="2026-11-03")
    code = receipt_code(remark.response_id)
    client = Client()
    page = client.post("/ks/phan-hoi/", {"code": code}).content.decode()
    assert "03/11/2026" in page
    for language, day in (("en", "3 November 2026"), ("km", "03/11/2026")):
        answer = client.post("/ks/phan-hoi/", repeated(page, language))
        page = answer.content.decode()
        assert language_of(page) == language
        assert code in page
        assert day in page


@pytest.mark.parametrize("language", NAMES)
def test_no_address_on_a_page_holds_an_answer_an_id_or_a_code(
    office: Office, language: str
) -> None:
    client = Client()
    client.cookies[COOKIE] = language
    receipt = finish(client, office, remark="Ghế ít")
    addresses = " ".join(re.findall(r'(?:href|action)="([^"]*)"', receipt))
    remark = Remark.objects.get()
    for secret in (str(remark.response_id), receipt_code(remark.response_id), "A1", "remark"):
        assert secret not in addresses


def test_a_closed_office_says_so_in_every_language(office: Office) -> None:
    client = Client()
    page = client.get(f"/ks/{office.slug}/").content.decode()
    Office.objects.update(valid_to="2020-01-01")
    closed = client.post(f"/ks/{office.slug}/", {**Form(page).filled, "A1": "5"})
    assert closed.status_code == 410
    again = client.post(f"/ks/{office.slug}/", repeated(closed.content.decode(), "km"))
    assert (again.status_code, language_of(again.content.decode())) == (410, "km")
    opened = client.get(f"/ks/{office.slug}/", {"ngon-ngu": "en"})
    assert (opened.status_code, language_of(opened.content.decode())) == (410, "en")


def test_a_page_that_is_not_there_says_so_in_every_language() -> None:
    page = Client().get("/ks/khong-co/", {"ngon-ngu": "km"})
    assert (page.status_code, language_of(page.content.decode())) == (404, "km")
    assert switch_of(page.content.decode()) == {"vi": "a", "en": "a", "km": "span"}


def test_what_another_site_sent_is_not_sent_again_by_the_switch(office: Office) -> None:
    client = Client()
    page = client.get(f"/ks/{office.slug}/").content.decode()
    foreign = client.post(
        f"/ks/{office.slug}/",
        {**Form(page).filled, "A1": "1"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert foreign.status_code == 403
    assert switch_of(foreign.content.decode()) == {"vi": "span", "en": "a", "km": "a"}
    assert Response.objects.count() == 0


def test_khmer_is_no_choice_where_it_is_not_offered(office: Office, settings: Settings) -> None:
    settings.LANGUAGES = [("vi", "vi"), ("en", "en")]
    client = Client()
    address = f"/ks/{office.slug}/"
    page = client.get(address, {"ngon-ngu": "km"}).content.decode()
    assert language_of(page) == "vi"
    assert NAMES["km"] not in page
    sent = {**Form(page).filled, "A1": "5", "language": "km", "ngon-ngu": "km"}
    assert language_of(client.post(address, sent).content.decode()) == "vi"
    assert COOKIE not in client.cookies
