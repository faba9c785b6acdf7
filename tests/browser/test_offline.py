"""A phone without network: nothing that was said is lost, and each form counts once."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from benchmarks.measures.chromium import ARGUMENTS
from offices.models import Office
from surveys.devices.delivery.deliver import import_file
from surveys.devices.delivery.sealing import seal
from surveys.intake import starts
from surveys.models import Channel, Mark, Response, State
from surveys.remarks.receipts import receipt_code
from tests.browser.conftest import Program
from tests.browser.device import (
    await_delivery,
    await_drafts,
    await_records,
    await_true,
    outbox,
    readable,
    works_offline,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZE = {"width": 390, "height": 844}
WAITS = "1 phiếu đang chờ gửi"
WHOLE = bytes([4] * 16)

# Puts a ticket in the place of those that came with the questionnaire.
FETCHED_EARLIER = """async (ticket) => {
  const cache = await caches.open("hailong-offices");
  const address = `${location.pathname}phieu.json`;
  const known = await (await cache.match(address, { ignoreVary: true })).json();
  await cache.put(address, new Response(JSON.stringify({ ...known, tickets: [ticket] })));
}"""
TICKETS = """async () => {
  const cache = await caches.open("hailong-offices");
  const known = await cache.match(`${location.pathname}phieu.json`, { ignoreVary: true });
  return (await known.json()).tickets.map(({ id }) => id);
}"""

Open = Callable[[], Page]


def tap_page(page: Page) -> None:
    """Answers every question of the page in sight with “satisfied”."""
    questions = page.locator("fieldset.scale")
    for number in range(questions.count()):
        questions.nth(number).locator('input[value="4"]').check()


def title(page: Page) -> str:
    return page.locator("h1").inner_text()


def go_on(page: Page) -> None:
    """Presses the large button and waits for another title."""
    before = title(page)
    page.locator("form .actions .action").click()
    expect(page.locator("h1")).not_to_have_text(before)


def to_the_end(page: Page) -> str:
    """Answers and sends all that is left, with a remark; the receipt's code."""
    expect(page.locator("form .actions .action")).to_be_visible()
    while page.locator("fieldset.scale").count():
        tap_page(page)
        go_on(page)
    if not page.locator("textarea").input_value():
        page.locator("textarea").fill("Ghế chờ ít")
    go_on(page)
    return page.locator("code.receipt").inner_text()


def begun(page: Page, office: Office) -> None:
    """The first page, answered and saved, on a phone that is ready to lose the network."""
    page.goto(f"/ks/{office.slug}/")
    tap_page(page)
    expect(page.locator(".saving")).to_have_text("Đã lưu")
    works_offline(page)
    await_true(
        page,
        "async () => Boolean(await (await caches.open('hailong-offices'))"
        ".match(`${location.pathname}phieu.json`, { ignoreVary: true }))",
    )


def anew(page: Page, office: Office, query: str = "") -> None:
    """An empty form without network, on a phone on which somebody else left one."""
    page.goto(f"/ks/{office.slug}/{query}")
    page.get_by_role("button", name="Bắt đầu phiếu mới").click()
    expect(page.locator(".progress")).to_contain_text("Phần 1")


def resumed(page: Page, office: Office, form: str = "") -> None:
    """Opens the form once more and goes on with what was left in it; form: `counter/`, say."""
    page.goto(f"/ks/{office.slug}/{form}")
    page.get_by_role("button", name="Tiếp tục trả lời").click()


def next_form(page: Page) -> None:
    """From the receipt to an empty form for the next person."""
    page.get_by_role("button", name="Phiếu mới").click()
    expect(page.locator(".progress")).to_contain_text("Phần 1")
    assert page.locator("input:checked").count() == 0


def record(where: Office, **given: object) -> dict[str, object]:
    """A sealed finished form of a phone."""
    form = {"v": 2, "office": where.slug, "form": "counter.1", "id": str(uuid4()), "step": 3}
    said = {"O1": 5, "A1": 5, "B1": 4, "C1": 4, "D1": 3, "E1": 2}
    now = round(timezone.now().timestamp() * 1000)
    return seal(
        {**form, "finished": True, "channel": "phone", "answers": said, "language": "vi"}
        | {"at": now, "took": 40, **given}
    )


def test_the_first_page_asks_for_nothing_of_it_before_an_answer(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto(f"/ks/{office.slug}/")
    registered = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    assert page.evaluate(registered) == 0
    page.locator('fieldset.scale input[value="4"]').first.check()
    expect(page.locator(".saving")).to_have_text("Đã lưu")
    works_offline(page)
    assert page.evaluate(registered) == 1


def test_what_was_begun_with_a_network_is_finished_without_and_counts_once(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    go_on(page)
    context.set_offline(True)
    tap_page(page)
    go_on(page)
    expect(page.locator(".progress")).to_contain_text("Phần 3")
    expect(page.locator(".waiting")).to_contain_text("không có mạng")
    code = to_the_end(page)
    expect(page.locator(".waiting")).to_contain_text(WAITS)
    assert Response.objects.get().state == State.OPEN
    context.set_offline(False)
    await_delivery(page)
    expect(page.locator(".waiting")).to_contain_text("Tất cả các phiếu đã được gửi")
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers)) == (State.FINISHED, WHOLE)
    assert receipt_code(stored.id) == code
    assert stored.channel == Channel.PHONE


