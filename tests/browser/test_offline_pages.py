"""The pages of a phone without network as everybody meets them, and the app as it is installed."""

import pytest
from playwright.sync_api import BrowserContext, expect

from offices.models import Office
from tests.browser.axe import violations
from tests.browser.survey import Open
from tests.browser.test_offline import anew, begun, go_on, tap_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_on_the_pages_without_network(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    page.goto(f"/ks/{office.slug}/")
    expect(page.locator("[class=action]")).to_have_text("Tiếp tục trả lời")
    assert violations(page) == []
    anew(page, office)
    assert violations(page) == []
    while page.locator("fieldset.scale").count():
        tap_page(page)
        go_on(page)
    assert violations(page) == []
    go_on(page)
    assert violations(page) == []


ASKS_FOR = """() => Object.defineProperty(navigator, "languages", { value: %s })"""


@pytest.mark.parametrize(
    ("wanted", "language"),
    [(["en-US", "en"], "en"), (["en-US", "en", "vi"], "vi"), (["zh-CN", "en"], "en"), ([], "vi")],
)
def test_without_a_choice_they_speak_as_the_server_would(
    visit: Open, wanted: list[str], language: str
) -> None:
    page = visit("/ks/ngoai-tuyen/")
    page.add_init_script(f"({ASKS_FOR % wanted})()")
    page.reload()
    expect(page.locator("#main h1")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_the_app_can_be_installed(context: BrowserContext, office: Office) -> None:
    page = context.new_page()
    for address in ("/ks/app.webmanifest", "/ks/may-tinh-bang/app.webmanifest"):
        manifest = page.request.get(address)
        assert manifest.ok, address
        known = manifest.json()
        assert known["display"] in ("standalone", "fullscreen")
        assert {icon["sizes"] for icon in known["icons"]} == {"192x192", "512x512"}
        assert all(page.request.get(icon["src"]).ok for icon in known["icons"])
