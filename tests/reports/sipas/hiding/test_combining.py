"""The attacker finds what a blind search through small combinations finds, and finds leaking rules.

The blind search knows nothing of elimination: it tries every combination of a small office's
figures with whole coefficients from -2 to 2.
"""

import random
from collections.abc import Collection, Sequence
from itertools import product

import numpy as np
import pytest

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import count
from reports.sipas.hiding.rows import Row, open_together, unfold
from tests.reports.sipas.hiding.combining import Answer, Figure, Person, answers_of, fewest

FEW = ("A1", "B1", "E1")
LAYOUT = Layout(tuple(Item(c, "satisfaction", c[0], "services") for c in FEW), instrument="few")
SHOWN = (FEW, *((code,) for code in FEW))  # the headline, and each criterion
MOST = 8  # figures of a story: 5 ** 8 combinations are tried
People = dict[Person, Collection[str]]


def searched(figures: Collection[Figure]) -> int:
    """The fewest people behind any combination with coefficients from -2 to 2."""
    shown = sorted(figures, key=lambda figure: (len(figure), sorted(map(str, figure))))
    answers: list[Answer] = sorted(frozenset().union(*shown), key=str)
    people = sorted({person for person, _ in answers}, key=str)
    stands = np.array([[one in figure for one in answers] for figure in shown], dtype=np.int8)
    tried = np.array(list(product(range(-2, 3), repeat=len(shown))), dtype=np.int8)
    weighs = (tried @ stands) != 0
    whose = np.array([people.index(person) for person, _ in answers])
    behind = sum(weighs[:, whose == one].any(axis=1).astype(np.int8) for one in range(len(people)))
    return int(behind[behind > 0].min())


def drawn(rng: random.Random) -> list[People]:
    """Two months of three to five people each, who answered A1 and perhaps other criteria."""
    months: list[People] = []
    first = 0
    for _ in range(2):
        share = {"B1": rng.choice((0.5, 0.9, 1.0)), "E1": rng.choice((0.2, 0.5, 0.9))}
        size = rng.randint(3, 5)
        months.append(
            {
                person: {"A1"} | {code for code, likely in share.items() if rng.random() < likely}
                for person in range(first, first + size)
            }
        )
        first += size
    return months


def ruled(months: Sequence[People], k: int) -> set[Figure]:
    """What the rules show of these months and of their quarter."""
    sums = [
        count(LAYOUT, bytes(5 * (code in said) for said in month.values() for code in FEW))
        for month in months
    ]
    alone = [unfold(one, k) for one in sums]
    found = {answers_of(month, FEW) for month in months}
    for month, one in zip(months, alone, strict=True):
        found |= {answers_of(month, [f"{c[2:]}1"]) for c in one.columns if c.startswith("f:")}
    rows = [Row(n, sums[n], one.columns, one.closed) for n, one in enumerate(alone)]
    for numbers, columns in open_together(rows, k):
        together = {person: said for n in numbers for person, said in months[n].items()}
        found |= {answers_of(together, [f"{c[2:]}1"]) for c in columns if c.startswith("f:")}
    return found - {frozenset()}


@pytest.mark.parametrize("k", [2, 3])
def test_no_small_combination_of_what_the_rules_show_rests_on_fewer_than_k(k: int) -> None:
    rng, tried = random.Random(60 + k), 0
    while tried < 15:
        figures = ruled(drawn(rng), k)
        if len(figures) <= MOST:
            assert fewest(figures, k) is None
            assert searched(figures) >= k
            tried += 1


@pytest.mark.parametrize("k", [2, 3])
def test_the_attacker_agrees_with_the_blind_search_where_figures_leak(k: int) -> None:
    rng, outcomes = random.Random(70 + k), []
    for _ in range(25):
        months = drawn(rng)
        together = months[0] | months[1]
        wholes = [answers_of(of, codes) for of in (*months, together) for codes in SHOWN]
        every = sorted(set(wholes) - {frozenset()}, key=lambda f: sorted(map(str, f)))
        figures = rng.sample(every, min(len(every), rng.randint(3, 6)))
        outcomes.append(searched(figures) < k)
        assert (fewest(figures, k) is not None) == outcomes[-1]
    assert set(outcomes) == {False, True}


def month(first: int, **answering: int) -> People:
    """People from number `first` on: so many answered each criterion, the first ones of them."""
    return {
        first + nth: {code for code, people in answering.items() if nth < people}
        for nth in range(max(answering.values()))
    }


def figures_of(of: People, *factors: str) -> set[Figure]:
    return {answers_of(of, [code]) for code in factors}


ALL = ("A1", "B1", "C1", "E1")
JANUARY = month(0, A1=30, B1=26, C1=22, E1=6)
FEBRUARY = month(100, A1=30, B1=22, C1=26, E1=7)


def test_a_partner_chosen_by_month_is_found_out() -> None:
    """The fewest answers close C in January and B in February; they open with the quarter."""
    headlines = {answers_of(JANUARY, ALL), answers_of(FEBRUARY, ALL)}
    quarter = JANUARY | FEBRUARY
    chosen = figures_of(JANUARY, "A1", "B1") | figures_of(FEBRUARY, "A1", "C1")
    opened = figures_of(quarter, "A1", "B1", "C1", "E1")
    assert fewest(headlines | chosen | opened, 10) in (few(JANUARY), few(FEBRUARY))
    last = figures_of(JANUARY, "A1", "B1") | figures_of(FEBRUARY, "A1", "B1")
    assert fewest(headlines | last | opened, 10) is None


def few(of: People) -> frozenset[Person]:
    """Who answered E1."""
    return frozenset(person for person, said in of.items() if "E1" in said)


def test_an_anchor_that_is_shown_early_is_found_out() -> None:
    """A row without a partner shows its headline only; beside its anchor the rest is of a few."""
    row = month(0, A1=30, E1=6)
    headline = answers_of(row, ALL)
    assert fewest({headline}, 10) is None
    assert fewest({headline, *figures_of(row, "A1")}, 10) == few(row)


def test_a_revision_that_only_moves_by_ten_people_is_found_out() -> None:
    """Ten of the first block leave and two of the second; days go on to show the blocks."""
    blocks = [month(0, A1=10, B1=10), month(100, A1=20, B1=20)]
    leaving = {*range(10), 100, 101}
    whole: People = blocks[0] | blocks[1]
    stays = {person: said for person, said in whole.items() if person not in leaving}
    shown = {answers_of(block, ALL) for block in blocks} | {answers_of(whole, ALL)}
    assert fewest(shown, 10) is None
    assert fewest(shown | {answers_of(stays, ALL)}, 10) == frozenset({100, 101})
    of_one_block = {person: said for person, said in whole.items() if person not in range(100, 110)}
    assert fewest(shown | {answers_of(of_one_block, ALL)}, 10) is None
