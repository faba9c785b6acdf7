from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sipas.counts.layout import Layout, Method
from reports.sipas.counts.sums import Counts, Sums, count
from reports.sipas.index import percentages
from reports.sipas.index.percentages import MEAN, percent
from tests.reports.sipas.forms import (
    POLICY_2022,
    SERVICES,
    SERVICES_2022,
    WHOLE,
    criteria,
    with_shares,
)

PEOPLE = 10_000  # with so many, a percentage of two decimals is a whole number of people
FACTORS_2023 = {"A": 83.00, "B": 83.02, "C": 83.12, "D": 83.03, "E": 82.27}  # source S27


def row(*n1_to_n5: int) -> Counts:
    return np.array([0, *n1_to_n5, 0, 0, 0, 0], dtype=np.int64)


def shown(share: Fraction | None) -> str:
    assert share is not None
    return str(percent(share))


# Synthetic cases of domain/sipas.md §4.5.
CASE_A, CASE_B = row(1, 2, 7, 60, 30), row(0, 1, 2, 3, 1)


def test_a_criterion_is_the_share_of_satisfied_and_very_satisfied() -> None:
    assert shown(percentages.criterion(CASE_A)) == "90.00"
    assert shown(percentages.criterion(CASE_B)) == "57.14"


def test_no_valid_answer_is_no_value_and_not_zero() -> None:
    assert percentages.criterion(row(0, 0, 0, 0, 0)) is None
    assert percentages.component(Sums.zero(SERVICES), "services") is None
    assert percentages.factor(Sums.zero(SERVICES), "A", MEAN) is None


def test_blank_not_asked_and_dont_know_do_not_count() -> None:
    counts = row(0, 1, 2, 3, 1)
    counts[[0, 8, 9]] = 1000
    assert percentages.criterion(counts) == Fraction(4, 7)


def test_pooled_and_mean_differ_when_one_criterion_has_fewer_answers() -> None:
    layout = Layout(criteria({"F": 2}, "services"))
    counts = np.array([CASE_A, CASE_B])
    sums = Sums(layout, 100, counts, Sums.zero(layout).moments)
    assert shown(percentages.factor(sums, "F")) == "87.85"
    assert shown(percentages.factor(sums, "F", MEAN)) == "73.57"
    assert shown(percentages.component(sums, "services")) == "87.85"
    assert shown(percentages.overall(sums, MEAN)) == "73.57"


def test_which_answers_count_belongs_to_the_instrument() -> None:
    """Synthetic: the same answers with 4 and 5, with 4 only, and on a 3-point scale."""
    answers = np.array([[5]] * 2 + [[4]] * 5 + [[3]] * 3, dtype=np.uint8)
    items = criteria({"F": 1}, "services")
    three = np.array([[3]] * 7 + [[2]] * 2 + [[1]], dtype=np.uint8)
    assert percentages.overall(count(Layout(items), answers)) == Fraction(7, 10)
    assert percentages.overall(count(Layout(items, frozenset({4})), answers)) == Fraction(5, 10)
    assert percentages.overall(count(Layout(items, frozenset({5})), answers)) == Fraction(2, 10)
    no_neutral = Layout(items, valid=frozenset({1, 2, 4, 5}))
    assert percentages.overall(count(no_neutral, answers)) == Fraction(7, 7)
    scale = Layout(items, frozenset({3}), frozenset({1, 2, 3}))
    assert percentages.overall(count(scale, three)) == Fraction(7, 10)


def test_the_pressed_figure_of_2015_is_lower_where_very_satisfied_does_not_count() -> None:
    """Synthetic, after two figures for one survey (sipas.md §6): marriage 89.5 and 79.9.

    With 799 "satisfied" and 96 "very satisfied" of 1,000 both come out, if the news agency left
    out the second; that it did is an inference.
    """
    counts = row(20, 25, 60, 799, 96)
    assert shown(percentages.criterion(counts)) == "89.50"
    assert shown(percentages.criterion(counts, satisfied=frozenset({4}))) == "79.90"


def test_a_scale_of_three_points_counts_its_highest() -> None:
    """Synthetic: 70 satisfied, 20 neutral, 10 dissatisfied, on a scale as in Hồ Chí Minh City."""
    layout = Layout(criteria({"F": 2}, "services"), frozenset({3}), frozenset({1, 2, 3}))
    packed = np.repeat(np.array([3] * 70 + [2] * 20 + [1] * 10, dtype=np.uint8)[:, None], 2, 1)
    packed[0, 1] = 0
    sums = count(layout, packed)
    assert shown(percentages.factor(sums, "F")) == "69.85"  # (70 + 69) / (100 + 99)
    assert shown(percentages.factor(sums, "F", MEAN)) == "69.85"  # (70 % + 69.6969… %) / 2
    assert sums.moments[0, :2].tolist() == [139, 199]


