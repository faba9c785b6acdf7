"""The database is away while somebody answers: what was typed stays, and is sent afterwards."""

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from offices.models import Membership, Office
from surveys.models import Remark, Response, State
from tests import factories
from tests.away import database_away
from tests.browser.axe import violations
from tests.browser.device import answer_all, await_delivery, await_records, finish, pair
from tests.browser.survey import Open, answer_page, chosen, press
from tests.browser.test_offline import begun, to_the_end

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPLY = "Cảm ơn.\nTuần sau có ghế mới."
PASSWORD = "only-for-this-test"
REMARK = "Ghế chờ ít quá"
KEPT = "Các câu trả lời vẫn còn ở đây"
HELD = "Câu trả lời không bị mất"
ONLINE = "dispatchEvent(new Event('online'))"


def to_the_remark(page: Page) -> None:
    """Fills in every page but the last, and the remark there."""
    while page.locator("fieldset.scale").count():
        answer_page(page)
        press(page, "Tiếp tục")
    page.locator("textarea").fill(REMARK)


def arrived_whole() -> bool:
    """Whether one finished response with its remark is stored."""
    (stored,) = Response.objects.all()
    return stored.state == State.FINISHED and Remark.objects.get().text == REMARK


def test_without_javascript_the_page_comes_back_filled_in(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/", java_script_enabled=False)
    with database_away():
        answer_page(page, "Không hài lòng")
        before = chosen(page)
        press(page, "Tiếp tục")
        expect(page.get_by_role("alert")).to_contain_text(KEPT)
        assert before
        assert chosen(page) == before
    to_the_remark(page)
    with database_away():
        press(page, "Gửi phiếu")
        expect(page.get_by_role("alert")).to_contain_text(KEPT)
        expect(page.locator("textarea")).to_have_value(REMARK)
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    assert arrived_whole()


def test_with_javascript_it_is_sent_by_itself(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    to_the_remark(page)
    with database_away():
        page.get_by_role("button", name="Gửi phiếu", exact=True).click()
        expect(page.locator(".saving")).to_contain_text(HELD)
        expect(page.locator("textarea")).to_have_value(REMARK)
    page.evaluate(ONLINE)
    expect(page.locator("#thanks")).to_be_visible()
    assert arrived_whole()


def test_a_tap_is_saved_later(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    with database_away():
        answer_page(page)
        expect(page.locator(".saving")).to_have_text("Chưa gửi được, sẽ thử lại")
    page.evaluate(ONLINE)
    expect(page.locator(".saving")).to_have_text("Đã lưu")
    assert Response.objects.get().state == State.OPEN


def test_a_phone_that_is_ready_goes_on_without_and_delivers(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    with database_away():
        to_the_end(page)
        expect(page.locator("#thanks")).to_be_visible()
        await_records(page, "(records) => records.length === 1")
        # said by the server, not by a lost network
        with page.expect_response("**/ks/giao/") as told:
            page.evaluate(ONLINE)
        assert told.value.status == 503
        await_records(page, "(records) => records.length === 1")
    page.evaluate(ONLINE)
    await_delivery(page)
    assert Response.objects.get().state == State.FINISHED


@pytest.mark.usefixtures("always_open")
def test_a_tablet_keeps_what_is_answered_and_delivers(tablet: Open, office: Office) -> None:
    page = tablet()
    pair(page, office)
    with database_away():
        answer_all(page)
        with page.expect_response("**/ks/giao/") as told:
            finish(page, REMARK)
        assert told.value.status == 503
        await_records(page, "(records) => records.length === 1")
        expect(page.locator(".status")).to_contain_text("chờ gửi")
    page.evaluate(ONLINE)
    await_delivery(page)
    assert arrived_whole()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_officials_reply_comes_back_and_is_stored(
    visit: Open, office: Office, javascript: bool
) -> None:
    factories.answer(office, {"A1": 5}, remark=REMARK)
    today = timezone.localdate()
    Remark.objects.update(released_on=today, due_on=today, state=Remark.State.NEW)
    key = Remark.objects.get().key
    head = factories.user("dau", PASSWORD)
    Membership.objects.create(user=head, role=Membership.Role.OFFICE_HEAD, office=office)
    place = f"/bao-cao/co-quan/{office.slug}/gop-y/{key}/"
    page = visit(f"/dang-nhap/?next={place}", java_script_enabled=javascript)
    page.locator("input[name=username]").fill("dau")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập").click()
    page.locator("textarea[name=reply]").fill(REPLY)
    with database_away():
        page.get_by_role("button", name="Lưu trả lời").click()
        expect(page.locator("h1")).to_have_text("Xin thử lại sau giây lát")
        expect(page.locator("textarea")).to_have_value(REPLY)
        if javascript:
            assert violations(page) == []
        page.get_by_role("button", name="Gửi lại").click()
        expect(page.locator("textarea")).to_have_value(REPLY)
    assert Remark.objects.get().reply == ""
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.locator("blockquote.replied")).to_contain_text("Cảm ơn")
    assert Remark.objects.get().reply == REPLY
