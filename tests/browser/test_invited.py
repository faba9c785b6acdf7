"""A person opens an invitation on a phone; its link stands in one request and in no other."""

from pathlib import Path

import pytest
from playwright.sync_api import Request, expect
from pytest_django import Settings

from offices.models import Office
from surveys.models import Channel, Response, Stage, State
from tests.browser.survey import Open, answer_page, press
from tests.surveys.invitations.invited import link, token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_an_invitation_is_answered_and_its_link_goes_nowhere(
    visit: Open, office: Office, settings: Settings, tmp_path: Path, scripts: bool
) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"
    issued = link(office)
    token = token_of(issued)
    page = visit("about:blank", java_script_enabled=scripts, service_workers="allow")
    told: list[str] = []

    def note(request: Request) -> None:
        told.append(f"{request.method} {request.url} {request.all_headers().get('referer', '')}")

    page.on("request", note)
    page.goto(issued.path)
    if scripts:
        # the first answer makes the phone ready to lose the network: that asks for more
        with page.expect_response("**/phieu.json"):
            page.locator("fieldset.scale input").first.check()
        assert token[1:] not in page.evaluate("JSON.stringify({ ...localStorage })")
    while page.locator("fieldset.scale").count():
        answer_page(page)
        press(page, "Tiếp tục")
    expect(page.locator("textarea")).to_be_visible()
    assert page.locator("[name=stage][type=radio]").count() == 0
    page.locator("textarea").fill("Ghế chờ ít quá")
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    # also without its first letter: an address may be cut anywhere
    assert [line for line in told if token[1:] in line] == [told[0]]
    assert told[0].startswith("GET ")
    code = page.locator("code.receipt").inner_text()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    assert page.locator("code.receipt").inner_text() == code
    assert [line for line in told if token[1:] in line] == [told[0]]
    stored = Response.objects.get()
    assert (stored.channel, stored.state) == (Channel.INVITATION, State.FINISHED)
    assert stored.stage == Stage.RECEIVED
