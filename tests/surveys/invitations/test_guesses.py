"""Anyone who holds a link learns neither that it was used nor, by guessing, with which answers."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from launch.page import Form
from offices import directory
from offices.models import Office
from surveys.devices.delivery.deliver import import_file
from surveys.devices.delivery.sealing import seal
from surveys.invitations.destroying import destroy_keys
from surveys.invitations.issuing import checked, issue
from surveys.models import Channel, Remark, Response, Stage
from tests import factories
from tests.surveys.invitations.invited import answer, far, link, token_of

ALL = [{"O1": "5", "A1": "4"}]
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    settings.INVITATION_KEYS = tmp_path / "keys"
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


def invited(office: Office) -> str:
    """The token of a link for a dossier that was finished today."""
    entry = directory.current().office(office.slug)
    assert entry is not None
    wish = checked(
        entry,
        dossier="H15.50.05.13-261008-0975",
        finished_on=timezone.localdate(),
        stage=Stage.RECEIVED,
    )
    return issue([wish])[0].path.strip("/").split("/")[-1]


def delivered(office: Office, token: str, level: int, *, finished: bool = True) -> object:
    """What the server says of one form under the link, each from a device of its own."""
    now = round(timezone.now().timestamp() * 1000)
    form = {"v": 2, "office": office.slug, "form": "counter.1", "id": str(uuid4()), "step": 1}
    record = form | {
        "finished": finished,
        "channel": "phone",
        "answers": {"O1": level, "A1": level},
        "language": "vi",
        "at": now,
        "took": 30,
        "invitation": token,
    }
    body = json.dumps({"at": now, "records": [seal(record)]})
    said = Client().post("/ks/giao/", body, content_type="application/json")
    assert said.status_code == 200
    return said.json()["results"]


def test_neither_use_nor_answers_can_be_guessed_by_delivering(office: Office) -> None:
    token = invited(office)
    first = delivered(office, token, 2)
    wrong, right = delivered(office, token, 5), delivered(office, token, 2)
    unfinished = delivered(office, token, 4, finished=False)
    assert first == wrong == right == unfinished
    stored = Response.objects.get()
    assert (bytes(stored.answers), stored.channel) == (bytes([2, 2]), Channel.INVITATION)


def test_a_right_guess_with_a_remark_is_not_told_from_a_wrong_one(office: Office) -> None:
    issued = link(office)
    answer(office, issued, [*ALL, {}])
    right = [*ALL, {"remark": "Tôi đoán đúng không?"}]
    wrong = [{"O1": "1", "A1": "1"}, {"remark": "Tôi đoán sai không?"}]
    for guess in (right, wrong):
        html = answer(office, issued, guess)
        assert 'id="thanks"' in html
    # a remark that was kept could be looked up with its receipt
    assert not Remark.objects.exists()


def test_the_same_finish_sent_again_keeps_its_remark_once(office: Office) -> None:
    issued = link(office)
    client = Client()
    html = client.get(issued.path).content.decode()
    for given in ALL:
        html = client.post(f"/ks/{office.slug}/", {**Form(html).filled, **given}).content.decode()
    last = {**Form(html).filled, "remark": "Ghế chờ ít."}
    receipts = {
        client.post(f"/ks/{office.slug}/", last).content.decode().split('receipt">')[1][:17]
        for _ in range(2)
    }
    assert len(receipts) == 1
    assert Remark.objects.get().text == "Ghế chờ ít."


def test_a_form_under_a_link_that_has_ended_never_counts_twice(office: Office) -> None:
    issued = link(office)
    token = token_of(issued)
    now = round(timezone.now().timestamp() * 1000)
    form = {"v": 2, "office": office.slug, "form": "counter.1", "id": str(uuid4()), "step": 1}
    said = {"finished": True, "channel": "phone", "answers": {"O1": 4, "A1": 4}, "language": "vi"}
    sealed = seal(form | said | {"at": now, "took": 30, "invitation": token})
    file = json.dumps({"hailong": "outbox", "v": 1, "at": now, "records": [sealed]}).encode()
    assert import_file(file, office.pk).taken == 1
    destroy_keys(far(issued.expires_on, 2))
    assert import_file(file, office.pk).counts == {"invitation_ended": 1}
    assert Response.objects.count() == 1