def test_par_index_takes_points_out_of_ten() -> None:
    """Hà Tĩnh 2021: "đạt 9,12 điểm, chiếm tỷ lệ 91,17%" (sipas.md §4.4)."""
    assert str(percentages.points(Fraction(9117, 10_000))) == "9.12"
    assert str(percentages.points(Fraction(1))) == "10.00"
    # From the unrounded share: 91.145 % rounds to 91.15 %, but its points are 9.1145.
    assert str(percentages.points(Fraction(91_145, 100_000))) == "9.11"
    assert str(percent(Fraction(91_145, 100_000))) == "91.15"
    assert str(percentages.points(Fraction(5, 6), most=6)) == "5.00"


def test_half_up_and_not_half_even() -> None:
    assert percent(Fraction(1, 16), 1) == Decimal("6.3")
    assert percent(Fraction(-1, 16), 1) == Decimal("-6.3")
    assert str(percent(Fraction(1), 2)) == "100.00"


@given(st.fractions(min_value=-2, max_value=2, max_denominator=10**6), st.integers(0, 6))
def test_rounding_is_that_of_decimal_on_the_exact_fraction(share: Fraction, places: int) -> None:
    exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
    expected = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert percent(share, places) == expected


# The published figures, domain/forms.md "How the figures are put together".


def test_2024_overall_is_pooled_over_39_criteria() -> None:
    """Components 83.84 (policy, 23 criteria) and 84.09 (services, 16) give the published 83.94."""
    sums = count(WHOLE, with_shares([0] + [83.84] * 23 + [0] + [84.09] * 16, PEOPLE))
    assert shown(percentages.component(sums, "policy")) == "83.84"
    assert shown(percentages.component(sums, "services")) == "84.09"
    overall = percentages.overall(sums)
    assert overall is not None
    assert percent(overall, 3) == Decimal("83.943")
    assert shown(overall) == "83.94"


def shares_of_2023(sizes: dict[str, int]) -> list[float]:
    return [FACTORS_2023[code] for code, size in sizes.items() for _ in range(size)]


def test_2023_service_component_is_pooled_over_16_criteria() -> None:
    services = shares_of_2023({"A": 3, "B": 4, "C": 3, "D": 3, "E": 3})
    sums = count(SERVICES, with_shares(services, PEOPLE))
    assert {code: shown(percentages.factor(sums, code)) for code in FACTORS_2023} == {
        code: f"{value:.2f}" for code, value in FACTORS_2023.items()
    }
    component = percentages.component(sums, "services")
    assert component is not None
    assert percent(component, 3) == Decimal("82.896")


def test_2023_overall_is_pooled_over_39_criteria() -> None:
    services = shares_of_2023({"A": 3, "B": 4, "C": 3, "D": 3, "E": 3})
    sums = count(WHOLE, with_shares([0] + [82.49] * 23 + [0, *services], PEOPLE))
    overall = percentages.overall(sums)
    assert overall is not None
    assert percent(overall, 3) == Decimal("82.657")
    assert shown(overall) == "82.66"


@pytest.mark.parametrize(
    ("policy", "services", "expected"),
    [
        (82.49, shares_of_2023(SERVICES_2022), "82.74"),
        (83.84, [84.09] * 19, "83.98"),
    ],
)
def test_the_form_of_33_criteria_does_not_give_the_published_figures(
    policy: float, services: list[float], expected: str
) -> None:
    layout = Layout(criteria(POLICY_2022, "policy") + criteria(SERVICES_2022, "services"))
    sums = count(layout, with_shares([policy] * 14 + services, PEOPLE))
    assert shown(percentages.overall(sums)) == expected
    assert expected not in ("82.66", "83.94")


def test_other_ways_of_putting_together_do_not_give_the_published_figure_of_2024() -> None:
    sums = count(WHOLE, with_shares([0] + [83.84] * 23 + [0] + [84.09] * 16, PEOPLE))
    assert shown(percentages.overall(sums, MEAN)) == "83.94"  # no blanks: the same as pooled
    assert shown(percentages.overall(sums, Method.MEAN_OF_FACTORS)) == "83.98"
    of_two = [percentages.component(sums, code) for code in ("policy", "services")]
    assert shown(sum((c for c in of_two if c is not None), Fraction(0)) / 2) == "83.97"
