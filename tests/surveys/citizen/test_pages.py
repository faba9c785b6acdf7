"""What browsers keep of the survey, what links choose, and pages that come from the history."""

from uuid import uuid4

import pytest
from django.test import Client

from offices.models import Office
from surveys.models import Response, Stage, State
from tests import factories
from tests.surveys.citizen.test_survey import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """An open office with a form of three criteria on two pages."""
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm PVHCC phường Hà Tiên")


def test_the_browser_keeps_pages_until_the_receipt(office: Office) -> None:
    """So that its back button works (decision 0015), and no cache between may keep anything."""
    visitor = Visitor(office)
    response = visitor.client.get(visitor.address)
    assert response["Cache-Control"] == "private, no-cache"
    response = visitor.client.post(visitor.address, {**visitor.page.filled, "A1": "5"})
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" not in response["Vary"]
    response = visitor.client.post(
        visitor.address, {**visitor.page.filled, "A1": "5", "page": "2", "step": "3"}
    )
    assert 'id="thanks"' in response.content.decode()
    assert (response["Cache-Control"], response["Clear-Site-Data"]) == (
        "no-store, private",
        '"cache"',
    )
    with_javascript = visitor.client.post(
        visitor.address,
        {**visitor.page.filled, "A1": "5", "page": "2", "step": "3"},
        headers={"Sec-Fetch-Mode": "cors"},
    )
    assert with_javascript.status_code == 200
    assert "Clear-Site-Data" not in with_javascript


@pytest.mark.parametrize(
    ("query", "stage"),
    [
        ("?gd=da-nhan", Stage.RECEIVED),
        ("?gd=tu-choi", Stage.REFUSED),
        ("?gd=dang-cho", Stage.WAITING),
        ("?gd=khac", Stage.UNKNOWN),
        ("", Stage.UNKNOWN),
    ],
)
def test_the_link_says_how_far_the_dossier_is(office: Office, query: str, stage: Stage) -> None:
    visitor = Visitor(office, query)
    visitor.send(A1="5", A2="5")
    assert Response.objects.get().stage == stage
    visitor.send(B1="5")
    assert visitor.page.filled.get("stage", "0") == str(stage.value)
    visitor.send()
    assert (Response.objects.get().state, Response.objects.get().stage) == (State.FINISHED, stage)


def test_an_old_page_sent_again_takes_nothing_back(office: Office) -> None:
    """As from the browser's history: the old page knows nothing of what came after it."""
    visitor = Visitor(office)
    first = dict(visitor.page.filled)
    visitor.send(A1="5", A2="4")
    visitor.send(B1="3", go="back")
    visitor.page.filled = first
    assert visitor.send(A1="2", A2="4") == 200
    assert visitor.page.filled["B1"] == "3"
    assert bytes(Response.objects.get().answers) == bytes([2, 4, 3])
    visitor.send()
    visitor.send()
    response = Response.objects.get()
    assert (response.state, bytes(response.answers)) == (State.FINISHED, bytes([2, 4, 3]))


def test_an_old_page_of_a_sent_form_says_so(office: Office) -> None:
    visitor = Visitor(office)
    first = dict(visitor.page.filled)
    visitor.send(A1="5", A2="4")
    visitor.send(B1="3")
    visitor.send()
    visitor.page.filled = first
    assert visitor.send(A1="1", A2="1") == 409
    assert bytes(Response.objects.get().answers) == bytes([5, 4, 3])


def test_going_on_with_a_draft_shows_its_page_and_stores_nothing(office: Office) -> None:
    visitor = Visitor(office)
    key = str(uuid4())
    assert (
        visitor.send(id=key, A1="5", B1="2", remark="Tốt", page="1", step="7", go="resume") == 200
    )
    shown = visitor.page.filled
    assert {name: shown[name] for name in ("id", "step", "page", "A1", "B1", "remark")} == {
        "id": key, "step": "7", "page": "1", "A1": "5", "B1": "2", "remark": "Tốt"
    }  # fmt: skip
    assert not Response.objects.exists()


def test_pages_are_compressed_for_who_can_read_that(office: Office) -> None:
    plain = Client().get(f"/ks/{office.slug}/")
    packed = Client().get(f"/ks/{office.slug}/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    official = Client().get("/dang-nhap/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in official


def test_an_old_page_of_a_finished_form_shows_nothing_of_it() -> None:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    office, key = factories.office(), str(uuid4())
    sent = {"form": "phieu.1", "id": key, "A1": 5, "A2": 4, "B1": 2}
    address = f"/ks/{office.slug}/"
    assert Client().post(address, {**sent, "page": 2, "step": 5}).status_code == 200
    # one that says the same as what stands, and one that does not
    for given in ({}, {"A1": 5, "A2": 4}, {"A1": 1}):
        old = Client().post(address, {"form": "phieu.1", "id": key, "page": 0, "step": 0, **given})
        assert '<input type="hidden" name="B1"' not in old.content.decode()
        assert 'value="2" checked' not in old.content.decode()
