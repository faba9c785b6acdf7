"""Who has too few forms: one press from the page of the unit, without looking for it."""

import re

import pytest
from playwright.sync_api import expect

from offices.models import AdministrativeUnit, DossierCount, Office, User
from reports.night import steps
from surveys.models import Mark
from tests import factories
from tests.browser.survey import Open
from tests.browser.test_inviting import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAST = factories.last_month_end()


def collected(province: AdministrativeUnit, name: str, people: int) -> Office:
    """An office whose last month closed with so many people of 200 dossiers."""
    office = factories.office(
        factories.unit(parent=province), name=f"Trung tâm Phục vụ hành chính công {name}"
    )
    factories.answered(office, [bytes([5, 4, 1])] * people, day=LAST)
    Mark.objects.create(office=office, day=LAST)
    DossierCount.objects.create(office=office, day=LAST, finished=200)
    return office


def officer() -> User:
    """The officer of a province where one office has too few forms and another has enough."""
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang")
    collected(province, "phường An Bình", 150)
    collected(province, "phường Tô Châu", 40)
    steps.close(LAST)
    return factories.official(province, account=factories.user("tinh", PASSWORD))


@pytest.mark.parametrize("width", [360, 700, 768, 1024, 1280])
def test_no_width_cuts_the_list(visit: Open, width: int) -> None:
    (held,) = officer().memberships.all()
    page = visit("/dang-nhap/", viewport={"width": width, "height": 900})
    sign_in(page, "tinh")
    page.goto(f"/bao-cao/don-vi/{held.unit_id}/tien-do/?ky=month&tu={LAST:%Y-%m}-01")
    expect(page.locator(".collected-by tbody tr")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_whoever_has_too_few_is_one_press_away(visit: Open) -> None:
    (held,) = officer().memberships.all()
    page = visit("/dang-nhap/", viewport={"width": 1280, "height": 900})
    sign_in(page, "tinh")
    page.goto(f"/bao-cao/don-vi/{held.unit_id}/?ky=month&tu={LAST:%Y-%m}-01")
    page.locator(f'.rail a[href*="/don-vi/{held.unit_id}/tien-do/"]').first.click()
    expect(page.get_by_role("heading", name="Thu phiếu", exact=True)).to_be_visible()
    rows = page.locator(".collected-by tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Phường Tô Châu")
    expect(rows.nth(0)).to_contain_text("thiếu")
    expect(rows.nth(0)).to_be_in_viewport()
    page.get_by_label("chỉ nơi còn thiếu").check()
    page.locator(".filter").get_by_role("button").click()
    expect(rows).to_have_count(1)
    page.get_by_role("searchbox", name="Tên").fill("an binh")
    page.locator(".filter").get_by_role("button").click()
    expect(page.get_by_text("Không tìm thấy nơi nào")).to_be_visible()
    page.get_by_role("link", name="Xem cả danh sách").click()
    page.get_by_role("link", name="Tên", exact=True).click()
    expect(rows.nth(0)).to_contain_text("Phường An Bình")
    expect(page).to_have_url(re.compile("xep=ten"))
