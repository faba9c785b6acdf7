"""The tablet on a counter, in a real Chromium: pairing, one form after the other, sleeping."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from offices.models import Office, OpeningHours
from surveys.devices import tablets
from surveys.models import Channel, Remark, Response, State, Tablet
from surveys.questionnaires.load import load_instruments
from surveys.remarks.receipts import receipt_code
from tests import factories
from tests.browser.axe import violations
from tests.browser.device import (
    FITS,
    LEVELS,
    SHOWN,
    answer_all,
    await_delivery,
    await_records,
    finish,
    next_person,
    outbox,
    pair,
    readable,
    stand_still,
    tap,
)
from tests.browser.survey import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open", "without_stage"),
]

LANDSCAPE, PORTRAIT = (1280, 800), (800, 1280)
QUESTIONS = 6


@pytest.fixture
def office() -> Office:
    load_instruments()
    made = factories.office(slug="phuong-ha-tien", name="Trung tâm PVHCC phường Hà Tiên")
    made.counters.create(number=3, name="Hộ tịch")
    return made


def test_a_wrong_code_is_said_kindly_and_the_right_one_asked_once(
    tablet: Open, office: Office
) -> None:
    page = tablet()
    page.get_by_role("button", name="Ghép máy").click()
    expect(page.get_by_role("alert")).to_have_text("Vui lòng nhập mã.")
    page.get_by_label("Mã ghép máy").fill("ZZZZ-2222")
    page.get_by_role("button", name="Ghép máy").click()
    expect(page.get_by_role("alert")).to_contain_text("15 phút")
    pair(page, office)
    page.reload()
    expect(page.locator(".question-screen")).to_be_visible()
    assert page.get_by_label("Mã ghép máy").count() == 0
    assert Tablet.objects.get().paired_on == timezone.localdate()


def test_the_first_tap_is_an_answer_and_the_whole_form_counts(paired: Page) -> None:
    for level in (*LEVELS, "Không biết, không có ý kiến"):
        tap(paired, level)
    finish(paired)
    assert paired.locator("code.receipt").count() == 0
    assert paired.locator(".thanks-screen .qr").count() == 0
    await_delivery(paired)
    response = Response.objects.get()
    assert bytes(response.answers)[:6] == bytes([1, 2, 3, 4, 5, 9])
    assert (response.state, response.channel) == (State.FINISHED, Channel.TABLET)
    assert response.counter is not None
    assert response.counter.number == 3


def test_a_choice_may_be_changed_while_it_is_in_sight(paired: Page) -> None:
    stand_still(paired)
    first, second = (paired.get_by_role("button", name=name, exact=True) for name in LEVELS[:2])
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    paired.clock.run_for(400)
    second.click()
    expect(first).to_have_attribute("aria-pressed", "false")
    paired.clock.run_for(SHOWN)
    expect(paired.get_by_text(f"Câu 2 trên {QUESTIONS}")).to_be_visible()
    for _ in range(QUESTIONS - 1):
        tap(paired)
    finish(paired)
    await_delivery(paired)
    assert bytes(Response.objects.get().answers)[0] == 2


def test_the_devices_own_way_back_leads_to_no_earlier_answer(paired: Page) -> None:
    tap(paired, LEVELS[0])
    assert paired.locator("[aria-pressed=true][data-value]").count() == 0
    for _ in range(3):
        paired.go_back()
        expect(paired.get_by_text(f"Câu 2 trên {QUESTIONS}")).to_be_visible()
    paired.reload()
    expect(paired.get_by_text(f"Câu 1 trên {QUESTIONS}")).to_be_visible()
    assert paired.locator("[aria-pressed=true][data-value]").count() == 0


def test_nobody_for_forty_seconds_ends_the_form_and_leaves_nothing_readable(paired: Page) -> None:
    stand_still(paired)
    tap(paired, LEVELS[0])
    paired.context.set_offline(True)
    tap(paired, LEVELS[4])
    countdown = paired.locator("#kiosk-countdown")
    paired.clock.run_for(18_000)
    expect(countdown).to_be_empty()
    paired.clock.run_for(3000)
    expect(countdown).to_contain_text(re.compile(r"Còn \d+ giây…"))
    paired.get_by_role("button", name="Tôi vẫn đang trả lời").click()
    expect(countdown).to_be_empty()
    expect(paired.get_by_text(f"Câu 3 trên {QUESTIONS}")).to_be_visible()
    # a clock that is set back keeps nobody's answers in sight
    paired.evaluate("() => { const now = Date.now; Date.now = () => now() - 3_600_000; }")
    paired.clock.run_for(41_000)
    expect(paired.get_by_text(f"Câu 1 trên {QUESTIONS}")).to_be_visible()
    expect(countdown).to_be_empty()
    paired.wait_for_function("() => document.body.innerText.includes('1 phiếu đang chờ gửi')")
    [record] = outbox(paired)
    assert record["ready"]
    assert set(record) == {"id", "n", "step", "ready", "touched", "sealed", "schema"}
    assert set(record["sealed"]) == {"v", "key", "epk", "iv", "data"}
    assert not any(f'"{word}"' in readable(paired) for word in ("answers", "O1", "A1", "finished"))
    assert paired.locator("[aria-pressed=true][data-value]").count() == 0
    paired.context.set_offline(False)
    await_delivery(paired)
    response = Response.objects.get()
    assert (response.state, bytes(response.answers)) == (State.OPEN, bytes([1, 5, 0, 0, 0, 0]))


def test_every_tap_is_sealed_at_once(paired: Page) -> None:
    paired.get_by_role("button", name=LEVELS[2], exact=True).click()
    await_records(paired, "(records) => records.length === 1 && records[0].step === 1")
    assert not outbox(paired)[0]["ready"]
    assert '"O1"' not in readable(paired)
    # the battery is empty; what was said is delivered after the start
    paired.reload()
    await_delivery(paired)
    response = Response.objects.get()
    assert (response.state, bytes(response.answers)[0]) == (State.OPEN, 3)


def test_a_remark_is_kept_with_its_numbers_hidden_and_the_code_stays(paired: Page) -> None:
    answer_all(paired)
    expect(paired.locator("#remark-hint")).to_contain_text("mã để xem trả lời")
    code = finish(paired, "Ghế chờ ít, gọi tôi 0912 345 678")
    paired.clock.run_for(15_000)
    expect(paired.locator("code.receipt")).to_have_text(code)
    await_delivery(paired)
    response = Response.objects.get()
    [remark] = Remark.objects.all()
    assert remark.text.startswith("Ghế chờ ít")
    assert "0912" not in remark.text
    assert receipt_code(response.id) == code
    assert "Ghế" not in readable(paired)
    paired.clock.run_for(50_000)
    expect(paired.get_by_text(f"Câu 1 trên {QUESTIONS}")).to_be_visible()


def test_without_a_remark_the_thanks_go_by_themselves(paired: Page) -> None:
    stand_still(paired)
    answer_all(paired)
    finish(paired)
    paired.clock.run_for(5000)
    expect(paired.locator("#thanks")).to_be_visible()
    paired.clock.run_for(4000)
    expect(paired.get_by_text(f"Câu 1 trên {QUESTIONS}")).to_be_visible()


def test_a_second_start_within_five_seconds_is_ignored(paired: Page) -> None:
    stand_still(paired)
    answer_all(paired)
    finish(paired)
    await_delivery(paired)
    paired.clock.run_for(1000)
    paired.get_by_role("button", name="Xong").click()
    expect(paired.locator("#main.locked")).to_be_visible()
    paired.get_by_role("button", name=LEVELS[0], exact=True).click()
    paired.clock.run_for(SHOWN)
    expect(paired.get_by_text(f"Câu 1 trên {QUESTIONS}")).to_be_visible()
    assert outbox(paired) == []
    paired.clock.run_for(5000)
    expect(paired.locator("#main.locked")).to_have_count(0)
    tap(paired, LEVELS[0])
    expect(paired.get_by_text(f"Câu 2 trên {QUESTIONS}")).to_be_visible()


def test_pictures_and_few_words_ask_the_same(paired: Page) -> None:
    paired.get_by_role("button", name="Hình ảnh").click()
    seen = []
    for _ in range(QUESTIONS):
        expect(paired.locator(".pictogram")).to_be_visible()
        seen.append(paired.locator("h1").inner_text())
        assert paired.locator(".choice span").all_inner_texts() == list(LEVELS)
        tap(paired, LEVELS[3])
    assert seen == [
        "Nhìn chung",
        "Chỗ ngồi, biển báo",
        "Giấy tờ, phí",
        "Công chức",
        "Kết quả",
        "Lắng nghe",
    ]
    finish(paired)
    await_delivery(paired)
    assert bytes(Response.objects.get().answers)[:QUESTIONS] == bytes([4] * QUESTIONS)
    next_person(paired)
    assert paired.locator(".pictogram").count() == 0


def test_each_screen_changes_its_language_and_the_next_person_finds_vietnamese(
    paired: Page,
) -> None:
    def switch(name: str) -> None:
        paired.locator(".languages").get_by_text(name, exact=True).click()

    switch("English")
    tap(paired, "Very satisfied")
    switch("Tiếng Việt")
    for _ in range(QUESTIONS - 1):
        tap(paired)
    paired.locator("textarea").fill("Tốt")
    switch("English")
    expect(paired.locator("textarea")).to_have_value("Tốt")
    paired.get_by_role("button", name="Send", exact=True).click()
    code = paired.locator("code.receipt").inner_text()
    switch("Tiếng Việt")
    expect(paired.locator("code.receipt")).to_have_text(code)
    switch("English")
    paired.clock.run_for(1000)
    paired.get_by_role("button", name="Done").click()
    expect(paired.locator("html")).to_have_attribute("lang", "vi")
    await_delivery(paired)
    assert Response.objects.get().language == "en"
    # a language that nobody uses goes back as well
    paired.clock.run_for(6000)
    switch("English")
    paired.clock.run_for(41_000)
    expect(paired.locator("html")).to_have_attribute("lang", "vi")


def test_it_sleeps_outside_hours_and_on_weekends_and_wakes_by_itself(
    tablet: Open, office: Office
) -> None:
    seven = datetime.time(7)
    closes = {day: datetime.time(17, 30) for day in range(1, 6)} | {6: datetime.time(11, 30)}
    for weekday, end in closes.items():
        OpeningHours.objects.create(office=office, weekday=weekday, opens=seven, closes=end)
    page = tablet()
    pair(page, office)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    # days to come: a clock that stands before the day of the questions does not sleep
    today = timezone.localdate()
    friday = today + datetime.timedelta(days=7 + (4 - today.weekday()) % 7)
    saturday, monday = (friday + datetime.timedelta(days=days) for days in (1, 3))
    # Friday, 17:29 in Việt Nam
    page.clock.set_system_time(f"{friday}T17:29:00+07:00")
    page.clock.run_for(1000)
    expect(page.locator(".question-screen")).to_be_visible()
    page.clock.set_system_time(f"{friday}T17:31:10+07:00")
    page.clock.run_for(1000)
    said = "Thứ Hai – Thứ Sáu 07:00–17:30; Thứ Bảy 07:00–11:30."
    expect(page.locator(".sleep-screen")).to_contain_text(said)
    expect(page.locator(".sleep-screen svg path")).to_have_count(2)
    # a clock that lost its battery says night in 1970: the tablet asks all the same
    for now, screen in (
        (f"{saturday}T10:00:00+07:00", ".question-screen"),
        (f"{saturday}T11:31:00+07:00", ".sleep-screen"),
        (f"{monday}T06:59:30+07:00", ".sleep-screen"),
        (f"{monday}T07:00:10+07:00", ".question-screen"),
        ("1970-01-01T00:00:10+00:00", ".question-screen"),
    ):
        page.clock.set_system_time(now)
        page.clock.run_for(1000)
        expect(page.locator(screen)).to_be_visible()


def test_a_form_that_was_begun_before_closing_is_finished(
    tablet: Open, office: Office, settings: Settings
) -> None:
    page = tablet()
    pair(page, office)
    page.context.set_offline(True)
    tap(page)
    for _ in range(QUESTIONS - 1):
        tap(page)
    settings.OFFICE_HOURS = (datetime.time(0), datetime.time(0))
    page.context.set_offline(False)
    page.clock.run_for(300_000 // 60)
    expect(page.locator(".remark-screen")).to_be_visible()
    finish(page)
    await_delivery(page)
    assert Response.objects.get().state == State.FINISHED


def test_officials_see_how_much_waits_and_never_an_answer(paired: Page) -> None:
    tap(paired, LEVELS[0])
    assert paired.get_by_text("Dành cho cán bộ").count() == 0
    paired.context.set_offline(True)
    for _ in range(QUESTIONS - 1):
        tap(paired, LEVELS[0])
    finish(paired)
    next_person(paired)
    expect(paired.locator(".status")).to_contain_text("1 phiếu đang chờ gửi")
    button = paired.get_by_text("Dành cho cán bộ")
    button.click()  # a passing touch opens nothing
    assert paired.locator("dialog").count() == 0
    button.press("Enter")
    panel = paired.locator("dialog")
    expect(panel).to_contain_text("Số phiếu đang chờ gửi")
    expect(panel.locator("dd").nth(1)).to_have_text("1")
    assert LEVELS[0] not in panel.inner_text()


def test_the_office_hears_of_the_tablet_and_of_what_waits(paired: Page) -> None:
    paired.context.set_offline(True)
    answer_all(paired)
    finish(paired)
    next_person(paired)
    # the network is there again, but the heartbeat is due earlier than the next delivery
    with paired.expect_response(re.compile("nhip")):
        paired.context.set_offline(False)
        paired.clock.run_for(300_000)
    tablet = Tablet.objects.get()
    assert tablet.heard_at is not None
    assert tablet.waiting is not None


def test_a_revoked_tablet_says_what_to_do_and_keeps_what_waits(paired: Page) -> None:
    paired.context.set_offline(True)
    answer_all(paired)
    finish(paired)
    next_person(paired)
    tablets.revoke(Tablet.objects.get())
    paired.context.set_offline(False)
    paired.clock.run_for(300_000)
    expect(paired.get_by_role("heading", name="Máy này đã bị thu hồi")).to_be_visible()
    with paired.expect_download() as download:
        paired.get_by_role("button", name="Lưu ra tệp").click()
    assert download.value.suggested_filename.startswith("hailong-phuong-ha-tien-")
    paired.reload()
    expect(paired.get_by_role("heading", name="Máy này đã bị thu hồi")).to_be_visible()
    kept = outbox(paired)
    assert len(kept) + readable(paired).count('"reason"') == 1
    assert Response.objects.count() == 0


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("light", [False, True], ids=["sentences", "pictures"])
def test_every_question_fits_the_screen_and_axe_finds_nothing(
    tablet: Open, office: Office, size: tuple[int, int], light: bool
) -> None:
    pair(page := tablet(size), office)
    if light:
        page.get_by_role("button", name="Hình ảnh").click()
    for _ in range(QUESTIONS):
        assert page.evaluate(FITS) == [True, True, 0]
        tap(page)
    assert violations(page) == []
    finish(page)
    assert violations(page) == []
    next_person(page)
    assert violations(page) == []
