from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from reports.sipas.counts.layout import DifferentInstruments, Item, Layout
from reports.sipas.counts.sums import Sums, count, moments_of
from tests.reports.sipas.forms import SERVICES, WHOLE
from tests.work import calls

SMALL = Layout(
    (
        Item("A1", "satisfaction", "A", "services"),
        Item("N1", "choice"),
        Item("A2", "satisfaction", "A", "services"),
        Item("B1", "satisfaction", "B", "services"),
    ),
    instrument="small",
)
answers = arrays(np.uint8, st.tuples(st.integers(0, 12), st.just(4)), elements=st.integers(0, 9))


@given(answers)
def test_counts_and_moments_are_those_of_a_plain_loop(packed: NDArray[np.uint8]) -> None:
    sums = count(SMALL, packed)
    assert sums.people == len(packed)
    for item in range(SMALL.n_items):
        for answer in range(10):
            assert sums.counts[item, answer] == sum(1 for row in packed if row[item] == answer)
    for row, group in enumerate(SMALL.groups):
        ys = [sum(1 for i in group.indices if form[i] in (4, 5)) for form in packed]
        ms = [sum(1 for i in group.indices if 1 <= form[i] <= 5) for form in packed]
        assert sums.moments[row].tolist() == [
            sum(ys),
            sum(ms),
            sum(y * y for y in ys),
            sum(m * m for m in ms),
            sum(y * m for y, m in zip(ys, ms, strict=True)),
        ]


@given(answers, answers)
def test_sums_of_two_sets_of_people_add_up(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> None:
    both = count(SMALL, np.concatenate([a, b]))
    assert count(SMALL, a) + count(SMALL, b) == both
    assert both - count(SMALL, a) == count(SMALL, b)
    assert both + Sums.zero(SMALL) == both


@given(answers)
def test_stored_sums_come_back(packed: NDArray[np.uint8]) -> None:
    sums = count(SMALL, packed.tobytes())
    assert Sums.from_bytes(SMALL, sums.to_bytes()) == sums


def test_more_than_one_block_of_responses_counts_like_one() -> None:
    packed = np.random.default_rng(7).integers(0, 10, (70_000, 16), dtype=np.uint8)
    halves = count(SERVICES, packed[:33_333]) + count(SERVICES, packed[33_333:])
    assert count(SERVICES, packed) == halves


def test_the_largest_group_does_not_overflow() -> None:
    layout = Layout(tuple(Item(str(i), "satisfaction", "A", "all") for i in range(255)))
    sums = count(layout, np.full((3, 255), 5, dtype=np.uint8))
    assert sums.moments[0].tolist() == [765, 765, 3 * 255**2, 3 * 255**2, 3 * 255**2]


def test_a_number_beyond_int32_is_stored_in_full() -> None:
    sums = count(SMALL, bytes([5, 1, 4, 3]))
    country = Sums(SMALL, 2**31, sums.counts * 2**31, sums.moments * 2**33)
    assert Sums.from_bytes(SMALL, country.to_bytes()) == country
    assert len(country.to_bytes()) > len(sums.to_bytes())


def test_a_day_of_an_office_takes_less_than_a_kilobyte() -> None:
    assert len(count(SERVICES, bytes([4] * 16)).to_bytes()) < 1000


def test_sums_of_different_instruments_never_add() -> None:
    renamed = Layout(SERVICES.items, instrument="another")
    for other in (WHOLE, renamed):
        with pytest.raises(DifferentInstruments):
            Sums.zero(SERVICES) + Sums.zero(other)
        with pytest.raises(DifferentInstruments):
            Sums.zero(SERVICES) - Sums.zero(other)
        with pytest.raises(DifferentInstruments):
            Sums.from_bytes(SERVICES, Sums.zero(other).to_bytes())


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"\x63" + b[1:], lambda b: b[:5]])
def test_damaged_sums_are_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ValueError, match=r"length|version|header"):
        Sums.from_bytes(SERVICES, damage(Sums.zero(SERVICES).to_bytes()))


def test_bytes_that_are_no_responses_are_refused() -> None:
    with pytest.raises(ValueError, match="no whole number"):
        count(SERVICES, bytes(17))
    with pytest.raises(ValueError, match="above 9"):
        count(SERVICES, bytes([10] * 16))
    with pytest.raises(ValueError, match="uint8"):
        count(SERVICES, np.zeros((2, 15), dtype=np.uint8))


def test_a_thousand_times_as_many_responses_are_hardly_more_calls() -> None:
    packed = np.random.default_rng(1).integers(0, 10, (100_000, 16), dtype=np.uint8)
    assert count(SERVICES, packed).people == 100_000
    few = calls(lambda: count(SERVICES, packed[:100]))
    assert calls(lambda: count(SERVICES, packed)) < 3 * few


@given(answers.filter(len), st.data())
def test_many_lots_at_once_have_the_sums_of_each(
    packed: NDArray[np.uint8], data: st.DataObject
) -> None:
    cuts = data.draw(st.sets(st.integers(1, max(1, len(packed) - 1))).map(sorted))
    starts = [0, *(cut for cut in cuts if cut < len(packed))]
    for row in range(SMALL.n_groups):
        found = moments_of(SMALL, row, packed, np.array(starts))
        lots = np.split(packed, starts[1:])
        assert found.tolist() == [count(SMALL, lot).moments[row].tolist() for lot in lots]


def test_an_answer_above_nine_is_refused_among_many_lots() -> None:
    with pytest.raises(ValueError, match="above 9"):
        moments_of(SMALL, 0, np.array([[1, 1, 1, 10]], np.uint8), np.array([0]))
