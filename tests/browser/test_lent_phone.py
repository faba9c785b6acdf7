"""Phones without network are lent: nobody finds, or goes on with, what another person said."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from offices.models import Office
from surveys.models import Contact, Remark, Response, State
from tests.browser.device import await_delivery, await_drafts, readable, stores
from tests.browser.test_offline import begun, go_on, resumed, tap_page, to_the_end

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOT_MINE = "Có câu trả lời dở dang"


def left_behind(context: BrowserContext, office: Office) -> Page:
    """A form that somebody left on its second page, without network."""
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    go_on(page)
    page.locator('fieldset.scale input[value="2"]').first.check()
    await_drafts(page, "(drafts) => drafts.some((one) => Object.values(one.answers).includes(2))")
    return page


def test_who_comes_next_is_asked_and_begins_a_form_of_their_own(
    context: BrowserContext, office: Office
) -> None:
    page = left_behind(context, office)
    page.goto(f"/ks/{office.slug}/")
    expect(page.locator("h1")).to_have_text(NOT_MINE)
    assert page.locator("input").count() == 0
    page.get_by_role("button", name="Bắt đầu phiếu mới").click()
    expect(page.locator(".progress")).to_contain_text("Phần 1")
    assert page.locator("input:checked").count() == 0
    to_the_end(page)
    context.set_offline(False)
    await_delivery(page)
    finished = Response.objects.get(state=State.FINISHED)
    first = Response.objects.exclude(pk=finished.pk).get()
    assert (bytes(finished.answers), bytes(first.answers)[3]) == (bytes([4] * 16), 2)


def test_whose_it_is_goes_on_where_it_was_left(context: BrowserContext, office: Office) -> None:
    page = left_behind(context, office)
    resumed(page, office)
    expect(page.locator(".progress")).to_contain_text("Phần 2")
    expect(page.locator('fieldset.scale input[value="2"]').first).to_be_checked()


def test_with_a_network_again_the_next_person_is_asked_too(
    context: BrowserContext, office: Office
) -> None:
    page = left_behind(context, office)
    context.set_offline(False)
    page.goto(f"/ks/{office.slug}/")
    expect(page.locator("h1")).to_have_text(NOT_MINE)


def test_half_an_hour_later_it_is_gone_also_when_another_office_is_opened(
    context: BrowserContext, office: Office
) -> None:
    page = left_behind(context, office)
    assert stores(page)["drafts"]
    page.evaluate("""() => new Promise((resolve) => {
      const request = indexedDB.open("hailong");
      request.onsuccess = () => {
        const store = request.result.transaction("drafts", "readwrite").objectStore("drafts");
        store.get("/ks/phuong-ha-tien/").onsuccess = ({ target }) => {
          const old = { ...target.result, touched: Date.now() - 31 * 60 * 1000 };
          store.put(old, "/ks/phuong-ha-tien/").onsuccess = () => {
            request.result.close();
            resolve();
          };
        };
      };
    })""")
    page.goto("/ks/ngoai-tuyen/")
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.waiting').textContent !== ''")
    assert stores(page)["drafts"] == []


def test_the_end_without_network_erases_what_was_kept_with_one(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    assert "hailong.draft:" in readable(page)
    # somebody else's, by an invitation of the same office
    theirs = f"hailong.draft:/ks/{office.slug}/#invited"
    page.evaluate("(key) => localStorage.setItem(key, JSON.stringify({ fields: [] }))", theirs)
    context.set_offline(True)
    go_on(page)
    to_the_end(page)
    assert list(stores(page)["local"]) == [theirs]


def test_a_contact_typed_before_the_network_went_costs_no_answer(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    while page.locator("fieldset.scale").count():
        tap_page(page)
        go_on(page)
    page.locator("textarea").fill("Ghế chờ ít quá")
    page.locator("#id_wants_reply").check()
    page.locator("#id_contact").fill("0912345678")
    context.set_offline(True)
    page.locator("form .actions .action").click()
    expect(page.locator("#thanks")).to_be_visible()
    expect(page.get_by_text("không được lưu vì không có mạng")).to_be_visible()
    assert "0912345678" not in readable(page)
    context.set_offline(False)
    await_delivery(page)
    assert stores(page)["refused"] == []
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers)) == (State.FINISHED, bytes([4] * 16))
    assert Remark.objects.get().text == "Ghế chờ ít quá"
    assert not Contact.objects.exists()
