"""What people are told about their answers, and how staff should ask."""

import gzip
import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from offices import directory
from offices.models import Office
from surveys.citizen import notice
from surveys.devices.definition import definition
from surveys.flags.rules import NAMES
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db
CONTROLLER = "Ủy ban nhân dân phường Hà Tiên"


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    place = factories.unit(parent=factories.province("An Giang"), name="Hà Tiên")
    return factories.office(place, slug="phuong-ha-tien")


def shown(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    assert not response.cookies
    return unescape(response.content.decode())


def test_the_notice_stands_before_the_first_question(office: Office) -> None:
    html = shown("/ks/phuong-ha-tien/")
    assert CONTROLLER in html
    assert "Ông/Bà trả lời hay không là tùy ý" in html
    assert html.index(CONTROLLER) < html.index("<fieldset")
    assert 'href="/ks/phuong-ha-tien/thong-bao/"' in html


def test_later_pages_do_not_repeat_it(office: Office) -> None:
    client = Client()
    answer = client.post("/ks/phuong-ha-tien/", {"form": "phieu.1", "page": "0", "A1": "5"})
    html = answer.content.decode()
    assert "Tiêu chí B1" in html
    assert CONTROLLER not in html


def test_tablets_get_the_same_notice_in_every_language(office: Office) -> None:
    entry = directory.current().office(office.slug)
    form = catalogue.current().default
    assert entry is not None
    assert form is not None
    told = definition(entry, form)["notice"]
    assert set(told) == {"vi", "en"}
    assert told["vi"] == notice.short_notice(entry, "vi")
    assert told["en"].startswith(f"{CONTROLLER} asks how you were served")
    assert "<" not in "".join(told.values())


@pytest.mark.parametrize(
    ("level", "kind", "name", "expected"),
    [
        ("commune", "phường", "Hà Tiên", "Ủy ban nhân dân phường Hà Tiên"),
        ("commune", "đặc khu", "Phú Quốc", "Ủy ban nhân dân đặc khu Phú Quốc"),
    ],
)
def test_the_controller_is_named_as_it_is_written(
    level: str, kind: str, name: str, expected: str
) -> None:
    place = factories.unit(level, factories.province("An Giang"), name=name, kind=kind)
    made = factories.office(place)
    entry = directory.current().office(made.slug)
    assert entry is not None
    assert notice.controller(entry) == expected
    assert notice.province_committee(entry) == "Ủy ban nhân dân tỉnh An Giang"


def test_a_provincial_office_has_no_province_above_it() -> None:
    made = factories.office(factories.province("An Giang"))
    entry = directory.current().office(made.slug)
    assert entry is not None
    assert notice.controller(entry) == "Ủy ban nhân dân tỉnh An Giang"
    assert notice.province_committee(entry) == ""


def test_a_name_cannot_bring_markup_into_the_notice(office: Office) -> None:
    office.unit.name = "<b>Hà Tiên</b> {x} %(y)s"
    office.unit.save()
    html = Client().get("/ks/phuong-ha-tien/").content.decode()
    assert "&lt;b&gt;Hà Tiên&lt;/b&gt; {x} %(y)s" in html
    assert "<b>Hà Tiên" not in html


def test_the_whole_notice_says_who_what_how_long_and_which_rights(office: Office) -> None:
    html = shown("/ks/phuong-ha-tien/thong-bao/")
    for said in (
        CONTROLLER,
        "Ủy ban nhân dân tỉnh An Giang",
        office.name,
        "Nghị định 224/2026/NĐ-CP, Điều 10 khoản 3",
        "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15",
        f"{notice.CONTACT_MONTHS} tháng",
        "2 ngày làm việc để xác nhận",
        "10 ngày để cho xem hoặc sửa",
        "15 ngày để ngừng sử dụng",
        "20 ngày để xóa",
        "Vì sao không thể tìm lại câu trả lời",
        "dưới 16 tuổi",
    ):
        assert said in html, said


def test_a_closed_office_still_says_what_it_keeps(office: Office) -> None:
    Office.objects.update(valid_to="2025-06-30")
    assert CONTROLLER in shown("/ks/phuong-ha-tien/thong-bao/")
    assert Client().get("/ks/khong-co/thong-bao/").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_pages_exist_in_every_language(office: Office, settings: Settings, language: str) -> None:
    settings.LANGUAGES = [(code, code) for code in ("vi", "en", "km")]
    for address in ("/ks/huong-dan-can-bo/", "/ks/phuong-ha-tien/thong-bao/"):
        response = Client().get(f"{address}?ngon-ngu={language}")
        html = response.content.decode()
        assert f'<html lang="{language}"' in html
        other = {"vi": "Who is responsible", "en": "Ai chịu", "km": "Who is responsible"}
        assert other[language] not in html


def test_the_advice_names_every_mark_that_staff_can_cause() -> None:
    html = shown("/ks/huong-dan-can-bo/")
    explained = [str(name) for flag, name in NAMES.items() if flag.name != "CLOCK_SKEW"]
    assert len(explained) == len(NAMES) - 1
    for name in explained:
        assert name in html
    assert "bảo đảm tính bí mật, riêng tư của tổ chức, cá nhân đánh giá" in html


def test_the_first_page_stays_small(office: Office) -> None:
    """Its scripts and fonts are measured by benchmarks; the notice must not weigh."""
    html = Client().get("/ks/phuong-ha-tien/").content.decode()
    without_style = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    assert len(gzip.compress(without_style.encode())) < 6_000
