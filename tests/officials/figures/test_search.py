"""The one box of the officials' pages: places and procedures, found as people type."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from offices.models import Succession
from tests import factories
from tests.officials.two import client_of
from tests.reports.briefing.months import morning

pytestmark = pytest.mark.django_db
HOME = "/bao-cao/"


def found(client: Client, asked: str) -> str:
    """Where the box leads at once, else what the page lists."""
    response = client.get("/bao-cao/tim/", {"tim": asked})
    if response.status_code == 302:
        return response["Location"]
    return response.content.decode().partition("<main")[2]


def test_a_place_is_found_by_typing_and_led_to_at_once() -> None:
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang")
    ward = factories.unit(parent=province, name="Hà Tiên", code="30769")
    office = factories.office(ward, name="Trung tâm Phục vụ hành chính công phường Hà Tiên")
    factories.office(factories.unit(parent=province, name="Tô Châu"))
    head, officer = (client_of(factories.official(one)) for one in (office, province))
    for asked in ("ha tien", "Hà Tiên", "p. ha tien", "  HÀ   TIÊN "):
        assert found(head, asked) == f"{HOME}?noi=office%3A{office.pk}"
        assert f"noi=unit%3A{ward.pk}" in found(officer, asked)
        assert f"noi=office%3A{office.pk}" in found(officer, asked)
    assert found(officer, "30769") == f"{HOME}?noi=unit%3A{ward.pk}"
    stranger = client_of(factories.official(factories.office()))
    for asked in ("ha tien", "30769"):
        assert "Không có đơn vị nào trong phạm vi" in found(stranger, asked)
        assert "noi=" not in found(stranger, asked)
    assert "Ghi tên" in found(head, "")


def listed(html: str) -> list[str]:
    """The lines of what was found, places and procedures."""
    return [unescape(one) for one in re.findall(r"<li>(?:<a [^>]*>)?([^<]*?) <small", html)]


def test_a_procedure_is_found_and_leads_to_the_figures_of_its_field() -> None:
    with morning((90, 10), (60, 40)) as office:
        birth = factories.procedure("1.001193", name="Thủ tục đăng ký khai sinh")
        factories.procedure("2.001009", name="Cấp bản sao Trích lục hộ tịch")
        factories.procedure("1.000894", name="Đăng ký kết hôn", valid_to=date(2025, 1, 1))
        head = client_of(factories.official(office))
        for asked in ("khai sinh", "1.001193", "1001193", "KHAI  SINH", birth.field.name):
            assert "Thủ tục đăng ký khai sinh (1.001193)" in " ".join(listed(found(head, asked)))
        html = found(head, "khai sinh")
        assert len(listed(html)) == 1
        field = f"/bao-cao/co-quan/{office.slug}/?ky=quarter&amp;tu=2026-01-01#cut-field"
        assert f'href="{field}"' in html
        for asked in ("sinh khai nothing", "ket hon", "kha"):  # repealed; not a whole word
            assert listed(found(head, asked)) == [], asked
        country = client_of(factories.official(factories.country()))
        assert "#cut-field" not in found(country, "khai sinh")
        assert "ở trang của từng tỉnh" in found(country, "khai sinh")
        assert listed(found(country, "sinh khai")) == listed(found(country, "khai sinh"))


def test_a_place_is_led_to_though_a_procedure_has_its_words_elsewhere() -> None:
    factories.instrument({"A": 2, "B": 1})
    ward = factories.unit(parent=factories.province("An Giang"), name="Hà Tiên")
    office = factories.office(ward, name="Trung tâm Phục vụ hành chính công phường Hà Tiên")
    factories.procedure("1.000001", name="Hạ mức tiền ký quỹ hà")
    head = client_of(factories.official(office))
    assert found(head, "ha tien") == f"{HOME}?noi=office%3A{office.pk}"
    factories.procedure("1.000002", name="Cấp giấy phép đò Hà Tiên")
    assert len(listed(found(head, "ha tien"))) == 3
    assert "Cấp giấy phép đò Hà Tiên (1.000002)" in listed(found(head, "ha tien"))[1]


def test_a_name_of_before_leads_to_who_serves_there_today() -> None:
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang")
    heir = factories.unit(parent=province, name="Hà Tiên")
    last = date(2025, 6, 30)
    former = factories.unit(parent=province, name="Bình San", valid_to=last)
    Succession.objects.create(
        predecessor=former, successor=heir, relation="merged", effective_on=date(2025, 7, 1)
    )
    office = factories.office(heir)
    assert found(client_of(factories.official(office)), "binh san") == (
        f"{HOME}?noi=office%3A{office.pk}"
    )
    other = client_of(factories.official(factories.office()))
    assert "noi=" not in found(other, "binh san")
