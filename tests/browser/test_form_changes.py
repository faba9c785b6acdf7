"""The questionnaire changes while a form is filled in without network: it counts once."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from offices.models import Office
from surveys.models import Channel, Instrument, Remark, Response, State
from tests import factories
from tests.browser.device import await_delivery, await_drafts, await_true, works_offline
from tests.browser.test_lent_phone import NOT_MINE, left_behind
from tests.browser.test_offline import begun, next_form, resumed, tap_page, to_the_end
from tests.surveys.invitations.invited import link

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]

CHANGED = "Mẫu phiếu vừa được thay đổi"
KEPT = """async () => {
  const cache = await caches.open("hailong-offices");
  const known = await cache.match("/ks/phuong-ha-tien/phieu.json", { ignoreVary: true });
  return (await known.json()).form;
}"""


def another_version(*, offered: bool = False, slug: str = "") -> Instrument:
    """Criterion A1 of the questionnaire that everybody was asked stays; all others are new.

    offered: whether the one before may still be finished; slug: of another questionnaire.
    """
    usual = Instrument.objects.get(is_default=True)
    Instrument.objects.update(is_default=False)
    Instrument.objects.filter(pk=usual.pk).update(offered=offered)
    return factories.instrument(
        {"A": 1, "X": 2}, slug=slug or usual.slug, version=usual.version + 1
    )


def finish_in_the_new_version(context: BrowserContext, page: Page, office: Office) -> Response:
    """With a network again; what waited may or may not have been delivered before."""
    new = another_version()
    context.set_offline(False)
    page.goto(f"/ks/{office.slug}/")
    expect(page.locator("h1")).to_have_text(NOT_MINE)
    page.get_by_role("button", name="Tiếp tục trả lời").click()
    expect(page.get_by_role("alert")).to_contain_text(CHANGED)
    expect(page.locator("fieldset.scale")).to_have_count(1)
    assert page.locator("input:checked").count() == 1
    to_the_end(page)
    await_delivery(page)
    stored = Response.objects.get(state=State.FINISHED)
    assert stored.instrument_id == new.pk
    assert bytes(stored.answers) == bytes([4, 4, 4])
    return stored


def test_it_is_finished_in_the_new_version(context: BrowserContext, office: Office) -> None:
    page = left_behind(context, office)
    finish_in_the_new_version(context, page, office)
    assert Response.objects.count() == 1


def test_it_is_finished_on_the_old_one_where_that_is_still_offered(
    context: BrowserContext, office: Office
) -> None:
    page = left_behind(context, office)
    another_version(offered=True)
    context.set_offline(False)
    resumed(page, office)
    expect(page.locator(".progress")).to_contain_text("Phần 2 / 6")
    expect(page.locator('fieldset.scale input[value="2"]').first).to_be_checked()
    to_the_end(page)
    await_delivery(page)
    assert Response.objects.get().instrument.version == 1
    # the next person is asked the new one
    next_form(page)
    expect(page.locator(".progress")).to_contain_text("Phần 1 / 3")


def test_it_is_finished_on_the_old_one_also_after_the_new_one_came_to_the_phone(
    context: BrowserContext, office: Office
) -> None:
    page = left_behind(context, office)
    another_version(offered=True)
    context.set_offline(False)
    page.evaluate("async () => { await (await fetch(`${location.pathname}phieu.json`)).json(); }")
    assert page.evaluate(KEPT) == "sipas-2026-services.2"
    context.set_offline(True)
    resumed(page, office)
    expect(page.locator(".progress")).to_contain_text("Phần 2 / 6")
    expect(page.locator('fieldset.scale input[value="2"]').first).to_be_checked()


def test_a_questionnaire_of_its_own_that_is_withdrawn_gives_way_to_the_usual_one(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto(f"/ks/{office.slug}/counter/")
    with page.expect_response("**/phieu.json*"):
        tap_page(page)
    works_offline(page)
    context.set_offline(True)
    page.locator("form .actions .action").click()
    page.locator("textarea").press_sequentially("Ghế chờ ít quá")
    await_drafts(page, "(drafts) => drafts.some((one) => one.remark === 'Ghế chờ ít quá')")
    Instrument.objects.filter(slug="counter").update(offered=False)
    context.set_offline(False)
    resumed(page, office, "counter/")
    expect(page.get_by_role("alert")).to_contain_text(CHANGED)
    assert page.locator("input:checked").count() == 0
    to_the_end(page)
    await_delivery(page)
    assert Remark.objects.get().text == "Ghế chờ ít quá"
    slugs = Response.objects.values_list("instrument__slug", flat=True)
    assert sorted(slugs) == ["counter", "sipas-2026-services"]


def test_under_another_questionnaire_what_was_said_counts_and_a_new_form_begins(
    context: BrowserContext, office: Office
) -> None:
    page = left_behind(context, office)
    Instrument.objects.update(is_default=False, offered=False)
    new = factories.instrument({"A": 1, "X": 2}, slug="sipas-2027")
    context.set_offline(False)
    resumed(page, office)
    expect(page.get_by_role("alert")).to_contain_text(CHANGED)
    expect(page.locator(".progress")).to_contain_text("Phần 1 / 3")
    assert page.locator("input:checked").count() == 0
    to_the_end(page)
    await_delivery(page)
    first, second = Response.objects.order_by("instrument_id")
    assert (bytes(first.answers)[:4], first.state) == (bytes([4, 4, 4, 2]), State.OPEN)
    assert (second.instrument_id, second.state) == (new.pk, State.FINISHED)


@pytest.mark.parametrize("slug", ["", "sipas-2027"], ids=["a version", "another questionnaire"])
def test_an_older_one_on_the_phone_takes_nothing_away(
    context: BrowserContext, office: Office, slug: str
) -> None:
    page = context.new_page()
    begun(page, office)
    another_version(offered=True, slug=slug)
    page.goto(f"/ks/{office.slug}/")
    page.locator("[data-choice=anew]").click()
    context.set_offline(True)
    page.locator('fieldset.scale input[value="5"]').first.check()
    with page.expect_navigation():
        page.locator("form .actions .action").click()
    expect(page.get_by_text("chưa có trên máy")).to_be_visible()
    context.set_offline(False)
    resumed(page, office)
    expect(page.locator(".progress")).to_contain_text("Phần 1 / 3")
    expect(page.locator('fieldset.scale input[value="5"]').first).to_be_checked()


def test_an_invited_one_stays_that_of_its_invitation(
    context: BrowserContext, office: Office, settings: Settings, tmp_path: Path
) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"
    page = context.new_page()
    begun(page, office)
    page.goto(link(office).path)
    tap_page(page)
    expect(page.locator(".saving")).to_have_text("Đã lưu")
    context.set_offline(True)
    # as without JavaScript: an invitation's own page, which is kept nowhere, has no service worker
    with page.expect_navigation():
        page.evaluate("HTMLFormElement.prototype.submit.call(document.getElementById('survey'))")
    expect(page.get_by_text("Phần 2 / 6")).to_be_visible()
    stored = finish_in_the_new_version(context, page, office)
    assert stored.channel == Channel.INVITATION
    assert Response.objects.count() == 2


def test_a_questionnaire_that_is_kept_gives_way_to_the_one_that_is_filled_in(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    assert page.evaluate(KEPT) == "sipas-2026-services.1"
    another_version()
    page = context.new_page()
    page.goto(f"/ks/{office.slug}/")
    page.locator("[data-choice=anew]").click()
    with page.expect_response("**/phieu.json"):
        page.locator('fieldset.scale input[value="4"]').first.check()
    await_true(page, f"async () => (await ({KEPT})()) === 'sipas-2026-services.2'")
