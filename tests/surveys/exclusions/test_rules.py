"""By how many people sets of rules differ."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from surveys.exclusions.rules import Cell, Rule, counts_by_difference, matches, meant_by, states_of
from surveys.flags.rules import Flag
from surveys.models import Channel

DAY = date(2026, 11, 2)
FLAGS = st.sampled_from(range(2 * max(Flag))).map(Flag)
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


@given(
    st.lists(CELLS, max_size=12), st.frozensets(RULES, max_size=3), st.frozensets(RULES, max_size=3)
)
def test_differences_are_the_same_both_ways_and_add_up(
    cells: list[Cell], one: frozenset[Rule], other: frozenset[Rule]
) -> None:
    meant = meant_by(cells, one | other)
    assert sum(group.people for group in meant) == sum(cell.people for cell in cells)
    differing = counts_by_difference(meant, one, other)
    assert differing == counts_by_difference(meant, other, one)
    assert counts_by_difference(meant, one, one) == Counter()
    everything = counts_by_difference(meant, one | other, ())
    assert all(people <= everything[instrument] for instrument, people in differing.items())
    # a rule more never takes anybody in
    grown = counts_by_difference(meant, one, one | other)
    assert everything == counts_by_difference(meant, one, ()) + grown
    for cell in cells:
        by_one = any(matches(rule, cell) for rule in one)
        by_other = any(matches(rule, cell) for rule in other)
        alone = counts_by_difference(meant_by([cell], one | other), one, other)
        assert alone.total() == (cell.people if by_one != by_other else 0)


@given(
    st.lists(
        st.tuples(RULES, st.integers(0, 20), st.none() | st.integers(1, 20)),
        max_size=5,
        unique_by=lambda entry: entry[0],
    )
)
def test_the_states_hold_nothing_at_first_and_in_the_end_what_still_holds(
    spans: list[tuple[Rule, int, int | None]],
) -> None:
    zero = datetime(2026, 1, 1, tzinfo=UTC)
    history = [
        (
            rule,
            zero + timedelta(hours=made),
            None if held is None else zero + timedelta(hours=made + held),
        )
        for rule, made, held in spans
    ]
    states = states_of(history)
    assert frozenset() in states
    assert frozenset(rule for rule, _, held in spans if held is None) in states
    assert frozenset().union(*states) == {rule for rule, *_ in spans}
    # whoever was lifted before another was made never held with it
    for one, _, one_lifted in history:
        for other, other_made, _ in history:
            if one_lifted is not None and one_lifted <= other_made:
                assert not any({one, other} <= state for state in states)