def test_without_a_remark_the_thanks_show_no_code_also_when_they_are_read_again(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    anew(page, office)
    while page.locator("fieldset.scale").count():
        tap_page(page)
        go_on(page)
    go_on(page)
    for _ in range(2):
        expect(page.locator("#thanks")).to_be_visible()
        expect(page.get_by_text("Mã biên nhận")).to_have_count(0)
        assert page.locator("code.receipt").count() == 0
        page.reload()
    context.set_offline(False)
    await_delivery(page)
    assert Response.objects.filter(state=State.FINISHED).count() == 1


def test_a_whole_form_without_network_and_another_for_the_next_person(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    anew(page, office, "?quay=1")
    first = to_the_end(page)
    next_form(page)
    second = to_the_end(page)
    assert first != second
    tickets = page.evaluate(TICKETS)
    assert [entry["n"] for entry in outbox(page)] == sorted(e["n"] for e in outbox(page))
    context.set_offline(False)
    await_delivery(page)
    finished = Response.objects.filter(state=State.FINISHED)
    ids = finished.values_list("id", flat=True)
    assert {receipt_code(key) for key in ids} == {first, second}
    # one ticket each
    assert {str(key) for key in ids} == set(tickets[:2])


def test_reading_the_page_again_without_network_loses_nothing(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    go_on(page)
    page.locator('fieldset.scale input[value="2"]').first.check()
    await_drafts(page, "(drafts) => drafts.some((one) => Object.values(one.answers).includes(2))")
    page.reload()
    expect(page.locator(".progress")).to_contain_text("Phần 2")
    expect(page.locator('fieldset.scale input[value="2"]').first).to_be_checked()
    page.get_by_role("button", name="Quay lại").click()
    expect(page.locator("input:checked")).to_have_count(3)


def test_the_language_changes_without_network_and_nothing_is_lost(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    go_on(page)
    tap_page(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".progress")).to_contain_text("Part 2")
    assert page.locator("input:checked").count() == 4


def test_after_the_end_nothing_readable_is_left(context: BrowserContext, office: Office) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    anew(page, office)
    to_the_end(page)
    await_records(page, "(records) => records.some((record) => record.ready)")
    kept = json.loads(readable(page))
    assert kept["drafts"] == []
    assert '"answers"' not in json.dumps(kept["outbox"])


def test_what_waits_survives_the_end_of_the_browser(
    program: Program, live_server: LiveServer, office: Office, tmp_path: Path
) -> None:
    def opened() -> BrowserContext:
        return program.kind.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=program.path,
            args=ARGUMENTS,
            viewport=SIZE,  # type: ignore[arg-type]
            locale="vi-VN",
            base_url=live_server.url,
        )

    before = opened()
    page = before.new_page()
    begun(page, office)
    before.set_offline(True)
    anew(page, office)
    code = to_the_end(page)
    assert len(outbox(page)) == 1
    # while it ends, Chromium lets a page that was offline reach the network: that is no loss either
    assert not Response.objects.filter(state=State.FINISHED).exists()
    before.close()
    after = opened()
    page = after.new_page()
    page.goto("/ks/ngoai-tuyen/")
    await_delivery(page)
    finished = Response.objects.get(state=State.FINISHED)
    assert receipt_code(finished.id) == code
    after.close()


def test_a_new_version_of_the_app_takes_over_what_waits(
    context: BrowserContext, office: Office, settings: Settings
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    anew(page, office)
    to_the_end(page)
    context.route("**/ks/giao/", lambda route: route.abort())
    context.set_offline(False)
    settings.SOFTWARE = "hailong 9.9.9"
    before = set(page.evaluate("caches.keys()"))
    page.evaluate("navigator.serviceWorker.getRegistration('/ks/').then((it) => it.update())")
    await_true(
        page,
        "async (before) => !(await caches.keys()).some((n) => n.startsWith('hailong-app') "
        "&& before.includes(n))",
        list(before),
    )
    assert len(outbox(page)) == 1
    context.unroute("**/ks/giao/")
    page.reload()
    await_delivery(page)
    assert Response.objects.filter(state=State.FINISHED).count() == 1


def test_what_a_file_brought_and_what_comes_later_count_once(
    context: BrowserContext, office: Office, tmp_path: Path
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    anew(page, office)
    to_the_end(page)
    page.locator("details.exporting summary").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Lưu ra tệp").click()
    file = tmp_path / "outbox.json"
    saved.value.save_as(file)
    assert "answers" not in file.read_text()
    assert import_file(file.read_bytes(), office.pk).taken >= 1
    counted = Response.objects.filter(state=State.FINISHED).values_list("id", flat=True)
    assert len(counted) == 1
    context.set_offline(False)
    await_delivery(page)
    assert import_file(file.read_bytes(), office.pk).refused == 0
    assert Response.objects.filter(state=State.FINISHED).count() == 1


def test_a_late_answer_counts_on_its_day_and_reopens_it(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    then = timezone.now() - timedelta(days=3)
    key = uuid4()
    start = starts.make(office.pk, key, then - timedelta(hours=2))
    page.evaluate(FETCHED_EARLIER, {"id": str(key), "start": start})
    page.clock.install(time=then)
    page.goto(f"/ks/{office.slug}/")
    code = to_the_end(page)
    await_records(page, "(records) => records.length === 1 && records[0].ready")
    Mark.objects.all().delete()
    # three days later the ship is back
    page.clock.set_system_time(timezone.now())
    context.set_offline(False)
    await_delivery(page)
    late = Response.objects.get(state=State.FINISHED)
    assert late.id == key
    assert receipt_code(late.id) == code
    assert late.day == timezone.localtime(then).date()
    assert list(Mark.objects.values_list("day", flat=True)) == [late.day]
