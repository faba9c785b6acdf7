"""Devices with wrong clocks: the day is right where it can be known, and said to be doubtful."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from surveys.devices.delivery.clock import answered

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY, EARLIEST = NOW.date(), date(2026, 1, 1)
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
OURS = round(NOW.timestamp() * 1000)


def test_an_answer_of_this_moment_has_no_day_of_its_own() -> None:
    assert answered(OURS - MINUTE, OURS, NOW, EARLIEST).day is None


def test_an_answer_that_waited_belongs_to_the_day_it_was_given() -> None:
    when = answered(OURS - 3 * DAY, OURS, NOW, EARLIEST)
    assert (when.day, when.skewed) == (TODAY - timedelta(days=3), False)


def test_a_clock_that_is_days_ahead_is_corrected_and_told() -> None:
    ahead = OURS + 5 * DAY
    when = answered(ahead - 3 * DAY, ahead, NOW, EARLIEST)
    assert (when.day, when.skewed) == (TODAY - timedelta(days=3), True)
    assert answered(ahead, ahead, NOW, EARLIEST).day is None


def test_a_clock_without_a_battery_counts_today_and_is_told() -> None:
    assert answered(0, OURS, NOW, EARLIEST) == answered(OURS - 900 * DAY, OURS, NOW, date.min)
    when = answered(0, OURS, NOW, EARLIEST)
    assert (when.day, when.skewed) == (TODAY, True)


def test_a_file_keeps_the_device_s_own_day() -> None:
    when = answered(OURS - 20 * DAY, None, NOW, EARLIEST)
    assert (when.day, when.skewed) == (TODAY - timedelta(days=20), False)
    # also when it was brought at once: nobody knows for how long it lay
    assert answered(OURS, None, NOW, EARLIEST).day == TODAY


@given(st.integers(0, 2**48), st.none() | st.integers(0, 2**48))
def test_no_clock_can_name_a_day_that_cannot_be(at: int, sent: int | None) -> None:
    day = answered(at, sent, NOW, EARLIEST).day
    assert day is None or EARLIEST <= day <= TODAY
