"""Points of other sets of indexes: parts add up, documents have dates, none is taken for ours."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from reports.showing.other_measures import OtherMeasure, other_measures
from tests.reports.showing.hosts import is_unfit


def rows(code: str = "42", of_today: bool = False) -> dict[str, OtherMeasure]:
    return {row.part: row for row in other_measures("province", code, of_today)}


def test_the_parts_of_the_group_of_decision_766_add_up() -> None:
    found = rows()
    assert [found[part].most for part in ("group", "feedback", "dossiers")] == [18, 12, 6]
    assert found["group"].most == found["feedback"].most + found["dossiers"].most
    assert {found[part].dated for part in ("group", "dossiers")} == {date(2022, 6, 23)}


def test_points_of_par_index_are_a_tenth_of_the_percentage() -> None:
    (one,) = rows()["sipas"].points
    assert (one.year, one.points, one.percent) == (2021, Decimal("9.12"), Decimal("91.17"))
    assert rows()["sipas"].document == ""  # none was read


@pytest.mark.parametrize(("code", "of_today"), [("42", True), ("91", False)])
def test_no_other_province_has_these_points(code: str, of_today: bool) -> None:
    found = rows(code, of_today)
    assert len(found) == 4
    assert not any(row.points for row in found.values())


def test_each_has_a_source_that_is_no_blog() -> None:
    hosts = {f"{urlsplit(row.source).hostname}" for row in rows().values()}
    assert len(hosts) == 2
    assert not any(map(is_unfit, hosts))
