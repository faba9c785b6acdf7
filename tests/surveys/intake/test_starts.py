"""When a form was begun: known again, and for this form alone."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pytest_django import Settings

from surveys.intake import starts

MOMENT = datetime(2026, 11, 25, 3, 30, 0, 417_000, tzinfo=UTC)


def test_a_start_tells_when_its_form_began_to_the_millisecond() -> None:
    key = uuid4()
    start = starts.make(7, key, MOMENT)
    assert starts.begun(start, 7, key) == MOMENT
    assert len(start) == 38


def test_a_start_serves_one_form_of_one_office() -> None:
    key = uuid4()
    start = starts.make(7, key, MOMENT)
    assert starts.begun(start, 8, key) is None
    assert starts.begun(start, 7, uuid4()) is None


@pytest.mark.parametrize(
    "change", ["", "2", "2.1", "2.1.x", "2.{at}.", "3.{at}.{mac}", "2.1.{mac}"]
)
def test_what_was_changed_is_no_start(change: str) -> None:
    key = uuid4()
    _version, at, mac = starts.make(7, key, MOMENT).split(".")
    assert starts.begun(change.format(at=at, mac=mac), 7, key) is None
    assert starts.begun(f"2.{at}.{mac}\n", 7, key) is None


def test_a_new_secret_knows_starts_of_the_one_before(settings: Settings) -> None:
    key = uuid4()
    start = starts.make(7, key, MOMENT)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "y" * 64
    assert starts.begun(start, 7, key) == MOMENT
    settings.SECRET_KEY_FALLBACKS = []
    assert starts.begun(start, 7, key) is None
