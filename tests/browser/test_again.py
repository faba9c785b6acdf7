"""One more form on the same device, and a procedure that is found by a word of it."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from offices.models import Office
from surveys.flags.rules import Flag
from surveys.models import Respondent, Response
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.browser.axe import violations
from tests.browser.device import (
    LEVELS,
    SHOWN,
    await_delivery,
    await_true,
    pair,
    stand_still,
    tap,
    works_offline,
)
from tests.browser.survey import Open, answer_page, press

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open", "by_page"),
]
QUESTIONS = 6


@pytest.fixture
def office() -> Office:
    """An office with a counter and the form of one minute."""
    load_instruments()
    made = factories.office(slug="ha-tien", name="Trung tâm PVHCC phường Hà Tiên")
    made.counters.create(number=3, name="Hộ tịch")
    for code in ("1.001193", "1.012786", "1.004222"):
        factories.procedure(code)
    return made


def to_the_last_page(page: Page) -> None:
    """Answers until it asks about the dossier."""
    while page.locator("textarea").count() == 0:
        answer_page(page)
        press(page, "Tiếp tục")


def test_a_phone_asks_again_what_differs_and_finds_the_procedure(
    visit: Open, office: Office
) -> None:
    page = visit("/ks/ha-tien/counter/?quay=3", viewport={"width": 360, "height": 740})
    to_the_last_page(page)
    page.get_by_label("Cho doanh nghiệp, tổ chức").check()
    field = page.get_by_role("combobox")
    field.press_sequentially("so do mat")
    expect(page.get_by_role("option")).to_have_count(3)  # and two that are in no list
    field.press("ArrowDown")
    assert violations(page) == []
    field.press("Enter")
    expect(field).to_have_value("Làm lại sổ đỏ bị mất – Thủ tục 1.012786")
    page.reload()  # a draft fills in the list, and the field follows
    expect(field).to_have_value("Làm lại sổ đỏ bị mất – Thủ tục 1.012786")
    press(page, "Gửi phiếu")
    page.get_by_role("button", name="Đánh giá một thủ tục khác").click()
    expect(page.get_by_text("Quầy 3")).to_be_visible()
    assert page.url.endswith("/ks/ha-tien/counter/?quay=3")
    expect(page.locator(":checked")).to_have_count(0)
    to_the_last_page(page)
    expect(page.get_by_label("Cho doanh nghiệp, tổ chức")).to_be_checked()
    expect(field).to_have_value("")
    page.get_by_label("Tôi trả lời giúp người khác").check()
    page.reload()
    expect(page.get_by_label("Tôi trả lời giúp người khác")).to_be_checked()
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    one, two = Response.objects.order_by("flags")
    assert (one.procedure is not None, two.procedure) == (True, None)
    assert one.respondent == two.respondent == Respondent.ORGANISATION
    assert [row.flags & Flag.ASSISTED for row in (one, two)] == [0, 32]


def test_a_tablet_goes_on_in_the_language_of_the_one_before(tablet: Open, office: Office) -> None:
    page = tablet()
    pair(page, office)
    stand_still(page)
    page.get_by_role("button", name="English").click()
    answer_and_finish(page, help_too=True)
    page.get_by_role("button", name="Rate another procedure").click()
    answer_and_finish(page)  # the same helper
    page.get_by_role("button", name="Another person answers").click()
    page.clock.run_for(5_000)
    answer_and_finish(page)
    page.clock.run_for(60_000)
    expect(page.get_by_role("button", name=LEVELS[3], exact=True)).to_be_visible()
    await_delivery(page)
    rows = Response.objects.all()
    assert [row.language for row in rows] == ["en"] * 3
    assert sorted(row.flags & Flag.ASSISTED for row in rows) == [0, 32, 32]


def answer_and_finish(page: Page, *, help_too: bool = False) -> None:
    """All answers in English and the end without a remark; the code stays in sight."""
    page.clock.run_for(5_000)
    for _ in range(QUESTIONS):
        tap(page, "Satisfied")
    box = page.get_by_label("I am helping somebody else to answer")
    if help_too:
        box.check()
    page.get_by_role("button", name="Finish without it").click()
    expect(page.locator(".thanks-screen")).to_be_visible()
    page.clock.run_for(SHOWN)


def test_without_network_one_more_form_begins_at_the_same_counter(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto("/ks/ha-tien/counter/?quay=3")
    answer_page(page)
    expect(page.locator(".saving")).to_have_text("Đã lưu")
    works_offline(page)
    await_true(page, "async () => (await (await caches.open('hailong-offices')).keys()).length > 0")
    to_the_last_page(page)
    press(page, "Gửi phiếu")
    context.set_offline(True)
    page.get_by_role("button", name="Đánh giá một thủ tục khác").click()
    expect(page.locator(".progress")).to_contain_text("Phần 1")
    for question in page.locator("fieldset.scale").all():
        question.locator('input[value="4"]').check()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Tôi trả lời giúp người khác").check()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator("#thanks")).to_be_visible()
    context.set_offline(False)
    await_delivery(page)
    rows = Response.objects.order_by("flags")
    assert [row.counter is not None for row in rows] == [True, True]
    assert [row.flags & (Flag.ASSISTED | Flag.UNSTARTED) for row in rows] == [0, Flag.ASSISTED]
