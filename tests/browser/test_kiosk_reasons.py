"""Why somebody is not satisfied, on a tablet: a screen of its own after a low answer."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from offices.models import Office
from surveys.models import Response
from tests.browser.axe import violations
from tests.browser.device import (
    SATISFIED,
    SHOWN,
    answer_all,
    await_delivery,
    finish,
    next_person,
    pair,
    pass_stage,
    readable,
    stand_still,
    tap,
)
from tests.browser.sight import (
    NAMES,
    PHONE_TARGET,
    SEEN,
    SIZES,
    TABLET,
    TABLET_TARGET,
    resize,
    speak,
)
from tests.browser.survey import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open"),
]
LOW = "Rất không hài lòng"
LOOK = 8000
# The device takes long to seal the next record, and then cannot.
LATE = """() => {
  const { importKey } = crypto.subtle;
  crypto.subtle.importKey = () => new Promise((_, no) => {
    crypto.subtle.importKey = importKey;
    window.giveUp = () => no(new Error("late"));
  });
}"""


@pytest.fixture
def paired(paired: Page) -> Page:
    stand_still(paired)
    return paired


def answer(page: Page, word: str) -> None:
    page.get_by_role("button", name=word, exact=True).click()
    page.clock.run_for(SHOWN)


def reason(page: Page, word: str) -> None:
    page.get_by_role("button", name=word, exact=True).click()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Tiếp tục").click()
    page.clock.run_for(SHOWN)


def stored() -> list[int]:
    """The answer to the overall question and which of its reasons were given."""
    answers = bytes(Response.objects.get().answers)
    return [answers[0], *answers[6:11]]


def test_several_reasons_are_kept_and_a_better_answer_takes_them_back(paired: Page) -> None:
    answer(paired, LOW)
    expect(paired.get_by_role("heading", name="Vì sao?")).to_be_visible()
    reason(paired, "Chờ lâu")
    reason(paired, "Thái độ chưa tốt")
    reason(paired, "Phải đi lại nhiều lần")
    reason(paired, "Phải đi lại nhiều lần")  # not that one after all
    paired.clock.run_for(2 * LOOK)  # whoever touched a reason is not led on
    expect(paired.locator(".why-screen [aria-pressed=true]")).to_have_text(
        ["Chờ lâu", "Thái độ chưa tốt"]
    )
    go_on(paired)
    expect(paired.locator(".progress span")).to_have_text("Câu 2 trên 7")
    paired.get_by_role("button", name="Quay lại").click()
    paired.clock.run_for(SHOWN)
    answer(paired, "Không hài lòng")
    expect(paired.locator(".why-screen [aria-pressed=true]")).to_have_count(2)
    go_on(paired)
    paired.get_by_role("button", name="Không muốn nêu").click()
    paired.clock.run_for(SHOWN)
    answer_all(paired)
    finish(paired)
    await_delivery(paired)
    assert stored() == [2, 1, 2, 2, 1, 2]
    assert "WAIT" not in readable(paired)


def test_a_better_answer_takes_its_reasons_back(paired: Page) -> None:
    answer(paired, LOW)
    reason(paired, "Chờ lâu")
    paired.get_by_role("button", name="Quay lại").click()
    paired.clock.run_for(SHOWN)
    answer(paired, SATISFIED)
    expect(paired.locator(".progress span")).to_have_text("Câu 2 trên 7")
    paired.get_by_role("button", name="Quay lại").click()
    paired.clock.run_for(SHOWN)
    answer(paired, LOW)
    expect(paired.locator(".why-screen [aria-pressed=true]")).to_have_count(0)
    go_on(paired)
    pass_stage(paired)
    answer_all(paired)
    finish(paired)
    await_delivery(paired)
    assert stored() == [1, 2, 2, 2, 2, 2]


def test_who_touches_nothing_is_led_on_and_a_late_tap_answers_nothing(paired: Page) -> None:
    answer(paired, LOW)
    expect(paired.locator(".why-screen")).to_be_visible()
    paired.clock.run_for(LOOK)
    expect(paired.locator(".progress span")).to_have_text("Câu 2 trên 7")
    # meant for a reason: the screen changed under the finger
    paired.locator(".choice").first.click()
    expect(paired.locator(".choice[aria-pressed=true]")).to_have_count(0)


def test_who_reads_the_reasons_is_not_led_on(paired: Page) -> None:
    answer(paired, LOW)
    paired.clock.run_for(LOOK // 2)
    speak(paired, "en")
    speak(paired, "vi")
    paired.clock.run_for(LOOK)
    expect(paired.locator(".why-screen")).to_be_visible()
    assert paired.locator("main.locked").count() == 0


def test_a_second_tap_after_the_last_reasons_sends_nothing(paired: Page) -> None:
    answer(paired, SATISFIED)
    pass_stage(paired)
    for _ in range(4):
        tap(paired)
    answer(paired, LOW)
    go = paired.locator(".why-screen .action").bounding_box()
    assert go is not None
    where = (go["x"] + go["width"] / 2, go["y"] + go["height"] / 2)
    paired.mouse.click(*where)
    expect(paired.locator(".remark-screen")).to_be_visible()
    for name in ("Gửi phiếu", "Kết thúc, không góp ý"):
        paired.get_by_role("button", name=name, exact=True).click()
    expect(paired.locator(".remark-screen")).to_be_visible()
    paired.clock.run_for(SHOWN)
    finish(paired)


def test_what_could_not_be_kept_late_leads_back_to_where_the_person_is(paired: Page) -> None:
    paired.evaluate(LATE)
    answer(paired, SATISFIED)
    expect(paired.locator(".progress span")).to_have_text("Câu 2 trên 7")
    paired.evaluate("() => window.giveUp()")
    paired.get_by_role("button", name="Thử lại").click()
    expect(paired.locator(".progress span")).to_have_text("Câu 2 trên 7")
    paired.clock.run_for(SHOWN)
    pass_stage(paired)
    paired.evaluate(LATE)
    answer(paired, LOW)
    expect(paired.locator(".why-screen")).to_be_visible()
    paired.evaluate("() => window.giveUp()")
    paired.get_by_role("button", name="Thử lại").click()
    expect(paired.locator(".why-screen")).to_be_visible()
    paired.get_by_role("button", name="Quay lại").click()
    expect(paired.locator(".progress span")).to_have_text("Câu 3 trên 7")
    expect(paired.locator(".why-screen")).to_have_count(0)


def test_the_next_person_sees_no_reason_of_the_one_before(paired: Page) -> None:
    answer(paired, LOW)
    reason(paired, "Chờ lâu")
    go_on(paired)
    pass_stage(paired)
    answer_all(paired)
    finish(paired)
    next_person(paired)
    answer(paired, LOW)
    expect(paired.locator(".why-screen [aria-pressed=true]")).to_have_count(0)
    paired.clock.run_for(120_000)  # left there, it begins anew for the next
    expect(paired.locator(".progress span")).to_have_text("Câu 1 trên 7")
    expect(paired.locator(".why-screen")).to_have_count(0)


def test_all_reasons_are_in_sight_in_every_language_and_window(
    tablet: Open, office: Office, settings: Settings
) -> None:
    settings.LANGUAGES = [(code, code) for code in NAMES]
    paired = tablet()
    pair(paired, office)
    answer(paired, LOW)
    reason(paired, "Chờ lâu")  # it stays
    for language in NAMES:
        paired.set_viewport_size({"width": 1280, "height": 800})
        speak(paired, language)
        for size in SIZES:
            resize(paired, size)
            seen = paired.evaluate(SEEN)
            wrong = {
                name: seen[name] for name in ("cut", "asked", "spilt", "sideways") if seen[name]
            }
            assert (seen["answers"], wrong) == (5, {}), (language, size)
            least = TABLET_TARGET if min(size) >= TABLET else PHONE_TARGET
            assert seen["least"] >= least, (language, size)
    speak(paired, "vi")
    assert violations(paired) == []
