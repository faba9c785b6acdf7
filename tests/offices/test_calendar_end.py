"""The end of the official list of days off is told a year before, and stops no work."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.core import checks

from offices.calendar import official_days, reaches_until
from offices.calendar_end import SOON, list_ends, list_has_ended

LAST = reaches_until()


def test_the_list_reaches_its_newest_day() -> None:
    assert max(one.day for one in official_days()) == LAST


def on(day: date, *, deploy: bool = False) -> Sequence[checks.CheckMessage]:
    """What the checks say on this day."""
    return (list_has_ended if deploy else list_ends)(today=day)


def test_a_list_that_reaches_further_than_a_year_is_no_matter() -> None:
    assert on(LAST - SOON - timedelta(days=1)) == []
    assert timedelta(days=365) == SOON


@pytest.mark.parametrize("before", [365, 100, 1, 0, -1, -400])
def test_from_a_year_before_its_last_day_every_command_warns(before: int) -> None:
    (said,) = on(LAST - timedelta(days=before))
    assert (said.level, said.id) == (checks.WARNING, "offices.W001")
    assert LAST.isoformat() in said.msg
    assert "holidays.csv" in str(said.hint)


def test_a_list_that_has_ended_is_an_error_of_a_deployment() -> None:
    assert on(LAST, deploy=True) == []
    (said,) = on(LAST + timedelta(days=1), deploy=True)
    assert (said.level, said.id) == (checks.ERROR, "offices.E001")


def test_both_are_asked_and_the_error_keeps_no_worker_from_counting() -> None:
    """Every command and a worker's start run the checks; only `check --deploy` those of E001."""
    always, deploying = (
        {getattr(check, "__wrapped__", check) for check in found}
        for found in (
            checks.registry.registry.get_checks(),
            checks.registry.registry.get_checks(include_deployment_checks=True),
        )
    )
    assert {list_ends, list_has_ended} & always == {list_ends}
    assert {list_ends, list_has_ended} <= deploying
