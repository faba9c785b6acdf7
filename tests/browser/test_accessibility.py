"""WCAG 2.2 AA, as far as a machine can tell, on every page of citizens and the sign-in page."""

from typing import Any, Literal

import pytest
from playwright.sync_api import expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from offices.models import Office
from tests.browser.axe import violations
from tests.browser.survey import Open
from tests.browser.walk import every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = 34
Scheme = Literal["light", "dark"]

# 400 % of a window 1280 pixels wide.
NARROW = {"width": 320, "height": 256}
CUT = """() => {
  const shown = [...document.querySelectorAll("body *")].filter(part =>
    part.checkVisibility() && !part.closest(".skip, .visually-hidden, svg, option"));
  const hides = overflow => ["hidden", "clip"].includes(overflow);
  const cut = shown.filter(part => {
    const style = getComputedStyle(part);
    const wide = part.scrollWidth > part.clientWidth + 1;
    const high = part.scrollHeight > part.clientHeight + 1;
    return hides(style.overflowX) && wide || hides(style.overflowY) && high;
  });
  const outside = shown.filter(part => {
    const box = part.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
  });
  return [...cut, ...outside].map(part => part.outerHTML.slice(0, 120));
}"""
# WCAG 1.4.12
TEXT_SPACING = """* {
  letter-spacing: .12em !important; line-height: 1.5 !important; word-spacing: .16em !important;
}
p { margin-bottom: 2em !important; }"""
SET_SPACING = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
# A link in a sentence may be as high as its line (WCAG 2.5.8).
SMALL_TARGETS = """() => {
  const targets = "a[href], button, select, textarea, summary, input, label.answer";
  return [...document.querySelectorAll(targets)].filter(part => {
    if (!part.checkVisibility() || part.closest(".skip, .visually-hidden")) return false;
    if (part.matches("label.answer input, [type=hidden]")) return false;
    if (getComputedStyle(part).display === "inline" && part.closest("p, li")) return false;
    const box = part.getBoundingClientRect();
    return box.height < 43.9 || box.width < 43.9;
  }).map(part => part.outerHTML.slice(0, 120));
}"""


def test_the_tools_find_what_is_wrong(visit: Open, office: Office) -> None:
    """A page with one fault for each of them; else their silence would say nothing."""
    page = visit(f"/ks/{office.slug}/", viewport=NARROW)
    page.evaluate(
        SET_SPACING,
        """legend { color: #ccc; } .answer { width: 500px; }
        .place { height: 3px; overflow: hidden; }
        .actions button { min-height: 30px; padding: 0; }""",
    )
    assert any(line.startswith("color-contrast") for line in violations(page))
    cut = "".join(page.evaluate(CUT))
    assert "place" in cut
    assert "answer" in cut
    assert "Tiếp tục" in "".join(page.evaluate(SMALL_TARGETS))


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_axe_finds_nothing(
    visit: Open, office: Office, live_server: LiveServer, settings: Settings, language: str
) -> None:
    settings.LANGUAGES = [(code, code) for code in ("vi", "en", "km")]
    page = visit("about:blank")
    found: dict[tuple[str, str], list[str]] = {}
    names = []
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for name in every_page(page, office, language, live_server.url):
        names.append(name)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            if wrong := violations(page):
                found[name, scheme] = wrong
    assert found == {}
    assert len(names) == PAGES


def test_axe_finds_nothing_where_officials_sign_in(visit: Open, office: Office) -> None:
    page = visit("/dang-nhap/")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    page.locator("main button[type=submit]").click()
    expect(page.locator(".invalid-feedback, .alert").first).to_be_visible()
    assert violations(page) == []


def test_every_page_fits_400_percent_and_wide_spacing(
    visit: Open, office: Office, live_server: LiveServer
) -> None:
    page = visit("about:blank", viewport=NARROW)
    found: dict[str, Any] = {}  # Any: what the browser found
    for name in every_page(page, office, "vi", live_server.url):
        for spacing in (False, True):
            if spacing:
                page.evaluate(SET_SPACING, TEXT_SPACING)
            width: int = page.evaluate("document.documentElement.scrollWidth")
            cut: list[str] = page.evaluate(CUT)
            if width > NARROW["width"] or cut:
                found[f"{name}, {spacing=}"] = (width, cut)
        page.evaluate("() => { document.adoptedStyleSheets = []; }")
    assert found == {}


def test_every_target_is_44_pixels(visit: Open, office: Office, live_server: LiveServer) -> None:
    page = visit("about:blank")
    found = {}
    for name in every_page(page, office, "vi", live_server.url):
        if small := page.evaluate(SMALL_TARGETS):
            found[name] = small
    assert found == {}


def test_nothing_moves_for_who_wants_no_motion(
    visit: Open, office: Office, live_server: LiveServer
) -> None:
    page = visit("about:blank", reduced_motion="reduce")
    for name in every_page(page, office, "vi", live_server.url):
        moving: list[str] = page.evaluate(
            "document.getAnimations().map(moving => moving.effect.target.outerHTML.slice(0, 99))"
        )
        smooth: str = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        assert (name, moving, smooth) == (name, [], "auto")
