"""What opens for rows of real sums tells of nobody, and each bound beside the proof is kept."""

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pytest

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.rows import Row, open_together, surely_two, unfold
from tests.reports.sipas.hiding.combining import Figure, fewest

CRITERIA = {"A": ("A1", "A2"), "B": ("B1", "B2"), "C": ("C1",), "E": ("E1", "E2")}
CODES = [code for codes in CRITERIA.values() for code in codes]
LAYOUT = Layout(
    (
        *(Item(c, "satisfaction", f, "services") for f, codes in CRITERIA.items() for c in codes),
        Item("Q", "choice"),
    ),
    instrument="rows",
)
PLAIN = (
    5  # everybody is satisfied, or enough people are not: the smaller side is not looked at here
)


def sums(people: Sequence[Sequence[int]]) -> Sums:
    return count(LAYOUT, np.array(people, dtype=np.uint8).reshape(-1, LAYOUT.n_items))


def drawn(rng: random.Random, k: int, number: int = 0, **share: float) -> list[list[list[int]]]:
    """Rows of blocks: in each k people answered A1 and another factor."""
    share = {f: rng.choice((0.05, 0.15, 0.4, 0.9, 1.0)) for f in CRITERIA} | {"B": 1.0} | share
    rows = []
    for _ in range(number or rng.randint(2, 4)):
        given = {code: rng.choice((0.2, 0.8, 0.95)) for code in [*CODES, "Q"]}
        people = []
        for nth in range(rng.randint(k, 3 * k)):
            answers = {
                c: PLAIN
                for f, codes in CRITERIA.items()
                if rng.random() < share[f]
                for c in codes
                if rng.random() < given[c]
            }
            if nth < k or rng.random() < 0.8:
                answers |= {"A1": PLAIN, "B1": PLAIN}
            people.append([answers.get(c, 0) for c in CODES] + [int(rng.random() < given["Q"])])
        rows.append(people)
    return rows


Together = tuple[Sequence[int], Sequence[int]]


def one_quarter(rows: Sequence[object]) -> list[Together]:
    """What comes together: a quarter of all rows but one, then the year of all."""
    return [(range(len(rows) - 1), ()), (range(len(rows)), ())]


def a_year(quarters: Sequence[Sequence[object]]) -> list[Together]:
    """What comes together: each quarter, the last one beside what waits in the others; the year."""
    found: list[Together] = []
    begin = 0
    for rows in quarters:
        found.append((range(begin, begin + len(rows)), ()))
        begin += len(rows)
    found[-1] = (found[-1][0], range(found[-1][0][0]))
    return [*found, (range(begin), ())]


def shown(
    rows: Sequence[Sequence[Sequence[int]]], k: int, ends: Sequence[Together]
) -> Iterator[Figure]:
    """Every figure of these rows after the ends of their periods.

    ends: in their order, which rows come together, and beside which earlier ones.
    """
    everybody = {(r, n): said for r, row in enumerate(rows) for n, said in enumerate(row)}

    def of(numbers: Sequence[int], column: str) -> Figure:
        kind, code = column.split(":")
        codes = CRITERIA[code] if kind in "fp" else [code]
        answers = set()
        for person, said in everybody.items():
            told = [c for c in codes if said[LAYOUT.index_of(c)]]
            if person[0] in numbers:
                answers |= {(person, c) for c in told}
                if kind == "p":  # who answered two of them: Σy² holds 2 y₁y₂
                    answers |= {(person, f"{a} {b}") for a, b in combinations(told, 2)}
        return frozenset(answers)

    for number in range(len(rows)):
        yield frozenset().union(*(of([number], f"f:{f}") for f in CRITERIA))
    parted = [sums(row) for row in rows]
    unfolded = [unfold(one, k) for one in parted]
    has = [set(one.columns) for one in unfolded]
    for number, one in enumerate(unfolded):
        yield from (of([number], column) for column in one.columns if column[0] in "fpi")
    for within, earlier in ends:
        waiting, before = (
            [Row(n, parted[n], frozenset(has[n]), unfolded[n].closed) for n in some]
            for some in (within, earlier)
        )
        for numbers, columns in open_together(waiting, k, before):
            for number in numbers:
                assert not columns & has[number], "nothing opens twice"
                has[number] |= columns
            yield from (of(numbers, column) for column in columns if column[0] in "fpi")


