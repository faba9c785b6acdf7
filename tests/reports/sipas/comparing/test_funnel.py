from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.sipas.comparing.difference import Estimate, estimate
from reports.sipas.comparing.funnel import ALARM, WARNING, FunnelPlace, funnel, limits, place
from tests.reports.sipas.people import offices, plain, survey

centres = st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=60)
sizes = st.floats(1, 3000)


@given(centres, st.integers(1, 400), st.sampled_from([WARNING, ALARM]))
def test_limits_are_those_of_the_exact_binomial(centre: Fraction, n: int, level: float) -> None:
    """A whole count is too low where scipy says that so few are less likely than the tail."""
    found, tail = limits(centre, n, level), (1 - level) / 2
    counts = np.arange(n + 1)
    at_most = stats.binom.cdf(counts, n, float(centre))
    at_least = stats.binom.sf(counts - 1, n, float(centre))
    below = 100 * float(centre) > 100 * counts / n
    for count, low, high, under in zip(counts, at_most, at_least, below, strict=True):
        share = 100 * count / n
        if under and abs(low - tail) > 1e-7:
            assert (share < found.low) == (low < tail)
        if not under and abs(high - tail) > 1e-7:
            assert (share > found.high) == (high < tail)


@given(centres, sizes)
def test_the_inner_limits_lie_within_the_outer_ones(centre: Fraction, n: float) -> None:
    inner, outer = limits(centre, n, WARNING), limits(centre, n, ALARM)
    assert 0 <= outer.low <= inner.low <= 100 * centre <= inner.high <= outer.high <= 100


@given(centres, sizes)
def test_more_answers_make_the_funnel_narrower(centre: Fraction, n: float) -> None:
    few, many = limits(centre, n), limits(centre, 4 * n)
    assert few.low <= many.low + 1e-6
    assert many.high <= few.high + 1e-6


@given(centres, offices)
def test_a_figure_is_outside_where_the_limits_say_so(centre: Fraction, figure: Estimate) -> None:
    found = place(centre, figure)
    inner = limits(centre, figure.effective_n, WARNING)
    outer = limits(centre, figure.effective_n, ALARM)
    share = 100 * float(figure.share)
    if min(abs(share - edge) for edge in (inner.low, inner.high, outer.low, outer.high)) < 1e-6:
        return  # on the line itself
    expected = FunnelPlace.WITHIN
    if share < inner.low:
        expected = FunnelPlace.FAR_BELOW if share < outer.low else FunnelPlace.BELOW
    elif share > inner.high:
        expected = FunnelPlace.FAR_ABOVE if share > outer.high else FunnelPlace.ABOVE
    assert found is expected


def test_nine_of_ten_is_nothing_nine_hundred_of_a_thousand_is() -> None:
    centre = Fraction(83, 100)
    found = funnel(centre, [plain(9, 10), plain(900, 1000), plain(800, 1000), plain(720, 1000)])
    assert found.places == (
        FunnelPlace.WITHIN,
        FunnelPlace.FAR_ABOVE,
        FunnelPlace.BELOW,
        FunnelPlace.FAR_BELOW,
    )


def test_ten_of_ten_is_not_too_high_and_none_of_ten_is_too_low() -> None:
    centre = Fraction(83, 100)
    assert limits(centre, 10.0).high == 100
    assert place(centre, plain(10, 10)) is FunnelPlace.WITHIN
    assert place(centre, plain(0, 10)) is FunnelPlace.FAR_BELOW
    assert place(Fraction(1), plain(1, 1)) is FunnelPlace.WITHIN
    assert place(Fraction(1), plain(9, 10)) is FunnelPlace.FAR_BELOW


def test_offices_that_only_chance_divides_are_not_overdispersed() -> None:
    rng = np.random.default_rng(5)
    alike = [estimate(80, row) for row in survey(rng, 80, 0.8, 60)]
    found = funnel(Fraction(4, 5), [one for one in alike if one is not None])
    assert not found.overdispersed
    assert found.dispersion is not None
    assert 0.5 < found.dispersion < 1.3
    assert sum(where is not FunnelPlace.WITHIN for where in found.places) <= 8


def test_offices_that_really_differ_are() -> None:
    different = [plain(round(300 * p), 300) for p in (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)]
    found = funnel(Fraction(4, 5), different)
    assert found.overdispersed
    assert found.dispersion is not None
    assert found.dispersion > 5


def test_no_offices_and_no_sense() -> None:
    assert funnel(Fraction(4, 5), []).places == ()
    assert funnel(Fraction(4, 5), []).dispersion is None
    assert not funnel(Fraction(1), [plain(5, 5)]).overdispersed
    for centre, n in ((Fraction(3, 2), 5.0), (Fraction(1, 2), 0.0)):
        with pytest.raises(ValueError, match="centre"):
            limits(centre, n)
