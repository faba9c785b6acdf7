from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.sipas.hiding.batches import (
    BatchExtent,
    held_back,
    shown,
)
from tests.reports.sipas.office import Office, smallest_change, smallest_part

FRIDAY = date(2026, 3, 27)  # a week, a month and a quarter end within the next days
DAY = timedelta(days=1)


def on(offset: int) -> date:
    return FRIDAY + offset * DAY


def day_batch(number: int, offset: int, people: int = 10) -> BatchExtent:
    return BatchExtent(number, on(offset), on(offset), people)


def test_a_month_that_is_not_closed_holds_its_newest_batch_back() -> None:
    batches = [day_batch(1, 0), day_batch(2, 0), day_batch(3, 1)]
    assert held_back(batches, closed=()) == {3}
    assert held_back(batches, closed={(2026, 3)}) == set()
    assert held_back([*batches, day_batch(4, 5)], closed=()) == {3, 4}
    assert held_back([], closed=()) == set()


def test_a_figure_is_the_sum_of_the_shown_batches_that_lie_wholly_within() -> None:
    batches = [day_batch(1, 0), BatchExtent(2, on(0), on(1), 10), day_batch(3, 1)]
    assert shown(batches, {3}, on(0), on(0)) == {1}
    assert shown(batches, {3}, on(0), on(6)) == {1, 2}
    assert shown(batches, set(), on(1), on(1)) == {3}


# What a spectator can find out.

arrivals = st.tuples(st.just("arrive"), st.integers(0, 9))
others = st.tuples(st.sampled_from(["late", "tally", "night", "week"]), st.integers(0, 9))
lives = st.lists(arrivals | arrivals | others, min_size=20, max_size=60)


def lived_through(events: list[tuple[str, int]], k: int) -> Office:
    office, today = Office(k), -40
    for what, number in events:
        if what == "arrive":
            office.arrive(on(today), number % 5)
        elif what == "late":
            office.arrive(on(today - 7 * number), 1 + number % 3)
        elif what == "tally":
            office.tally()
        elif what == "night":
            today += 1
            office.close(on(today - 1))
        elif what == "week":
            today += 1 + 3 * number
    office.close(on(today + 400))
    return office


@settings(max_examples=300, deadline=None)
@given(lives, st.integers(2, 4))
def test_all_figures_ever_shown_single_out_no_fewer_than_k(
    events: list[tuple[str, int]], k: int
) -> None:
    """Not even by adding and subtracting figures of all periods, open and closed, old and new.

    In any order: late answers, a worker and a nightly run that lag.
    """
    office = lived_through(events, k)
    assert smallest_part(view for views in office.history.values() for view in views) >= k


@settings(max_examples=300, deadline=None)
@given(st.lists(arrivals | others, min_size=20, max_size=60), st.integers(2, 4))
def test_no_figure_ever_moves_by_fewer_than_k_people(events: list[tuple[str, int]], k: int) -> None:
    office = lived_through(events, k)
    for views in office.history.values():
        assert smallest_change(views) >= k
        assert all(len(view) >= k for view in views if view)


@settings(max_examples=200, deadline=None)
@given(lives, st.integers(2, 4))
def test_a_closed_month_with_a_batch_shows_everybody_who_came_in_time(
    events: list[tuple[str, int]], k: int
) -> None:
    office = lived_through([event for event in events if event[0] != "late"], k)
    for (first, last), views in office.history.items():
        if first.day == 1 and 27 < (last - first).days < 31 and views[-1]:
            people = {p for p, day in enumerate(office.day_of) if first <= day <= last}
            assert views[-1] == people


def test_a_day_too_small_to_be_shown_cannot_be_found_from_its_month() -> None:
    """Friday's 12 are held back, because Saturday's 3 join them when the month is closed."""
    office = Office(10)
    for offset, people in enumerate([12, 12, 3, 0, 0, 0]):
        office.arrive(on(offset - 1), people)
        office.close(on(offset - 1))
    sizes = {period: len(views[-1]) for period, views in office.history.items()}
    assert sizes[on(-1), on(-1)] == 12
    assert sizes[on(0), on(0)] == 0
    assert sizes[on(1), on(1)] == 0
    assert sizes[date(2026, 3, 1), date(2026, 3, 31)] == 27


def test_thirty_answers_show_nothing_before_their_night_and_then_a_newer_batch() -> None:
    office = Office(10)
    for _ in range(30):
        office.arrive(on(0), 1)
        office.tally()
    office.close(on(0))
    assert office.history.get((on(0), on(0)), [frozenset()])[-1] == frozenset()
    office.arrive(on(1), 12)
    office.close(on(1))
    assert [len(view) for view in office.history[on(0), on(0)]] == [0, 30]
