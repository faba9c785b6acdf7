"""Finding an office: the list, the QR code, the poster."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offices.models import Succession
from offices.names import in_order, plain
from tests import factories

pytestmark = pytest.mark.django_db


def shown(query: str = "") -> str:
    response = Client().get(f"/ks/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("text", "letters"), [("Hà Tiên", "ha tien"), ("ĐẮK LẮK", "dak lak"), ("Ngã Bảy", "nga bay")]
)
def test_letters_are_compared_without_case_and_diacritics(text: str, letters: str) -> None:
    assert plain(text) == letters


def test_names_are_in_the_order_of_letters_then_diacritics() -> None:
    names = ["Huế", "Hà Nội", "Hải Phòng", "Đồng Nai", "Cà Mau"]
    assert sorted(names, key=in_order) == ["Cà Mau", "Đồng Nai", "Hà Nội", "Hải Phòng", "Huế"]


def test_provinces_are_sorted_by_their_own_name() -> None:
    for name, kind in (("Vĩnh Long", "tỉnh"), ("Đà Nẵng", "thành phố"), ("An Giang", "tỉnh")):
        place = factories.unit("province", factories.country(), name=name, kind=kind)
        factories.office(factories.unit("commune", place))
    names = re.findall(r"<summary>(.*?) <span", shown())
    assert [name.split(" ", 1)[-1].removeprefix("phố ") for name in names] == [
        "An Giang",
        "Đà Nẵng",
        "Vĩnh Long",
    ]


def test_closed_offices_are_not_offered() -> None:
    factories.office(name="Nơi đã đóng", valid_to=date(2025, 6, 30))
    factories.office(name="Nơi đang mở")
    html = shown()
    assert "Nơi đang mở" in html
    assert "Nơi đã đóng" not in html


def test_the_list_that_a_process_keeps_is_of_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    last = timezone.localdate()
    factories.office(name="Nơi sắp đóng", valid_to=last)
    assert "Nơi sắp đóng" in shown()
    monkeypatch.setattr(timezone, "localdate", lambda: last + timedelta(days=1))
    assert "Nơi sắp đóng" not in shown()


def test_an_empty_list_says_so() -> None:
    assert "Hôm nay không có cơ quan nào đang hoạt động." in shown()


@pytest.mark.parametrize("query", ["?tim=%00", "?tim=%ff%fe", "?tim=" + "a" * 5000, "?tim=%3Cb%3E"])
def test_odd_searches_are_no_error(query: str) -> None:
    assert "<b>" not in shown(query)


def test_signs_are_answered_by_what_to_type() -> None:
    factories.office()
    for signs in ("...", "%00", "%25_", "%E2%80%99"):
        html = shown(f"?tim={signs}")
        assert ("Xin gõ chữ" in html) is (signs != "%00"), signs
    assert "Không tìm thấy cơ quan nào" in shown("?tim=khong+co")


def test_a_search_shows_the_province_and_why_a_former_name_leads_there() -> None:
    ward = factories.unit(parent=factories.province("An Giang"), name="Hà Tiên")
    office = factories.office(ward, name="Trung tâm phường Hà Tiên")
    before = factories.unit(
        parent=factories.province("Kiên Giang"), name="Bình San", valid_to=date(2025, 6, 30)
    )
    Succession.objects.create(
        predecessor=before, successor=ward, effective_on=date(2025, 7, 1), relation="merged"
    )
    html = shown("?tim=B%C3%ACnh+San")
    assert f'href="/ks/{office.slug}/"' in html
    assert '<small lang="vi">Tỉnh An Giang</small>' in html
    assert "Phường Bình San (Tỉnh Kiên Giang) nay thuộc Phường Hà Tiên" in html
    assert "nay thuộc" not in shown("?tim=ha+tien")


def test_a_search_shows_at_most_fifty_and_says_so() -> None:
    place = factories.province("An Giang")
    for _ in range(51):
        factories.office(factories.unit(parent=place, name="An Phú"))
    html = shown("?tim=An+Ph%C3%BA")
    assert html.count('<small lang="vi">') == 50
    assert "50 cơ quan" in html


def test_a_search_takes_two_statements() -> None:
    factories.office()
    shown("?tim=ha+tien")
    with CaptureQueriesContext(connection) as done:
        shown("?tim=ha+tien")
    assert len(done) <= 2, done.captured_queries


def test_the_qr_code_is_an_svg_that_stands_alone() -> None:
    office = factories.office()
    response = Client().get(f"/ks/{office.slug}/qr.svg")
    # without this name space browsers do not draw it as a picture
    assert ElementTree.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert response["Content-Type"] == "image/svg+xml"


def test_the_qr_code_differs_by_office() -> None:
    pictures = {Client().get(f"/ks/{factories.office().slug}/qr.svg").content for _ in range(2)}
    assert len(pictures) == 2
    assert Client().get("/ks/khong-co/qr.svg").status_code == 404


def test_the_poster_names_the_office_and_the_address() -> None:
    office = factories.office(name="Trung tâm PVHCC phường Hà Tiên")
    html = Client().get(f"/ks/{office.slug}/poster/").content.decode()
    assert office.name in html
    assert f"testserver/ks/{office.slug}/" in html
    assert "<svg" in html


def test_a_closed_office_has_no_poster() -> None:
    office = factories.office(valid_to=date(2025, 6, 30))
    assert Client().get(f"/ks/{office.slug}/poster/").status_code == 410


def test_a_closed_office_that_was_divided_names_all_that_carry_on() -> None:
    last, first = date(2025, 6, 30), date(2025, 7, 1)
    district = factories.unit("district", factories.province("Kiên Giang"), valid_to=last)
    old = factories.office(district, valid_to=last)
    heirs = []
    for name in ("Hà Tiên", "Tô Châu"):
        ward = factories.unit(parent=factories.province(), name=name, valid_from=first)
        before = factories.unit(parent=district, name=name, valid_to=last)
        Succession.objects.create(
            predecessor=before, successor=ward, effective_on=first, relation="merged"
        )
        heirs.append(factories.office(ward, valid_from=first))
    response = Client().get(f"/ks/{old.slug}/")
    html = response.content.decode()
    assert response.status_code == 410
    assert all(f'href="/ks/{heir.slug}/"' in html for heir in heirs)
    assert "Các cơ quan sau đây phục vụ thay" in html
