"""A phone that loses its network in the middle of a form, where no service worker helps."""

import pytest
from playwright.sync_api import Route, expect

from offices.models import Office
from surveys.models import Remark, Response, State
from tests.browser.device import stand_still
from tests.browser.survey import Open, answer_page, press, tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("by_page"),
]

NO_NETWORK = "Hiện không có mạng. Câu trả lời không bị mất"


def test_a_page_that_cannot_be_sent_stays_and_goes_on_by_itself(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/")
    page.context.set_offline(True)
    answer_page(page)
    press(page, "Tiếp tục")
    expect(page.locator("#survey .saving")).to_contain_text(NO_NETWORK)
    expect(page.get_by_text("Phần 1 / 6")).to_be_visible()
    expect(page.get_by_role("button", name="Tiếp tục")).to_be_focused()
    tap(page, 0, "Bình thường")
    assert not Response.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_text("Phần 2 / 6")).to_be_visible()
    assert bytes(Response.objects.get().answers)[:3] == bytes([3, 4, 4])


def test_a_form_that_cannot_be_sent_is_sent_when_the_network_returns(
    visit: Open, office: Office
) -> None:
    page = visit(f"/ks/{office.slug}/counter/")
    answer_page(page)
    press(page, "Tiếp tục")
    page.context.set_offline(True)
    page.locator("textarea").fill("Ghế chờ ít quá")
    press(page, "Gửi phiếu")
    expect(page.locator("#survey .saving")).to_contain_text(NO_NETWORK)
    expect(page.locator("textarea")).to_have_value("Ghế chờ ít quá")
    page.context.set_offline(False)
    expect(page.locator("#thanks")).to_be_visible()
    assert Response.objects.get().state == State.FINISHED
    assert Remark.objects.get().text == "Ghế chờ ít quá"


def test_an_answer_that_is_lost_on_its_way_back_counts_once(visit: Open, office: Office) -> None:
    page = visit("/ks/")
    page.clock.install()
    page.goto(f"/ks/{office.slug}/counter/")
    answer_page(page)
    press(page, "Tiếp tục")
    stand_still(page)
    arrived = 0

    def lose(route: Route) -> None:
        nonlocal arrived
        arrived += 1
        route.fetch()
        route.abort()

    page.route("**/counter/", lose, times=1)
    press(page, "Gửi phiếu")
    expect(page.locator("#survey .saving")).to_contain_text(NO_NETWORK)
    assert Response.objects.get().state == State.FINISHED
    press(page, "Gửi phiếu")
    expect(page.locator("#thanks")).to_be_visible()
    assert arrived == 1
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to the hotel</h1>"},
        {"status": 502, "content_type": "text/html", "body": "<h1>Bad gateway</h1>"},
    ],
    ids=["a page of the network's owner", "a server that is starting"],
)
def test_a_strange_answer_is_no_page_of_ours(
    visit: Open, office: Office, answer: dict[str, object]
) -> None:
    page = visit("/ks/")
    page.clock.install()
    page.goto(f"/ks/{office.slug}/counter/")
    answer_page(page)
    stand_still(page)

    def strange(route: Route) -> None:
        if 'name="save"' in (route.request.post_data or ""):
            route.continue_()
        else:
            route.fulfill(**answer)  # type: ignore[arg-type]

    page.route("**/counter/", strange)
    press(page, "Tiếp tục")
    expect(page.locator("#survey .saving")).to_contain_text(NO_NETWORK)
    page.unroute("**/counter/")
    press(page, "Tiếp tục")
    expect(page.get_by_role("button", name="Gửi phiếu")).to_be_visible()
