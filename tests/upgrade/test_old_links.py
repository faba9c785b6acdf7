"""What people and devices of 0.1.0 have in their hands still leads where it led.

Accounts, receipts, links of invitations, forms that were begun, answers that wait on a tablet, and
every address that is printed, installed or copied.
"""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from launch.page import Form
from surveys.invitations import token
from tests.upgrade.old import (
    AUDITOR,
    FACTS,
    HA_TIEN,
    HEAD,
    NOW,
    OFFICE,
    OFFICER,
    one,
    page,
    responses,
    rows,
    signed_in,
)

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("that_day", "unchanged")]
RECEIPTS, SEALED, INVITATIONS = FACTS["receipts"], FACTS["sealed"], FACTS["invitations"]
NAME = "Trung tâm Phục vụ hành chính công phường Hà Tiên"
SUSPICIOUS = 64  # of a response's flags


def post_json(address: str, body: object, **headers: str) -> Any:  # Any: JSON
    """The status and the answer of what devices and portals send."""
    answer = Client().post(address, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def deliver(*envelopes: object) -> list[str]:
    """The word on each envelope."""
    sent = {"at": round(NOW.timestamp() * 1000), "records": list(envelopes)}
    status, said = post_json("/ks/giao/", sent)
    assert status == 200, said
    return [result.get("reason", result["outcome"]) for result in said["results"]]


def fill_in(client: Client, html: str, answer: str = "4") -> str:
    """Answers page after page of a form until its receipt is there."""
    for _ in range(20):
        if 'id="thanks"' in html:
            return html
        sheet = Form(html)
        scale = {name: answer for name, offered in sheet.offered.items() if "9" in offered}
        html = client.post(f"/ks/{HA_TIEN}/", {**sheet.filled, **scale}).content.decode()
    raise AssertionError("the form never ends")


# Officials


@pytest.mark.parametrize("name", FACTS["accounts"])
def test_officials_sign_in_with_their_password(name: str) -> None:
    sent = {"username": name, "password": FACTS["password"]}
    assert Client().post("/dang-nhap/", sent).status_code == 302
    assert Client().post("/dang-nhap/", {**sent, "password": "x" * 14}).status_code == 200


@pytest.mark.parametrize("name", FACTS["accounts"])
def test_officials_stay_signed_in(name: str) -> None:
    assert 'name="password"' not in page(signed_in(name), "/bao-cao/")
    assert 'name="password"' in page(Client(), "/bao-cao/")


@pytest.mark.parametrize("name", sorted(FACTS["pages"]))
def test_officials_see_the_figure_that_they_saw(name: str) -> None:
    shown = FACTS["pages"][name]
    assert shown["figure"] in page(signed_in(name), shown["address"])


def test_an_exclusion_is_read_by_auditors_alone() -> None:
    reason = one("SELECT reason FROM surveys_exclusion")
    assert reason in page(signed_in(AUDITOR), f"{OFFICE}loai-tru/")
    assert signed_in(HEAD).get(f"{OFFICE}loai-tru/").status_code == 403


def test_the_head_reads_a_contact() -> None:
    key = one(
        "SELECT remark_key FROM surveys_contactview JOIN surveys_remark w"
        " ON w.key = remark_key WHERE w.state = 0"
    )
    client = signed_in(HEAD)
    address = f"{OFFICE}gop-y/{key}/"
    assert FACTS["contact"] not in page(client, address)
    assert FACTS["contact"] in client.post(address, {"step": "contact"}).content.decode()


# Citizens


def reply(name: str, **more: str) -> str:
    """What the code on a receipt shows."""
    answer = Client().post("/ks/phan-hoi/", {"code": RECEIPTS[name], **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_receipt_opens_the_reply() -> None:
    assert FACTS["reply"] in reply("published")
    assert FACTS["reply"] in page(Client(), f"/ks/{HA_TIEN}/tra-loi/")
    # one that waits names the office and the day until which it should reply
    due = one("SELECT DISTINCT due_on FROM surveys_remark WHERE due_on IS NOT NULL")
    assert NAME in reply("waiting")
    assert f"{due:%d/%m/%Y}" in reply("waiting")
    assert NAME not in reply("no remark")


def test_a_receipt_deletes_the_contact() -> None:
    assert 'value="forget"' in reply("contact")
    assert 'value="forget"' not in reply("waiting")
    reply("contact", step="forget")
    assert one("SELECT count(*) FROM surveys_contact") == 0


def test_an_open_form_is_finished_as_the_same_response() -> None:
    before = responses()
    begun = FACTS["open form"]
    ((_, state, *_rest),) = responses("id = %s", begun["id"])
    assert state == 0
    client = Client()
    html = client.post(f"/ks/{HA_TIEN}/", {**begun, "go": "resume"}).content.decode()
    fill_in(client, html)
    ((_, state, _channel, flags, answers),) = responses("id = %s", begun["id"])
    assert state == 1
    assert set(answers) == {4}
    # its start was signed then
    assert not flags & SUSPICIOUS
    assert len(responses()) == len(before)


def test_an_invitation_counts_once() -> None:
    before = responses()
    client = Client()
    fill_in(client, page(client, INVITATIONS["unused"]))
    counted = responses()
    assert len(counted) == len(before) + 1
    ((_, state, channel, _flags, answers),) = set(counted) - set(before)
    assert (state, channel, set(answers)) == (1, 3, {4})
    fill_in(client, page(client, INVITATIONS["unused"].rstrip("/")), answer="1")
    assert responses() == counted


def test_an_invitation_that_was_used_then_counts_no_more() -> None:
    before = responses()
    client = Client()
    fill_in(client, page(client, INVITATIONS["used"]), answer="1")
    assert responses() == before


def meant(path: str) -> tuple[object, ...]:
    """Whose response a link leads to, and until when."""
    found = token.read(path.strip("/").rpartition("/")[2])
    assert isinstance(found, token.Invitation)
    return found.response_id, found.office_id, found.stage, found.channel, found.expires_on


def test_the_portal_gets_the_same_link_for_the_same_dossier() -> None:
    issued = rows("SELECT office_id, day, field_id, issued FROM surveys_invitationcount")
    wanted = {
        "office": HA_TIEN,
        "dossier": INVITATIONS["dossier"],
        "finished_on": NOW.date().isoformat(),
        "stage": "received",
        "procedure": "1.001193",
    }
    key = f"Bearer {FACTS['integration']}"
    status, said = post_json("/api/loi-moi", wanted, Authorization=key)
    assert status == 200
    # it says more than links did, and is the same response's
    assert meant(said["path"]) == meant(INVITATIONS["unused"])
    assert rows("SELECT office_id, day, field_id, issued FROM surveys_invitationcount") == issued
    # a new dossier is one more than those that the day's ledger knows
    before = one("SELECT sum(issued) FROM surveys_invitationcount")
    post_json("/api/loi-moi", {**wanted, "dossier": "H01.77-260402-0009"}, Authorization=key)
    assert one("SELECT sum(issued) FROM surveys_invitationcount") == before + 1


# Devices


@pytest.mark.parametrize("name", ["tablet", "phone"])
def test_what_waited_on_a_device_counts_once(name: str) -> None:
    envelope, key = SEALED[name]["envelope"], SEALED[name]["id"]
    assert responses("id = %s", key) == []
    assert deliver(envelope) == ["stored"]
    assert deliver(envelope, envelope) == ["repeated", "repeated"]
    ((_, state, channel, *_rest),) = responses("id = %s", key)
    assert (state, channel) == (1, {"tablet": 2, "phone": 1}[name])


def test_what_waited_is_brought_as_a_file_and_counts_once() -> None:
    envelope, key = SEALED["file"]["envelope"], SEALED["file"]["id"]
    content = {"hailong": "outbox", "v": 1, "at": 0, "records": [envelope]}
    file = SimpleUploadedFile("hai-long.json", json.dumps(content).encode())
    sent = {"file": file, "reason": "Mất mạng ba ngày"}
    answer = signed_in(HEAD).post(f"{OFFICE}may-tinh-bang/nhap/", sent)
    assert answer.status_code == 302
    assert not responses("id = %s", key)
    approved = signed_in(OFFICER).post(answer["Location"], {"step": "approve"})
    assert approved.status_code == 302
    assert len(responses("id = %s", key)) == 1
    assert deliver(envelope) == ["repeated"]


def test_a_paired_tablet_is_known_by_its_secret() -> None:
    bearer = f"Bearer {FACTS['tablet']}"
    sent = {"at": round(NOW.timestamp() * 1000), "waiting": 1}
    status, said = post_json("/ks/may-tinh-bang/nhip/", sent, Authorization=bearer)
    assert (status, said.get("form")) == (200, "counter.1")
    asked = Client().get("/ks/may-tinh-bang/phieu.json", headers={"Authorization": bearer})
    assert asked.status_code == 200
    status, _said = post_json("/ks/may-tinh-bang/nhip/", sent, Authorization=bearer + "x")
    assert status == 401


def test_a_code_that_nobody_typed_yet_pairs_once() -> None:
    typed = {"code": FACTS["pairing code"]}
    status, said = post_json("/ks/may-tinh-bang/ghep/", typed)
    assert (status, said.get("office", {}).get("slug")) == (200, HA_TIEN)
    status, _said = post_json("/ks/may-tinh-bang/ghep/", typed)
    assert status == 404


# Addresses that are printed, installed or copied

PRINTED = [
    "/",
    "/healthz",
    "/ks/",
    f"/ks/{HA_TIEN}/",
    f"/ks/{HA_TIEN}/?quay=1",
    f"/ks/{HA_TIEN}/?thu-tuc=1.001193&gd=da-nhan",
    f"/ks/{HA_TIEN}/counter/",
    f"/ks/{HA_TIEN}/local-9/?quay=2",
    f"/ks/{HA_TIEN}/qr.svg",
    f"/ks/{HA_TIEN}/poster/",
    f"/ks/{HA_TIEN}/ap-phich.pdf",
    f"/ks/{HA_TIEN}/the-ban.pdf",
    f"/ks/{HA_TIEN}/thong-bao/",
    f"/ks/{HA_TIEN}/tra-loi/",
    "/ks/phan-hoi/",
    "/ks/huong-dan-can-bo/",
    "/dang-nhap/",
    "/api/openapi.json",
    "/quan-tri/",
]
# Programs that are installed do not follow a redirect to another script, manifest or shell.
INSTALLED = [
    "/ks/sw.js",
    "/ks/app.webmanifest",
    "/ks/ngoai-tuyen/",
    "/ks/may-tinh-bang/",
    "/ks/may-tinh-bang/app.webmanifest",
    f"/ks/{HA_TIEN}/phieu.json",
    f"/ks/{HA_TIEN}/phieu.json?form=counter.1",
]
COPIED = [
    "/bao-cao/",
    "/bao-cao/phuong-phap/",
    f"/bao-cao/don-vi/{FACTS['unit']}/",
    f"/bao-cao/don-vi/{FACTS['unit']}/?ky=quarter&tu=2026-01-01&ban-do=then",
    f"/bao-cao/don-vi/{FACTS['unit']}/so-sanh/",
    f"/bao-cao/don-vi/{FACTS['unit']}/tien-do/",
    f"/bao-cao/don-vi/{FACTS['unit']}/cong-bo/",
    f"/bao-cao/don-vi/{FACTS['unit']}/cong-bo/moi/?ky=month.2026-01-01",
    OFFICE,
    f"{OFFICE}tien-do/",
    f"{OFFICE}gop-y/",
    f"{OFFICE}gop-y/?trang-thai=cho&han=qua",
    f"{OFFICE}loi-moi/",
    f"{OFFICE}may-tinh-bang/",
    "/bao-cao/ho-so/",
]


@pytest.mark.parametrize("address", PRINTED)
def test_what_is_printed_leads_somewhere(address: str) -> None:
    page(Client(), address)


@pytest.mark.parametrize("address", INSTALLED)
def test_what_is_installed_stays_where_it_is(address: str) -> None:
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize("address", COPIED)
def test_what_officials_copied_leads_somewhere(address: str) -> None:
    assert 'name="password"' not in page(signed_in(OFFICER), address)


@pytest.mark.parametrize("kind", ["", "may-tinh-bang/"])
def test_an_installed_app_is_the_same_app(kind: str) -> None:
    said = json.loads(page(Client(), f"/ks/{kind}app.webmanifest"))
    assert (said["id"], said["start_url"], said["scope"]) == (f"/ks/{kind}",) * 2 + ("/ks/",)


def test_the_poster_of_an_office_that_ended_says_so() -> None:
    assert Client().get("/ks/phuong-dong-ho-2025/").status_code == 410
