"""What has opened adds up, says for whom, and holds nothing of what has not."""

import numpy as np
import pytest

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.columns import Opened, columns, levels, take

LAYOUT = Layout(
    (
        Item("A1", "satisfaction", "A", "services"),
        Item("A2", "satisfaction", "A", "services"),
        Item("B1", "satisfaction", "B", "services"),
        Item("Q1", "choice"),
        Item("Q2", "box"),
    ),
    instrument="columns",
)


def sums(*people: tuple[int, ...]) -> Sums:
    return count(LAYOUT, np.array(people, dtype=np.uint8).reshape(-1, 5))


SOME = sums((5, 4, 0, 2, 0), (3, 1, 2, 9, 1), (4, 9, 8, 0, 8))


def test_a_factor_shows_its_answers_and_nothing_of_others() -> None:
    opened = take(SOME, ["f:A"])
    assert opened.sums.moments[LAYOUT.group_of("factor", "A")].tolist() == [3, 5, 0, 0, 0]
    assert not opened.sums.counts.any()
    assert opened.sums.moments.sum() == 8
    assert (opened.people("f:A"), opened.people("f:B"), opened.people("p:A")) == (3, 0, 0)
    assert opened.sums.people == 0
    whole = take(SOME, ["f:A", "p:A"]).sums.moments[LAYOUT.group_of("factor", "A")]
    assert whole.tolist() == SOME.moments[LAYOUT.group_of("factor", "A")].tolist()


def test_a_criterion_shows_satisfied_or_not_until_its_stages_open() -> None:
    at = LAYOUT.index_of("A1")
    assert take(SOME, ["i:A1"]).sums.counts[at].tolist() == [0, 1, 0, 0, 2, 0, 0, 0, 0, 0]
    one = take(SOME, ["i:A1", "1:A1"])
    assert one.sums.counts[at].tolist() == [0, 1, 0, 0, 1, 1, 0, 0, 0, 0]
    two = take(SOME, ["i:A1", "1:A1", "2:A1"])
    assert two.sums.counts[at].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0]
    whole = sums(*[(answer, 0, 0, 0, 0) for answer in (1, 2, 2, 3, 4, 5, 9, 0)])
    three = take(whole, ["i:A1", "1:A1", "2:A1", "3:A1"])
    assert three.sums.counts[at].tolist() == [0, 1, 2, 1, 1, 1, 0, 0, 0, 0]
    later = Opened.total(LAYOUT, [take(whole, ["i:A1"]), take(whole, ["1:A1", "2:A1", "3:A1"])])
    assert np.array_equal(later.sums.counts, three.sums.counts)
    assert np.array_equal(later.covered, three.covered)


def test_other_questions_show_who_answered_and_not_who_did_not() -> None:
    opened = take(SOME, ["i:Q1", "i:Q2"]).sums.counts
    assert opened[3].tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert opened[4].tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]


def test_a_scale_of_three_levels_has_its_own_stages() -> None:
    three = Layout(
        (Item("A1", "satisfaction", "A"),), frozenset({3}), frozenset({1, 2, 3}), instrument="three"
    )
    assert levels(three, 0) == ((1, 2), (3,))
    assert levels(three, 1) == levels(three, 0)
    assert levels(three, 2) == levels(three, 3) == ((1,), (2,), (3,))


def test_a_figure_shows_what_is_open_for_eighty_of_a_hundred() -> None:
    opened = take(sums(*[(5, 5, 5, 0, 0)] * 8), ["f:A"])
    assert opened.shows("f:A", 10)
    assert not opened.shows("f:A", 11)
    assert not opened.shows("f:B", 8)
    assert not Opened.zero(LAYOUT).shows("f:A", 0)


def test_what_is_stored_is_read_back_and_nothing_else_is_taken() -> None:
    opened = take(SOME, columns(LAYOUT))
    stored = opened.to_bytes()
    again = Opened.from_bytes(LAYOUT, stored)
    assert again.sums == opened.sums
    assert np.array_equal(again.covered, opened.covered)
    assert not Opened.from_bytes(LAYOUT, b"").covered.any()
    with pytest.raises(ValueError, match="wrong length"):
        Opened.from_bytes(LAYOUT, stored[:-1])
    with pytest.raises(ValueError, match="shorter"):
        Opened.from_bytes(LAYOUT, b"\x00")
    with pytest.raises(KeyError):
        take(SOME, ["f:Z"])
