import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.sipas.comparing.difference import (
    DEGREES,
    Estimate,
    difference,
    estimate,
    from_whole,
    table_degrees,
    welch_degrees,
)
from reports.sipas.counts.sums import Sums, count
from reports.sipas.index import interval
from reports.sipas.index.interval import UNKNOWN, score_limits
from reports.sipas.index.quantile import t_tail
from tests.reports.sipas.forms import SERVICES
from tests.reports.sipas.people import form, known, moments, offices, plain, survey


def of_many(satisfied: int, people: int) -> Estimate:
    """A textbook proportion with the normal distribution, as good as: 10^6 degrees of freedom."""
    return Estimate(Fraction(satisfied, people), people, float(people), 1e6)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 5.24, 33.39),
        ((9, 10), (3, 10), 17.05, 80.90),
        ((5, 56), (0, 29), -3.81, 19.26),
        ((10, 10), (0, 20), 67.91, 100.0),
    ],
)
def test_intervals_are_newcombes_and_a_little_wider_outwards(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, table II, method 10: four of the contrasts; ours allow for skewness."""
    found = difference(of_many(*one), of_many(*other))
    assert low - 1.4 <= found.low <= low + 0.01
    assert high - 0.01 <= found.high <= high + 1.4


def test_an_interval_is_put_together_from_those_of_both_figures() -> None:
    """MOVER by hand, from the limits of 9 of 10 and 3 of 10."""
    q = 1.959963984540054
    (low_a, high_a), (low_b, high_b) = score_limits(0.9, 10, q), score_limits(0.3, 10, q)
    found = difference(of_many(9, 10), of_many(3, 10))
    assert found.low == pytest.approx(60 - math.hypot(90 - low_a, high_b - 30), abs=0.01)
    assert found.high == pytest.approx(60 + math.hypot(high_a - 90, 30 - low_b), abs=0.01)


@given(offices, offices)
def test_interval_and_p_value_never_contradict_each_other(one: Estimate, other: Estimate) -> None:
    found = difference(one, other)
    assert -100 - 1e-9 <= found.low <= float(found.value) <= found.high <= 100 + 1e-9
    assert 0 < found.p <= 1
    if abs(found.p - 0.05) > 1e-6:
        assert (found.p > 0.05) == (found.low <= 0 <= found.high)


@given(offices, offices)
def test_the_other_way_round_is_the_same_with_the_sign_turned(
    one: Estimate, other: Estimate
) -> None:
    there, back = difference(one, other), difference(other, one)
    assert there.value == -back.value
    assert there.low == pytest.approx(-back.high)
    assert there.p == pytest.approx(back.p)


@given(offices)
def test_a_figure_does_not_differ_from_its_like(one: Estimate) -> None:
    found = difference(one, one)
    assert found.value == 0
    assert found.p == 1
    assert found.low < 0 < found.high


@given(st.integers(1, 40), st.integers(1, 40))
def test_all_satisfied_against_all_satisfied_is_no_difference(n: int, m: int) -> None:
    found = difference(known([(4, 4)] * n), known([(4, 4)] * m))
    assert found.p == 1
    assert found.low < 0 < found.high


def test_one_unhappy_person_is_no_proof() -> None:
    most_satisfied = known([(4, 4)] * 4000 + [(0, 4)] * 1000)
    assert difference(known([(0, 4)]), most_satisfied).p > 0.2
    assert difference(known([(0, 4)]), known([(4, 4)])).p > 0.15


def test_a_hundred_unhappy_people_are() -> None:
    found = difference(known([(0, 4)] * 100), known([(4, 4)] * 100))
    assert found.value == -100
    assert found.p < 1e-12
    assert found.high < -90


def test_the_estimate_is_that_of_the_interval() -> None:
    forms = [(4, 4), (2, 4), (0, 2), (3, 3), (4, 4)]
    limits = interval.ratio(len(forms), moments(forms))
    one = known(forms)
    assert limits is not None
    assert one.share == Fraction(13, 17)
    assert one.interval() == pytest.approx((limits.low, limits.high))
    assert one.effective_n == limits.effective_n
    assert estimate(3, moments([(0, 0)] * 3)) is None


@pytest.mark.parametrize("truth", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("people", [(10, 10), (10, 300), (30, 30), (100, 100)])
def test_chance_alone_is_seldom_called_real(people: tuple[int, int], truth: float) -> None:
    rng = np.random.default_rng(20_260_701)
    ones, others = (survey(rng, n, truth, 1000) for n in people)
    called = 0
    for one, other in zip(ones, others, strict=True):
        here, there = estimate(people[0], one), estimate(people[1], other)
        assert here is not None
        assert there is not None
        called += difference(here, there).p <= 0.05
    assert called <= 70  # 50 expected of an exact test; three deviations


def test_p_values_come_near_those_of_a_score_test() -> None:
    """200 of 250 against 170 of 250: Pearson's chi-squared without correction gives 0.0021."""
    table = [[200, 50], [170, 80]]
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert difference(of_many(200, 250), of_many(170, 250)).p == pytest.approx(expected, rel=0.15)


@given(st.floats(0, 60), st.floats(0.5, 1e6))
def test_the_tail_is_students(t: float, degrees: float) -> None:
    assert t_tail(t, degrees) == pytest.approx(stats.t.sf(t, degrees), rel=1e-8, abs=1e-300)


def test_degrees_of_freedom_are_welchs_rounded_down() -> None:
    one, other = plain(8, 10), plain(16, 20)
    v, w = 9 / 12 * 3 / 12 / 12, 17 / 22 * 5 / 22 / 22
    exact = (v + w) ** 2 / (v**2 / 9 + w**2 / 19)
    assert welch_degrees(one, other) == math.floor(exact)
    assert welch_degrees(plain(15, 30), plain(15, 30)) == 55  # 58, and the table has 55 and 60
    assert [table_degrees(d) for d in (0.2, 1.0, 44.9, 1e9)] == [1.0, 1.0, 40.0, 1e6]


@given(st.floats(1, 1e7))
def test_the_table_never_gives_more_degrees_than_there_are(degrees: float) -> None:
    assert table_degrees(degrees) in DEGREES
    assert table_degrees(degrees) <= degrees * (1 + 1e-9)


@given(
    st.lists(st.lists(st.integers(1, 5), min_size=16, max_size=16), min_size=1, max_size=8),
    st.lists(st.lists(st.integers(1, 5), min_size=16, max_size=16), min_size=1, max_size=8),
)
def test_a_part_is_held_against_the_rest_of_its_whole(
    here: list[list[int]], elsewhere: list[list[int]]
) -> None:
    part = count(SERVICES, np.array(here, dtype=np.uint8))
    rest = count(SERVICES, np.array(elsewhere, dtype=np.uint8))
    group = SERVICES.group_of("overall")
    found = from_whole(part, part + rest, group)
    ours = estimate(part.people, part.moments[group])
    theirs = estimate(rest.people, rest.moments[group])
    whole = (part + rest).moments[group]
    assert found is not None
    assert ours is not None
    assert theirs is not None
    assert found.value == 100 * (ours.share - Fraction(int(whole[0]), int(whole[1])))
    assert found.p == difference(ours, theirs).p
    assert found.low <= float(found.value) + 1e-9 <= found.high + 2e-9


def test_a_part_without_squares_is_held_against_its_rest_as_well() -> None:
    part, rest = count(SERVICES, bytes([5] * 16) * 30), count(SERVICES, bytes([5, 2] * 8) * 30)
    whole = part + rest
    known_all = from_whole(part, whole, 0)
    for sums in (part, whole):
        sums.moments[:, 2:] = UNKNOWN
    found = from_whole(part, whole, 0)
    assert found is not None
    assert known_all is not None
    assert found.value == known_all.value
    assert found.low <= known_all.low


def test_the_whole_is_not_held_against_itself() -> None:
    part = count(SERVICES, bytes([5] * 16) * 3)
    assert from_whole(part, part, 0) is None
    assert from_whole(Sums.zero(SERVICES), part, 0) is None
    with pytest.raises(ValueError, match="more answers"):
        from_whole(part, count(SERVICES, bytes([5] * 16)), 0)


@given(st.lists(form, min_size=2, max_size=20))
def test_more_people_of_the_same_kind_make_a_difference_surer(forms: list[tuple[int, int]]) -> None:
    base = known([(3, 4)] * 400)
    one, many = known(forms), known(forms * 30)
    narrow, wide = difference(many, base), difference(one, base)
    assert narrow.value == wide.value
    assert narrow.high - narrow.low < wide.high - wide.low
