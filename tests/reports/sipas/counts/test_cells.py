import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from reports.sipas.counts.cells import count_cells, total
from reports.sipas.counts.layout import DifferentInstruments, Layout
from reports.sipas.counts.sums import Sums, count
from tests.reports.sipas.forms import SERVICES

answers = arrays(np.uint8, st.tuples(st.integers(0, 12), st.just(16)), elements=st.integers(0, 9))


@given(answers, st.data())
def test_each_cell_counts_as_if_it_were_counted_alone(
    packed: NDArray[np.uint8], data: st.DataObject
) -> None:
    cell = data.draw(arrays(np.intp, len(packed), elements=st.integers(0, 2)))
    cells = count_cells(SERVICES, packed, cell, 3)
    assert cells == [count(SERVICES, packed[cell == number]) for number in range(3)]
    assert total(SERVICES, cells) == count(SERVICES, packed)


def test_nothing_adds_up_to_zero() -> None:
    assert total(SERVICES, []) == Sums.zero(SERVICES)


def test_a_total_never_mixes_instruments() -> None:
    one = count(SERVICES, bytes([5] * 16))
    other = count(Layout(SERVICES.items, instrument="another"), bytes([5] * 16))
    with pytest.raises(DifferentInstruments, match="'another' is never added"):
        total(SERVICES, [one, other])


def test_answers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="above 9"):
        count_cells(SERVICES, np.full((1, 16), 10, dtype=np.uint8), np.zeros(1, np.intp), 1)
    with pytest.raises(ValueError, match="must be"):
        count_cells(SERVICES, np.zeros((2, 16), dtype=np.uint8), np.zeros(1, np.intp), 1)
