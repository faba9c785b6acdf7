"""The officials' page about tablets."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.models import Membership, Office, Proposal, ProposalFile
from offices.rights import Role
from surveys.devices import tablets
from surveys.devices.delivery.sealing import seal
from surveys.devices.delivery.signatures import read_point
from surveys.models import Response, Tablet
from tests import factories
from tests.officials.figures.test_pages import official, signed_in
from tests.officials.two import client_of, holder
from tests.surveys.devices.signer import Signer

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


def head(office: Office) -> Client:
    return signed_in(factories.official(office))


def page(office: Office) -> str:
    return reverse("officials:tablets", args=[office.slug])


def sealed(office: Office) -> dict[str, object]:
    """An envelope with a finished form of a phone."""
    now = round(timezone.now().timestamp() * 1000)
    form = {"v": 2, "office": office.slug, "form": "counter.1", "id": str(uuid4()), "step": 1}
    return seal(
        {**form, "finished": True, "channel": "phone", "answers": {"O1": 4, "A1": 4}}
        | {"language": "vi", "at": now, "took": 30}
    )


def bring(client: Client, office: Office, content: bytes) -> tuple[int, str]:
    said = client.post(
        reverse("officials:import_outbox", args=[office.slug]),
        {
            "file": SimpleUploadedFile("hailong.json", content, "application/json"),
            "reason": "Mất mạng ba ngày",
        },
        follow=True,
    )
    return said.status_code, said.content.decode()


def ask(client: Client, office: Office, name: str = "Quầy 1") -> int:
    """Asks for a tablet; the status of the answer."""
    sent = {"step": "ask", "name": name, "form": "counter", "counter": ""}
    return client.post(page(office), sent).status_code


def asked_for() -> str:
    """The page of the only proposal."""
    return reverse("officials:proposal", args=[Proposal.objects.get().pk])


def test_a_head_gets_a_code_that_pairs_once_the_unit_above_consents(office: Office) -> None:
    client = head(office)
    assert ask(client, office) == 302
    assert not Tablet.objects.exists()
    html = client.get(page(office)).content.decode()
    assert "Chờ đơn vị cấp trên đồng ý" in html
    assert "Tạo mã ghép nối" not in html
    address = asked_for()
    assert client.post(address, {"step": "approve"}).status_code == 422
    above = client_of(holder(office.unit, Role.UNIT_OFFICER))
    assert "“Quầy 1”" in above.get(reverse("officials:waiting")).content.decode()
    assert above.post(address, {"step": "approve"}).status_code == 302
    html = client.get(page(office)).content.decode()
    assert "Đã được đồng ý, chưa ghép nối" in html
    sent = {"step": "code", "tablet": Tablet.objects.get().pk}
    html = client.post(page(office), sent).content.decode()
    code = html.split('class="pairing-code"><code>')[1].split("</code>")[0]
    paired = tablets.pair(code)
    assert paired is not None
    assert (paired.tablet.office_id, paired.tablet.name) == (office.pk, "Quầy 1")
    assert code not in client.get(page(office)).content.decode()
    acts = ["proposal.propose", "tablet.consented", "tablet.invited", "tablet.paired"]
    told = factories.acts().filter(action__in=acts).order_by("pk")
    assert list(told.values_list("action", flat=True)) == acts


def test_what_is_refused_becomes_no_tablet(office: Office) -> None:
    client = head(office)
    ask(client, office)
    above = client_of(holder(office.unit, Role.UNIT_OFFICER))
    refusal = {"step": "refuse", "reason": "Chưa cần thêm máy"}
    assert above.post(asked_for(), refusal).status_code == 302
    assert not Tablet.objects.exists()
    assert "Quầy 1" not in client.get(page(office)).content.decode()


def test_at_a_province_s_own_centre_another_person_of_the_province_consents() -> None:
    factories.instrument({"O": 1}, slug="counter")
    province = factories.province()
    centre = factories.office(province)
    asker, other = (holder(province, Role.PROVINCIAL_OFFICER) for _ in range(2))
    ask(client_of(asker), centre)
    assert client_of(asker).post(asked_for(), {"step": "approve"}).status_code == 422
    assert not Tablet.objects.exists()
    assert client_of(other).post(asked_for(), {"step": "approve"}).status_code == 302
    assert Tablet.objects.get().office == centre


def test_whoever_serves_in_the_office_consents_to_nothing_there(office: Office) -> None:
    ask(head(office), office)
    both = holder(office.unit, Role.UNIT_OFFICER)
    Membership.objects.create(user=both, role=Role.CLERK, office=office)
    assert client_of(both).post(asked_for(), {"step": "approve"}).status_code == 403
    assert not Tablet.objects.exists()


def test_a_counter_that_was_closed_meanwhile_gets_no_tablet(office: Office) -> None:
    desk = office.counters.create(number=2, name="Đất đai")
    sent = {"step": "ask", "name": "Quầy 2", "form": "counter", "counter": desk.pk}
    head(office).post(page(office), sent)
    office.counters.update(active=False)
    above = client_of(holder(office.unit, Role.UNIT_OFFICER))
    assert above.post(asked_for(), {"step": "approve"}).status_code == 422
    assert not Tablet.objects.exists()


def test_the_same_is_asked_for_once(office: Office) -> None:
    assert ask(head(office), office) == 302
    assert ask(head(office), office) == 422


def test_a_code_is_made_for_no_tablet_of_another_office(office: Office) -> None:
    other = factories.tablet(factories.office())
    said = head(office).post(page(office), {"step": "code", "tablet": other.pk})
    assert said.status_code == 404


def test_a_tablet_without_a_name_is_asked_for_one(office: Office) -> None:
    said = head(office).post(page(office), {"step": "ask", "name": "", "form": "counter"})
    assert said.status_code == 422
    assert "Đặt tên cho máy tính bảng." in said.content.decode()
    assert not Tablet.objects.exists()


def test_the_page_shows_last_contact_and_what_waits(office: Office) -> None:
    paired = tablets.pair(factories.code(office, "Cửa vào"))
    assert paired is not None
    long_ago = timezone.now() - timedelta(hours=3)
    tablets.hear(paired.tablet, 37, timedelta(minutes=-25), long_ago)
    html = head(office).get(page(office)).content.decode()
    assert "Cửa vào" in html
    assert ">37<" in html
    assert "Hơn một giờ chưa liên lạc" in html
    assert "lệch 25 phút" in html


def test_the_page_says_which_tablet_signs_nothing(office: Office) -> None:
    point = read_point(Signer().point)
    assert tablets.pair(factories.code(office, "Cửa vào"), public_key=point) is not None
    client, warning = head(office), "phiếu trên máy không được ký"
    assert warning not in client.get(page(office)).content.decode()
    assert tablets.pair(factories.code(office, "Cửa ra")) is not None
    assert client.get(page(office)).content.decode().count(warning) == 1


def test_revoking_ends_a_tablet(office: Office) -> None:
    paired = tablets.pair(factories.code(office, "Cửa vào"))
    assert paired is not None
    client = head(office)
    said = client.post(page(office), {"step": "revoke", "tablet": paired.tablet.pk})
    assert said.status_code == 302
    assert Tablet.objects.get().revoked_on == timezone.localdate()
    other = factories.office()
    sent = {"step": "revoke", "tablet": paired.tablet.pk}
    assert head(other).post(page(other), sent).status_code == 404


def test_who_only_looks_neither_pairs_nor_brings_in(office: Office) -> None:
    client = signed_in(factories.official(office, Role.CLERK))
    html = client.get(page(office)).content.decode()
    assert "Xin đồng ý" not in html
    assert client.post(page(office), {"step": "ask", "name": "x"}).status_code == 403
    assert bring(client, office, b"{}")[0] == 403
    stranger = official(office=factories.office())
    assert stranger.get(page(office)).status_code == 404


def test_nothing_of_a_file_counts_before_another_person_approves(office: Office) -> None:
    records = [sealed(office), sealed(office), {"v": 1}]
    file = json.dumps({"hailong": "outbox", "v": 1, "at": 1, "records": records}).encode()
    client = head(office)
    status, html = bring(client, office, file)
    assert status == 200
    assert "<dt>Phiếu sẽ được tính</dt><dd>2</dd>" in html
    assert "<dd>1</dd>" in html.split("không đọc được")[1]
    assert not Response.objects.exists()
    assert b"records" not in bytes(ProposalFile.objects.get().sealed)
    address = reverse("officials:proposal", args=[Proposal.objects.get().pk])
    assert client.post(address, {"step": "approve"}).status_code == 422
    assert not Response.objects.exists()
    above = client_of(holder(office.unit, Membership.Role.UNIT_OFFICER))
    assert above.post(address, {"step": "approve"}).status_code == 302
    assert Response.objects.count() == 2
    assert not ProposalFile.objects.exists()
    assert bring(client, office, file)[0] == 422  # all of it is here
    assert Response.objects.count() == 2


def test_a_file_that_is_refused_is_gone(office: Office) -> None:
    file = json.dumps({"hailong": "outbox", "v": 1, "at": 1, "records": [sealed(office)]}).encode()
    bring(head(office), office, file)
    address = reverse("officials:proposal", args=[Proposal.objects.get().pk])
    above = client_of(holder(office.unit, Membership.Role.UNIT_OFFICER))
    assert above.post(address, {"step": "refuse", "reason": "x"}).status_code == 422
    sent = {"step": "refuse", "reason": "Không rõ máy nào"}
    assert above.post(address, sent).status_code == 302
    assert not ProposalFile.objects.exists()
    assert not Response.objects.exists()


@pytest.mark.parametrize("content", [b"\x00", b"[1]", b"{}"])
def test_another_file_is_refused_in_words_and_nothing_is_stored(
    office: Office, content: bytes
) -> None:
    status, html = bring(head(office), office, content)
    assert status == 422
    assert "Chưa lưu gì" in html


def test_the_battery_is_told_and_a_weak_one_is_to_be_plugged_in(office: Office) -> None:
    tablet = factories.tablet(office)
    row = Tablet.objects.filter(pk=tablet.pk)
    row.update(
        secret=b"x", heard_at=timezone.now(), waiting=7, waits_long=True, battery=12, charging=False
    )
    client = head(office)
    html = client.get(page(office)).content.decode()
    assert "Pin 12 %, không cắm sạc. Cần cắm sạc." in html
    assert "Đã quá một ngày: máy có mạng không?" in html
    row.update(battery=None, charging=None, waits_long=None)
    html = client.get(page(office)).content.decode()
    assert "Không báo mức pin" in html
    assert "Cần cắm sạc." not in html
    assert "Đã quá một ngày" not in html
