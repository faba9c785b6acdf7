"""One more form after the receipt: its own response, which nothing joins to the one before."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launch.page import Form
from offices.models import Counter, Office
from surveys.flags.rules import Flag
from surveys.models import Channel, Respondent, Response
from tests import factories
from tests.surveys.invitations.invited import answer, link

pytestmark = pytest.mark.django_db
PLACE = "/ks/ha-tien/phieu/?quay=2"


@pytest.fixture
def office() -> Office:
    """An open office with a counter and a form of two pages beside the usual one."""
    factories.instrument({"A": 1}, slug="usual")
    factories.instrument({"A": 2, "B": 1}, slug="phieu", default=False)
    office = factories.office(name="Một cửa phường Hà Tiên", slug="ha-tien")
    Counter.objects.create(office=office, number=2, name="Hộ tịch")
    return office


def page(response: Any) -> str:  # Any: Django's own, with what tests add to it
    """What came back, which keeps no more than the language."""
    assert response.status_code == 200
    assert response.cookies.keys() <= {"django_language"}
    return unescape(response.content.decode())


def finish(client: Client, html: str, address: str = PLACE, **said: str) -> str:
    """The receipt of whoever fills in the page in `html` and those that follow."""
    while 'id="thanks"' not in html:
        sheet = Form(html)
        given = {code: "4" for code in sheet.offered if code[0].isupper()} | said
        html = page(client.post(address, sheet.filled | given))
    return html


def again(html: str) -> tuple[str, dict[str, str]]:
    """Where the receipt's button leads, and what it sends."""
    form = html.partition('id="again-title"')[2].partition("</form>")[0]
    (action,) = re.findall(r'action="([^"]*)"', form)
    return action, Form(form).filled | {"go": "another"}


def test_another_procedure_keeps_the_place_and_is_a_response_of_its_own(office: Office) -> None:
    client = Client()
    said = {"respondent": "2", "stage": "1", "remark": "Ghế ít"}
    first = finish(client, page(client.get(PLACE + "&ngon-ngu=en")), **said)
    address, sent = again(first)
    assert address == PLACE  # as the code of the counter says it, and nothing else
    assert sent == {"ngon-ngu": "en", "respondent": "2", "go": "another"}
    with CaptureQueriesContext(connection) as asked:
        html = page(client.post(address, sent))
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)
    assert '<html lang="en"' in html
    sheet = Form(html).filled
    kept = {name: text for name, text in sheet.items() if name not in ("id", "start")}
    assert kept == {
        **{"ngon-ngu": "en", "form": "phieu.1", "step": "0", "page": "0", "counter": "2"},
        **{"respondent": "2", "website": ""},
    }
    second = finish(client, html, stage="3", helped="1", remark="Ghế ít")
    assert again(second)[1]["helped"] == "1"
    one, two = Response.objects.order_by("stage")
    assert one.id != two.id
    for row in (one, two):
        assert row.counter == office.counters.get()
        assert (row.respondent, row.language) == (Respondent.ORGANISATION, "en")
        assert bool(Flag(row.flags) & Flag.ASSISTED) == (row is two)
    codes = [re.findall(r'class="receipt">([^<]+)<', html)[0] for html in (first, second)]
    assert codes[0] != codes[1]
    for told in (str(one.id), codes[0]):
        assert told not in html + second


def test_another_person_begins_as_whoever_scans_the_code_of_the_counter(office: Office) -> None:
    client = Client()
    html = finish(client, page(client.get(PLACE)), respondent="2")
    assert f'href="{PLACE}"' in html
    html = finish(client, page(client.get(PLACE + "&ngon-ngu=en")))
    assert f'href="{PLACE}&ngon-ngu=en"' in html
    assert "respondent" not in Form(page(client.get(PLACE + "&ngon-ngu=en"))).filled


@pytest.mark.parametrize("said", ["0", "3", "x", "<b>"])
def test_nothing_but_a_known_answer_is_taken_along(office: Office, said: str) -> None:
    sent = {
        "go": "another",
        "respondent": said,
        "helped": said,
        "id": "x",
        "A1": "1",
        "counter": "2",
    }
    sheet = Form(page(Client().post("/ks/ha-tien/phieu/", {**sent, "invitation": "x"})))
    assert not sheet.filled.keys() & {"respondent", "helped", "A1", "counter", "invitation"}
    assert sheet.filled["step"] == "0"


def test_after_an_invitation_the_way_leads_to_the_open_form(office: Office) -> None:
    issued = link(office)
    html = unescape(answer(office, issued, [{"A1": "4"}, {}]))
    assert 'value="another"' not in html
    (way,) = re.findall(r'href="(/ks/ha-tien/[^"]*)">Mở phiếu', html)
    assert way == "/ks/ha-tien/"
    client = Client()
    finish(client, page(client.get(way)), way)
    channels = sorted(row.channel for row in Response.objects.all())
    assert channels == [Channel.PHONE, Channel.INVITATION]
