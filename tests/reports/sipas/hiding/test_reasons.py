"""Why people gave low answers is told of ten low answers and more, and never beside their count."""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import pytest

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.columns import take
from reports.sipas.hiding.reasons import open_reasons, told_apart
from reports.sipas.hiding.revision import Beside, Class, may_move, may_show
from reports.sipas.hiding.rows import Row, open_together, unfold
from tests.reports.sipas.hiding.combining import Figure, fewest

LAYOUT = Layout(
    (
        Item("A1", "satisfaction", "A", "services"),
        Item("B1", "satisfaction", "B", "services"),
        Item("A1_W", "reason", criterion="A1"),
        Item("A1_F", "reason", criterion="A1"),
    ),
    instrument="reasons",
)
K = 10
Said = list[list[int]]
REASONS = ("A1_W", "A1_F")


def people(number: int, a1: int = 5, given: str = "") -> Said:
    """So many people who answer A1 so, and give these reasons (`W`, `F`)."""
    low = a1 in (1, 2)
    reasons = [(1 if letter in given else 2) if low else 0 for letter in "WF"]
    return [[a1, 4, *reasons]] * number


def usual(low: int = 0, given: int = 0) -> Said:
    """A hundred people and more of whom so many gave a low answer, so many of them for W."""
    return (
        people(60) + people(50, 4) + people(5, 3) + people(given, 2, "W") + people(low - given, 2)
    )


def sums(said: Said) -> Sums:
    return count(LAYOUT, np.array(said, dtype=np.uint8).reshape(-1, 4))


@pytest.mark.parametrize(
    ("low", "given", "shown"),
    [(9, 4, False), (10, 4, True), (12, 2, False), (12, 3, True), (12, 9, True), (12, 10, False)],
)
def test_ten_low_answers_are_needed_and_three_people_on_each_side(
    low: int, given: int, shown: bool
) -> None:
    columns = unfold(sums(usual(low, given)), K).columns
    assert "2:A1" in columns
    assert ("i:A1_W" in columns) is shown
    # nobody, or everybody, gave it: not told either
    assert "i:A1_F" not in columns
    assert not {"1:A1_W", "2:A1_W"} & columns


def test_nothing_is_told_where_low_answers_are_not_told_apart_from_the_middle_one() -> None:
    few = people(40) + people(30, 4) + people(20, 2, "W") + people(9, 2)  # 99 people
    assert {"i:A1"} <= unfold(sums(few), K).columns
    assert "2:A1" not in unfold(sums(few), K).columns
    assert "i:A1_W" not in unfold(sums(few), K).columns
    middle = people(60) + people(50, 4) + people(2, 3) + people(12, 2, "W") + people(12, 2)
    assert not {"2:A1", "i:A1_W"} & unfold(sums(middle), K).columns


def test_what_is_told_is_how_many_gave_it_and_how_many_did_not() -> None:
    opened = take(sums(usual(14, 4)), ["i:A1_W"])
    assert opened.sums.counts[2].tolist() == [0, 4, 10, 0, 0, 0, 0, 0, 0, 0]
    assert not opened.sums.counts[3].any()
    assert opened.people("i:A1_W") == 129


def test_small_months_open_together_by_whole_groups_of_rows() -> None:
    rows = {n: sums(usual(6, 2)) for n in (1, 2, 3)}
    base = frozenset({"2:A1"})
    alone = [(frozenset({n}), base) for n in rows]
    ((numbers, opened),) = open_reasons(rows, alone, K)
    assert (numbers, opened) == ((1, 2, 3), frozenset({"i:A1_W"}))
    # how many low answers rows 3 and 4 have is known of both together only: row 3 waits for row 4
    torn = [*alone[:2], (frozenset({3, 4}), base)]
    ((numbers, _),) = open_reasons(rows, torn, K)
    assert numbers == (1, 2)
    # nothing opens twice, nor for a row whose low answers nobody knows
    has = [*alone, (frozenset({1, 2}), frozenset({"i:A1_W"}))]
    assert open_reasons(rows, has, K) == []
    assert open_reasons(rows, alone[:1], K) == []
    assert open_reasons({}, alone, K) == []


