from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.sipas.comparing.difference import Estimate, difference, estimate
from reports.sipas.comparing.ranking import Rank, competition_ranks, ranks, really_better
from tests.reports.sipas.people import known, offices, survey

several = st.lists(offices, min_size=1, max_size=7)
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def test_equals_share_the_better_rank() -> None:
    assert competition_ranks([HALF, Fraction(9, 10), HALF, THIRD]) == [2, 1, 2, 4]
    assert competition_ranks([]) == []


def test_what_rounding_would_make_equal_is_not() -> None:
    """83.074 and 83.066 are both published as 83.07."""
    assert competition_ranks([Fraction(83066, 100000), Fraction(83074, 100000)]) == [2, 1]
    nearly = Fraction(10**30 + 1, 3 * 10**30)
    assert competition_ranks([THIRD, nearly]) == [2, 1]


@given(st.lists(st.fractions(0, 1, max_denominator=6), max_size=20))
def test_ranks_are_scipys(values: list[Fraction]) -> None:
    expected = stats.rankdata([-float(value) for value in values], method="min")
    assert competition_ranks(values) == list(expected)


@given(several)
def test_every_rank_lies_in_its_interval(estimates: list[Estimate]) -> None:
    for found in ranks(estimates):
        assert 1 <= found.best <= found.rank <= found.worst <= len(estimates)


@given(several)
def test_the_order_of_the_list_does_not_matter(estimates: list[Estimate]) -> None:
    assert ranks(estimates[::-1]) == ranks(estimates)[::-1]


@given(several)
def test_holm_is_never_less_sure_than_bonferroni(estimates: list[Estimate]) -> None:
    for holm, plain in zip(ranks(estimates), ranks(estimates, step_down=False), strict=True):
        assert plain.best <= holm.best <= holm.worst <= plain.worst


@given(several)
def test_really_better_is_what_the_single_comparisons_say(estimates: list[Estimate]) -> None:
    """Bonferroni over the ordered pairs: the one-sided p value is half of the two-sided one."""
    found = really_better(estimates, step_down=False)
    pairs = len(estimates) * (len(estimates) - 1)
    for i, one in enumerate(estimates):
        for j, other in enumerate(estimates):
            if i == j:
                assert not found[i, j]
                continue
            p = difference(one, other).p / 2
            if abs(p * pairs - 0.05) > 1e-6:
                assert found[i, j] == (one.share > other.share and p * pairs < 0.05)


def test_one_and_none() -> None:
    assert ranks([]) == []
    assert ranks([known([(4, 4)])]) == [Rank(1, 1, 1)]


def test_few_people_may_be_anywhere() -> None:
    tiny = [known([(4, 4)] * 10), known([(3, 4)] * 10), known([(4, 4)] * 8 + [(2, 4)] * 2)]
    assert [(r.best, r.worst) for r in ranks(tiny)] == [(1, 3)] * 3


def test_three_that_really_differ_and_one_that_nobody_knows() -> None:
    good, middle = known([(4, 4)] * 950 + [(0, 4)] * 50), known([(4, 4)] * 800 + [(0, 4)] * 200)
    bad, unknown = known([(4, 4)] * 500 + [(0, 4)] * 500), known([(4, 4)] * 8 + [(0, 4)] * 2)
    assert ranks([middle, unknown, bad, good]) == [
        Rank(2, 2, 3),
        Rank(2, 1, 4),
        Rank(4, 3, 4),
        Rank(1, 1, 2),
    ]


def test_step_down_finds_what_bonferroni_misses() -> None:
    """Once the far ones are told apart, fewer pairs are left to be careful about."""
    far = [known([(4, 4)] * (100 * k) + [(0, 4)] * (1000 - 100 * k)) for k in (1, 3, 5, 7)]
    near = [known([(4, 4)] * 940 + [(0, 4)] * 60), known([(4, 4)] * 906 + [(0, 4)] * 94)]
    holm, plain = really_better([*far, *near]), really_better([*far, *near], step_down=False)
    assert holm[4, 5]
    assert not plain[4, 5]


def test_the_intervals_of_all_hold_together() -> None:
    """Twelve offices, three truly equal groups: nearly always every true rank is inside."""
    rng = np.random.default_rng(7)
    truths = [0.6] * 4 + [0.8] * 4 + [0.93] * 4
    drawn = [survey(rng, 150, truth, 200) for truth in truths]
    held = 0
    for repetition in range(200):
        estimates = [estimate(150, moments[repetition]) for moments in drawn]
        found = ranks([one for one in estimates if one is not None])
        held += all(
            rank.best <= 1 + sum(t > truth for t in truths)
            and rank.worst >= len(truths) - sum(t < truth for t in truths)
            for rank, truth in zip(found, truths, strict=True)
        )
    assert held >= 185
