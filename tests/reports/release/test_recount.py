"""The slow count of a reproduction and the fast one of a publication know nothing of each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.release.recount import plain_sums
from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import count

LAYOUT = Layout(
    (
        Item("A1", "satisfaction", "A", "services"),
        Item("B1", "satisfaction", "B", "services"),
        Item("A2", "satisfaction", "A", "services"),
        Item("X", "choice"),
        Item("O", "satisfaction", "O", "overall"),
    )
)
responses = st.lists(
    st.lists(st.integers(0, 9), min_size=LAYOUT.n_items, max_size=LAYOUT.n_items).map(bytes)
)


@given(responses)
def test_both_ways_of_counting_agree(given_answers: list[bytes]) -> None:
    slow = plain_sums(LAYOUT, given_answers)
    assert slow == count(LAYOUT, b"".join(given_answers))


def test_a_sum_done_by_hand() -> None:
    sums = plain_sums(LAYOUT, [bytes([5, 3, 4, 2, 1]), bytes([1, 9, 0, 7, 4])])
    assert sums.counts[0].tolist() == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    factor_a = sums.moments[LAYOUT.group_of("factor", "A")]
    # y is 2 of m 2, and 0 of 1: Σy, Σm, Σy², Σm², Σym
    assert factor_a.tolist() == [2, 3, 4, 5, 4]


def test_nobody_adds_up_to_nothing() -> None:
    sums = plain_sums(LAYOUT, [])
    assert sums.people == 0
    assert not sums.counts.any()
    assert not sums.moments.any()


@pytest.mark.parametrize(
    ("answers", "said"), [(bytes(4), "5 answers"), (bytes([1, 2, 3, 4, 10]), "above 9")]
)
def test_what_does_not_fit_is_refused(answers: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        plain_sums(LAYOUT, [bytes(5), answers])
