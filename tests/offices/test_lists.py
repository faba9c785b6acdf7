"""Several lists by one statement."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import F, Value
from django.test.utils import CaptureQueriesContext

from offices.lists import read_lists
from offices.models import AdministrativeUnit, Office
from tests import factories

pytestmark = pytest.mark.django_db


def test_each_has_its_rows_in_its_order_and_all_are_one_statement() -> None:
    for name in ("phường Pháo Đài", "phường Tô Châu", "phường Bình San"):
        factories.office(name=name)
    with CaptureQueriesContext(connection) as captured:
        found = read_lists(
            offices=Office.objects.order_by("-name").values("name", began=F("valid_from")),
            levels=AdministrativeUnit.objects.order_by().values("level").distinct(),
            some=Office.objects.filter(name__contains="100%").values("pk"),
            nobody=None,
        )
    assert len(captured.captured_queries) == 1
    names = [row["name"] for row in found["offices"]]
    assert names == ["phường Tô Châu", "phường Pháo Đài", "phường Bình San"]
    began = Office.objects.order_by("-name").values_list("valid_from", flat=True)
    assert [date.fromisoformat(row["began"]) for row in found["offices"]] == list(began)
    assert (found["some"], found["nobody"]) == ([], [])
    levels = set(AdministrativeUnit.objects.values_list("level", flat=True))
    assert {row["level"] for row in found["levels"]} == levels


def test_what_cannot_be_found_is_not_asked_for() -> None:
    with CaptureQueriesContext(connection) as captured:
        found = read_lists(one=Office.objects.none().values("pk"), other=None)
    assert found == {"one": [], "other": []}
    assert captured.captured_queries == []
    assert read_lists() == {}


@pytest.mark.parametrize("called", ["one", "row", "json_agg"])
def test_a_value_may_be_called_as_it_likes(called: str) -> None:
    factories.office()
    found = read_lists(it=Office.objects.annotate(**{called: Value(7)}).values(called))
    assert found["it"] == [{called: 7}]
