"""What exceeds at one office, and which whole cells are held for it."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from surveys.floods.bounds import (
    AT_A_COUNTER,
    DAY,
    DAYS_5,
    DAYS_21,
    HOUR,
    OF_DOSSIERS,
    YEAR,
    Cell,
    Counts,
    Excess,
    Rule,
    Standing,
    dossier_bound,
    judge,
    share_bound,
)
from surveys.floods.expecting import LEAST, Pace, expected_day

# Every day alike, so that each number below can be followed by hand: 2 a day at 50 a month.
FLAT = Pace(weekdays=(5 / 7,) * 7, months=(1.0,) * 12, hours=(1 / 24,) * 24)
RATE = 2.0 * 250 / 12 * 7 / 5
TODAY = date(2026, 11, 12)
OPEN = date(2026, 11, 1)


def back(days: int) -> date:
    """So many days before the last one judged."""
    return TODAY - timedelta(days=days)


def ordinary(days: Iterable[int], forms: int = 2) -> dict[Cell, int]:
    """So many forms on each of the days, half at 8 and half at 14 o'clock, on the spot."""
    return {Cell(back(n), back(n), hour): forms // 2 for n in days for hour in (8, 14) if forms}


def found(
    cells: dict[Cell, int],
    rate: float = RATE,
    since: date = TODAY,
    open_from: date = date(2026, 10, 1),
    standing: Standing = Standing(),  # noqa: B008
    **more: object,
) -> list[Excess]:
    """The judgement of TODAY."""
    share = more.pop("share", None)
    return judge(
        Counts(cells, **more),  # type: ignore[arg-type]
        rate,
        FLAT,
        TODAY,
        since=since,
        open_from=open_from,
        standing=standing,
        share=share,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("forms", "day", "days_21"),
    [(3, 3, 12), (10, 6, 30), (30, 11, 76), (60, 18, 144), (120, 31, 276), (400, 91, 898)],
)
def test_the_bounds_are_those_of_the_design(forms: int, day: int, days_21: int) -> None:
    """A day's are a Monday's (1.3). Those of 21 days lie in a busy time, 1.17 times an ordinary
    month within 1.5 %: the design's are a mean over simulated pasts and times of the year.
    """
    assert DAY.bound(expected_day(forms, 1.3, 1.0)) == day
    assert DAYS_21.bound(1.17 * forms) == pytest.approx(days_21, rel=0.015, abs=1)


def test_bounds_grow_with_what_is_expected_and_never_lie_below_three() -> None:
    for window in (HOUR, DAY, DAYS_5, DAYS_21, YEAR):
        bounds = [window.bound(mean) for mean in (-1, 0, 0.1, 1, 5, 20, 100, 1000)]
        assert bounds == sorted(bounds)
        assert bounds[:2] == [LEAST, LEAST]
        assert not window.is_exceeded(LEAST, 0.0)
        assert window.is_exceeded(LEAST + 1, 0.0)
        assert not window.is_exceeded(bounds[5], 20)
        assert window.is_exceeded(bounds[5] + 1, 20)


def test_an_ordinary_office_exceeds_nothing() -> None:
    assert found(ordinary(range(40)), since=back(30)) == []
    assert found({}) == []


def test_a_burst_is_one_excess_of_its_hour_and_holds_nobody_else() -> None:
    burst = Cell(TODAY, TODAY, 9)
    cells = ordinary(range(40)) | {burst: 290}
    [excess] = found(cells)
    assert (excess.rule, excess.seen, excess.bound) == (Rule.HOUR, 290, HOUR.bound(2 / 24))
    assert (excess.first_day, excess.last_day, excess.hours) == (TODAY, TODAY, (9,))
    assert [cell for cell in cells if excess.holds(cell)] == [burst]


def test_backdated_forms_are_held_by_the_hour_in_which_they_came() -> None:
    dated = {Cell(back(n), TODAY, 9): 10 for n in range(29)}
    [excess] = found(ordinary(range(40)) | dated, since=back(29))
    assert (excess.rule, excess.seen, excess.by_arrival) == (Rule.HOUR, 290, True)
    assert all(excess.holds(cell) for cell in dated)


def test_a_flood_spread_over_a_day_is_held_by_its_arrivals() -> None:
    spread = {Cell(back(hour), TODAY, hour): 2 for hour in range(7, 19)}
    [excess] = found(spread, since=back(20))
    assert (excess.rule, excess.days, excess.hours) == (Rule.ARRIVALS, (TODAY,), ())
    assert (excess.seen, excess.bound) == (24, DAY.bound(2.0))
    assert all(excess.holds(cell) for cell in spread)


def test_a_claimed_day_is_judged_whenever_its_forms_came() -> None:
    claimed = {Cell(back(9), back(n), 10): 2 for n in range(9)}
    [excess] = found(claimed, since=back(9))
    assert (excess.rule, excess.days, excess.by_arrival) == (Rule.DAY, (back(9),), False)
    assert all(excess.holds(cell) for cell in claimed)
    assert found(claimed, since=back(8)) == []


def test_a_day_held_before_is_not_held_again_and_weighs_in_no_window() -> None:
    claimed = {Cell(back(9), back(n), 10): 4 for n in range(9)}
    assert [e.rule for e in found(claimed, since=back(9))] == [Rule.DAY]
    apart = Standing(apart=frozenset({back(9)}))
    assert found(claimed, since=back(9), standing=apart) == []
    waiting = Standing(waiting=frozenset({back(9)}))
    assert found(claimed, since=back(9), standing=waiting) == []


def test_a_thin_flood_is_found_by_its_window_which_holds_the_flooded_days_alone() -> None:
    cells = ordinary(range(4, 40)) | ordinary(range(4), 8)
    [excess] = found(cells)
    assert (excess.rule, excess.seen, excess.bound) == (Rule.DAYS_5, 34, DAYS_5.bound(10.0))
    assert excess.days == tuple(back(n) for n in (3, 2, 1, 0))


def test_of_a_window_the_run_furthest_above_is_held_with_its_quiet_days() -> None:
    level = {back(n): 2 for n in range(21)} | {back(n): 6 for n in range(3, 15)}
    # in the run a quiet day and a busier one; before it a busy one that quiet ones part from it
    level |= {back(9): 0, back(4): 8}
    level |= {back(17): 5, back(16): 0, back(15): 0}
    cells = {Cell(day, day, hour): n // 2 for day, n in level.items() for hour in (9, 15)}
    cells[Cell(back(17), back(17), 11)] = 1
    seen = sum(level.values())
    assert seen <= DAYS_21.bound(42.0)
    assert found(cells) == []
    cells[Cell(back(5), back(5), 11)] = DAYS_21.bound(42.0) + 1 - seen
    assert cells[Cell(back(5), back(5), 11)] <= HOUR.bound(2 / 24)
    [excess] = found(cells)
    assert (excess.rule, excess.seen) == (Rule.DAYS_21, DAYS_21.bound(42.0) + 1)
    assert excess.days == tuple(back(n) for n in range(14, 2, -1))


def test_the_next_day_of_a_flood_that_waits_is_held_at_once() -> None:
    cells = ordinary(range(5, 40)) | ordinary(range(5), 6)
    waiting = frozenset(back(n) for n in range(1, 5))
    [excess] = found(cells, standing=Standing(waiting=waiting))
    assert (excess.rule, excess.days) == (Rule.DAYS_5, (TODAY,))
    # nothing new: nothing to decide
    assert found(cells, standing=Standing(waiting=waiting | {TODAY})) == []


@pytest.mark.parametrize(("forms", "held"), [(1, ()), (3, ()), (4, (TODAY,))])
def test_an_ordinary_day_beside_a_flood_that_waits_is_not_held(
    forms: int, held: tuple[date, ...]
) -> None:
    cells = ordinary(range(5, 40)) | ordinary(range(1, 5), 8) | {Cell(TODAY, TODAY, 9): forms}
    waiting = frozenset(back(n) for n in range(1, 5))
    assert DAYS_5.is_exceeded(32 + forms, 10.0)
    after = found(cells, standing=Standing(waiting=waiting))
    assert tuple(day for excess in after for day in excess.days) == held


def test_what_was_decided_leaves_its_window_with_its_expectation() -> None:
    cells = ordinary(range(5, 40)) | {Cell(TODAY, TODAY, hour): 3 for hour in (8, 14)}
    decided = Standing(apart=frozenset(back(n) for n in range(1, 5)))
    assert found(cells, standing=decided) == []
    accepted = {back(n): 50 for n in range(1, 5)}
    assert found(cells, standing=decided, closed=accepted) == []
    # what is expected of the one day that is left is that of a day: ten are too many
    ten = ordinary(range(5, 40)) | {Cell(TODAY, TODAY, hour): 2 for hour in range(8, 13)}
    assert DAYS_5.bound(2.0) < 10 <= DAY.bound(2.0)
    assert [e.rule for e in found(ten, standing=decided)] == [Rule.DAYS_5]


def test_closed_months_count_in_a_window_and_are_never_held() -> None:
    closed = {back(n): 6 for n in range(12, 30)}
    cells = ordinary(range(12), 4)
    [excess] = found(cells, open_from=OPEN, closed=closed)
    assert excess.rule is Rule.DAYS_21
    assert excess.days == tuple(back(n) for n in range(11, -1, -1))
    # the closed days' surplus is not taken out on open days that are as expected
    assert found(ordinary(range(12), 2), open_from=OPEN, closed=closed) == []


def test_a_quarter_more_all_year_is_not_found_and_half_more_is() -> None:
    days = (TODAY - date(2026, 1, 1)).days + 1
    quarter = {back(n): 2 + (n % 2) for n in range(12, days)}
    assert found(ordinary(range(12), 2), open_from=OPEN, closed=quarter) == []
    half = {back(n): 3 for n in range(12, days)}
    of_today = {Cell(back(n), back(n), hour): 1 for n in range(12) for hour in (8, 12, 16)}
    [excess] = found(of_today, open_from=OPEN, closed=half)
    assert (excess.rule, excess.seen, excess.bound) == (
        Rule.YEAR,
        3 * days,
        YEAR.bound(2.0 * days),
    )
    assert excess.days == tuple(back(n) for n in range(11, -1, -1))


def test_the_windows_of_several_nights_are_one_excess() -> None:
    cells = ordinary(range(30), 6) | {Cell(back(n), TODAY, 9): 30 for n in range(25)}
    several = found(cells, since=back(24))
    assert [e.rule for e in several] == [Rule.HOUR, Rule.DAYS_5, Rule.DAYS_21]
    assert several[1].days == tuple(back(n) for n in range(28, -1, -1))
    assert several[2].days == (back(29),)
    assert (several[1].seen, several[1].bound) == (30, DAYS_5.bound(10.0))


@pytest.mark.parametrize(
    ("forms", "startless", "unfinished", "rule"),
    [
        (6, 2, 5, None),
        (6, 3, 5, Rule.STARTLESS),
        (6, 2, 6, Rule.UNFINISHED),
        (100, 5, 30, None),
        (100, 6, 30, Rule.STARTLESS),
        (100, 5, 31, Rule.UNFINISHED),
    ],
)
def test_forms_without_a_start_or_an_end_are_held_and_not_their_day(
    forms: int, startless: int, unfinished: int, rule: Rule | None
) -> None:
    cells = {Cell(back(1), TODAY, 8): forms // 2, Cell(TODAY, TODAY, 14): forms // 2}
    several = found(
        cells,
        rate=RATE * forms,
        since=back(1),
        startless={Cell(TODAY, TODAY, 14): startless},
        unfinished={Cell(back(1), TODAY, 8): unfinished // 2}
        | {Cell(TODAY, TODAY, 14): unfinished - unfinished // 2, Cell(TODAY, TODAY, 23): 60},
    )
    assert [e.rule for e in several] == ([] if rule is None else [rule])
    for excess in several:
        assert excess.seen in (startless, unfinished)
        assert excess.holds(Cell(TODAY, TODAY, 14))


def test_a_share_of_a_large_number_may_lack_something_a_few_always_may() -> None:
    assert [share_bound(n, 2, 0.05) for n in (0, 10, 40, 60, 100)] == [2, 2, 2, 3, 5]


def test_one_counter_cannot_take_more_than_forty_forms_an_hour() -> None:
    busy = {
        Cell(TODAY, TODAY, 9, 1): AT_A_COUNTER,
        Cell(TODAY, TODAY, 10, 1): AT_A_COUNTER + 1,
        Cell(TODAY, TODAY, 10, 2): AT_A_COUNTER,
        Cell(TODAY, TODAY, 11): AT_A_COUNTER + 1,  # at no counter
    }
    [excess] = found(busy, rate=300 * RATE)
    assert (excess.rule, excess.counter, excess.hours) == (Rule.COUNTER, 1, (10,))
    assert (excess.seen, excess.bound) == (41, 40)
    assert [cell for cell in busy if excess.holds(cell)] == [Cell(TODAY, TODAY, 10, 1)]


def test_tablets_of_a_closed_office_may_take_two_forms() -> None:
    late = {Cell(TODAY, TODAY, 19, 1): 3, Cell(TODAY, TODAY, 20, 1): 2, Cell(TODAY, TODAY, 9): 3}
    outside = {(TODAY, 19), (TODAY, 20), (TODAY, 21)}
    [excess] = found(late, outside=outside)
    assert (excess.rule, excess.hours, excess.seen, excess.bound) == (Rule.OUTSIDE, (19,), 3, 2)
    assert found(late) == []


def test_more_forms_than_the_dossiers_of_a_feed_bring_are_held() -> None:
    dossiers = {back(n): 20 for n in range(40)}
    assert dossier_bound(800, 0.1) == int(0.14 * 800)
    cells = ordinary(range(10, 40)) | ordinary(range(10), 8)
    [excess] = found(cells, rate=4 * RATE, dossiers=dossiers, share=0.1)
    assert (excess.rule, excess.seen, excess.bound) == (Rule.DOSSIERS, 140, 112)
    assert excess.days == tuple(back(n) for n in range(39, -1, -1))
    assert found(cells, rate=4 * RATE, dossiers=dossiers) == []
    assert found(cells, rate=4 * RATE, share=0.1) == []


def test_few_dossiers_do_not_make_a_flood_of_chance() -> None:
    assert dossier_bound(20, 0.1) == OF_DOSSIERS.bound(2.0) > int(0.14 * 20)
    assert dossier_bound(0, 0.1) == LEAST


def test_an_office_without_a_rate_may_get_three_forms() -> None:
    assert found({Cell(TODAY, TODAY, 9): 3}, rate=0.0) == []
    [excess] = found({Cell(TODAY, TODAY, 9): 4}, rate=0.0)
    assert (excess.rule, excess.bound) == (Rule.HOUR, LEAST)


def test_the_names_of_rules_are_stored_and_never_change() -> None:
    assert [rule.value for rule in Rule] == [
        *("hour", "counter", "outside", "arrivals", "startless", "unfinished"),
        *("day", "days_5", "days_21", "year", "dossiers"),
    ]


def test_what_a_window_holds_already_is_held_by_no_narrow_rule() -> None:
    cells = ordinary(range(1, 40)) | {Cell(TODAY, TODAY, 9): 290}
    assert [e.rule for e in found(cells)] == [Rule.HOUR]
    assert found(cells, standing=Standing(waiting=frozenset({TODAY}))) == []


def test_in_january_windows_reach_into_the_year_before() -> None:
    day = date(2026, 1, 8)
    january = [day - timedelta(days=n) for n in range(8)][::-1]
    closed = {day - timedelta(days=n): 6 for n in range(9, 21)}
    counts = Counts({Cell(of, of, 10): 2 for of in january}, closed)
    [excess] = judge(counts, RATE / 3, FLAT, day, since=day, open_from=january[0])
    assert (excess.rule, excess.seen) == (Rule.DAYS_21, 12 * 6 + 8 * 2)
    assert excess.days == tuple(january)


def test_a_window_expects_nothing_of_a_day_whose_arrivals_are_held() -> None:
    """Else a day just below its bound has the room of those that were held: one each week."""
    held = frozenset(back(n) for n in range(1, 5))
    left = {Cell(TODAY, TODAY, hour): 1 for hour in range(8, 18)}
    assert not DAY.is_exceeded(10, 2.0)
    assert found(left) == []
    [excess] = found(left, standing=Standing(emptied=held))
    assert (excess.rule, excess.days, excess.seen) == (Rule.DAYS_5, (TODAY,), 10)
    # what comes later for such a day counts
    late = {Cell(back(1), TODAY, hour): 1 for hour in range(8, 18)}
    [excess] = found(late, standing=Standing(emptied=held))
    assert (excess.days, excess.seen) == ((back(1),), 10)