def test_whoever_leaves_or_stays_must_be_able_to_stand_alone() -> None:
    shown = frozenset({"i:A1_W"})

    def may(*gone: Said) -> bool:
        stay = Class(sums(usual(30, 15)), stays=True, core=True)
        leave = Class(sums([one for some in gone for one in some]), stays=False, moves=True)
        return may_move([stay, leave], (), [Beside(shown)], K)

    assert may(usual())  # nobody with a low answer
    assert not may(usual(9, 4))
    assert not may(people(60), people(10, 2, "W"), people(2, 2))
    assert may(people(60), people(10, 2, "W"))  # all of them: no side of one or two
    assert may(usual(12, 6))
    assert not may_show([sums(usual(9, 4))], shown, K)


def drawn(rng: random.Random) -> list[Said]:
    """The rows of a quarter: months of offices of different size and mood."""
    rows = []
    for _ in range(rng.choice((2, 3, 4))):
        low = rng.choice((1, 4, 9, 12, 30))
        size = rng.choice((60, 110, 160))
        middle = rng.choice((2, 4, 8))
        said = people(size // 2) + people(size - size // 2, 4) + people(middle, 3)
        rows.append(
            said + [p for _ in range(low) for p in people(1, 2, rng.choice(("", "W", "WF")))]
        )
    return rows


Shown = list[tuple[frozenset[int], frozenset[str]]]


def quarter(rows: Sequence[Said]) -> Shown:
    """What is shown of these rows when each is closed and then their quarter."""
    parted = {n: sums(said) for n, said in enumerate(rows)}
    alone = {n: unfold(one, K) for n, one in parted.items()}
    shown = [(frozenset({n}), one.columns) for n, one in alone.items()]
    waiting = [Row(n, one, alone[n].columns, alone[n].closed) for n, one in parted.items()]
    shown += [(frozenset(numbers), of) for numbers, of in open_together(waiting, K)]
    return shown + [(frozenset(numbers), of) for numbers, of in open_reasons(parted, shown, K)]


def giving(rows: Sequence[Said], numbers: frozenset[int], code: str) -> Figure:
    """Who was asked for a reason: those with a low answer."""
    place = LAYOUT.index_of(code)
    return frozenset(
        ((n, at), code) for n in numbers for at, one in enumerate(rows[n]) if one[place]
    )


def test_no_combination_of_reasons_rests_on_fewer_than_ten_low_answers() -> None:
    rng, told = random.Random(59), 0
    for _ in range(60):
        rows = drawn(rng)
        figures = {
            giving(rows, numbers, code)
            for numbers, columns in quarter(rows)
            for code in REASONS
            if f"i:{code}" in columns
        }
        assert fewest(figures, K) is None
        told += len(figures)
        numbers = {len(of) for of, columns in quarter(rows) if columns & {"i:A1_W", "i:A1_F"}}
        assert numbers <= {1, 2, 3, 4}
    assert told > 30


def rank(vectors: Sequence[Mapping[int, int]]) -> int:
    """Of how many of these none is a combination of others."""
    left = [{key: Fraction(value) for key, value in one.items()} for one in vectors]
    found = 0
    while left:
        row = {key: value for key, value in left.pop().items() if value}
        if not row:
            continue
        found += 1
        pivot, by = next(iter(row.items()))
        left = [
            {key: one.get(key, 0) - one.get(pivot, 0) / by * row.get(key, 0) for key in one | row}
            for one in left
        ]
    return found


def test_how_many_were_asked_for_reasons_adds_nothing_to_what_levels_tell() -> None:
    """Each number of low answers is a sum of numbers that stand in bars already.

    Else not satisfied less low answers would be the middle ones, one or two of them.
    """
    rng, together = random.Random(60), 0
    for _ in range(60):
        shown = quarter(drawn(rng))
        known = [dict.fromkeys(of, 1) for of, columns in shown if "2:A1" in columns]
        asked = [dict.fromkeys(of, 1) for of, columns in shown if columns & {"i:A1_W", "i:A1_F"}]
        assert rank([*known, *asked]) == rank(known)
        together += sum(len(one) > 1 for one in asked)
    assert together > 5


def test_who_leaves_is_asked_as_whoever_shows() -> None:
    assert told_apart(sums(usual()), "A1_W", K, nobody=True)
    assert not told_apart(sums(usual()), "A1_W", K)
    assert told_apart(sums(usual(12)), "A1_W", K, nobody=True)
    assert not told_apart(sums(usual(12)), "A1_W", K)
    assert not told_apart(sums(usual(12, 1)), "A1_W", K, nobody=True)
