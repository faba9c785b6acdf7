"""A head works through the queue: two clicks a remark, or none with the keyboard."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from offices.models import Office
from surveys.models import Remark, Theme, Tone
from tests import factories
from tests.browser.axe import violations
from tests.officials.two import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CARD = "#phan-loai"
REPLY = "Cảm ơn Ông/Bà. Cơ quan đã thêm mười ghế."


@pytest.fixture
def office() -> Office:
    """An office with three remarks, due one after the other."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.office(name="Trung tâm Mỹ Thới")
    today = timezone.localdate()
    for number in (1, 2, 3):  # the third is due last
        Remark.objects.create(
            office=made, response_id=uuid4(), day=today - timedelta(days=40),
            text=f"Góp ý số {number}", released_on=today, due_on=today + timedelta(days=number),
        )  # fmt: skip
    return made


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, office: Office) -> Iterator[Page]:
    """The queue in the browser of the office's head."""
    cookie = client_of(factories.official(office)).cookies["sessionid"]
    context = browser.new_context(base_url=live_server.url, locale="vi-VN")
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("officials:remarks", args=[office.slug]))
    yield page
    context.close()


def number(said: str) -> Remark:
    return Remark.objects.get(text=f"Góp ý số {said}")


def open_first(desk: Page) -> None:
    """The first remark of the queue, with what its keys do: a script that follows the page."""
    with desk.expect_navigation():
        desk.get_by_role("link", name="Xem và trả lời").first.click()


def press(desk: Page, key: str) -> None:
    """A key that brings another page, which is whole before the next key."""
    with desk.expect_navigation():
        desk.keyboard.press(key)


def test_two_clicks_answer_a_remark_and_the_next_is_there(desk: Page) -> None:
    assert violations(desk) == []
    desk.get_by_role("link", name="Xem và trả lời").first.click()
    expect(desk.get_by_text("Góp ý số 1")).to_be_visible()
    desk.get_by_label("Trả lời người dân").fill(REPLY)
    desk.get_by_role("button", name="Lưu và sang góp ý tiếp").click()
    expect(desk.get_by_text("Góp ý số 2")).to_be_visible()
    assert number("1").reply == REPLY
    desk.get_by_label("Trả lời người dân").fill(REPLY)
    desk.get_by_role("button", name="Lưu và sang góp ý tiếp").click()
    expect(desk.get_by_text("Góp ý số 3")).to_be_visible()
    assert violations(desk) == []


def test_one_key_each_while_the_card_has_the_focus_and_not_in_a_field(desk: Page) -> None:
    open_first(desk)
    desk.keyboard.press("k")
    desk.locator(CARD).focus()
    press(desk, "c")
    expect(desk.get_by_role("button", name="Chê")).to_have_attribute("aria-pressed", "true")
    expect(desk.locator(CARD)).to_be_focused()
    press(desk, "5")
    expect(desk.get_by_role("button", name="Phòng chờ")).to_have_attribute("aria-pressed", "true")
    assert (number("1").tone, number("1").theme) == (Tone.CRITICISM, Theme.PLACE)
    desk.keyboard.press("t")
    reply = desk.get_by_label("Trả lời người dân")
    expect(reply).to_be_focused()
    desk.keyboard.type("kc5j")
    expect(reply).to_have_value("kc5j")
    desk.locator(CARD).focus()
    press(desk, "j")
    expect(desk.get_by_text("Góp ý số 2")).to_be_visible()
    expect(desk.locator(CARD)).to_be_focused()
    press(desk, "k")
    expect(desk.get_by_text("khen, không có hạn")).to_be_visible()
    assert (number("2").tone, number("2").due_on) == (Tone.PRAISE, None)
    assert (number("1").tone, number("1").theme) == (Tone.CRITICISM, Theme.PLACE)


def test_a_tone_keeps_what_was_typed_of_the_reply(desk: Page) -> None:
    open_first(desk)
    reply = desk.get_by_label("Trả lời người dân")
    reply.fill(REPLY)
    desk.get_by_role("button", name="Khen").click()
    expect(desk.get_by_role("button", name="Khen")).to_have_attribute("aria-pressed", "true")
    expect(desk.get_by_text("khen, không có hạn")).to_be_visible()
    expect(reply).to_have_value(REPLY)
    desk.get_by_role("button", name="Khen").click()
    expect(desk.get_by_role("button", name="Khen")).to_have_attribute("aria-pressed", "false")
    expect(reply).to_have_value(REPLY)
    assert (number("1").tone, number("1").reply) == (None, "")
    Remark.objects.filter(text__endswith="1").update(state=Remark.State.ANSWERED)
    desk.get_by_role("button", name="Chê").click()
    expect(desk.get_by_text("Chưa lưu được")).to_be_visible()
    expect(reply).to_have_value(REPLY)


def test_a_template_keeps_what_was_typed_and_marks_its_first_blank(desk: Page) -> None:
    open_first(desk)
    reply = desk.get_by_label("Trả lời người dân")
    reply.fill("Kính gửi Ông/Bà. ")
    desk.get_by_label("Mẫu trả lời").select_option("xin-loi.vi")
    desk.get_by_role("button", name="Đưa mẫu vào phần trả lời").click()
    expect(reply).to_be_focused()
    desk.keyboard.type("phải chờ lâu")
    typed = reply.input_value()
    assert typed.startswith("Kính gửi Ông/Bà. Cảm ơn")
    assert "xin lỗi vì phải chờ lâu." in typed
    desk.get_by_role("button", name="Lưu trả lời", exact=True).click()
    expect(desk.get_by_text("Hãy điền vào mọi chỗ")).to_be_visible()
    assert desk.get_by_label("Trả lời người dân").input_value() == typed
    assert number("1").reply == ""


def test_praise_is_thanked_for_from_the_list(desk: Page) -> None:
    Remark.objects.filter(text__endswith="2").update(tone=Tone.PRAISE, due_on=None)
    desk.reload()
    boxes = desk.get_by_role("checkbox")
    for at in range(3):
        boxes.nth(at).check()
    desk.get_by_role("button", name="Cảm ơn các góp ý đã chọn").click()
    expect(desk.get_by_text("Đã gửi lời cảm ơn cho 1 góp ý.")).to_be_visible()
    expect(desk.get_by_text("Còn 2 góp ý chưa được cảm ơn")).to_be_visible()
    assert Remark.objects.filter(state=Remark.State.ANSWERED).count() == 1
