"""`Gần tôi` on the bare address: measured on the phone, sent to nobody, kept nowhere."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django import Settings

from offices.models import AdministrativeUnit, Office
from tests import factories
from tests.browser.survey import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HA_TIEN = {"latitude": 10.38123, "longitude": 104.48321, "accuracy": 50}
PLACES = (
    ("30766", "phường", "Tô Châu"),
    ("30769", "phường", "Hà Tiên"),
    ("30781", "xã", "Tiên Hải"),
    ("30787", "xã", "Kiên Lương"),
    ("31108", "đặc khu", "Kiên Hải"),
    ("31078", "đặc khu", "Phú Quốc"),
    ("22736", "đặc khu", "Trường Sa"),
)
NUMBERS = ("10.38", "104.48", "10,38", "104,48")
KILOBYTE = 1000


@pytest.fixture(autouse=True)
def centres() -> None:
    """The offices around Hà Tiên, and one far out at sea."""
    above = factories.province("An Giang", code="91", valid_from=date(2025, 7, 1))
    for code, kind, name in PLACES:
        place = factories.unit(
            parent=above, code=code, kind=kind, name=name, valid_from=date(2025, 7, 1)
        )
        factories.office(place, slug=f"o-{code}")
    Office.objects.filter(slug="o-30769").update(slug="phuong-ha-tien")


def at(visit: Open, where: dict[str, Any] | None = None, **given: Any) -> Page:
    """The bare address on a phone that stands somewhere and may say so."""
    said = {"geolocation": where or HA_TIEN, "permissions": ["geolocation"], **given}
    return visit("/", **said)


def look(page: Page, name: str = "Gần tôi") -> None:
    """Presses the button and waits for what becomes of it."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("[data-says]:visible").first).to_be_visible()
    expect(page.locator('[data-says="looking"]')).to_be_hidden()


def lines(page: Page) -> list[str]:
    """What is listed, each on one line."""
    found: list[str] = page.locator(".near li").all_inner_texts()
    return [" ".join(one.split()) for one in found]


def test_the_nearest_five_with_rough_distances(visit: Open) -> None:
    page = at(visit)
    look(page)
    assert lines(page) == [
        "Phường Hà Tiên Tỉnh An Giang khoảng 3 km",
        "Phường Tô Châu Tỉnh An Giang khoảng 10 km",
        "Xã Kiên Lương Tỉnh An Giang khoảng 30 km",
        "Xã Tiên Hải Tỉnh An Giang khoảng 30 km",
        "Đặc khu Phú Quốc Tỉnh An Giang khoảng 55 km",
    ]
    expect(page.get_by_role("status")).to_contain_text("đường thẳng đến giữa mỗi nơi")
    assert [a.get_attribute("href") for a in page.locator(".near a").all()] == [
        "/ks/phuong-ha-tien/",
        *(f"/ks/o-{code}/" for code in ("30766", "30787", "30781", "31078")),
    ]


def test_nothing_is_sent_but_the_asking_for_the_whole_list(visit: Open) -> None:
    page = at(visit)
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one))
    look(page)
    expect(page.locator(".near li")).to_have_count(5)
    page.wait_for_load_state("networkidle")
    (one,) = asked
    assert one.url.endswith("/ks/gan-toi.json")
    assert (one.method, one.post_data) == ("GET", None)
    told = [one.url, page.url, *one.all_headers().values()]
    kept = page.evaluate(
        """async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie,
             history.state, await indexedDB.databases(), await caches.keys()])"""
    )
    assert not [text for text in (*told, kept) for number in NUMBERS if number in text]
    assert kept == '[{},{},"",null,[],[]]'


def test_what_is_found_is_seen_on_a_small_phone(visit: Open) -> None:
    page = at(visit, viewport={"width": 360, "height": 640})
    look(page)
    for link in page.locator(".near li a").all():
        expect(link).to_be_in_viewport(ratio=1)


