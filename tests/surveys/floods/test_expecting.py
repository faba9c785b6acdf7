"""What an office may expect: its rate, its days, and the negative binomial around them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from surveys.floods.expecting import (
    MONTHS_SCATTER,
    QUIETEST,
    Pace,
    batch_months,
    chance_below,
    expected_day,
    quantile,
    rate_of,
)

MONDAY = date(2026, 3, 2)


def test_the_rate_is_the_mean_of_the_months_between_the_quartiles() -> None:
    assert rate_of([10, 20, 30, 40, 50, 60, 70, 80]) == pytest.approx(45.0)
    # of five months 1.25 are cut at each end: 20 and 40 weigh 0.75, 30 weighs 1
    assert rate_of([1, 20, 30, 46, 1000]) == pytest.approx((0.75 * 20 + 30 + 0.75 * 46) / 2.5)


def test_two_months_of_a_campaign_do_not_lift_the_rate() -> None:
    assert rate_of([30] * 10 + [400, 500]) == 30.0


def test_without_three_months_the_provinces_rate_is_taken() -> None:
    assert rate_of([500, 500], otherwise=12.5) == 12.5
    assert rate_of([5, 5, 5], otherwise=12.5) == 5.0
    assert rate_of([]) == 0.0


@given(st.lists(st.floats(0, 1e5), min_size=3, max_size=14))
def test_the_rate_lies_among_the_months(months: list[float]) -> None:
    assert min(months) - 1e-6 <= rate_of(months) <= max(months) + 1e-6


def test_a_months_forms_come_on_its_working_days() -> None:
    assert expected_day(25.0, 1.0, 1.0) == pytest.approx(1.2)
    assert expected_day(25.0, 1.3, 0.5) == pytest.approx(0.78)


def test_a_pace_knows_weekdays_months_holidays_and_campaigns() -> None:
    pace = Pace(
        weekdays=(1.4, 1.2, 1.0, 0.8, 0.4, 0.1, 0.1),
        months=(1.0, 0.5, 2.0, *(1.0,) * 9),
        holidays=frozenset({date(2026, 3, 3)}),
        raised={date(2026, 3, 4): 3.0},
    )
    day = expected_day(25.0, 1.0, 1.0)
    assert pace.expected(25.0, MONDAY) == pytest.approx(day * 1.4 * 2.0)
    assert pace.expected(25.0, date(2026, 3, 3)) == pytest.approx(day * 0.1 * 2.0)
    assert pace.expected(25.0, date(2026, 3, 4)) == pytest.approx(day * 1.0 * 2.0 * 3.0)
    assert pace.expected(25.0, date(2026, 2, 7)) == pytest.approx(day * 0.1 * 0.5)


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.integers(0, 800))
def test_what_is_expected_between_two_days_is_what_is_expected_on_each(
    first: date, days: int
) -> None:
    pace = Pace(raised={date(2026, 12, 31): 7.0}, holidays=frozenset({date(2026, 1, 1)}))
    span = [first + timedelta(days=n) for n in range(days + 1)]
    each = sum(pace.expected(30.0, day) for day in span)
    assert pace.expected_between(30.0, first, span[-1]) == pytest.approx(each)


def test_the_assumed_pace_adds_up() -> None:
    assert sum(Pace().weekdays) == pytest.approx(5.0)
    assert sum(Pace().months) == pytest.approx(12.0)
    assert sum(Pace().hours) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="24 hours"):
        Pace(hours=(1.0,))


@given(
    st.floats(1e-5, 5_000),
    st.sampled_from([0.025, 0.06, 0.10, 0.18, 0.45, 3.0]),
    st.sampled_from([1e-6, 1e-4, 1e-3, 1e-2, 0.3]),
)
def test_a_quantile_is_the_smallest_number_that_is_exceeded_seldom_enough(
    mean: float, scatter: float, chance: float
) -> None:
    found = quantile(mean, scatter, chance)
    law = nbinom(1.0 / scatter, 1.0 / (1.0 + scatter * mean))
    assert law.sf(found) <= chance * (1 + 1e-9)
    assert found == 0 or law.sf(found - 1) > chance * (1 - 1e-9)


def test_a_quantile_of_nothing_is_nothing() -> None:
    assert quantile(0.0, 0.18, 1e-4) == 0
    assert quantile(-1.0, 0.18, 1e-4) == 0


@pytest.mark.parametrize(("scatter", "chance"), [(0.0, 0.1), (-1.0, 0.1), (0.1, 0.0), (0.1, 1.0)])
def test_there_is_no_quantile_without_scatter_or_chance(scatter: float, chance: float) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        quantile(3.0, scatter, chance)


def test_the_chance_of_too_few_is_the_negative_binomials() -> None:
    law = nbinom(1.0 / 0.06, 1.0 / (1.0 + 0.06 * 30.0))
    assert chance_below(10, 30.0, 0.06) == pytest.approx(law.cdf(9))


@pytest.mark.parametrize(
    ("rate", "months"),
    [
        *((60, 1), (30, 2), (21, 2), (10, 6), (3, None)),  # evidence.md
        *((42, 1), (41, 2), (20, 3), (14, 3), (13, 4), (11, 4), (7, 6), (6, 12), (4, 12)),
        *((0, None), (-1, None)),
    ],
)
def test_a_group_gathers_until_ten_honest_people_are_certain(
    rate: float, months: int | None
) -> None:
    assert batch_months(rate) == months


def test_ten_people_are_certain_even_in_quiet_months_and_not_a_month_earlier() -> None:
    for rate in (4.5, 8.0, 12.0, 17.0, 33.0, 80.0):
        found = batch_months(rate)
        assert found is not None
        law = nbinom(1.0 / MONTHS_SCATTER, 1.0 / (1.0 + MONTHS_SCATTER * rate * QUIETEST * found))
        assert law.cdf(9) <= 0.001
    # what the same months promise if months did not scatter
    assert poisson.cdf(9, 23) <= 0.001 < poisson.cdf(9, 22)
