from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reports.sipas.counts.layout import DifferentInstruments, Kind, Layout, Method
from reports.sipas.counts.sums import Sums, count
from reports.sipas.index import combine, percentages
from reports.sipas.index.combine import MissingWeight
from tests.reports.sipas.forms import SERVICES, criteria

FORM = Layout(criteria({"A": 1, "B": 1}, "services"), instrument="two questions")
OTHER = Layout(FORM.items, instrument="two other questions")
SERVICE: tuple[Kind, str] = ("component", "services")


def unit(satisfied: int, people: int, layout: Layout = FORM) -> Sums:
    """So many people who answered 5 to everything, the others 2."""
    answers = np.full((people, layout.n_items), 2, dtype=np.uint8)
    answers[:satisfied] = 5
    return count(layout, answers)


# Synthetic: a large office, a small one, one that nobody answered about.
UNITS = {"large": unit(90, 100), "small": unit(5, 10), "silent": unit(0, 0)}
TRANSACTIONS = {"large": 3000, "small": 1000, "silent": 1000}


def test_pooled_answers_let_a_large_office_weigh_more() -> None:
    assert percentages.component(combine.pooled(UNITS.values()), "services") == Fraction(95, 110)


def test_equal_units_is_the_mean_of_those_that_have_an_index() -> None:
    combined = combine.equal_units(UNITS, *SERVICE)
    assert combined.share == (Fraction(90, 100) + Fraction(5, 10)) / 2
    assert (combined.units, combined.covered) == (2, Fraction(2, 3))


def test_weights_are_the_transactions_of_the_period() -> None:
    combined = combine.weighted(UNITS, TRANSACTIONS, *SERVICE)
    assert combined.share == (3 * Fraction(90, 100) + Fraction(5, 10)) / 4
    assert (combined.units, combined.covered) == (2, Fraction(4, 5))


def test_transactions_of_units_without_any_sums_are_not_covered() -> None:
    only = {"large": UNITS["large"]}
    combined = combine.weighted(only, TRANSACTIONS, *SERVICE)
    assert (combined.share, combined.covered) == (Fraction(9, 10), Fraction(3, 5))


@pytest.mark.parametrize("transactions", [{"large": 3000}, {"large": 3000, "small": 0}])
def test_answers_without_transactions_are_an_error(transactions: Mapping[str, int]) -> None:
    with pytest.raises(MissingWeight, match="'small' has answers"):
        combine.weighted(UNITS, transactions, *SERVICE)


def test_negative_transactions_are_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        combine.weighted(UNITS, TRANSACTIONS | {"silent": -1}, *SERVICE)


def test_no_answer_anywhere_is_no_value() -> None:
    silent = {"silent": UNITS["silent"]}
    assert combine.equal_units(silent, *SERVICE).share is None
    assert combine.weighted(silent, {}, *SERVICE).share is None
    with pytest.raises(ValueError, match="no unit"):
        combine.pooled([])


def test_two_instruments_are_never_put_together() -> None:
    mixed = {"one": unit(5, 10), "two": unit(5, 10, OTHER)}
    with pytest.raises(DifferentInstruments):
        combine.pooled(mixed.values())
    with pytest.raises(DifferentInstruments, match="'two other questions', 'two questions'"):
        combine.equal_units(mixed, *SERVICE)
    with pytest.raises(DifferentInstruments):
        combine.weighted(mixed, dict.fromkeys(mixed, 1), *SERVICE)


def test_each_units_index_follows_the_method_of_its_instrument() -> None:
    """Ten satisfied people answered A, one dissatisfied B: 10/11 pooled, 1/2 as a mean."""
    answers = np.array([[5, 0]] * 10 + [[0, 1]], dtype=np.uint8)
    form = Layout(FORM.items, instrument="means", method=Method.MEAN_OF_CRITERIA)
    assert combine.equal_units({"u": count(FORM, answers)}, *SERVICE).share == Fraction(10, 11)
    assert combine.equal_units({"u": count(form, answers)}, *SERVICE).share == Fraction(1, 2)


sizes = st.integers(0, 20).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.lists(sizes, min_size=1, max_size=6))
def test_weighting_by_the_number_of_answers_is_pooling(drawn: list[tuple[int, int]]) -> None:
    units = {number: unit(*size) for number, size in enumerate(drawn)}
    combined = combine.weighted(units, {n: s.people for n, s in units.items()}, *SERVICE)
    assert combined.share == percentages.overall(combine.pooled(units.values()))


@given(st.lists(sizes, min_size=1, max_size=6), st.data())
def test_a_combination_lies_between_its_units_and_no_scale_of_weights_moves_it(
    drawn: list[tuple[int, int]], data: st.DataObject
) -> None:
    units = {number: unit(*size) for number, size in enumerate(drawn)}
    values = [v for v in (percentages.overall(sums) for sums in units.values()) if v is not None]
    assume(values)
    weights = {number: data.draw(st.integers(1, 10**6)) for number in units}
    combined = combine.weighted(units, weights, *SERVICE)
    assert combined.share is not None
    assert min(values) <= combined.share <= max(values)
    thousandfold = {number: 1000 * weight for number, weight in weights.items()}
    assert combine.weighted(units, thousandfold, *SERVICE) == combined
    equal = combine.weighted(units, dict.fromkeys(units, 7), *SERVICE)
    assert equal == combine.equal_units(units, *SERVICE)


def test_the_shipped_shape_combines_by_factor_too() -> None:
    units = {"a": unit(8, 10, SERVICES), "b": unit(2, 10, SERVICES)}
    assert combine.equal_units(units, "factor", "E").share == Fraction(1, 2)
