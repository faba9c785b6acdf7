"""Nothing that was answered or typed is lost: not by a reload, a dead battery or a closed page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from benchmarks.measures.chromium import ARGUMENTS
from offices.models import Office
from surveys.models import Remark, Response, State
from tests.browser.conftest import Program
from tests.browser.survey import Open, answer_page, arrived, chosen, press, tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]

UNFINISHED = "Có câu trả lời dở dang"
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('hailong.draft:'))"


def to_page_three(page: Page) -> None:
    """Two whole pages and one tap on the third, which was not sent as a page."""
    answer_page(page)
    press(page, "Tiếp tục")
    answer_page(page, "Bình thường")
    press(page, "Tiếp tục")
    expect(page.get_by_text("Phần 3 / 6")).to_be_visible()
    tap(page, 0, "Rất hài lòng")


def to_the_end(page: Page) -> None:
    while page.locator("fieldset.scale").count():
        answer_page(page, "Rất hài lòng")
        press(page, "Tiếp tục")


def test_a_reload_in_the_middle_loses_nothing(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    to_page_three(page)
    page.reload()
    arrived(page)
    expect(page.get_by_text("Phần 3 / 6")).to_be_visible()
    assert chosen(page) == ["Rất hài lòng"]
    to_the_end(page)
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers)[:8]) == (
        State.FINISHED,
        bytes([4, 4, 4, 3, 3, 3, 3, 5]),
    )


def test_who_is_asked_whether_to_go_on_is_asked_again_after_a_reload(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/")
    to_page_three(page)
    page.goto(f"/ks/{office.slug}/")
    for _ in range(2):
        expect(page.get_by_role("heading", name=UNFINISHED)).to_be_visible()
        assert chosen(page) == []
        page.reload()
    page.locator("[data-choice=continue]").click()
    expect(page.get_by_text("Phần 3 / 6")).to_be_visible()
    page.reload()
    arrived(page)
    expect(page.get_by_text("Phần 3 / 6")).to_be_visible()
    assert chosen(page) == ["Rất hài lòng"]


def test_a_reload_of_the_first_page_is_the_same_response(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    tap(page, 0)
    page.reload()
    expect(page.get_by_role("heading", name=UNFINISHED)).to_have_count(0)
    assert chosen(page) == ["Hài lòng"]
    press(page, "Tiếp tục")
    assert bytes(Response.objects.get().answers)[:2] == bytes([4, 0])


def test_a_reload_keeps_a_remark_that_was_never_sent(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    answer_page(page)
    press(page, "Tiếp tục")
    page.get_by_label("Chưa, tôi đang chờ").check()
    page.locator("textarea").fill("Ghế chờ ít quá")
    page.reload()
    arrived(page)
    expect(page.locator("textarea")).to_have_value("Ghế chờ ít quá")
    expect(page.get_by_label("Chưa, tôi đang chờ")).to_be_checked()
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    assert Remark.objects.get().text == "Ghế chờ ít quá"


def test_a_reload_without_javascript_is_the_same_response(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/", java_script_enabled=False)
    answer_page(page)
    press(page, "Tiếp tục")
    page.reload()
    expect(page.get_by_text("Phần 2 / 6")).to_be_visible()
    answer_page(page)
    press(page, "Tiếp tục")
    page.reload()
    to_the_end(page)
    page.locator("textarea").fill("Ghế chờ ít quá")
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    code = page.locator("code.receipt").inner_text()
    page.reload()
    expect(page.locator("code.receipt")).to_have_text(code)
    assert Response.objects.get().state == State.FINISHED


def test_after_a_dead_battery_the_form_goes_on_where_it_stopped(
    live_server: LiveServer, office: Office, tmp_path: Path, program: Program
) -> None:
    """The same profile on disk, in a second run of the whole browser."""
    address = f"{live_server.url}/ks/{office.slug}/"
    for run in ("before", "after"):
        context = program.kind.launch_persistent_context(
            tmp_path / "profile", executable_path=program.path, args=ARGUMENTS, locale="vi-VN"
        )
        page = context.new_page()
        page.goto(address)
        if run == "before":
            to_page_three(page)
            key = page.locator("input[name=id]").input_value()
        else:
            expect(page.get_by_role("heading", name=UNFINISHED)).to_be_focused()
            expect(page.locator("fieldset.scale").first).to_be_hidden()
            press(page, "Tiếp tục trả lời")
            expect(page.get_by_text("Phần 3 / 6")).to_be_visible()
            assert chosen(page) == ["Rất hài lòng"]
            assert page.locator("input[name=id]").input_value() == key
            to_the_end(page)
            press(page, "Gửi phiếu")
            expect(page.locator("#thanks")).to_be_visible()
        context.close()
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers)[:8]) == (
        State.FINISHED,
        bytes([4, 4, 4, 3, 3, 3, 3, 5]),
    )


def test_the_next_person_on_the_device_begins_anew(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    to_page_three(page)
    page.goto(f"/ks/{office.slug}/")
    expect(page.get_by_text(re.compile("30 phút"))).to_have_count(2)
    page.get_by_role("button", name="Bắt đầu phiếu mới").click()
    expect(page.get_by_role("heading", name=UNFINISHED)).to_have_count(0)
    assert chosen(page) == []
    assert page.evaluate(DRAFTS) == []
    tap(page, 0)
    expect(page.get_by_role("status")).to_have_text("Đã lưu")
    assert Response.objects.count() == 2


def test_the_receipt_erases_the_draft(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    answer_page(page)
    assert page.evaluate(DRAFTS) == [f"hailong.draft:/ks/{office.slug}/counter/"]
    press(page, "Tiếp tục")
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    assert page.evaluate(DRAFTS) == []
    page.goto(f"/ks/{office.slug}/counter/")
    expect(page.get_by_role("heading", name=UNFINISHED)).to_have_count(0)


def test_a_draft_is_kept_for_30_minutes(visit: Open, office: Office) -> None:
    page = visit("/ks/")
    page.clock.install()
    page.goto(f"/ks/{office.slug}/")
    tap(page, 0)
    page.clock.fast_forward("29:00")
    assert page.evaluate(DRAFTS) != []
    page.goto(f"/ks/{office.slug}/counter/")
    assert page.evaluate(DRAFTS) != []
    page.clock.fast_forward("01:01")
    page.reload()
    assert page.evaluate(DRAFTS) == []


def test_a_page_that_is_left_open_forgets_nothing_of_the_next_person(
    visit: Open, office: Office
) -> None:
    page = visit("/ks/")
    page.clock.install()
    page.goto(f"/ks/{office.slug}/")
    tap(page, 0)
    expect(page.get_by_role("status")).to_have_text("Đã lưu")
    page.clock.run_for("20:00")
    # in another tab
    page.evaluate(f"""() => {{
      const [key] = {DRAFTS};
      localStorage.setItem(key, JSON.stringify({{ id: "theirs", at: Date.now(), fields: [] }}));
    }}""")
    page.clock.run_for("20:00")
    assert "theirs" in page.evaluate("Object.values(localStorage).join()")
    page.clock.run_for("10:02")
    page.goto("/ks/")
    page.goto(f"/ks/{office.slug}/counter/")
    assert page.evaluate(DRAFTS) == []


def test_looking_at_a_form_leaves_no_draft(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/?gd=da-nhan")
    press(page, "Tiếp tục")
    page.locator(".languages").get_by_text("English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.evaluate(DRAFTS) == []


def test_contact_details_are_in_no_draft(visit: Open, office: Office) -> None:
    """They have a consent of their own, and phones are lent."""
    page = visit(f"/ks/{office.slug}/counter/")
    answer_page(page)
    press(page, "Tiếp tục")
    page.locator("#id_wants_reply").check()
    page.locator("#id_contact").fill("0912345678")
    page.locator("textarea").fill("Ghế chờ ít quá")
    kept: str = page.evaluate("Object.values(localStorage).join()")
    assert "Ghế chờ ít quá" in kept
    assert "0912345678" not in kept
    assert "wants_reply" not in kept
    press(page, "Quay lại")
    tap(page, 0, "Bình thường")
    assert "0912345678" not in page.evaluate("Object.values(localStorage).join()")
    press(page, "Tiếp tục")
    expect(page.locator("#id_contact")).to_have_value("0912345678")
    expect(page.locator("#id_wants_reply")).to_be_checked()


def test_the_hint_about_numbers_is_there_on_pages_that_come_in_place(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    for _ in range(2):
        press(page, "Tiếp tục")
        page.locator("textarea").fill("Xin gọi 0912345678")
        expect(page.locator("[data-said][data-for=id_remark]")).not_to_be_empty()
        press(page, "Quay lại")
    press(page, "Tiếp tục")
    expect(page.locator("textarea")).to_have_value("Xin gọi 0912345678")
    expect(page.locator("[data-said][data-for=id_remark]")).not_to_be_empty()
