"""From the QR code to the first tap: few bytes, few requests, few taps."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from benchmarks.measures.phone import first_page
from offices.models import Office
from surveys.models import Response, Stage, State
from tests import factories
from tests.browser.survey import Open, answer_page, arrived, press, tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]

KILOBYTE = 1000
# Of everything but fonts, over the wire; the usual one and the one that asks a question a screen.
MOST = 20 * KILOBYTE


def test_the_code_leads_to_the_questions_in_one_step(
    visit: Open, office: Office, settings: Settings, live_server: LiveServer
) -> None:
    """What the poster's QR code says is the address of the first question."""
    settings.PUBLIC_ADDRESS = live_server.url
    poster = visit(f"/ks/{office.slug}/poster/")
    address = poster.locator(".address").inner_text()
    page = visit(f"http://{address}")
    expect(page.locator("fieldset.scale").first).to_be_visible()
    tap(page, 0)
    expect(page.get_by_role("status")).to_have_text("Đã lưu")
    assert Response.objects.get().state == State.OPEN


def test_without_javascript_each_page_is_saved(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/", java_script_enabled=False)
    tap(page, 0)
    assert not Response.objects.exists()
    press(page, "Tiếp tục")
    expect(page.get_by_text("Phần 2 / 6")).to_be_visible()
    assert bytes(Response.objects.get().answers)[:3] == bytes([4, 0, 0])
    tap(page, 1)
    press(page, "Tiếp tục")
    expect(page.get_by_text("Phần 3 / 6")).to_be_visible()
    assert bytes(Response.objects.get().answers)[:5] == bytes([4, 0, 0, 0, 4])


def test_the_counter_form_takes_at_most_ten_taps(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    taps = answer_page(page)
    press(page, "Tiếp tục")
    page.get_by_label("Đã nhận được kết quả").check()
    page.get_by_label("Cho bản thân hoặc gia đình").check()
    press(page, "Gửi phiếu")
    taps += 4
    expect(page.locator("#thanks")).to_be_visible()
    assert taps <= 10
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers), stored.stage) == (
        State.FINISHED,
        bytes([4] * 6),
        Stage.RECEIVED,
    )


def test_procedure_and_stage_of_the_link_are_chosen_already(visit: Open, office: Office) -> None:
    procedure = factories.procedure()
    page = visit(f"/ks/{office.slug}/counter/?thu-tuc={procedure.code}&gd=tu-choi")
    tap(page, 0)
    expect(page.get_by_role("status")).to_have_text("Đã lưu")
    first = Response.objects.get()
    assert (first.procedure_id, first.stage) == (procedure.pk, Stage.REFUSED)
    press(page, "Tiếp tục")
    expect(page.get_by_label("Hồ sơ của tôi bị từ chối")).to_be_checked()
    expect(page.locator("select")).to_have_value(procedure.code)


def test_procedure_and_stage_are_asked_last_and_may_be_left_out(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/")
    for part in range(1, 6):
        expect(page.locator(".progress")).to_contain_text(f"Phần {part} / 6")
        expect(page.locator("progress")).to_have_js_property("value", part)
        expect(page.locator("select")).to_have_count(0)
        answer_page(page)
        press(page, "Tiếp tục")
    expect(page.locator("select")).to_have_count(1)
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    stored = Response.objects.get()
    assert bytes(stored.answers) == bytes([4] * 16)
    assert (stored.procedure_id, stored.stage) == (None, Stage.UNKNOWN)


def test_the_first_page_is_small(visit: Open, office: Office) -> None:
    # how soon it can be used on slow 3G is measured by `make bench-citizen_page`
    run = first_page(visit("about:blank"), f"/ks/{office.slug}/")
    assert run.requests <= 3
    assert run.bytes_without_fonts <= MOST


def test_every_font_lets_text_be_read_before_it_is_there(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    fonts: list[str] = page.evaluate("[...document.fonts].map(font => font.display)")
    assert set(fonts) == {"swap"}


def test_the_offline_module_is_fetched_after_the_first_tap_only(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/")
    asked: list[str] = []
    body = "export function prepareOffline() { document.body.dataset.prepared = 'yes'; }"

    def module(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(content_type="text/javascript", body=body)

    page.route(re.compile("ngoai-tuyen-thu"), module)
    page.locator("form[data-saved]").evaluate(
        "form => { form.dataset.offline = '/static/js/ngoai-tuyen-thu.js'; }"
    )
    assert asked == []
    tap(page, 0)
    expect(page.locator("body")).to_have_attribute("data-prepared", "yes")
    assert len(asked) == 1


def test_pages_that_come_later_are_announced_to_other_modules(visit: Open, office: Office) -> None:
    page: Page = visit(f"/ks/{office.slug}/")
    page.evaluate(
        "addEventListener('hailong:page', () => { document.body.dataset.heard = 'yes'; }, true)"
    )
    press(page, "Tiếp tục")
    arrived(page)
    expect(page.locator("body")).to_have_attribute("data-heard", "yes")


def test_what_is_tapped_before_the_script_is_there_is_saved_by_it(
    visit: Open, office: Office
) -> None:
    page = visit("about:blank")
    waiting: list[Route] = []
    page.route("**/citizen.*.js", lambda route: waiting.append(route))
    page.goto(f"/ks/{office.slug}/", wait_until="commit")
    tap(page, 0)
    assert not Response.objects.exists()
    waiting[0].continue_()
    expect(page.get_by_role("status")).to_have_text("Đã lưu")
    assert bytes(Response.objects.get().answers)[:2] == bytes([4, 0])


def test_the_first_page_has_the_look_of_the_others(visit: Open, office: Office) -> None:
    """Its style sheet stands within it; the browser takes it only with the page's own nonce."""
    page = visit(f"/ks/{office.slug}/", java_script_enabled=False)
    expect(page.locator("link[rel=stylesheet]")).to_have_count(0)
    look = "part => [getComputedStyle(part).backgroundColor, getComputedStyle(part).fontFamily]"
    first = page.locator(".actions .action").evaluate(look)
    press(page, "Tiếp tục")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
    assert page.locator(".actions .action").evaluate(look) == first
    assert first[0] == "rgb(11, 87, 164)"
    assert page.evaluate("[...document.fonts].some(font => font.status === 'loaded')")
