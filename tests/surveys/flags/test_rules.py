"""What makes a form worth a second look, and what does not."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from offices.opening import OpenSpan
from surveys.flags import rules
from surveys.flags.recent import FORMS, Recent
from surveys.flags.rules import NAMES, Flag
from surveys.models import Channel

PLACE = (1, None, 1)


def test_the_numbers_of_flags_are_stored_and_never_change() -> None:
    assert {flag.name: flag.value for flag in Flag} == {
        "TOO_FAST": 1,
        "STRAIGHT_LINED": 2,
        "BURST": 4,
        "AFTER_HOURS": 8,
        "IDENTICAL_RUN": 16,
        "ASSISTED": 32,
        "SUSPICIOUS": 64,
        "CLOCK_SKEW": 128,
        "SURGE": 256,
        "UNSTARTED": 512,
    }


def test_every_flag_has_a_name_of_its_own() -> None:
    assert set(NAMES) == set(Flag)
    assert len({str(name) for name in NAMES.values()}) == len(Flag)


@given(st.floats(0, 1e6), st.integers(0, 200), st.floats(0, 1e6))
def test_who_takes_longer_is_never_the_faster_one(
    seconds: float, answered: int, more: float
) -> None:
    if not rules.is_too_fast(seconds, answered):
        assert not rules.is_too_fast(seconds + more, answered)
    if rules.is_too_fast(seconds, answered):
        assert rules.is_too_fast(seconds, answered + 1)


def test_sixteen_answers_in_fifteen_seconds_are_too_fast_and_in_sixteen_are_not() -> None:
    assert rules.is_too_fast(15.9, 16)
    assert not rules.is_too_fast(16.0, 16)


@given(st.integers(0, 100))
def test_a_time_that_nobody_knows_is_never_too_fast(answered: int) -> None:
    for unknown in (None, -0.1, -1e9, float("nan"), float("inf")):
        assert not rules.is_too_fast(unknown, answered)


@given(st.lists(st.integers(1, 5), max_size=30))
def test_only_many_equal_answers_are_straight_lined(answers: list[int]) -> None:
    equal = all(answer == answers[0] for answer in answers)
    assert rules.is_straight_lined(answers) == (equal and len(answers) >= 8)


@given(st.integers(1, 5), st.integers(8, 40))
def test_all_the_same_is_straight_lined_until_one_differs(level: int, many: int) -> None:
    assert rules.is_straight_lined([level] * many)
    assert not rules.is_straight_lined([level] * many + [6 - level if level != 3 else 1])


def test_an_hour_counts_as_open_where_it_is_open_in_part() -> None:
    spans = (OpenSpan(1, time(7, 30), time(11, 30)), OpenSpan(1, time(13), time(17)))
    shut = [hour for hour in range(24) if rules.is_after_hours(hour, spans)]
    assert shut == [*range(7), 12, *range(17, 24)]


def test_a_day_without_hours_is_shut_all_day() -> None:
    assert all(rules.is_after_hours(hour, ()) for hour in range(24))


def test_the_fifth_form_within_three_minutes_is_a_burst() -> None:
    assert rules.is_burst([0.0, 30.0, 60.0, 90.0], 180.0)
    assert not rules.is_burst([0.0, 30.0, 60.0, 90.0], 180.1)
    assert not rules.is_burst([30.0, 60.0, 90.0], 100.0)


@given(st.lists(st.floats(0, 1e5), max_size=8), st.floats(0, 1e5))
def test_forms_of_the_future_make_no_burst(earlier: list[float], now: float) -> None:
    past = [moment for moment in earlier if moment <= now]
    assert rules.is_burst(earlier, now) == rules.is_burst(past, now)


@given(st.lists(st.sampled_from([b"a", b"b"]), max_size=6))
def test_the_third_equal_form_in_a_row_is_a_run(digests: list[bytes]) -> None:
    earlier = [(float(second), digest) for second, digest in enumerate(digests)]
    expected = digests[-2:] == [b"a", b"a"]
    assert rules.is_identical_run(earlier, 10.0, b"a") == expected


def test_equal_forms_hours_apart_are_no_run() -> None:
    assert rules.is_identical_run([(0.0, b"a"), (10.0, b"a")], 3600.0, b"a")
    assert not rules.is_identical_run([(0.0, b"a"), (10.0, b"a")], 3600.1, b"a")


def test_help_is_said_or_goes_without_saying() -> None:
    helped = {channel for channel in Channel if rules.is_assisted(channel, said=False)}
    assert helped == {Channel.PAPER, Channel.INTERVIEW}
    assert rules.is_assisted(Channel.TABLET, said=True)


def test_a_desk_is_a_tablet_or_a_counter_with_a_code_of_its_own() -> None:
    assert rules.is_one_desk(Channel.TABLET, has_counter=False)
    assert rules.is_one_desk(Channel.PHONE, has_counter=True)
    assert not rules.is_one_desk(Channel.PHONE, has_counter=False)
    assert not rules.is_one_desk(Channel.PAPER, has_counter=True)


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1e5)), max_size=80))
def test_the_memory_stays_small_and_keeps_the_newest(forms: list[tuple[int, float]]) -> None:
    recent = Recent(places=3)
    for office, seconds in forms:
        recent.remember((office, None, 1), seconds, b"d")
    assert len(recent.forms) <= 3
    for office in {office for office, _ in forms[-1:]}:
        kept = [seconds for seconds, _ in recent.before((office, None, 1))]
        own = [seconds for place, seconds in forms if place == office]
        assert kept == own[-len(kept) :]
        assert 1 <= len(kept) <= FORMS


def test_a_digest_tells_answers_apart_and_means_nothing_elsewhere() -> None:
    here, there = Recent(), Recent()
    assert here.digest(1, b"\5\5") == here.digest(1, b"\5\5")
    assert here.digest(1, b"\5\5") != here.digest(1, b"\5\4")
    assert here.digest(1, b"\5\5") != here.digest(2, b"\5\5")
    assert here.digest(1, b"\5\5") != there.digest(1, b"\5\5")
