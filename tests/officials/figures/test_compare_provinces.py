"""The country's provinces side by side, judged as offices are."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices.models import AdministrativeUnit
from reports.models import Score
from reports.night import steps
from tests import factories
from tests.officials.figures.comparing import (
    BAD,
    GOOD,
    LAST,
    address,
    office_in,
    page,
    signed_in,
    table_rows,
    text_of,
    tiles,
)

pytestmark = pytest.mark.django_db
MONTH = {"ky": "month", "tu": str(LAST.replace(day=1))}


@pytest.fixture
def country() -> AdministrativeUnit:
    """One province is high, one low, one in between; one has nine forms and one none."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.country()
    answers = {
        "An Giang": [(GOOD, 60)],
        "Cà Mau": [(BAD, 60)],
        "Huế": [(GOOD, 12), (BAD, 12)],
        "Lào Cai": [(GOOD, 9)],
        "Sơn La": [],
    }
    for name, forms in answers.items():
        office_in(factories.province(name), f"Xã {name}", forms)
    steps.close(LAST)
    return made


@pytest.mark.parametrize("query", [{}, MONTH, {**MONTH, "ban-do": "then"}, {"loai": "tinh"}])
def test_the_country_has_a_tile_for_each_province_by_its_verdict(
    country: AdministrativeUnit, query: dict[str, str]
) -> None:
    html = page(country, **query)
    assert tiles(html) == {
        **{"An Giang": "high", "Cà Mau": "low", "Huế": "open", "Lào Cai": "few", "Sơn La": "few"}
    }
    rows = table_rows(html)
    assert {name: row.rpartition(" ▲ ")[2].rpartition(" ▼ ")[2] for name, row in rows.items()} == {
        **{"An Giang": "cao rõ rệt", "Cà Mau": "thấp rõ rệt", "Huế": rows["Huế"]}
    }
    assert rows["Huế"].endswith("chưa phân biệt")
    text = text_of(html)
    assert "Trong 3 nơi, so với" in text
    assert "có 1 nơi cao rõ rệt và 1 nơi thấp rõ rệt" in text
    assert "vẫn những nơi ấy nhưng người trả lời khác" in text
    assert "9 phiếu" not in text
    assert 'id="alone-title"' not in html, "what is planned is for an office"


def test_a_tile_leads_to_the_results_of_its_province(country: AdministrativeUnit) -> None:
    html = page(country, **MONTH)
    unit = AdministrativeUnit.objects.get(name="Huế")
    assert re.search(rf'class="tile open" href="/bao-cao/don-vi/{unit.pk}/\?ky=month', html)


def test_provinces_stand_side_by_side(country: AdministrativeUnit) -> None:
    keys = [unit.pk for unit in AdministrativeUnit.objects.filter(name__in=["An Giang", "Sơn La"])]
    asked = address(country, **MONTH) + "".join(f"&canh={key}" for key in keys)
    html = signed_in(country).get(asked).content.decode()
    part = html.split('<table class="beside"', 1)[1].split("</table>", 1)[0]
    assert "Tỉnh An Giang" in part
    assert part.count("100,00") == 3
    assert part.count("chưa đủ số phiếu") == 3


def test_a_province_of_the_past_is_on_the_map_of_its_time() -> None:
    factories.instrument({"A": 2, "B": 1})
    country, end = factories.country(), date(2025, 6, 30)
    old = factories.province("Kiên Giang", valid_to=end)
    heir = factories.province("An Giang", valid_from=date(2025, 7, 1))
    office = office_in(old, "Rạch Giá", [(GOOD, 20)], day=end)
    type(office).objects.filter(pk=office.pk).update(today_unit=heir, valid_to=end)
    steps.close(end)
    asked = {"ky": "month", "tu": "2025-06-01"}
    assert set(tiles(page(country, **asked, **{"ban-do": "then"}))) == {"Kiên Giang"}
    assert set(tiles(page(country, **asked, **{"ban-do": "today"}))) == {"An Giang"}


def test_an_open_period_has_no_tiles(country: AdministrativeUnit) -> None:
    Score.objects.update(closed=False)
    html = page(country, **MONTH)
    assert "Kỳ này đang mở" in html
    assert '<ul class="tiles"' not in html


def test_statements_do_not_grow_with_the_provinces(country: AdministrativeUnit) -> None:
    client = signed_in(country)
    counts = []
    for _ in range(2):
        client.get(address(country, **MONTH))
        with CaptureQueriesContext(connection) as captured:
            html = client.get(address(country, **MONTH)).content.decode()
        counts.append(len(captured.captured_queries))
        office_in(factories.province("Tây Ninh"), "Xã Tân", [(GOOD, 20)])
        steps.close(LAST)
    assert "Huế" in html
    assert counts[0] == counts[1] <= 17
