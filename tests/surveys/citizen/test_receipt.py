"""The receipt: the code to take along, where it leads, and whether a contact was kept."""

from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
import segno
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from launch.page import Form
from offices.models import Office
from surveys.models import Contact, Remark, Response
from surveys.remarks.receipts import receipt_code
from tests import factories
from tests.surveys.invitations.invited import answer, link

pytestmark = pytest.mark.django_db
PHONE = "0912345678"
WISH = {"wants_reply": "1", "contact": PHONE}
NONE_KEPT = "Không lưu thông tin liên hệ nào."
KEPT = "Thông tin liên hệ để trả lời riêng được lưu đến 30 ngày sau khi trả lời, chậm nhất là"


@pytest.fixture
def office() -> Office:
    """An open office with a form of three criteria on two pages."""
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office(name="Một cửa phường Hà Tiên")


def finish(office: Office, **given: object) -> str:
    """The receipt of somebody who answered everything."""
    fields = {"form": "phieu.1", "id": str(uuid4()), "step": 2, "page": 2, "A1": 5, "B1": 3}
    answered = Client().post(reverse("surveys:start", args=[office.slug]), {**fields, **given})
    assert answered.status_code == 200
    return unescape(answered.content.decode())


def drawn(code: str, settings: Settings) -> str:
    """The picture that leads to the reply with this code."""
    address = f"{settings.PUBLIC_ADDRESS}/ks/phan-hoi/#{code}"
    picture = segno.make(address, error="m", micro=False)
    return picture.svg_inline(scale=8, border=4, light="#fff", omitsize=True)


def test_the_picture_leads_to_the_reply_with_the_code_where_no_server_sees_it(
    office: Office, settings: Settings
) -> None:
    html = finish(office, remark="Ghế ít")
    code = receipt_code(Remark.objects.get().response_id)
    assert drawn(code, settings) in html
    assert f"#{code}" not in html
    assert html.count(" hidden>") == 2  # neither copied nor saved without JavaScript


def test_without_a_remark_there_is_no_code(office: Office) -> None:
    html = finish(office)
    code = receipt_code(Response.objects.get().id)
    for part in ('class="code"', 'class="receipt"', "data-copies", "data-saves", "copy", code):
        assert part not in html
    assert "Mã biên nhận" not in html
    assert "Mã này" not in html
    # one that is out says what it always said
    said = Client().post("/ks/phan-hoi/", {"code": code}).content.decode()
    assert "Không tìm thấy góp ý nào" in said


def test_it_says_until_when_the_contact_is_kept(office: Office) -> None:
    html = finish(office, remark="Ghế ít", **WISH)
    day = Contact.objects.get().delete_on
    assert f"{KEPT} {day:%-d/%-m/%Y}" in html or f"{KEPT} {day:%d/%m/%Y}" in html
    assert NONE_KEPT not in html
    assert PHONE not in html


@pytest.mark.parametrize("given", [{}, {"remark": "Ghế ít"}])
def test_it_says_that_no_contact_was_kept(office: Office, given: dict[str, str]) -> None:
    html = finish(office, **given)
    assert NONE_KEPT in html
    assert KEPT not in html


def test_sent_again_it_says_what_is_kept_now(office: Office) -> None:
    """As in another language, where the contact is not sent once more."""
    said = {"id": str(uuid4()), "remark": "Ghế ít"}
    finish(office, **said, **WISH)
    assert KEPT in finish(office, **said)
    Contact.objects.all().delete()
    for again in ({}, WISH):
        html = finish(office, **said, **again)
        assert NONE_KEPT in html
        assert KEPT not in html


@pytest.mark.parametrize("wish", [WISH, {}], ids=["with a contact", "without"])
def test_the_receipt_of_an_invitation_does_not_tell_whether_its_link_was_used(
    office: Office, settings: Settings, tmp_path: Path, wish: dict[str, str]
) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"
    issued = link(office)
    pages = [{"A1": "5", "A2": "5"}, {"B1": "4"}, {"remark": "Ghế ít", **wish}]
    said = [unescape(answer(office, issued, pages))]
    others = [pages, [{"A1": "1", "A2": "1"}, {"B1": "1"}, {"remark": "Ghế ít", **wish}]]
    for other in others:
        said.append(unescape(answer(office, issued, other)))
    assert Contact.objects.count() == len(wish) // 2
    for html in said:
        assert (KEPT in html) == bool(wish)
        assert ("Nếu đây là lần trả lời đầu tiên bằng liên kết này" in html) == bool(wish)
        assert NONE_KEPT not in html  # whoever used it first may have left one


def test_a_code_is_still_typed_where_no_script_runs(office: Office) -> None:
    html = Client().get(reverse("surveys:reply")).content.decode()
    assert Form(html).filled["code"] == ""
