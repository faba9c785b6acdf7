from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sipas.comparing.difference import Estimate
from reports.sipas.comparing.standardise import NotStandardised, Standardised, Why, standardise
from tests.reports.sipas.people import form, known, plain

RAW = plain(8, 10)
figures = st.lists(form, min_size=10, max_size=30).map(known)
shops = st.dictionaries(st.sampled_from("ABCDE"), figures, min_size=1)
mixes = st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 500), max_size=5)


def made(found: Standardised[str] | NotStandardised) -> Standardised[str]:
    assert isinstance(found, Standardised)
    return found


def test_two_offices_that_differ_only_in_their_work() -> None:
    """Land at 60 % and copies at 90 % in both; one does mostly land, the other mostly copies."""
    mix = {"land": 300, "copies": 700}
    lands = {"land": plain(120, 200), "copies": plain(45, 50)}
    copying = {"land": plain(12, 20), "copies": plain(270, 300)}
    one = made(standardise(plain(165, 250), lands, mix))
    other = made(standardise(plain(282, 320), copying, mix))
    assert one.raw.share < Fraction(7, 10) < other.raw.share
    assert one.share == other.share == Fraction(81, 100)
    assert one.covered == other.covered == 1
    assert (one.people, other.people) == (250, 320)


def test_variance_and_interval_by_hand() -> None:
    found = made(standardise(RAW, {"a": plain(30, 50), "b": plain(90, 100)}, {"a": 1, "b": 3}))
    assert found.share == Fraction(33, 40)
    assert found.variance == pytest.approx(0.25**2 * 0.24 / 50 + 0.75**2 * 0.09 / 100)
    (low_a, high_a), (low_b, high_b) = plain(30, 50).interval(), plain(90, 100).interval()
    down = (0.25 * (60 - low_a)) ** 2 + (0.75 * (90 - low_b)) ** 2
    up = (0.25 * (high_a - 60)) ** 2 + (0.75 * (high_b - 90)) ** 2
    assert found.low == pytest.approx(82.5 - down**0.5)
    assert found.high == pytest.approx(82.5 + up**0.5)


def test_a_field_with_too_few_people_is_not_used() -> None:
    fields = {"a": plain(40, 50), "b": plain(9, 9), "c": None}
    found = made(standardise(RAW, fields, {"a": 90, "b": 5, "c": 5}))
    assert found.weights == {"a": 1}
    assert found.share == Fraction(4, 5)
    assert found.covered == Fraction(9, 10)
    assert found.people == 50


def test_what_would_be_mostly_guessed_is_refused() -> None:
    fields = {"a": plain(40, 50), "b": plain(9, 9), "elsewhere unknown": plain(30, 30)}
    assert standardise(RAW, fields, {"a": 79, "b": 21}) == NotStandardised(
        Why.TOO_LITTLE, Fraction(79, 100)
    )
    assert made(standardise(RAW, fields, {"a": 80, "b": 20})).covered == Fraction(4, 5)
    assert made(standardise(RAW, fields, {"a": 1, "b": 1}, least_cover=Fraction(1, 2))).people == 50
    nothing: dict[str, Estimate | None] = {}
    assert standardise(RAW, nothing, {"a": 3}, least_cover=Fraction(0)) == NotStandardised(
        Why.TOO_LITTLE, Fraction(0)
    )
    assert standardise(RAW, fields, {}) == NotStandardised(Why.NO_MIX, Fraction(0))
    assert standardise(RAW, fields, {"a": 0}) == NotStandardised(Why.NO_MIX, Fraction(0))
    with pytest.raises(ValueError, match="negative"):
        standardise(RAW, fields, {"a": 3, "b": -1})


def test_all_satisfied_is_not_certainty() -> None:
    fields = {"a": known([(4, 4)] * 12), "b": known([(2, 2)] * 15)}
    found = made(standardise(RAW, fields, {"a": 1, "b": 1}))
    assert found.share == 1
    assert found.high == 100
    assert found.low < 95


@given(shops, mixes)
def test_a_standardised_figure_lies_between_its_fields(
    fields: dict[str, Estimate], mix: dict[str, int]
) -> None:
    found = standardise(RAW, fields, mix, least_cover=Fraction(0))
    if isinstance(found, NotStandardised):
        assert not any(mix.get(field) for field in fields)
        return
    used = [fields[field].share for field in found.weights]
    assert min(used) <= found.share <= max(used)
    assert sum(found.weights.values()) == 1
    assert 0 < found.covered <= 1
    assert 0 <= found.low <= 100 * found.share + 1e-9
    assert 100 * found.share - 1e-9 <= found.high <= 100
    assert found.low < found.high
    assert found.variance >= 0


@given(figures, st.integers(1, 100))
def test_with_one_field_it_is_that_field(figure: Estimate, weight: int) -> None:
    found = made(standardise(RAW, {"a": figure}, {"a": weight}))
    low, high = figure.interval()
    assert found.share == figure.share
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.raw == RAW


@given(shops, st.integers(2, 9))
def test_only_the_proportions_of_the_mix_matter(fields: dict[str, Estimate], times: int) -> None:
    mix = {"A": 5, "B": 3, "C": 9}
    once = standardise(RAW, fields, mix)
    assert standardise(RAW, fields, {field: times * n for field, n in mix.items()}) == once