def test_before_the_press_the_page_is_as_small_as_ever(visit: Open) -> None:
    page = visit("about:blank")
    sizes: list[tuple[str, int]] = []
    page.on(
        "requestfinished",
        lambda one: sizes.append((one.resource_type, one.sizes()["responseBodySize"])),
    )
    page.goto("/")
    expect(page.get_by_role("button", name="Gần tôi")).to_be_visible()
    page.wait_for_load_state("networkidle")
    without_fonts = [size for kind, size in sizes if kind not in ("font", "image")]
    assert len(without_fonts) <= 3
    assert sum(without_fonts) <= 20 * KILOBYTE


def test_without_javascript_or_without_encryption_there_is_no_button(visit: Open) -> None:
    page = at(visit, java_script_enabled=False)
    expect(page.get_by_text("Gần tôi")).to_have_count(0)
    assert "Gần tôi" not in page.locator("main").inner_text()
    page = visit("about:blank")
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'geolocation', { value: undefined })"
    )
    page.goto("/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#near-me")).to_have_count(0)


def test_a_refusal_says_what_to_do(visit: Open) -> None:
    page = visit("/", permissions=[])
    look(page)
    expect(page.get_by_role("status")).to_contain_text("không cho trang này biết")
    expect(page.locator(".near ol")).to_be_hidden()


@pytest.mark.parametrize(
    ("code", "words"), [(2, "thử lại ở ngoài trời"), (3, "quá nhiều thời gian")]
)
def test_no_position_and_a_late_one_say_what_to_do(visit: Open, code: int, words: str) -> None:
    page = visit("about:blank")
    page.add_init_script(
        f"navigator.geolocation.getCurrentPosition = (told, failed) => failed({{ code: {code} }})"
    )
    page.goto("/")
    look(page)
    expect(page.locator("[data-says]:visible")).to_contain_text([words])


def test_outside_viet_nam_nothing_is_listed(visit: Open) -> None:
    page = at(visit, {"latitude": 48.85, "longitude": 2.35})
    look(page)
    expect(page.locator("[data-says]:visible")).to_contain_text(["Không có xã, phường nào"])
    assert lines(page) == []
    page.context.set_geolocation({"latitude": 10.38, "longitude": 104.48})
    look(page)
    expect(page.locator(".near li").first).to_contain_text("Phường Hà Tiên")


def test_whoever_is_far_out_in_truong_sa_is_in_viet_nam(visit: Open) -> None:
    page = at(visit, {"latitude": 8.64, "longitude": 111.92})
    look(page)
    assert lines(page)[0] == "Đặc khu Trường Sa Tỉnh An Giang khoảng 300 km"


def test_a_device_that_knows_it_only_roughly_is_said_to(visit: Open) -> None:
    page = at(visit, {**HA_TIEN, "accuracy": 20_000})
    look(page)
    expect(page.locator("[data-says]:visible")).to_contain_text(["đường thẳng", "đại khái"])


def test_a_list_that_does_not_come_is_said(visit: Open) -> None:
    page = at(visit)
    page.route("**/gan-toi.json", lambda route: route.abort())
    look(page)
    expect(page.locator("[data-says]:visible")).to_contain_text(["Không tải được danh sách"])
    page.unroute("**/gan-toi.json")
    look(page)
    expect(page.locator(".near li")).to_have_count(5)


def test_an_office_that_has_ended_is_not_listed(visit: Open) -> None:
    page = at(visit)
    look(page)
    Office.objects.filter(slug="phuong-ha-tien").update(valid_to=date(2025, 12, 31))
    look(page)
    expect(page.locator(".near li").first).to_contain_text("Phường Tô Châu")
    assert AdministrativeUnit.objects.filter(code="30769").exists()


@pytest.mark.parametrize(
    ("language", "button", "about"),
    [("en", "Near me", "about 3 km"), ("km", "នៅជិតខ្ញុំ", "ប្រហែល 3 គ.ម.")],
)
def test_it_speaks_the_pages_language(
    visit: Open, settings: Settings, language: str, button: str, about: str
) -> None:
    settings.LANGUAGES = [(code, code) for code in ("vi", "en", "km")]
    page = at(visit)
    page.goto(f"/?ngon-ngu={language}")
    look(page, button)
    expect(page.locator(".near li").first).to_contain_text(about)
    assert page.locator(".near li [lang=vi]").first.inner_text() == "Phường Hà Tiên"
