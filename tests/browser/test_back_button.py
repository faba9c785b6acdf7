"""The browser's own back and forward buttons, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from offices.models import Office
from surveys.models import Response, State
from tests.browser.survey import Open, answer_page, arrived, chosen, press, tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])


def shows(page: Page, part: int) -> None:
    arrived(page)
    expect(page.get_by_text(f"Phần {part} / 6")).to_be_visible()


@BOTH
def test_back_and_forward_lose_nothing(visit: Open, office: Office, scripts: bool) -> None:
    page = visit(f"/ks/{office.slug}/", java_script_enabled=scripts)
    words = ["Hài lòng", "Bình thường", "Rất hài lòng"]
    for word in words:
        answer_page(page, word)
        press(page, "Tiếp tục")
    for part, word in ((3, words[2]), (2, words[1]), (1, words[0])):
        page.go_back()
        shows(page, part)
        assert set(chosen(page)) == {word}
    for part, word in ((2, words[1]), (3, words[2])):
        page.go_forward()
        shows(page, part)
        assert set(chosen(page)) == {word}
    page.go_forward()
    shows(page, 4)
    page.go_back()
    page.go_back()
    shows(page, 2)
    # changed and sent again from here: the answers of page 3 are still there
    tap(page, 0, "Rất không hài lòng")
    press(page, "Tiếp tục")
    shows(page, 3)
    assert set(chosen(page)) == {words[2]}
    for part in (4, 5, 6):
        press(page, "Tiếp tục")
        shows(page, part)
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    stored = Response.objects.get()
    assert stored.state == State.FINISHED
    assert bytes(stored.answers)[:10] == bytes([4, 4, 4, 1, 3, 3, 3, 5, 5, 5])


@BOTH
def test_back_after_the_receipt_shows_no_answers(
    visit: Open, office: Office, scripts: bool
) -> None:
    page = visit("/ks/", java_script_enabled=scripts)
    page.goto(f"/ks/{office.slug}/counter/")
    answer_page(page)
    press(page, "Tiếp tục")
    if scripts:
        page.locator("textarea").fill("Ghế chờ ít quá")
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    if scripts:
        page.wait_for_function("() => history.state?.depth === 0")
        page.go_back()
        expect(page).to_have_url(page.url.split("/ks/")[0] + "/ks/")
        return
    # Chromium has thrown the page away and offers to send it once more, which changes nothing
    with pytest.raises(Exception, match="ERR_CACHE_MISS"):
        page.go_back()
    assert page.locator(".answer").count() == 0


def test_the_receipt_stays_when_one_goes_forward_from_it(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    answer_page(page)
    press(page, "Tiếp tục")
    page.locator("textarea").fill("Ghế chờ ít quá")
    press(page, "Gửi phiếu")
    code = page.locator("code.receipt").inner_text()
    page.go_forward()
    expect(page.locator("code.receipt")).to_have_text(code)


@BOTH
def test_leaving_for_another_page_and_coming_back_loses_nothing(
    visit: Open, office: Office, scripts: bool
) -> None:
    page = visit(f"/ks/{office.slug}/", java_script_enabled=scripts)
    answer_page(page)
    press(page, "Tiếp tục")
    answer_page(page, "Bình thường")
    # that page sets a cookie, of which the one we come back to must not depend
    page.get_by_role("link", name="Cách tính").click()
    expect(page.locator("form[data-saved]")).to_have_count(0)
    page.go_back()
    shows(page, 2)
    assert set(chosen(page)) == {"Bình thường"}
    press(page, "Tiếp tục")
    assert Response.objects.count() == 1
    assert bytes(Response.objects.get().answers)[:7] == bytes([4, 4, 4, 3, 3, 3, 3])


def test_a_link_within_the_page_is_no_other_page(visit: Open, office: Office) -> None:
    page = visit(f"/ks/{office.slug}/")
    answer_page(page)
    press(page, "Tiếp tục")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(page.url.split("#")[0] + "#main")
    shows(page, 2)
    page.go_back()
    shows(page, 2)
    page.go_back()
    shows(page, 1)
    assert set(chosen(page)) == {"Hài lòng"}
