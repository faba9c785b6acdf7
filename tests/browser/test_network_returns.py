"""The network goes, is slow, or comes back between two pages: the same form goes on, once."""

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from offices.models import Office
from surveys.models import Response
from tests.browser.conftest import Held
from tests.browser.survey import answer_page, chosen, press
from tests.browser.test_lent_phone import left_behind
from tests.browser.test_network_goes import FULL
from tests.browser.test_offline import begun, go_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What the page with network keeps of the form in sight: its third page with one answer, so many
# milliseconds later than what the page without network kept.
KEPT = """async (later) => {
 const cache = await caches.open("hailong-offices");
 const known = await cache.match(`${location.pathname}phieu.json`, { ignoreVary: true });
 const [{ code }] = (await known.json()).pages[2].items;
 await new Promise((resolve) => {
  const { draft } = history.state;
  const request = indexedDB.open("hailong");
  request.onsuccess = () => {
    const drafts = request.result.transaction("drafts").objectStore("drafts");
    drafts.get(location.pathname).onsuccess = ({ target }) => {
      const { touched, form } = target.result;
      request.result.close();
      const fields = [["id", draft], ["form", form], ["step", "9"], [code, "1"]];
      const kept = { id: draft, page: 2, form, at: touched + later, fields };
      localStorage.setItem(`hailong.draft:${location.pathname}`, JSON.stringify(kept));
      resolve();
    };
  };
 });
}"""


def lost_once(context: BrowserContext, office: Office) -> None:
    """The next page that is sent is lost, no tap; the service worker reaches the server again."""
    address = f"**/ks/{office.slug}/"
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost or 'name="save"' in (route.request.post_data or ""):
            route.continue_()
        else:
            lost.append(route)
            route.abort()
            context.unroute(address, lose)

    context.route(address, lose)


def test_a_page_that_the_service_worker_could_send_is_followed_by_the_next(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    lost_once(context, office)
    with page.expect_navigation():
        page.locator("form .actions .action").click()
    expect(page.get_by_text("Phần 2 / 6")).to_be_visible()
    answer_page(page)
    lost_once(context, office)
    with page.expect_navigation():
        page.get_by_role("button", name="Quay lại").click()
    expect(page.get_by_text("Phần 1 / 6")).to_be_visible()
    assert len(chosen(page)) == 3
    press(page, "Tiếp tục")
    expect(page.get_by_text("Phần 2 / 6")).to_be_visible()
    assert len(chosen(page)) == 4
    assert Response.objects.count() == 1


def test_a_page_that_comes_back_from_the_browsers_memory_is_read_again(
    context: BrowserContext, office: Office, held: Held
) -> None:
    page = context.new_page()
    begun(page, office)
    browser = context.new_cdp_session(page)
    lost_once(context, office)
    with context.expect_event("request", lambda request: request.service_worker is not None):
        page.evaluate("document.querySelector('form .actions .action').click()")
    assert held.asked.wait(20)
    browser.send("Page.stopLoading")
    held.let_go.set()
    with page.expect_navigation():
        page.evaluate("""() => {
          dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        }""")
    expect(page.locator("form.sheet")).to_be_visible()


@pytest.mark.parametrize(("later", "part"), [(1, 3), (-1, 2)])
def test_of_two_drafts_of_one_form_the_later_one_goes_on(
    context: BrowserContext, office: Office, later: int, part: int
) -> None:
    page = left_behind(context, office)
    page.evaluate(KEPT, later)
    page.reload()
    expect(page.locator(".progress")).to_contain_text(f"Phần {part}")
    values = page.locator("input:checked").evaluate_all("(all) => all.map((one) => one.value)")
    assert values == (["1"] if part == 3 else ["2"])


def test_who_reads_a_slow_page_again_goes_on_with_the_own_form(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    held: list[Route] = []
    context.route(f"**/ks/{office.slug}/", lambda route: route.abort())
    context.route("**/phieu.json", lambda route: held.append(route))
    with context.expect_event("request", lambda request: "phieu.json" in request.url):
        page.evaluate("document.querySelector('form .actions .action').click()")
    # the questionnaire is on its way, and nothing is in sight yet
    with context.expect_event("request", lambda request: "phieu.json" in request.url):
        page.evaluate("location.reload()")
    for route in held:
        route.abort()
    context.unroute("**/phieu.json")
    # not pressed a second time, but theirs
    expect(page.locator(".progress")).to_contain_text("Phần 1")
    assert page.locator("input:checked").count() == 3


def test_a_full_disk_in_the_service_worker_loses_nothing(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    (worker,) = context.service_workers
    worker.evaluate(FULL)
    context.set_offline(True)
    with page.expect_navigation():
        page.locator("form .actions .action").click()
    expect(page.locator(".progress")).to_contain_text("Phần 1")
    assert page.locator("input:checked").count() == 3
    go_on(page)
    expect(page.locator(".progress")).to_contain_text("Phần 2")
