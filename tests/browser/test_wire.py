"""What a browser makes of our headers: signing out, what is blocked, passkeys, going back."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from offices.models import Membership, Office, User
from surveys.models import Response, State
from tests import factories
from tests.browser.device import STORES
from tests.browser.survey import Open, answer_page, chosen, press
from tests.surveys.invitations.invited import link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "mot-hai-ba-bon-nam"
# Something that waits in the outbox, what was paired, and a script's own entry.
WAITS = """async () => {
  localStorage.setItem("hailong-draft:/ks/x/", "{}");
  const outbox = await import(document.querySelector("script[type=module]").src.replace(
    /js\\/kiosk\\.[^/]*$/, "js/outbox.js"));
  await outbox.put(crypto.randomUUID(), 1, { v: 2 }, true);
  await outbox.remember({ token: "secret-of-a-tablet" });
}"""
CACHES = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    kept[name] = (await (await caches.open(name)).keys()).length;
  }
  return [kept, (await navigator.serviceWorker.getRegistrations()).length];
}"""


def official(office: Office) -> User:
    """The head of an office."""
    head = factories.user("lan", PASSWORD)
    Membership.objects.create(user=head, office=office, role=Membership.Role.OFFICE_HEAD)
    return head


def sign_in(page: Page) -> None:
    """As a person does."""
    page.goto("/dang-nhap/")
    page.locator("#main input[name=username], #main input[name=login]").first.fill("lan")
    page.locator("#main input[type=password]").fill(PASSWORD)
    page.locator("#main button.action").first.click()
    page.wait_for_url("**/bao-cao/**")


def held(page: Page) -> dict[str, Any]:
    """What waits in the browser, but for what the server said of the token meanwhile."""
    found: dict[str, Any] = page.evaluate(STORES)
    state = {name: value for name, value in found["state"] if name != "revoked"}
    return {**found, "state": state}


def test_signing_out_leaves_no_page_and_takes_nothing_that_waits(
    context: BrowserContext, office: Office
) -> None:
    """A shared computer at the counter may be a paired tablet too."""
    official(office)
    page = context.new_page()
    page.goto("/ks/may-tinh-bang/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    page.evaluate(WAITS)
    kept, files = held(page), page.evaluate(CACHES)
    assert len(kept["outbox"]) == 1
    assert kept["state"]["token"] == "secret-of-a-tablet"
    assert files[1] == 1
    sign_in(page)
    page.goto(f"/bao-cao/co-quan/{office.slug}/")
    page.locator(".account-menu summary").click()  # the window is a phone's
    with page.expect_response(lambda one: "dang-xuat" in one.url) as left:
        page.get_by_role("button", name="Đăng xuất").click()
    assert left.value.all_headers()["clear-site-data"] == '"cache"'
    page.wait_for_url("**/dang-nhap/**")
    page.go_back()
    page.wait_for_url("**/dang-nhap/**")
    expect(page.get_by_text(office.name)).to_have_count(0)
    page.goto("/ks/may-tinh-bang/")
    assert held(page) == kept
    assert page.evaluate(CACHES) == files


def test_the_policy_blocks_nothing_of_ours(
    visit: Open, office: Office, live_server: LiveServer
) -> None:
    """Also in Django's own administration; an unknown word in a header would be said here too."""
    User.objects.create_superuser("lan", password=PASSWORD)
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if any(word in message.text for word in ("Policy", "policy", "directive", "Refused")):
            said.append(f"{page.url}: {message.text}")

    page = visit("about:blank")
    page.on("console", note)
    sign_in(page)
    for address in (
        *("/bao-cao/", f"/bao-cao/co-quan/{office.slug}/", "/bao-cao/phuong-phap/"),
        *(
            "/quan-tri/",
            "/quan-tri/offices/office/",
            f"/quan-tri/offices/office/{office.pk}/change/",
        ),
        *("/quan-tri/offices/user/add/", "/quan-tri/offices/membership/add/"),
        *("/ks/", f"/ks/{office.slug}/", f"/ks/{office.slug}/poster/", "/ks/may-tinh-bang/"),
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
    assert said == []
    page.evaluate("() => document.body.setAttribute('onclick', 'alert(1)')")
    page.evaluate("() => document.body.click()")
    assert said  # what is blocked is heard


def test_features_are_off_but_where_they_are_used(visit: Open, office: Office) -> None:
    page = visit("/dang-nhap/")
    allowed = "(name) => document.featurePolicy.allowsFeature(name)"
    assert page.evaluate(allowed, "publickey-credentials-get") is True
    assert page.evaluate(allowed, "camera") is False
    page.goto(f"/ks/{office.slug}/")
    for name in ("publickey-credentials-get", "camera", "microphone", "geolocation", "fullscreen"):
        assert page.evaluate(allowed, name) is False
    page.goto("/ks/may-tinh-bang/")
    assert page.evaluate(allowed, "fullscreen") is True
    assert page.evaluate(allowed, "screen-wake-lock") is True


def test_going_back_to_an_invitation_loses_no_answer(
    visit: Open, office: Office, settings: Settings, tmp_path: Path
) -> None:
    """Why its page is `private, no-cache` and not `no-store` (decision 0031)."""
    settings.INVITATION_KEYS = tmp_path / "keys"
    page = visit(link(office).path, java_script_enabled=False)
    answer_page(page, "Rất hài lòng")
    press(page, "Tiếp tục")
    page.go_back()
    assert set(chosen(page)) == {"Rất hài lòng"}
    press(page, "Tiếp tục")
    while page.locator("fieldset.scale").count():
        answer_page(page)
        press(page, "Tiếp tục")
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    stored = Response.objects.get()
    assert stored.state == State.FINISHED
    assert bytes(stored.answers)[:3] == bytes([5, 5, 5])
