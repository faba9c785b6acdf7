"""What invitations say, and to whom they can be sent."""

from dataclasses import replace

import pytest

from offices.directory import OfficeEntry
from surveys.invitations.messages import ONE_SMS, is_mail, mail, masked, sms_text
from surveys.models import Stage
from tests import factories
from tests.surveys.invitations.invited import entry

pytestmark = pytest.mark.django_db
LINK = "https://hailong.angiang.gov.vn/m/" + "x" * 40
OUTCOMES = (Stage.RECEIVED, Stage.REFUSED, None)
LONG = "Trung tâm Phục vụ hành chính công "


def called(name: str, ward: str) -> OfficeEntry:
    """An office with this name in this ward."""
    return replace(entry(factories.office()), name=name, unit_name=ward)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize(
    ("name", "ward", "said"),
    [
        ("UBND phường Hà Tiên", "Phường Hà Tiên", "UBND phuong Ha Tien"),
        (f"{LONG}phường Hà Tiên", "Phường Hà Tiên", "Phuong Ha Tien"),
        (f"{LONG}xã Nguyễn Huệ Trường Sơn", "Xã Nguyễn Huệ Trường Sơn", "Xa Nguyen Hue Truong Son"),
        (LONG * 9, "Đặc khu Phú Quốc", "Dac khu Phu Quoc"),
        ("Chi nhánh Văn phòng Đăng ký đất đai", "Phường Rạch Giá", "Phuong Rach Gia"),
        (LONG, f"Phường {'Rất ' * 12}Dài", f"Phuong {'Rat ' * 12}Dai"),
    ],
)
def test_the_ward_and_the_link_are_whole_whatever_is_cut(
    name: str, ward: str, said: str, outcome: Stage | None
) -> None:
    text = sms_text(called(name, ward), LINK, outcome)
    assert said in text
    assert LINK in text
    assert text.isascii()
    assert len(text) <= ONE_SMS


def test_an_office_is_called_by_its_whole_name_where_that_fits() -> None:
    office = called(f"{LONG}phường Hà Tiên", "Phường Hà Tiên")
    text = sms_text(office, "https://a.vn/m/" + "x" * 40, Stage.RECEIVED)
    assert text.startswith("Trung tam Phuc vu hanh chinh cong phuong Ha Tien xin hoi")


def test_even_a_link_that_is_too_long_keeps_both() -> None:
    text = sms_text(called(LONG, "Phường Hà Tiên"), LINK + "x" * 100, None)
    assert text == f"Phuong Ha Tien: {LINK}{'x' * 100}"


@pytest.mark.parametrize("outcome", [Stage.REFUSED, None])
def test_who_may_have_been_refused_is_asked_about_the_service_only(outcome: Stage | None) -> None:
    office = called("UBND phường Hà Tiên", "Phường Hà Tiên")
    letter = mail(office, LINK, "a@example.vn", outcome)
    assert "duoc phuc vu the nao" in sms_text(office, LINK, outcome)
    assert letter.subject == "Ông/Bà được phục vụ như thế nào?"
    for text in (sms_text(office, LINK, outcome), str(letter.subject), str(letter.body)):
        assert "hài lòng" not in text
        assert "hai long?" not in text
        assert "giải quyết xong" not in text


def test_who_has_the_result_is_asked_whether_it_pleased() -> None:
    office = called("UBND phường Hà Tiên", "Phường Hà Tiên")
    assert "co hai long khong" in sms_text(office, LINK, Stage.RECEIVED)
    letter = mail(office, LINK, "a@example.vn", Stage.RECEIVED)
    assert "hài lòng" in str(letter.subject)
    assert LINK in str(letter.body)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a@example.vn", True),
        ("nguyen.van-an+1@mail.angiang.gov.vn", True),
        ("a@Ví-Dụ.vn", True),
        ("a@example.vn,", False),
        ("mailto:a@example.vn", False),
        (f"a@{'x' * 63}.vn", True),
        (f"a@{'x' * 64}.vn", False),
        (f"a@{'x' * 70}.vn", False),
        (f"a@{'ê' * 63}.vn", False),
        (f"a@{'.'.join(['x' * 60] * 5)}.vn", False),
        (f"{'x' * 65}@example.vn", False),
        ("án@example.vn", False),
        ("a@-x.vn", False),
        ("a@x-.vn", False),
        ("a@example", False),
        ("a@b@example.vn", False),
        ("a b@example.vn", False),
        ("a@example.vn\nBcc: b@example.vn", False),
        ("<a@example.vn>", False),
    ],
)
def test_an_address_is_one_that_a_server_can_be_asked_for(text: str, is_one: bool) -> None:
    assert is_mail(text) == is_one


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("+84912345678", "091…78"),
        ("0912 345 678", "091…78"),
        ("nguyen@example.vn", "n…@example.vn"),
        (f"a@{'x' * 70}.vn", f"a…@{'x' * 20}"),
        ("ở nhà", "ở …"),
        ("", "…"),
    ],
)
def test_a_contact_is_known_again_by_who_has_it(contact: str, shown: str) -> None:
    assert masked(contact) == shown
