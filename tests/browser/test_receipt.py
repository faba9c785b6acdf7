"""The receipt on a phone: copied, saved and scanned; its code reaches no server but in a form."""

from pathlib import Path

import pytest
import segno
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from offices.models import Office
from surveys.models import Remark
from surveys.remarks.receipts import receipt_code
from tests.browser.axe import violations
from tests.browser.survey import Open, answer_page, press

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]
PHONE = "0912345678"
COPY, SAVE = "Chép mã", "Lưu mã"
# What is wider than the window, or than its own box.
CUT = """() => {
  const parts = [...document.querySelectorAll("main *")].filter((part) => !part.closest("svg"));
  const cut = parts.filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth);
  const wide = document.documentElement.scrollWidth > innerWidth ? ["page"] : [];
  return [...wide, ...cut.map((part) => part.outerHTML.slice(0, 120))];
}"""


def receipt(visit: Open, office: Office, **options: object) -> Page:
    """The receipt of somebody who left a remark and a telephone number."""
    page = visit(f"/ks/{office.slug}/counter/", **options)
    answer_page(page)
    press(page, "Tiếp tục")
    page.locator("textarea").fill("Ghế ít")
    page.locator("[name=wants_reply]").check()
    page.locator("[name=contact]").fill(PHONE)
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    return page


def test_the_code_is_copied_and_saved_on_the_phone(
    visit: Open, office: Office, live_server: LiveServer, tmp_path: Path
) -> None:
    page = receipt(visit, office, permissions=["clipboard-write"])
    code = receipt_code(Remark.objects.get().response_id)
    expect(page.get_by_role("button", name=SAVE)).to_be_visible()
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    page.get_by_role("button", name=COPY).click()
    expect(page.get_by_role("button", name="Đã chép mã")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Đã chép mã")
    with page.expect_download() as saved:
        page.get_by_role("button", name=SAVE).click()
    expect(page.get_by_role("status")).to_contain_text("Nếu không thấy tệp")
    saved.value.save_as(tmp_path / "code.txt")
    assert saved.value.suggested_filename == "ma-phan-hoi.txt"
    lines = (tmp_path / "code.txt").read_text(encoding="utf-8").splitlines()
    assert lines == [office.name, code, page.locator(".address").inner_text()]
    assert [url for url in told if not url.startswith("blob:")] == []
    assert page.context.cookies() == []
    page.goto("/ks/phan-hoi/")
    page.get_by_label("Mã biên nhận").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_label("Mã biên nhận")).to_have_value(code)


def test_without_javascript_nothing_is_offered_that_does_nothing(
    visit: Open, office: Office
) -> None:
    page = receipt(visit, office, java_script_enabled=False)
    assert page.get_by_role("button", name=COPY).count() == 0
    assert page.get_by_role("button", name=SAVE).count() == 0
    expect(page.locator(".code svg")).to_be_visible()


def test_without_a_clipboard_the_code_is_not_offered_to_be_copied(
    visit: Open, office: Office
) -> None:
    page = visit("about:blank")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    page = receipt(lambda address: (page.goto(address), page)[1], office)
    expect(page.get_by_role("button", name=SAVE)).to_be_visible()
    assert page.get_by_role("button", name=COPY).count() == 0


def test_where_copying_is_refused_the_code_is_marked_to_be_copied_by_hand(
    visit: Open, office: Office
) -> None:
    page = visit("about:blank")
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'));")
    page = receipt(lambda address: (page.goto(address), page)[1], office)
    page.get_by_role("button", name=COPY).click()
    code = receipt_code(Remark.objects.get().response_id)
    page.wait_for_function("() => String(getSelection()) !== ''")
    assert page.evaluate("String(getSelection()).trim()") == code
    expect(page.get_by_role("status")).to_contain_text("nhấn giữ vào mã")
    assert page.get_by_role("button", name=COPY).count() == 1


def test_the_question_pages_load_nothing_for_it(visit: Open, office: Office) -> None:
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(f"/ks/{office.slug}/counter/")
    answer_page(page)
    press(page, "Tiếp tục")
    assert [name for name in asked if name.startswith("copy")] == []


def test_the_picture_opens_the_reply_with_the_code_filled_in(
    visit: Open, office: Office, settings: Settings, live_server: LiveServer
) -> None:
    settings.PUBLIC_ADDRESS = live_server.url
    page = receipt(visit, office)
    code = receipt_code(Remark.objects.get().response_id)
    address = f"{live_server.url}/ks/phan-hoi/#{code}"
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=8, border=4, light="#fff", omitsize=True
    )
    path = drawn.rpartition(' d="')[2].partition('"')[0]
    assert page.locator(".code svg path").last.get_attribute("d") == path
    other = visit("/ks/")
    told: list[str] = []
    other.on("request", lambda request: told.append(request.url + (request.post_data or "")))
    other.goto(address)
    field = other.get_by_label("Mã biên nhận")
    expect(field).to_have_value(code)
    assert other.evaluate("location.href") == f"{live_server.url}/ks/phan-hoi/"
    assert Remark.objects.count() == 1
    expect(other.get_by_role("heading", level=1)).to_have_text("Trả lời của cơ quan")
    assert violations(other) == []
    # gone from the history too: neither back nor forward leads to it
    other.go_back()
    other.go_forward()
    assert "#" not in other.evaluate("location.href")
    # scanned again while the page is open
    other.evaluate("code => { location.hash = code; }", code.lower())
    expect(field).to_have_value(code.lower())
    assert other.evaluate("location.href") == f"{live_server.url}/ks/phan-hoi/"
    assert [line for line in told if code.lower() in line.lower().partition("#")[0]] == []
    other.get_by_role("button", name="Xem trả lời").click()
    expect(other.get_by_text("Góp ý của Ông/Bà đã được ghi nhận")).to_be_visible()


@pytest.mark.parametrize("fragment", ["main", "code", "ABCDE-FGHIJ", "ABCDE-FGHIJ-KLMNO-PQRST"])
def test_what_is_no_code_stays_in_the_address(visit: Open, office: Office, fragment: str) -> None:
    page = visit(f"/ks/phan-hoi/#{fragment}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("location.hash") == f"#{fragment}"
    expect(page.get_by_label("Mã biên nhận")).to_have_value("")


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_nothing_is_cut_on_a_narrow_phone(
    visit: Open, office: Office, settings: Settings, language: str
) -> None:
    settings.LANGUAGES = [(code, code) for code in ("vi", "en", "km")]
    page = receipt(visit, office, viewport={"width": 360, "height": 740})
    if language != "vi":
        with page.expect_navigation():
            page.locator(f".languages button[lang={language}]").click()
    expect(page.locator("button[data-copies]")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.evaluate(CUT) == []
    assert violations(page) == []
