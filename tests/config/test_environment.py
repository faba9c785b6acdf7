"""Settings from outside are read, or refused with a sentence."""

from datetime import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import hours, whole


def test_hours_are_two_times(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hours("OFFICE_HOURS_TEST", "7:00-17:30") == (time(7), time(17, 30))
    monkeypatch.setenv("OFFICE_HOURS_TEST", "07:30 - 16:45")
    assert hours("OFFICE_HOURS_TEST", "7:00-17:30") == (time(7, 30), time(16, 45))


@pytest.mark.parametrize(
    "text", ["7", "7-17", "7:00-25:00", "a:b-c:d", "7:00-8:00-9:00", "9:00-8:00"]
)
def test_what_are_no_hours_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("OFFICE_HOURS_TEST", text)
    with pytest.raises(ImproperlyConfigured, match="OFFICE_HOURS_TEST"):
        hours("OFFICE_HOURS_TEST", "7:00-17:30")


def closing_days() -> int:
    return whole("WORKING_DAYS_TEST", 5, least=0, most=20)


@pytest.mark.parametrize(("text", "number"), [("", 5), ("0", 0), ("20", 20), (" 7 ", 7)])
def test_a_whole_number_within_its_limits_is_read(
    monkeypatch: pytest.MonkeyPatch, text: str, number: int
) -> None:
    monkeypatch.setenv("WORKING_DAYS_TEST", text)
    assert closing_days() == number


@pytest.mark.parametrize("text", ["-1", "21", "2.5", "five", "²", "9" * 5000])
def test_a_whole_number_beyond_its_limits_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("WORKING_DAYS_TEST", text)
    with pytest.raises(ImproperlyConfigured, match="from 0 to 20"):
        closing_days()
