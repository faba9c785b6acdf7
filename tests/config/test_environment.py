"""Settings from outside are read, or refused with a sentence."""

from datetime import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import hours


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