@pytest.mark.parametrize("k", [2, 3, 4])
def test_no_combination_rests_on_fewer_than_k_people(k: int) -> None:
    rng = random.Random(1300 + k)
    seen = set()
    for _ in range(60):
        rows = drawn(rng, k)
        figures = set(shown(rows, k, one_quarter(rows))) - {frozenset()}
        assert fewest(figures, k) is None
        seen.add(len(figures))
    assert len(seen) > 5  # and the rows differ in what they show


@pytest.mark.parametrize("k", [2, 3, 4])
def test_nor_does_one_of_a_year_whose_last_quarter_takes_in_what_waits(k: int) -> None:
    rng, tried = random.Random(1700 + k), 0
    while tried < 8:
        rows = drawn(rng, k, 6, C=1.0, E=0.3)
        ends = a_year([rows[:2], rows[2:4], rows[4:]])
        figures = set(shown(rows, k, ends))
        if figures != set(shown(rows, k, [(within, ()) for within, _ in ends])):
            assert fewest(figures - {frozenset()}, k) is None
            tried += 1


def people(number: int, **answers: int) -> list[list[int]]:
    """So many people who all answer alike; 5 where nothing is said, E left out."""
    usual = dict.fromkeys(CODES, 5) | {"E1": 0, "E2": 0, "Q": 0} | answers
    return [[usual[code] for code in [*CODES, "Q"]]] * number


def columns(*some: list[list[int]]) -> frozenset[str]:
    return unfold(sums([one for group in some for one in group]), 10).columns


def test_a_rare_factor_takes_a_partner_with_it() -> None:
    row = unfold(sums(people(20) + people(3, E1=5, E2=4)), 10)
    assert row.closed == ("C", "E")
    assert {"f:A", "f:B"} <= row.columns
    assert not {"f:C", "f:E"} & row.columns


def test_what_is_closed_opens_with_rows_of_the_same_and_not_with_others() -> None:
    three = sums(people(20) + people(3, E1=5, E2=4))
    eight = sums(people(20) + people(8, E1=5, E2=4))
    alone = unfold(three, 10).columns
    rows = [Row(1, three, alone, ("C", "E")), Row(2, eight, alone, ("C", "E"))]
    ((numbers, opened),) = open_together(rows, 10)
    assert numbers == (1, 2)
    assert {"f:C", "f:E"} <= opened
    other = [rows[0], Row(2, eight, alone, ("B", "E"))]
    assert not any("f:E" in opened for _, opened in open_together(other, 10))


def test_what_would_be_left_alone_in_the_year_opens_with_its_last_quarter() -> None:
    def row(number: int, size: int, of_e: int) -> Row:
        of = sums(people(size - of_e) + people(of_e, E1=5, E2=4))
        unfolded = unfold(of, 10)
        return Row(number, of, unfolded.columns, unfolded.closed)

    def together(*earlier: Row, last: tuple[Row, ...]) -> list[tuple[int, ...]]:
        opened = open_together(last, 10, earlier)
        return [numbers for numbers, columns in opened if "f:E" in columns]

    spring, autumn = row(1, 30, 8), (row(7, 30, 5), row(8, 30, 6))
    assert together(spring, last=autumn) == [(1, 7, 8)]
    assert together(last=autumn) == [(7, 8)]
    # both of spring and summer open with the year, and autumn by itself
    assert together(spring, row(4, 30, 9), last=autumn) == [(7, 8)]
    # spring is 30 of 190 people, and the year shows the others
    assert together(spring, row(4, 100, 40), last=autumn) == [(7, 8)]
    # what is closed in it is something else
    no_c = sums(people(22, C1=0) + people(8, C1=0, E1=5, E2=4))
    other = Row(1, no_c, unfold(no_c, 10).columns, unfold(no_c, 10).closed)
    assert other.closed == ("B", "E")
    assert together(other, last=autumn) == [(7, 8)]
    # too few all in all: everybody waits
    assert together(row(1, 30, 3), last=(row(7, 30, 5),)) == []


