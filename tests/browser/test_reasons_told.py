"""What the page of a criterion tells of reasons fits on a phone."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from reports.night import steps
from surveys.models import Criterion
from tests import factories
from tests.browser.survey import Open
from tests.reports.reasoned import answered, questionnaire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_table_is_no_wider_than_its_sheet(
    visit: Open, live_server: LiveServer, width: int
) -> None:
    questionnaire()
    long = "Bị từ chối, không rõ lý do và phải đi lại nhiều lần"
    Criterion.objects.filter(code="A1_W").update(text={"vi": long, "en": long})
    office = factories.office()
    answered(office, date(2025, 1, 15), 15, 8)
    steps.close(date(2025, 1, 31))
    client = Client()
    client.force_login(factories.official(office))
    page = visit("about:blank", viewport={"width": width, "height": 800})
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"/bao-cao/co-quan/{office.slug}/tieu-chi/A1/?ky=month&tu=2025-01-01")
    assert page.locator("#reasons tbody tr").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sheet, table = (page.locator(name).bounding_box() for name in ("#reasons", "#reasons table"))
    assert sheet is not None
    assert table is not None
    assert table["x"] + table["width"] <= sheet["x"] + sheet["width"]
