"""Phones and tablets of before 2022, whose browsers lack much of what newer ones have."""

import pytest
from playwright.sync_api import BrowserContext, expect

from offices.models import Office
from surveys.models import Response, State
from tests.browser.device import answer_all, await_delivery, finish, pair
from tests.browser.survey import answer_page, chosen, press
from tests.browser.test_offline import begun, go_on, next_form, to_the_end

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Chrome 90 and Safari 15.0, as far as what our pages ask for goes.
OLD = """
  delete AbortSignal.timeout;
  delete Crypto.prototype.randomUUID;
  delete SubmitEvent.prototype.submitter;
  delete HTMLElement.prototype.inert;
  delete Map.groupBy;
  delete Navigator.prototype.locks;
  delete globalThis.BroadcastChannel;
"""


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """Such a phone."""
    context.add_init_script(OLD)
    return context


def test_a_form_is_filled_in_there_and_back(context: BrowserContext, office: Office) -> None:
    page = context.new_page()
    begun(page, office)
    press(page, "Tiếp tục")
    answer_page(page)
    press(page, "Quay lại")
    expect(page.get_by_text("Phần 1 / 6")).to_be_visible()
    assert len(chosen(page)) == 3
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Part 1 of 6")).to_be_visible()
    while page.locator("fieldset.scale").count():
        answer_page(page, "Satisfied")
        press(page, "Continue")
    press(page, "Send")
    expect(page.locator("#thanks")).to_be_visible()
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers)) == (State.FINISHED, bytes([4] * 16))


def test_a_form_is_filled_in_without_network_and_delivered(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    go_on(page)
    to_the_end(page)
    next_form(page)
    to_the_end(page)
    context.set_offline(False)
    await_delivery(page)
    assert Response.objects.filter(state=State.FINISHED).count() == 2


@pytest.mark.usefixtures("always_open")
def test_a_tablet_takes_answers(context: BrowserContext, office: Office) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto("/ks/may-tinh-bang/")
    pair(page, office)
    answer_all(page)
    finish(page)
    await_delivery(page)
    assert Response.objects.get().state == State.FINISHED
