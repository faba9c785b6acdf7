from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from reports.sipas.counts.layout import Kind, Layout, Method
from reports.sipas.counts.sums import count
from reports.sipas.index import headline, interval, percentages
from tests.reports.sipas.forms import SERVICES, SERVICES_2026, criteria

ITEMS = criteria(SERVICES_2026, "services")
FORMS = {method: Layout(ITEMS, instrument=method.value, method=method) for method in Method}
MEANS = [Method.MEAN_OF_CRITERIA, Method.MEAN_OF_FACTORS]
SERVICE: tuple[Kind, str] = ("component", "services")

answers = arrays(np.uint8, st.tuples(st.integers(1, 12), st.just(16)), elements=st.integers(0, 9))
complete = arrays(np.uint8, st.tuples(st.integers(1, 12), st.just(16)), elements=st.integers(1, 5))


def test_a_figure_is_put_together_as_its_instrument_says() -> None:
    """Synthetic: ten people, all satisfied with A to D; two of them were asked E and were not."""
    packed = np.full((10, 16), 5, dtype=np.uint8)
    packed[:2, 13:], packed[2:, 13:] = 1, 8
    shares = {m: percentages.of_group(count(form, packed), *SERVICE) for m, form in FORMS.items()}
    assert shares == {
        Method.POOLED: Fraction(130, 136),
        Method.MEAN_OF_CRITERIA: Fraction(13, 16),
        Method.MEAN_OF_FACTORS: Fraction(4, 5),
    }


@given(answers)
def test_pooled_limits_are_those_of_the_ratio(packed: NDArray[np.uint8]) -> None:
    sums = count(FORMS[Method.POOLED], packed)
    assert headline.limits(sums, *SERVICE) == interval.group(sums, *SERVICE)
    assert percentages.weighting(sums, *SERVICE) == 1.0


@given(complete)
def test_without_blanks_the_mean_of_criteria_is_the_pooled_figure(
    packed: NDArray[np.uint8],
) -> None:
    pooled, mean = (count(FORMS[m], packed) for m in (Method.POOLED, Method.MEAN_OF_CRITERIA))
    for kind, code in (SERVICE, ("factor", "E"), ("overall", "")):
        assert percentages.of_group(mean, kind, code) == percentages.of_group(pooled, kind, code)
        assert headline.limits(mean, kind, code) == headline.limits(pooled, kind, code)


@given(answers, st.sampled_from(MEANS))
def test_limits_hold_the_value_and_are_no_narrower_than_equal_weights(
    packed: NDArray[np.uint8], method: Method
) -> None:
    sums = count(FORMS[method], packed)
    share = percentages.of_group(sums, *SERVICE)
    limits, pooled = headline.limits(sums, *SERVICE), interval.group(sums, *SERVICE)
    if share is None:
        assert limits is None
        assert pooled is None
        return
    assert limits is not None
    assert pooled is not None
    assert 0 <= limits.low <= 100 * share + 1e-9
    assert 100 * share - 1e-9 <= limits.high <= 100
    assert limits.effective_n <= pooled.effective_n * (1 + 1e-12)
    assert percentages.weighting(sums, *SERVICE) >= 1 - 1e-12


def test_a_mean_of_factors_leaves_one_factor_pooled() -> None:
    packed = np.array([[5] * 16, [5, 0, 0, *[2] * 13]], dtype=np.uint8)
    sums = count(FORMS[Method.MEAN_OF_FACTORS], packed)
    assert percentages.of_group(sums, "factor", "A") == Fraction(4, 4)
    assert headline.limits(sums, "factor", "A") == interval.group(sums, "factor", "A")


def test_the_weighting_is_that_of_unequal_answers_by_hand() -> None:
    """100 answers to one question and 10 to the other: 110 / 4 · (1/100 + 1/10) = 3.025."""
    form = Layout(criteria({"A": 2}, "services"), method=Method.MEAN_OF_CRITERIA)
    packed = np.array([[5, 4]] * 10 + [[5, 0]] * 90, dtype=np.uint8)
    assert percentages.weighting(count(form, packed), *SERVICE) == pytest.approx(3.025)


def test_no_answer_has_no_limits_under_any_method() -> None:
    for form in FORMS.values():
        sums = count(form, bytes([9] * 16))
        assert headline.limits(sums, *SERVICE) is None
        assert percentages.weighting(sums, *SERVICE) == 1.0


@pytest.mark.parametrize("method", MEANS)
@pytest.mark.parametrize("asked", [0.3, 0.05])
def test_intervals_of_means_cover_the_truth(method: Method, asked: float) -> None:
    """100 people, 90 % satisfied, within-person correlation 0.4; few were asked factor E."""
    rng = np.random.default_rng(20_260_702)
    repetitions, people, truth, spread = 400, 100, 0.9, (1 - 0.4) / 0.4
    persons = rng.beta(truth * spread, (1 - truth) * spread, size=(repetitions, people, 1))
    packed = np.where(rng.random((repetitions, people, 16)) < persons, 5, 2).astype(np.uint8)
    packed[:, :, 13:][rng.random((repetitions, people)) > asked] = 8
    limits = [headline.limits(count(FORMS[method], forms), *SERVICE) for forms in packed]
    covered = [i is not None and i.low <= 100 * truth <= i.high for i in limits]
    assert np.mean(covered) >= 0.94


def test_a_score_says_which_method_made_it() -> None:
    three = Layout(ITEMS, frozenset({3}), frozenset({1, 2, 3}))
    longest = Layout(
        ITEMS, frozenset({3, 4, 5}), frozenset({2, 3, 4, 5}), method=Method.MEAN_OF_CRITERIA
    )
    assert headline.method_name(SERVICES) == "pooled-45-3"
    assert headline.method_name(FORMS[Method.MEAN_OF_FACTORS]) == "mean_of_factors-45-3"
    assert headline.method_name(three) == "pooled-3of123-3"
    assert len(headline.method_name(longest)) <= 32
    assert headline.method_name(SERVICES, 2) == "pooled-45-2"


def test_what_an_earlier_revision_published_keeps_its_limits() -> None:
    """Two of forty are dissatisfied throughout: the limits that 0.1.0 gave, to four places."""
    packed = np.full((40, 16), 5, dtype=np.uint8)
    packed[:2] = 2
    sums = count(SERVICES, packed)
    before, now = (headline.limits(sums, *SERVICE, revision=known) for known in (2, 3))
    assert before is not None
    assert now is not None
    assert (before.low, before.high) == pytest.approx((83.4201, 98.6834), abs=1e-4)
    assert now.low < before.low
    assert now.high > before.high
    with pytest.raises(KeyError):
        headline.limits(sums, *SERVICE, revision=1)


def test_a_score_is_read_by_the_revision_that_it_names() -> None:
    assert [headline.revision_of(name) for name in ("pooled-45-2", "pooled-45-3")] == [2, 3]
    assert headline.revision_of("pooled-45-1") == headline.revision_of("") == headline.REVISION
    assert headline.same_counting("pooled-45-2", "pooled-45-3")
    assert not headline.same_counting("pooled-45-3", "pooled-5-3")


def test_the_method_does_not_make_stored_sums_unreadable() -> None:
    named = Layout(ITEMS, instrument=SERVICES.instrument, method=Method.MEAN_OF_FACTORS)
    assert named.fingerprint == SERVICES.fingerprint
