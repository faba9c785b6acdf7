"""How many statements the pages ask: a number that grows is work that came back to every page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.night import steps
from tests import factories
from tests.officials.figures.test_pages import LAST, office_with, official

pytestmark = pytest.mark.django_db
MOST = {
    "country": {"unit": 9, "compare": 10, "unit_progress": 10, "home": 12},
    "province": {"unit": 12, "compare": 9, "unit_progress": 11, "home": 12},
    "office": {"office": 11, "compare_office": 10, "office_progress": 12, "home": 12},
    "criterion": {"office_criterion": 8},
}
MONTH = f"?ky=month&tu={LAST.replace(day=1)}"


def statements(client: Client, address: str) -> int:
    """Of the second request, but for what a process asks every few seconds."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return sum("directoryrevision" not in query["sql"] for query in captured.captured_queries)


def test_pages_ask_few_statements() -> None:
    """Of a closed month with everything in it; each reader is one of the place itself."""
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang", code="91")
    offices = [office_with(people, province) for people in (12, 25, 0)]
    steps.close(LAST)
    office = offices[1]
    officer, head = official(province), official(office=office)
    places: dict[str, tuple[Client, list[str | int]]] = {
        "country": (official(factories.country()), [factories.country().pk]),
        "province": (officer, [province.pk]),
        "office": (head, [office.slug]),
        "criterion": (head, [office.slug, "A1"]),
    }
    found = {}
    for name, (reader, args) in places.items():
        found[name] = {
            page: statements(
                reader, reverse(f"officials:{page}", args=[] if page == "home" else args) + MONTH
            )
            for page in MOST[name]
        }
    more = {
        f"{name}: {page}": count
        for name, counts in found.items()
        for page, count in counts.items()
        if count > MOST[name][page]
    }
    assert more == {}, found
