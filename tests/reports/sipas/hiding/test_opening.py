"""No combination of what factors, criteria, blocks and tables show rests on fewer than k people."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.opening import Division, divide, opens, refined
from reports.sipas.hiding.partition import Cell
from reports.sipas.hiding.revision import Beside, Class, may_move
from tests.reports.sipas.hiding.combining import fewest
from tests.reports.sipas.hiding.small_office import LAYOUT, Person, Rule, Shown, draw, sums

STORIES = 200


JANUARY = {"A": 30, "B": 29, "C": 29, "D": 28, "E": 6}
FEBRUARY = {"A": 33, "B": 32, "C": 32, "D": 30, "E": 9}


def test_a_factor_that_few_answered_is_closed_with_the_last_that_enough_answered() -> None:
    assert divide(JANUARY, "A", 10) == Division(("A", "B", "C"), ("D", "E"))
    assert divide(JANUARY | {"E": 10}, "A", 10) == Division(("A", "B", "C", "D", "E"), ())
    assert divide(JANUARY | {"E": 0}, "A", 10) == Division(("A", "B", "C", "D"), ())
    assert divide(JANUARY | {"D": 9}, "A", 10) == Division(("A", "B"), ("C", "D", "E"))


def test_without_a_partner_the_row_shows_its_headline_only() -> None:
    found = divide({"A": 30, "B": 3}, "A", 10)
    assert found.is_headline_only
    assert not divide({"A": 30, "B": 0}, "A", 10).is_headline_only


def test_what_waits_in_two_months_opens_for_both_and_no_sooner() -> None:
    criteria = {"D": ["D1"], "E": ["E1"]}
    rows = [row | {"D1": row["D"], "E1": row["E"]} for row in (JANUARY, FEBRUARY)]
    assert refined(rows[:1], criteria, 10) is None
    assert refined(rows, criteria, 10) == (("D", "D1"), ("E", "E1"))


def test_one_column_has_k_people_in_every_row_or_nothing_opens() -> None:
    assert opens(np.array([[10, 1], [10, 9]]), 10)
    assert not opens(np.array([[10, 1], [1, 10]]), 10)
    assert not opens(np.array([[10, 1], [10, 1]]), 10)
    assert opens(np.array([[10, 0], [10, 0]]), 10)
    assert not opens(np.array([[0, 0]]), 10)


def test_a_factor_is_shown_by_its_criteria_where_the_table_still_opens() -> None:
    row = {"D": 12, "D1": 12, "D2": 4, "E": 9, "E1": 9, "E2": 8}
    criteria = {"D": ["D1", "D2"], "E": ["E1", "E2"]}
    assert refined([row, row], criteria, 10) == (("D",), ("E", "E1"), ("E", "E2"))
    more = row | {"D2": 6}
    assert refined([more, more], criteria, 10) == (
        *(("D", "D1"), ("D", "D2")),
        *(("E", "E1"), ("E", "E2")),
    )


def folk(**answering: int) -> Sums:
    """People of whom so many answered the first criterion of each factor."""
    every = range(max(answering.values(), default=0))
    return sums(
        [
            Person(n, 0, 0, (), frozenset(f"{f}1" for f, people in answering.items() if n < people))
            for n in every
        ]
    )


def may(leaves: Sums, stays: Sums, closed: str, *shown: Beside) -> bool:
    classes = [Class(leaves, stays=False, moves=True), Class(stays, stays=True, core=True)]
    return may_move(classes, closed, shown, 10)


def test_who_stays_is_asked_together_with_the_other_rows() -> None:
    table = Beside(frozenset({"f:C", "f:E"}), (folk(A=20, C=12, E=8),))
    leaves = folk(A=20, C=11, E=10)
    assert may(leaves, folk(A=20, C=12, E=4), "CE", table)
    assert not may(leaves, folk(A=20, C=12, E=1), "CE", table)
    assert not may(leaves, folk(A=20, E=12), "CE", table)
    assert may(leaves, folk(A=20), "CE", Beside(frozenset({"f:C"}), table.others))
    assert not may(leaves, folk(A=20), "CE", table)


def test_who_leaves_is_asked_alone() -> None:
    stays = folk(A=20, C=20, E=20)
    both = Beside(frozenset({"f:C", "f:E"}), (stays,))
    assert not may(folk(A=20, C=10, E=9), stays, "", both)
    assert may(folk(A=20, C=10, E=9), stays, "", Beside(frozenset({"f:C"})))
    assert may(folk(A=20, C=10), stays, "", both)
    assert not may(folk(A=20, C=9, E=9), stays, "CE")
    assert may(folk(A=20, C=10, E=9), stays, "CE")


def test_whoever_left_before_a_row_was_formed_is_known_alone_when_they_come_back() -> None:
    """One of twelve answered E; the quarter has opened E of the stayers and another row."""
    table = Beside(frozenset({"f:C", "f:E"}), (folk(A=20, C=20, E=8),))
    stays = Class(folk(A=20, C=20, E=4), stays=True, core=True)
    back = Class(folk(A=12, C=12, E=1), stays=True, moves=True)
    assert not may_move([stays, back], ["C", "E"], [table], 10)
    assert may_move([stays, replace(back, sums=folk(A=12, C=12))], ["C", "E"], [table], 10)


def test_whoever_came_back_fills_no_column_for_those_who_never_left() -> None:
    """Ten of fifteen who answered E2 are a class that is known, and five are left."""
    table = Beside(frozenset({"i:E1", "i:E2"}), (with_e2(20, 3),))
    core = Class(with_e2(20, 2), stays=True, core=True)
    known = Class(with_e2(12, 10), stays=True)
    leaves = Class(with_e2(12, 10), stays=False, moves=True)
    assert not may_move([core, known, leaves], [], [table], 10)
    more = replace(core, sums=with_e2(20, 12))
    assert may_move([more, known, leaves], [], [table], 10)


def with_e2(people: int, both: int) -> Sums:
    """People who answered A1 and E1, and so many of them E2 as well."""
    told = [frozenset({"A1", "E1", "E2"} if n < both else {"A1", "E1"}) for n in range(people)]
    return sums([Person(n, 0, 0, (), answered) for n, answered in enumerate(told)])


def test_bounds_hold_for_each_side_of_a_revision() -> None:
    """Two unhappy people among those who leave; one who answered two criteria of a factor."""
    stays = folk(A=30, B=30)
    plain = [[5, 0, 5, 0, 0, 0, 0]] * 20
    unhappy = count(LAYOUT, np.array([*plain, *[[1, 0, 5, 0, 0, 0, 0]] * 2], dtype=np.uint8))
    assert not may(unhappy, stays, "", Beside(frozenset({"i:A1"})))
    assert may(unhappy, stays, "", Beside(frozenset({"f:A"})))
    three = count(LAYOUT, np.array([*plain, *[[1, 0, 5, 0, 0, 0, 0]] * 3], dtype=np.uint8))
    assert may(three, stays, "", Beside(frozenset({"i:A1"})))
    assert not may(unhappy, stays, "", Beside(frozenset({"1:A1", "2:A1", "3:A1"})))
    paired = count(LAYOUT, np.array([*plain, [5, 5, 5, 0, 0, 0, 0]], dtype=np.uint8))
    assert may(folk(A=20, B=20), stays, "", Beside(frozenset({"p:A"})))
    assert not may(paired, stays, "", Beside(frozenset({"p:A"})))


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="answered the anchor"):
        divide({"A": 9, "B": 3}, "A", 10)
    with pytest.raises(ValueError, match="negative"):
        divide({"A": 10, "B": -1}, "A", 10)
    with pytest.raises(ValueError, match="no row"):
        opens(np.zeros((0, 2), dtype=np.int64), 10)
    with pytest.raises(ValueError, match="at least one"):
        opens(np.array([[1]]), 0)


def stories(rule: Rule, number: int = STORIES) -> Iterator[tuple[random.Random, Shown]]:
    """Offices with a closed quarter, drawn by seeds that stay."""
    for seed in range(number):
        rng = random.Random(seed)
        k = rng.choice((2, 3, 4))
        yield rng, Shown.of(draw(rng, k), replace(rule, k=k))


def told(rule: Rule) -> int:
    """In how many stories a combination of figures tells of somebody."""
    return sum(fewest(set(shown.figures()), shown.rule.k) is not None for _, shown in stories(rule))


def test_nothing_tells_of_fewer_than_k_people() -> None:
    assert told(Rule(0)) == 0


def told_by_revisions(rule: Rule, tries: int = 40) -> tuple[int, int]:
    """Of how many revisions that the rule lets through a combination tells of somebody.

    One office has up to three in a row, and every state was seen.
    """
    let_through = found = 0
    for rng, shown in stories(rule, 60):
        seen, left = set(shown.figures()), list[set[int]]()
        for _ in range(tries):
            gone = {number for numbers in left for number in numbers}
            leaving = leavers(rng, shown) - gone
            if not leaving or not shown.may_leave(leaving, left):
                continue
            let_through += 1
            after = {*seen, *shown.figures(gone | leaving)}
            found += fewest(after, shown.rule.k) is not None
            if len(left) < 2:
                seen, left = after, [*left, leaving]
    return let_through, found


def leavers(rng: random.Random, shown: Shown) -> set[int]:
    """Some people of some rows; also everybody of a block, a cell, or whoever answered much."""
    people = [one for row in shown.rows for one in row if rng.random() < 0.9]
    row, block, label = rng.randrange(len(shown.rows)), rng.randrange(3), rng.choice("xyz")
    some = rng.random() < 0.2
    whole = rng.choice(("row", "block", "cell", "blocks"))
    return {
        one.number
        for one in people
        if (some and one.row == row and rng.random() < 0.5)
        or (not some and whole == "row" and one.row == row)
        or (not some and whole == "block" and (one.row, one.block) == (row, block))
        or (not some and whole == "cell" and (one.row, one.labels[0]) == (row, label))
        or (not some and whole == "blocks" and one.block == block)
    }


def test_whoever_leaves_is_not_told_of_either() -> None:
    let_through, found = told_by_revisions(Rule(0))
    assert let_through > 100
    assert found == 0


def no_partner(answering: Mapping[str, int], anchor: str, k: int) -> Division:
    found = divide(answering, anchor, k)
    few = [code for code in found.closed if answering[code] < k]
    return Division(tuple(f for f, n in answering.items() if n >= k), tuple(few))


def rarest_partner(answering: Mapping[str, int], anchor: str, k: int) -> Division:
    found = divide(answering, anchor, k)
    if not found.closed:
        return found
    able = [code for code in answering if answering[code] >= k and code != anchor]
    partner = min(able, key=answering.__getitem__)
    closed = [c for c in answering if 0 < answering[c] < k or c == partner]
    return Division(tuple(c for c in answering if answering[c] and c not in closed), tuple(closed))


def whole_columns_only(people: Any, k: int) -> bool:
    table = np.array(people)
    sums = table.sum(axis=0)
    return bool(((sums == 0) | (sums >= k)).all())


def every_cell(people: Mapping[Any, tuple[int, int]], k: int) -> tuple[Cell, ...]:
    sizes: dict[Any, int] = {}
    for (_, _, labels), (everybody, _) in people.items():
        sizes[labels] = sizes.get(labels, 0) + everybody
    big = {labels for labels, n in sizes.items() if n >= k}
    rest = frozenset(sizes.keys() - big)
    return (*(Cell(one, frozenset({one})) for one in big), Cell(("*", "*"), rest))


@pytest.mark.parametrize(
    "change",
    [
        {"divide": no_partner},
        {"divide": rarest_partner, "same_closed": False},
        {"same_closed": False},
        {"opens": whole_columns_only},
        {"partition": every_cell},
    ],
    ids=lambda change: ", ".join(str(getattr(v, "__name__", v)) for v in change.values()),
)
def test_each_condition_that_is_taken_away_is_found_out(change: dict[str, Any]) -> None:
    assert told(replace(Rule(0), **change)) > 0


def test_each_condition_of_leaving_that_is_taken_away_is_found_out() -> None:
    assert told_by_revisions(Rule(0, may_move=lambda *_: True))[1] > 0
    assert told_by_revisions(Rule(0, fits=lambda *_: True))[1] > 0


def test_the_partner_of_what_the_headline_sums_stands_in_the_headline_too() -> None:
    """Else the headline less all that is shown would be E, which three people answered."""
    answering = {"A": 30, "B": 30, "E": 3, "P": 30}
    assert divide(answering, "A", 10, "ABE") == Division(("A", "P"), ("B", "E"))
    assert divide(answering | {"B": 0}, "A", 10, "ABE").is_headline_only
    assert divide(answering | {"E": 30, "P": 3}, "A", 10, "AB").closed == ("E", "P")


def test_a_class_is_known_by_what_the_headline_sums_of_closed_factors() -> None:
    """Twelve of those who leave answered P, which stands in no headline, and three E."""
    factors = {"A": "services", "B": "services", "E": "services", "P": "policies"}
    items = tuple(Item(f"{f}1", "satisfaction", f, of) for f, of in factors.items())
    layout = Layout(items, instrument="beside")
    answers = np.array([[5, 5, 5 * (n < 3), 5] for n in range(12)], dtype=np.uint8)
    leaves = Class(count(layout, answers), stays=False, moves=True)
    stays = Class(count(layout, answers), stays=True, core=True)
    assert not may_move([stays, leaves], ["E", "P"], [], 10)
    assert may_move([stays, leaves], ["B", "E"], [], 10)
