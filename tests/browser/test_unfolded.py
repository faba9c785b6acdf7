"""What officials unfold on a phone is no wider than the phone either."""

import pytest
from playwright.sync_api import expect

from offices.models import Office
from reports.night import steps
from surveys.models import Mark
from tests import factories
from tests.browser.survey import Open
from tests.browser.test_inviting import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAST = factories.last_month_end()
UNFOLD = """() => {
  for (const part of document.querySelectorAll("main details")) part.open = true;
  const wide = [...document.querySelectorAll("main *")].filter(part => {
    const box = part.getBoundingClientRect();
    return box.width && box.right > innerWidth && !part.closest(".scrolled, svg");
  });
  return wide.map(part => part.outerHTML.slice(0, 100));
}"""


@pytest.fixture
def office() -> Office:
    """One whose figures have as many digits as a year of a province's."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.office(name="Trung tâm Phục vụ hành chính công phường Hà Tiên")
    for day in (LAST, LAST.replace(day=1)):
        factories.answered(made, [bytes([5, 4, 1])] * 30 + [bytes([2, 1, 2])] * 7, day=day)
        Mark.objects.create(office=made, day=day)
    steps.close(LAST)
    return made


def test_on_a_phone_of_360_pixels(visit: Open, office: Office) -> None:
    factories.official(office, account=factories.user("dau", PASSWORD))
    page = visit("/dang-nhap/", viewport={"width": 360, "height": 800})
    sign_in(page, "dau")
    here, month = f"/bao-cao/co-quan/{office.slug}/", f"?ky=month&tu={LAST:%Y-%m}-01"
    found = {}
    for address in ("/bao-cao/", here + month, f"{here}so-sanh/{month}", f"{here}tien-do/{month}"):
        page.goto(address)
        expect(page.locator("main h1")).to_be_visible()
        if wide := page.evaluate(UNFOLD):
            found[address] = wide
    assert page.locator("main details[open]").count()
    assert found == {}
