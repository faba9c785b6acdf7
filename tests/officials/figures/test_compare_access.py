"""The comparison of offices: who may look, from where, and what never breaks it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from offices.models import AdministrativeUnit, Office
from reports.models import Score
from reports.night import steps
from reports.showing.comparison import MOST
from tests import factories
from tests.officials.figures.comparing import (
    GOOD,
    LAST,
    address,
    answered,
    close_with_three_offices,
    office_in,
    page,
    signed_in,
    table_rows,
    text_of,
)

pytestmark = pytest.mark.django_db
KEY = "commune_centre.commune"


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province with a form to answer."""
    factories.instrument({"A": 2, "B": 1})
    return factories.province("An Giang", code="91", valid_from=date(2025, 7, 1))


def test_nobody_compares_what_is_not_theirs(client: Client, province: AdministrativeUnit) -> None:
    other = factories.province()
    stranger = client.get(address(province))
    assert stranger.status_code == 302
    assert stranger["Location"].startswith(reverse("login"))
    assert signed_in(other).get(address(province)).status_code == 404
    assert signed_in(province).get(address(other)).status_code == 404
    assert signed_in(province).get(address(factories.country())).status_code == 404
    assert signed_in(province).get(reverse("officials:compare", args=[10**9])).status_code == 404


def test_a_commune_may_compare_its_own(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    commune = Office.objects.get(name="Trung tâm Alpha").unit
    html = page(commune)
    assert set(table_rows(html)) == {"Alpha"}
    assert "Gamma" not in html
    assert "Chỉ có một nơi đủ số phiếu" in html
    assert "Cao rõ rệt:" not in html


def test_the_country_compares_offices_of_all_provinces(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    office_in(factories.province("Cà Mau"), "Omega", [(GOOD, 20)])
    steps.close(LAST)
    assert len(table_rows(page(factories.country(), loai=KEY))) == 4


def test_more_offices_than_a_page_holds_ask_for_a_province(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    commune = Office.objects.get(name="Trung tâm Alpha").unit
    for _ in range(MOST - 2):
        factories.office(commune)
    html = page(factories.country(), loai=KEY)
    assert "Hãy chọn một tỉnh" in html
    assert "rõ rệt" not in text_of(html)


def test_an_old_unit_is_compared_as_of_then() -> None:
    factories.instrument({"A": 2, "B": 1})
    end = date(2025, 6, 30)
    old = factories.province("Kiên Giang", code="91", valid_to=end)
    heir = factories.province("An Giang", code="91", valid_from=end + timedelta(days=1))
    for name in ("Alpha", "Beta"):
        commune = factories.unit(parent=old, name=name, valid_to=end)
        office = factories.office(
            commune,
            name=f"Trung tâm {name}",
            kind=Office.Kind.COMMUNE_DESK,
            today_unit=heir,
            valid_to=end,
        )
        answered(office, [(GOOD, 12)], end)
    steps.close(end)
    then, today = ({"ky": "month", "tu": "2025-06-01", "ban-do": m} for m in ("then", "today"))
    assert len(table_rows(page(old, **then))) == 2
    assert len(table_rows(page(heir, **today))) == 2


def test_an_empty_database_says_what_to_do() -> None:
    lonely = factories.province()
    html = page(lonely, ky="", tu="")
    assert "Chưa có phiếu" in html
    assert "href" in html


@pytest.mark.parametrize(
    "query",
    [
        "ky=century",
        "tu=yesterday",
        "ky=week&tu=9999-12-31",
        "loai=.",
        "xep=%00",
        "phieu=x.9",
        "sap=-",
        "ten=%00",
        "trang=-1",
        "trang=x",
        "canh=%00",
        "ro=2",
    ],
)
def test_an_address_that_makes_no_sense_still_answers(
    province: AdministrativeUnit, query: str
) -> None:
    close_with_three_offices(province)
    there = reverse("officials:compare", args=[province.pk])
    assert signed_in(province).get(f"{there}?{query}").status_code == 200


def test_the_page_of_the_unit_leads_here(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    there = reverse("officials:compare", args=[province.pk])
    html = signed_in(province).get(reverse("officials:unit", args=[province.pk])).content.decode()
    assert f'href="{there}' in html


def test_the_form_of_the_view_keeps_the_group_and_the_order(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    html = page(province, xep="ten", loai=KEY)
    assert 'name="loai" value="commune_centre.commune"' in html
    assert 'name="sap" value="ten"' in html


@pytest.mark.parametrize("offices", [1, 6])
def test_statements_do_not_grow_with_the_offices(
    province: AdministrativeUnit, offices: int
) -> None:
    for number in range(offices):
        office_in(province, f"N{number}", [(GOOD, 10)])
    steps.close(LAST)
    client = signed_in(province)
    client.get(address(province))
    with CaptureQueriesContext(connection) as captured:
        client.get(address(province))
    assert len(captured.captured_queries) <= 20
    assert not [q for q in captured.captured_queries if "surveys_response" in q["sql"]]


def test_a_revised_office_before_its_unit_is_no_error(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    large = Score.objects.get(office__name="Trung tâm Alpha", period="month")
    Score.objects.filter(unit=province, period="month").update(
        sums=large.sums,
        people=large.people,
        answered=large.answered,
        satisfied=large.satisfied,
    )
    assert signed_in(province).get(address(province, ky="month")).status_code == 200