def test_criteria_wait_where_one_or_two_people_are_on_a_side_of_all_answers() -> None:
    assert "i:A1" in columns(people(20))
    assert "i:A1" in columns(people(20), people(3, A1=1))
    for few in (people(1, A1=1), people(2, A1=3), people(1, A1=1, A2=1, B1=2)):
        assert not {"i:A1", "i:B1"} & columns(people(20), few)
        assert {"f:A", "f:B"} <= columns(people(20), few)
    # three people, each dissatisfied with something else: no bar is one person's form
    assert "i:A1" in columns(people(20), people(1, A1=1), people(1, A2=1), people(1, B1=1))
    # three, of whom one gave nearly all such answers, are not surely three
    one = dict.fromkeys(CODES[:5], 1)
    assert "i:A1" not in columns(people(20), people(1, **one), people(1, A1=1), people(1, B1=1))
    dissatisfied = dict.fromkeys(CODES[:5], 1)
    assert "i:A1" not in columns(
        people(20, **dissatisfied), people(2, **(dissatisfied | {"A1": 5}))
    )
    row = sums(people(20) + people(2, A1=1))
    alone = unfold(row, 10).columns
    ((numbers, opened),) = open_together([Row(1, row, alone), Row(2, row, alone)], 10)
    assert numbers == (1, 2)
    assert {"i:A1", "i:A2", "i:B1"} <= opened


def test_how_answers_hang_together_is_shown_of_ten_people_or_of_nobody() -> None:
    nine = people(9) + people(11, A2=0)
    assert "p:A" not in unfold(sums(nine), 10).columns
    assert "p:A" in unfold(sums(people(10) + people(11, A2=0)), 10).columns
    assert "p:C" in unfold(sums(nine), 10).columns  # one criterion: nobody answered two
    assert surely_two(sums(people(10, B2=0) + people(4, A1=0, A2=0)), "A") == 10


def test_answers_are_told_apart_from_a_hundred_on_with_three_on_each_side() -> None:
    def stages(number: int, **few: int) -> set[str]:
        some = [people(number, A1=4), people(number)]
        some += [people(count, A1=int(answer[1])) for answer, count in few.items()]
        return {column[0] for column in columns(*some) if column[1:] == ":A1"}

    assert stages(49) == {"i"}
    assert stages(50) == {"i", "1"}
    assert stages(50, a3=3) == {"i", "1"}
    assert stages(50, a3=3, a2=3) == {"i", "1", "2"}
    assert stages(50, a3=3, a2=3, a1=3) == {"i", "1", "2", "3"}
    assert stages(50, a3=3, a2=3, a1=2) == {"i", "1", "2"}


def test_a_question_outside_the_index_waits_until_ten_people_answered() -> None:
    row = sums(people(20) + people(6, Q=1))
    alone = unfold(row, 10).columns
    assert "i:Q" not in alone
    assert "i:Q" in columns(people(20), people(10, Q=2))
    ((numbers, opened),) = open_together([Row(1, row, alone), Row(2, row, alone)], 10)
    assert (numbers, opened) == ((1, 2), frozenset({"i:Q"}))
    assert open_together([Row(1, row, alone)], 10) == []


def test_a_row_whose_anchor_too_few_answered_shows_its_headline_only() -> None:
    few = people(9) + people(6, A1=0, A2=0)
    assert unfold(sums(few), 10).columns <= {"i:Q"}
