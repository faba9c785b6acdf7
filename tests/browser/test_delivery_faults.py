"""What is no word of our server takes nothing away; foreign pages gain nothing; tablets renew."""

import pytest
from playwright.sync_api import BrowserContext, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from offices.models import Office
from surveys.models import Response, State
from tests.browser.device import (
    answer_all,
    await_delivery,
    next_person,
    outbox,
    pair,
    works_offline,
)
from tests.browser.test_offline import anew, begun, to_the_end

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<html>Đăng nhập Wi-Fi</html>"),
        (200, '{"results": [{}]}'),
        (200, '{"results": [null]}'),
        (200, '{"results": [{"outcome": "postponed"}]}'),
        (400, "<html>Bad Request</html>"),
        (413, "<html>Request Entity Too Large</html>"),
        (422, "{}"),
        (503, '{"error": "x"}'),
    ],
)
def test_what_is_no_word_of_our_server_takes_nothing_away(
    context: BrowserContext, office: Office, status: int, body: str
) -> None:
    page = context.new_page()
    # a service worker that is started for it may reach the network before it is routed
    page.add_init_script(
        "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined })"
    )
    begun(page, office)
    context.set_offline(True)
    anew(page, office)
    to_the_end(page)

    def answered(route: Route) -> None:
        route.fulfill(status=status, body=body, content_type="application/json")

    # The page is not left before it is routed: while Chromium takes down a page that was offline,
    # that page is told of a network, and what it sends then passes every route.
    context.route("**/ks/giao/", answered)
    with context.expect_event("response", lambda said: "giao" in said.url):
        context.set_offline(False)
    assert len(outbox(page)) == 1
    context.unroute_all(behavior="wait")
    page.reload()
    await_delivery(page)
    assert Response.objects.filter(state=State.FINISHED).count() == 1


def test_a_foreign_page_cannot_send_a_form_by_way_of_the_service_worker(
    context: BrowserContext, office: Office, live_server: LiveServer
) -> None:
    page = context.new_page()
    begun(page, office)
    before = list(Response.objects.values_list("answers", "step"))
    fields = "".join(
        f'<input name="{name}" value="{value}">'
        for name, value in {"form": "counter.1", "page": "0", "step": "0", "O1": "1"}.items()
    )
    action = f"{live_server.url}/ks/{office.slug}/"
    page.goto(f'data:text/html,<form method="post" action="{action}">{fields}</form>')
    with page.expect_navigation():
        page.evaluate("document.forms[0].submit()")
    assert list(Response.objects.values_list("answers", "step")) == before


@pytest.mark.usefixtures("always_open")
def test_a_tablet_that_was_never_loaded_again_takes_a_new_version_by_itself(
    context: BrowserContext, office: Office, settings: Settings
) -> None:
    page = context.new_page()
    page.goto("/ks/may-tinh-bang/")
    pair(page, office)
    works_offline(page)
    settings.SOFTWARE = "hailong 9.9.9"
    with page.expect_event("load"):
        page.evaluate("navigator.serviceWorker.getRegistration('/ks/').then((it) => it.update())")
    expect(page.locator(".question-screen")).to_be_visible()


# Two taps at once on the place of one button: the second meets the screen that comes next.
TWICE = """async (skip) => {
  const shown = new Promise((resolve) => {
    new MutationObserver(() => {
      const done = document.querySelector(".thanks-screen .action");
      if (done) resolve(done);
    }).observe(document.getElementById("main"), { childList: true });
  });
  skip.click();
  (await shown).click();
}"""


@pytest.mark.usefixtures("always_open")
def test_a_second_tap_does_not_take_the_receipt_of_a_tablet_away(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto("/ks/may-tinh-bang/")
    pair(page, office)
    answer_all(page)
    page.get_by_role("button", name="Kết thúc, không góp ý").evaluate(TWICE)
    expect(page.locator("#thanks")).to_be_visible()
    next_person(page)
    expect(page.locator(".question-screen")).to_be_visible()
