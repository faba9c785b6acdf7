"""The network goes in the middle of a form on a phone that is ready for it: nothing is lost."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from offices.models import Office
from surveys.models import Remark, Response, Stage, State
from tests.browser.conftest import Held
from tests.browser.device import await_delivery, await_records, stand_still, stores
from tests.browser.test_lent_phone import NOT_MINE
from tests.browser.test_offline import anew, begun, go_on, resumed, tap_page, to_the_end

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]

REMARK = "Ghế chờ ít quá"
HELD = "Hiện không có mạng. Câu trả lời không bị mất"
FULL = """() => {
  globalThis.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
}"""


def to_the_last_page(page: Page) -> None:
    expect(page.locator("form .actions .action")).to_be_visible()
    while page.locator("fieldset.scale").count():
        tap_page(page)
        go_on(page)


def typed(context: BrowserContext, office: Office) -> Page:
    """A phone that has just lost the network, with a form filled in up to the remark."""
    page = context.new_page()
    begun(page, office)
    to_the_last_page(page)
    page.locator("textarea").fill(REMARK)
    context.set_offline(True)
    return page


def in_the_shell(context: BrowserContext, office: Office, query: str = "") -> Page:
    """A phone without network with an empty form, after somebody else began one."""
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    anew(page, office, query)
    return page


def test_a_reload_goes_on_with_what_was_filled_in_with_a_network(
    context: BrowserContext, office: Office
) -> None:
    page = typed(context, office)
    page.reload()
    expect(page.locator("textarea")).to_have_value(REMARK)
    go_on(page)
    expect(page.locator("#thanks")).to_be_visible()
    context.set_offline(False)
    await_delivery(page)
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers)) == (State.FINISHED, bytes([4] * 16))
    assert Remark.objects.get().text == REMARK


def test_who_opens_it_anew_is_asked_and_finds_nothing(
    context: BrowserContext, office: Office
) -> None:
    page = typed(context, office)
    page.goto(f"/ks/{office.slug}/")
    expect(page.locator("h1")).to_have_text(NOT_MINE)
    assert REMARK not in page.content()
    page.reload()
    expect(page.locator("h1")).to_have_text(NOT_MINE)
    page.get_by_role("button", name="Tiếp tục trả lời").click()
    expect(page.locator("textarea")).to_have_value(REMARK)


def test_pressed_twice_is_pressed_once(context: BrowserContext, office: Office) -> None:
    page = in_the_shell(context, office)
    page.locator("form .actions .action").dblclick()
    expect(page.locator(".progress")).to_contain_text("Phần 2")
    to_the_last_page(page)
    page.locator("textarea").fill(REMARK)
    page.get_by_role("button", name="Quay lại").click()
    tap_page(page)
    page.locator("form .actions .action").dblclick()
    expect(page.locator("textarea")).to_have_value(REMARK)
    expect(page.locator(".progress")).to_contain_text("Phần 6")


def test_a_remark_that_was_never_sent_survives_a_reload(
    context: BrowserContext, office: Office
) -> None:
    page = in_the_shell(context, office)
    to_the_last_page(page)
    page.locator("textarea").press_sequentially(REMARK)
    page.reload()
    expect(page.locator("textarea")).to_have_value(REMARK)


def test_what_one_person_pressed_is_not_done_for_the_next(
    context: BrowserContext, office: Office
) -> None:
    page = in_the_shell(context, office)
    for _ in range(5):
        go_on(page)
    page.locator("textarea").fill("a" * 2001)  # which is kept, and not taken
    page.locator("form .actions .action").click()
    expect(page.get_by_role("alert")).to_contain_text("còn nhiều nhất 2000 ký tự")
    # the worker may write what was pressed when the person has gone already
    page.evaluate("""() => new Promise((resolve) => {
      const request = indexedDB.open("hailong");
      request.onsuccess = () => {
        const store = request.result.transaction("drafts", "readwrite").objectStore("drafts");
        store.get(location.pathname).onsuccess = ({ target }) => {
          const pressed = { ...target.result, go: "on", answers: { A1: 5 }, page: 5 };
          store.put(pressed, location.pathname).onsuccess = () => {
            request.result.close();
            resolve();
          };
        };
      };
    })""")
    page.goto(f"/ks/{office.slug}/")
    expect(page.locator("h1")).to_have_text(NOT_MINE)
    assert page.locator("code.receipt").count() == 0
    page.get_by_role("button", name="Bắt đầu phiếu mới").click()
    to_the_last_page(page)
    expect(page.locator("textarea")).to_have_value("")


def test_the_next_person_does_not_find_the_receipt(context: BrowserContext, office: Office) -> None:
    page = in_the_shell(context, office)
    code = to_the_end(page)
    page.reload()
    expect(page.locator("code.receipt")).to_have_text(code)
    page.goto(f"/ks/{office.slug}/")
    expect(page.locator(".progress")).to_contain_text("Phần 1")
    assert code not in page.content()


def test_two_questionnaires_of_an_office_do_not_disturb_each_other(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto(f"/ks/{office.slug}/counter/")
    with page.expect_response("**/phieu.json*"):
        page.locator('fieldset.scale input[value="4"]').first.check()
    page = in_the_shell(context, office)
    to_the_last_page(page)
    page.locator("textarea").fill(REMARK)
    page.goto(f"/ks/{office.slug}/counter/")
    page.get_by_role("button", name="Bắt đầu phiếu mới").click()
    to_the_end(page)
    resumed(page, office)
    expect(page.locator("textarea")).to_have_value(REMARK)


def test_a_phone_that_can_keep_nothing_says_so_and_loses_nothing(
    context: BrowserContext, office: Office
) -> None:
    page = in_the_shell(context, office)
    tap_page(page)
    await_records(page, "(records) => records.length === 1 && records[0].step >= 3")
    page.evaluate(FULL)
    page.locator("form .actions .action").click()
    expect(page.get_by_role("alert")).to_contain_text("chưa lưu được")
    expect(page.locator(".progress")).to_contain_text("Phần 1")
    assert page.locator('input[value="4"]:checked').count() == 3
    page.evaluate("() => { IDBObjectStore.prototype.put = globalThis.put; }")
    page.locator("form .actions .action").click()
    expect(page.locator(".progress")).to_contain_text("Phần 2")


def test_the_link_says_the_stage_without_network_too(
    context: BrowserContext, office: Office
) -> None:
    page = in_the_shell(context, office, "?gd=tu-choi")
    to_the_last_page(page)
    assert page.locator("input[name=stage]:checked").get_attribute("value") == str(Stage.REFUSED)


def test_an_error_of_the_server_keeps_the_form_in_sight_and_is_tried_again(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.clock.install()
    begun(page, office)
    stand_still(page)
    context.route(f"**/ks/{office.slug}/", lambda route: route.fulfill(status=500), times=1)
    page.locator("form .actions .action").click()
    expect(page.locator(".saving")).to_contain_text(HELD)
    page.clock.run_for(2_000)
    expect(page.locator(".progress")).to_contain_text("Phần 2")


def test_a_page_whose_sending_was_stopped_can_be_used_again(
    context: BrowserContext, office: Office, held: Held
) -> None:
    page = context.new_page()
    page.clock.install()
    begun(page, office)
    stand_still(page)
    browser = context.new_cdp_session(page)
    context.route(f"**/ks/{office.slug}/", lambda route: route.abort(), times=1)
    with context.expect_event("request", lambda request: request.service_worker is not None):
        page.evaluate("document.querySelector('form .actions .action').click()")
    assert held.asked.wait(20)
    browser.send("Page.stopLoading")  # the browser's own Stop button
    held.let_go.set()
    page.clock.run_for(31_000)
    expect(page.locator("form.sheet")).not_to_have_attribute("inert", "")
    page.locator("form .actions .action").click()
    expect(page.locator(".progress")).to_contain_text("Phần 2")
    assert Response.objects.count() == 1
    assert stores(page)["outbox"] == []
