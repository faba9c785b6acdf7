"""By how many people sets of rules differ."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from surveys.models import Channel
from surveys.overlap import Cell, Rule, counts_by_difference, states_of
from surveys.quality import Flag

DAY = date(2026, 11, 2)
FLAGS = st.integers(0, 63).map(Flag)
CHANNELS = st.sampled_from(Channel)
DAYS = st.integers(0, 6).map(lambda n: DAY + timedelta(days=n))
RULES = st.builds(
    lambda days, flags, channel, counter: Rule(1, min(days), max(days), flags, channel, counter),
    st.tuples(DAYS, DAYS),
    FLAGS,
    st.none() | CHANNELS,
    st.none() | st.integers(1, 2),
)
CELLS = st.builds(
    Cell,
    st.integers(1, 2),
    DAYS,
    CHANNELS,
    st.none() | st.integers(1, 2),
    FLAGS,
    st.integers(1, 30),
)


@given(st.lists(CELLS, max_size=12), st.lists(RULES, max_size=4), st.data())
def test_differences_are_the_same_both_ways_and_add_up(
    cells: list[Cell], rules: list[Rule], data: st.DataObject
) -> None:
    sets = st.frozensets(st.integers(0, max(0, len(rules) - 1)), max_size=len(rules))
    one, other = data.draw(sets), data.draw(sets)
    differing = counts_by_difference(cells, rules, one, other)
    assert differing == counts_by_difference(cells, rules, other, one)
    assert counts_by_difference(cells, rules, one, one) == Counter()
    to_nothing = counts_by_difference(cells, rules, one | other, ())
    assert all(people <= to_nothing[instrument] for instrument, people in differing.items())
    # a rule more never takes anybody in
    grown = counts_by_difference(cells, rules, one, one | other)
    assert to_nothing == counts_by_difference(cells, rules, one, ()) + grown


@given(st.lists(st.tuples(st.integers(0, 20), st.none() | st.integers(1, 20)), max_size=5))
def test_the_states_begin_with_nothing_and_end_with_what_holds(
    spans: list[tuple[int, int | None]],
) -> None:
    zero = datetime(2026, 1, 1, tzinfo=UTC)
    times = [
        (
            zero + timedelta(hours=made),
            None if held is None else zero + timedelta(hours=made + held),
        )
        for made, held in spans
    ]
    states = states_of(times)
    assert states[0] == frozenset()
    assert states[-1] == {place for place, (_, held) in enumerate(spans) if held is None}
    assert frozenset().union(*states) == frozenset(range(len(spans)))
